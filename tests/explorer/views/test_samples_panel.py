"""Samples: the grid, its choice, copying and exporting."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from explorer.state.session_state import SamplesChoice
from explorer.views.samples_panel import SamplesPanel
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Press


@pytest.fixture
def panel(qtbot: "QtBot") -> SamplesPanel:
    view = SamplesPanel()
    qtbot.addWidget(view)
    view.resize(700, 240)
    view.show()
    return view


@pytest.fixture
def told(panel: SamplesPanel) -> list[SamplesChoice]:
    heard: list[SamplesChoice] = []
    panel.choice_changed.connect(heard.append)
    return heard


def _box(panel: SamplesPanel, name: str) -> WholeNumberBox | NumberBox:
    boxes: list[WholeNumberBox | NumberBox] = [*panel.findChildren(WholeNumberBox), *panel.findChildren(NumberBox)]
    return next(box for box in boxes if box.accessibleName() == name)


def _type(panel: SamplesPanel, name: str, text: str) -> None:
    box = _box(panel, name)
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_seed_count_and_temperature(panel: SamplesPanel, told: list[SamplesChoice], press: "Press") -> None:
    _type(panel, "Count", "16")
    _type(panel, "Seed", "41")
    press(panel, "New seed")
    _type(panel, "Temperature, exact", "0.75")
    assert told == [
        SamplesChoice(16, 0, (1.0,)),
        SamplesChoice(16, 41, (1.0,)),
        SamplesChoice(16, 42, (1.0,)),
        SamplesChoice(16, 42, (0.75,)),
    ]


def test_the_temperature_slider_and_its_box_agree(panel: SamplesPanel, told: list[SamplesChoice]) -> None:
    slider = panel.findChild(QSlider)
    assert isinstance(slider, QSlider)
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert told == [SamplesChoice(temperatures=(0.99,))]
    assert _box(panel, "Temperature, exact").value() == 0.99


def test_showing_a_choice_announces_nothing(panel: SamplesPanel, told: list[SamplesChoice]) -> None:
    panel.show_choice(SamplesChoice(9, 8, (0.7,)))
    assert told == []
    assert [_box(panel, name).value() for name in ("Count", "Seed", "Temperature, exact")] == [9, 8, 0.7]


def test_a_click_takes_a_sample(panel: SamplesPanel, mouse: "type[Mouse]") -> None:
    taken: list[int] = []
    grid = panel.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    panel.item_activated.connect(taken.append)
    panel.show_pictures(np.zeros((30, 8, 8, 3), np.uint8))
    mouse(grid.viewport()).click(grid.item_rect(17).center())
    assert taken == [17]


def test_copy_and_export_need_samples(panel: SamplesPanel, press: "Press", qtbot: "QtBot") -> None:
    copy, export = "Copy the samples to the clipboard as one picture", "Export the samples as one PNG"
    assert not press.button(panel, copy).isEnabled()
    assert "no samples yet" in press.button(panel, export).toolTip()
    panel.show_pictures(np.zeros((4, 8, 8, 1), np.uint8))
    with qtbot.waitSignals([panel.copy_requested, panel.export_requested]):
        press(panel, copy)
        press(panel, export)
    panel.show_empty("Open a model first.", "Open…")
    with qtbot.waitSignal(panel.empty_action):
        press(panel, "Open…")
    assert not press.button(panel, copy).isEnabled()
