"""The Metrics panel in the whole window: real runs, measured by a real child, drawn and opened."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication

from explorer.app import Explorer
from explorer.state.metric_values import MeasureWish, MetricCell
from explorer.views.widgets.curve_plot import CurvePlot
from explorer.views.widgets.metric_scatter import MetricScatter
from explorer.views.widgets.metrics_table import MetricsTable
from explorer.views.widgets.prior_slider import PriorSlider
from explorer.views.widgets.unit_heat_map import UnitHeatMap
from tests.explorer.conftest import LONG_MS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Settle = Callable[[Explorer], None]


@pytest.fixture
def runs(digits_run: Path, wide_run: Path, tmp_path: Path) -> tuple[str, str]:
    """Two runs of the library, of which nothing is measured."""
    paths = []
    for run, name in ((digits_run, "bound"), (wide_run, "plain")):
        path = tmp_path / "runs" / name
        shutil.copytree(run, path)
        (path / "metrics.json").unlink(missing_ok=True)
        paths.append(str(path))
    return paths[0], paths[1]


@pytest.fixture
def explorer(open_explorer: Callable[[str], Explorer], settle: Settle, runs: tuple[str, str]) -> Explorer:
    window = open_explorer(runs[0])
    settle(window)
    window.window.dock("metrics_panel").raise_()
    settle(window)
    return window


def _cell(explorer: Explorer, path: str, metric: str) -> MetricCell:
    return explorer.panels.metrics.findChildren(MetricsTable)[0]._rows.table.cell(path, metric)


def _choose(explorer: Explorer, settle: Settle, **changes: object) -> None:
    state = explorer.store.state
    explorer.store.update(metrics=replace(state.metrics, **changes))  # type: ignore[arg-type]
    settle(explorer)


def test_runs_are_measured_compared_copied_and_opened(
    qtbot: "QtBot", explorer: Explorer, settle: Settle, runs: tuple[str, str]
) -> None:
    explorer.metrics.measure(MeasureWish(runs, ("active_units", "reconstruction_error", "kl"), limit=60))
    qtbot.waitUntil(lambda: _cell(explorer, runs[0], "active_units").value is not None, timeout=LONG_MS)
    qtbot.waitUntil(lambda: not explorer.metrics.is_measuring(), timeout=LONG_MS)
    qtbot.waitUntil(lambda: _cell(explorer, runs[1], "reconstruction_error").value is not None, timeout=LONG_MS)
    settle(explorer)
    assert _cell(explorer, runs[0], "kl").value is not None
    assert "evidence bound" in _cell(explorer, runs[1], "kl").explanation
    assert _cell(explorer, runs[1], "kl").kind == "impossible"
    explorer.window.action("copy_metrics").trigger()
    settle(explorer)
    assert "| plain (autoencoder / digits" in QGuiApplication.clipboard().text()
    _choose(explorer, settle, page="scatter")
    scatter = explorer.panels.metrics.findChildren(MetricScatter)[0]
    assert set(scatter.titles()) == {"bound", "plain"}
    scatter.run_activated.emit(runs[1])
    settle(explorer)
    assert explorer.store.state.model == runs[1]


def test_curves_and_units_follow_the_choice_and_can_be_undone(
    explorer: Explorer, settle: Settle, runs: tuple[str, str]
) -> None:
    panel = explorer.panels.metrics
    _choose(explorer, settle, page="curves", runs=runs, quantity="Likelihood: loss")
    assert set(panel.findChildren(CurvePlot)[0].shown()) == {"bound", "plain"}
    _choose(explorer, settle, page="units", runs=())
    heat_map = panel.findChildren(UnitHeatMap)[0]
    assert heat_map.isVisible()
    assert heat_map.shown().shape[0] == 2
    assert heat_map.text().startswith("bound: KL")
    explorer.store.undo()
    settle(explorer)
    assert panel.findChildren(CurvePlot)[0].isVisible()


def test_a_unit_shows_its_slider(explorer: Explorer, settle: Settle) -> None:
    _choose(explorer, settle, page="units")
    explorer.panels.metrics.unit_activated.emit(1)
    held = explorer.window.focusWidget()
    assert isinstance(held, PriorSlider)
    assert held.accessibleName() == "z2"
