"""Reconstructions, Samples and Metrics without a mouse, in the whole window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from explorer.app import Explorer
from explorer.state.reconstruction_choices import CorruptionChoice
from explorer.views.measure_dialog import MeasureDialog
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.mask_painter import MaskPainter
from explorer.views.widgets.metrics_table import MetricsTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Key, Held = Qt.Key, Qt.KeyboardModifier
Settle = Callable[[Explorer], None]


@pytest.fixture
def explorer(open_explorer: Callable[[str], Explorer], settle: Settle, digits_run: Path, qtbot: "QtBot") -> Explorer:
    opened = open_explorer(str(digits_run))
    opened.window.resize(1600, 1000)
    opened.window.activateWindow()
    qtbot.waitActive(opened.window)
    settle(opened)
    return opened


def _focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def _stops(explorer: Explorer, panel: QWidget) -> list[QWidget]:
    """What the Tab key reaches in a panel, in order."""
    explorer.window.dock(panel.objectName()).raise_()
    explorer.panels.latent_map.setFocus()
    reached: list[QWidget] = []
    for _ in range(300):
        QTest.keyClick(_focus(), Key.Key_Tab)
        if panel.isAncestorOf(_focus()) and _focus() not in reached:
            reached.append(_focus())
        elif reached:
            return reached
    raise AssertionError(f"The Tab key does not leave {panel.objectName()}")


def _names(stops: list[QWidget]) -> list[str]:
    return [stop.accessibleName().partition(";")[0] for stop in stops]


def _in_reading_order(panel: QWidget, stops: list[QWidget]) -> bool:
    """Whether stops of the rows of controls, which are not higher than a line, follow each other as one reads."""
    places = [stop.mapTo(panel, stop.rect().center()) for stop in stops if stop.height() < 40]
    rows = [(round(place.y() / 24), place.x()) for place in places]
    return rows == sorted(rows)


def test_every_control_of_reconstructions_is_reached_and_a_mask_is_painted(explorer: Explorer, settle: Settle) -> None:
    panel, state = explorer.panels.reconstructions, explorer.store.state
    choice = replace(state.reconstructions, order="random", corruption=CorruptionChoice("painted_mask"))
    explorer.store.update(reconstructions=choice)
    settle(explorer)
    stops = _stops(explorer, panel)
    assert _names(stops) == [
        *("Order", "Shuffle", "Count", "Measure", "Differences", "Corruption", "Anomalies"),
        *("Mask", "Brush", "Originals over reconstructions"),
    ]
    assert _in_reading_order(panel, stops[:7])
    painter = next(stop for stop in stops if isinstance(stop, MaskPainter))
    painter.setFocus()
    for key in (Key.Key_Left, Key.Key_Space):
        QTest.keyClick(painter, key)
    settle(explorer)
    assert explorer.store.state.reconstructions.corruption.mask
    assert "Clear the mask" in _names(_stops(explorer, panel))


def test_a_sample_comes_to_the_ring(explorer: Explorer, settle: Settle) -> None:
    stops = _stops(explorer, explorer.panels.samples)
    assert _in_reading_order(explorer.panels.samples, stops)
    grid = next(stop for stop in stops if isinstance(stop, ImageGrid))
    explorer.panels.latent_map.setFocus()
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Key.Key_Right, Key.Key_Return):
        QTest.keyClick(grid, key)
    drawn = explorer.samples.samples
    assert drawn is not None
    assert explorer.store.state.code == tuple(drawn.codes[1].tolist())
    settle(explorer)


def test_pages_of_metrics_rows_sorting_axes_and_measuring_have_keys(explorer: Explorer, settle: Settle) -> None:
    panel = explorer.panels.metrics
    stops = _stops(explorer, panel)
    settle(explorer)
    assert _names(stops)[0] == "Table"
    assert _in_reading_order(panel, stops)
    table = next(stop for stop in stops if isinstance(stop, MetricsTable))
    explorer.panels.latent_map.setFocus()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(table, Key.Key_Space)
    QTest.keyClick(table, Key.Key_Down, Held.AltModifier)
    assert len(explorer.store.state.metrics.runs) == 1
    assert explorer.store.state.metrics.sorted_by == "run"
    stops[0].setFocus(Qt.FocusReason.TabFocusReason)
    for page in ("curves", "units", "scatter"):
        QTest.keyClick(_focus(), Key.Key_Right)
        assert explorer.store.state.metrics.page == page
    settle(explorer)
    measure = next(stop for stop in _stops(explorer, panel) if stop.accessibleName() == "Measure…")
    measure.setFocus()
    QTest.keyClick(measure, Key.Key_Space)
    (dialog,) = explorer.window.findChildren(MeasureDialog)
    assert dialog.isVisible()
    QTest.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()
    settle(explorer)
