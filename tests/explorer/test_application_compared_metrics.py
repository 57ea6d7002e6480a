"""Metric columns of two models beside each other in the whole window, measured by a real child."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from explorer.app import Explorer
from explorer.state.metric_values import MeasureWish
from explorer.views.measure_dialog import MeasureDialog
from explorer.views.widgets.metrics_table import MetricsTable
from explorer.views.widgets.pair_table import PairTable
from tests.explorer.compared_models import snapshots
from tests.explorer.conftest import LONG_MS, Press

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Settle = Callable[[Explorer], None]


@pytest.fixture
def runs(digits_run: Path, wide_run: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two runs of the library, of which nothing is measured."""
    paths = [tmp_path / "runs" / name for name in ("bound", "plain")]
    for run, path in zip((digits_run, wide_run), paths, strict=True):
        shutil.copytree(run, path)
        (path / "metrics.json").unlink(missing_ok=True)
    return paths[0], paths[1]


@pytest.fixture
def explorer(open_explorer: Callable[[str], Explorer], settle: Settle, runs: tuple[Path, Path]) -> Explorer:
    window = open_explorer(str(runs[0]))
    settle(window)
    window.window.dock("metrics_panel").raise_()
    settle(window)
    return window


def rows(explorer: Explorer) -> dict[str, list[str]]:
    """What is read of each metric: A, B, their difference, and the better one."""
    (table,) = explorer.panels.metrics.findChildren(PairTable)
    model = table.model()
    texts = [[str(model.index(row, place).data() or "") for place in range(5)] for row in range(model.rowCount())]
    return {name.split()[0]: told for name, *told in texts} if table.isVisible() else {}


def test_two_models_are_measured_swapped_copied_and_left(
    qtbot: "QtBot", explorer: Explorer, settle: Settle, runs: tuple[Path, Path], press: Press
) -> None:
    panel = explorer.panels.metrics
    explorer.comparison.compare_with(str(runs[1]))
    settle(explorer)
    assert explorer.store.state.metrics.page == "pair"
    assert rows(explorer) == {}
    press(panel, "Measure both…")
    dialog = explorer.window.findChild(MeasureDialog)
    assert isinstance(dialog, MeasureDialog)
    dialog.reject()
    files = tuple(str(snapshots(run)[-1]) for run in runs)
    assert dialog._paths == files
    dialog.measure_requested.emit(MeasureWish(files, ("active_units", "psnr", "kl"), limit=60))
    qtbot.waitUntil(lambda: not explorer.metrics.is_measuring() and len(rows(explorer)) == 3, timeout=LONG_MS)
    qtbot.waitUntil(lambda: rows(explorer)["psnr"][3] != "", timeout=LONG_MS)
    settle(explorer)
    before = rows(explorer)
    assert before["kl"][1:] == ["—", "", ""], "an autoencoder has none"
    assert before["psnr"][2:] == ["", "not comparable"], "one of them learned from binarised pictures"
    one, other, apart, better = before["active_units"]
    assert (int(other) - int(one), apart, better) == (3, "+3", "B")
    explorer.window.action("copy_metrics").trigger()
    settle(explorer)
    text = QGuiApplication.clipboard().text()
    assert "| A · bound (vae / digits" in text
    assert "| B · plain (autoencoder / digits" in text
    explorer.comparison.swap()
    settle(explorer)
    qtbot.waitUntil(lambda: rows(explorer).get("active_units", [""])[0] == other, timeout=LONG_MS)
    assert rows(explorer)["active_units"][1] == one
    assert rows(explorer)["active_units"][2:] == ["−3", "A"]
    explorer.comparison.set_shown(False)
    settle(explorer)
    assert rows(explorer) == {}
    assert panel.findChildren(MetricsTable)[0].isVisible()
    explorer.comparison.set_shown(True)
    qtbot.waitUntil(lambda: len(rows(explorer)) == 3, timeout=LONG_MS)


def test_an_earlier_snapshot_has_values_of_its_own(
    qtbot: "QtBot", explorer: Explorer, settle: Settle, runs: tuple[Path, Path]
) -> None:
    early, late = snapshots(runs[0])[0], snapshots(runs[0])[-1]
    explorer.comparison.compare_with(str(early))
    settle(explorer)
    explorer.metrics.measure(MeasureWish((str(late),), ("active_units",), limit=60))
    qtbot.waitUntil(lambda: not explorer.metrics.is_measuring(), timeout=LONG_MS)
    qtbot.waitUntil(lambda: "active_units" in rows(explorer), timeout=LONG_MS)
    qtbot.waitUntil(lambda: "at epoch 4" in rows(explorer)["active_units"][1], timeout=LONG_MS)
    assert rows(explorer)["active_units"][2:] == ["", ""]
    (table,) = explorer.panels.metrics.findChildren(PairTable)
    said = table.model().index(0, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert "B is shown at epoch" in said
    explorer.metrics.measure(MeasureWish((str(early),), ("active_units",), limit=60))
    qtbot.waitUntil(lambda: not explorer.metrics.is_measuring(), timeout=LONG_MS)
    qtbot.waitUntil(lambda: rows(explorer)["active_units"][2] != "", timeout=LONG_MS)
    settle(explorer)


def test_b_that_cannot_be_opened_is_said_there(explorer: Explorer, settle: Settle, tmp_path: Path) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no checkpoint")
    explorer.comparison.compare_with(str(broken))
    settle(explorer)
    pair = explorer.panels.metrics._pair
    assert pair is not None
    assert pair.table is None
    assert "broken.safetensors" in pair.problem
