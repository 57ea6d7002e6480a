"""Originals over reconstructions."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from explorer.state.session_state import ReconstructionsChoice
from explorer.views.reconstructions_panel import ReconstructionsPanel
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.number_boxes import WholeNumberBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Mouse, Pixels, Press


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> ReconstructionsPanel:
    view = ReconstructionsPanel()
    qtbot.addWidget(view)
    view.resize(600, 260)
    view.show()
    return view


def _grid(panel: ReconstructionsPanel) -> ImageGrid:
    grid = panel.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    return grid


def _show(panel: ReconstructionsPanel, count: int) -> None:
    greys = np.arange(1, count + 1, dtype=np.uint8)[:, None, None, None] * 10
    originals = np.broadcast_to(greys, (count, 8, 8, 1)).copy()
    errors = [0.01 * index for index in range(count)]
    panel.show_pairs(originals, originals + 100, errors, ["a"] * count, 0.0321)


def test_each_original_lies_over_its_reconstruction(panel: ReconstructionsPanel, pixels: "Pixels") -> None:
    _show(panel, 6)
    drawn = pixels(_grid(panel).viewport())
    for index in range(6):
        room = _grid(panel).item_rect(index)
        middle, height = int(room.center().x()), room.height()
        assert drawn[int(room.top() + height * 0.25), middle, 0] == 10 * (index + 1)
        assert drawn[int(room.top() + height * 0.75), middle, 0] == 10 * (index + 1) + 100


def test_the_mean_error_is_named_with_its_measure(panel: ReconstructionsPanel) -> None:
    _show(panel, 3)
    assert "mean squared error per pixel 0.0321" in [label.text() for label in panel.findChildren(QLabel)]


def test_a_click_activates_the_item(panel: ReconstructionsPanel, mouse: "type[Mouse]") -> None:
    told: list[int] = []
    panel.item_activated.connect(told.append)
    _show(panel, 6)
    mouse(_grid(panel).viewport()).click(_grid(panel).item_rect(4).center())
    assert told == [4]


def test_order_count_and_shuffle(panel: ReconstructionsPanel, press: "Press", choose: "Choose") -> None:
    told: list[ReconstructionsChoice] = []
    panel.choice_changed.connect(told.append)
    assert press.button(panel, "Shuffle").toolTip() == "Choose the order Random to shuffle"
    choose(panel, "Order", "Random")
    press(panel, "Shuffle")
    count = panel.findChild(WholeNumberBox)
    assert isinstance(count, WholeNumberBox)
    count.selectAll()
    QTest.keyClicks(count, "48")
    QTest.keyClick(count, Qt.Key.Key_Return)
    assert told == [
        ReconstructionsChoice("random", 0, 24),
        ReconstructionsChoice("random", 1, 24),
        ReconstructionsChoice("random", 1, 48),
    ]


def test_showing_a_choice_announces_nothing(panel: ReconstructionsPanel) -> None:
    told: list[object] = []
    panel.choice_changed.connect(told.append)
    panel.show_choice(ReconstructionsChoice("random", 7, 100))
    assert told == []


def test_the_empty_state_has_a_button(panel: ReconstructionsPanel, press: "Press", qtbot: "QtBot") -> None:
    panel.show_empty("The test data are not on this machine.", "Download mnist")
    assert not _grid(panel).isVisible()
    with qtbot.waitSignal(panel.empty_action):
        press(panel, "Download mnist")
    _show(panel, 2)
    assert _grid(panel).isVisible()


@pytest.mark.parametrize(
    ("error", "text"), [(0.0, "per pixel 0 (exact)"), (3.2e-13, "per pixel 3e−13"), (0.00006, "per pixel 0.0001")]
)
def test_an_error_that_only_rounding_left_is_no_row_of_zeros(
    panel: ReconstructionsPanel, error: float, text: str
) -> None:
    pictures = np.zeros((1, 8, 8, 1), dtype=np.uint8)
    panel.show_pairs(pictures, pictures, [error], ["a"], error)
    assert any(label.text().endswith(text) for label in panel.findChildren(QLabel))


def test_a_long_note_does_not_make_the_panel_wider(panel: ReconstructionsPanel) -> None:
    pictures = np.zeros((1, 8, 8, 1), dtype=np.uint8)
    panel.show_pairs(pictures, pictures, [0.1], ["a"], 0.1)
    narrow = panel.minimumSizeHint().width()
    panel.show_pairs(pictures, pictures, [0.1], ["a"], 0.1, "codes found by optimisation, 4 starts, 150 steps")
    assert panel.minimumSizeHint().width() == narrow
    (label,) = (label for label in panel.findChildren(QLabel) if "per pixel" in label.text())
    assert label.toolTip() == "mean squared error per pixel 0.1000; codes found by optimisation, 4 starts, 150 steps"
