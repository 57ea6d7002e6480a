"""Originals over reconstructions."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSlider

from explorer.state.item_groups import packed, unpacked
from explorer.state.reconstruction_choices import CorruptionChoice, ReconstructionsChoice
from explorer.state.reconstruction_values import ComparedPictures, DifferenceScale, StrengthRange
from explorer.views.reconstructions_panel import ReconstructionsPanel
from explorer.views.widgets.difference_legend import DifferenceLegend
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.mask_painter import MaskPainter
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox

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
    return next(grid for grid in panel.findChildren(ImageGrid) if "Originals" in grid.accessibleName())


def _strength(panel: ReconstructionsPanel) -> NumberBox:
    box = panel.findChild(NumberBox)
    assert isinstance(box, NumberBox)
    return box


def _show(panel: ReconstructionsPanel, count: int, summary: str = "") -> None:
    greys = np.arange(1, count + 1, dtype=np.uint8)[:, None, None, None] * 10
    originals = np.broadcast_to(greys, (count, 8, 8, 1)).copy()
    differences = np.broadcast_to(np.array([200, 0, 0], np.uint8), (count, 8, 8, 3))
    rows = (("original", originals), ("reconstruction", originals + 100), ("difference", differences))
    panel.show_pictures(ComparedPictures(rows, tuple(f"a  0.{index}" for index in range(count)), summary, True))


def test_each_original_lies_over_its_reconstruction_and_their_difference(
    panel: ReconstructionsPanel, pixels: "Pixels"
) -> None:
    _show(panel, 6)
    drawn = pixels(_grid(panel).viewport())
    for index in range(6):
        room = _grid(panel).item_rect(index)
        middle, height = int(room.center().x()), room.height()
        assert drawn[int(room.top() + height * 0.17), middle, 0] == 10 * (index + 1)
        assert drawn[int(room.top() + height * 0.5), middle, 0] == 10 * (index + 1) + 100
        assert drawn[int(room.top() + height * 0.83), middle].tolist() == [200, 0, 0]


def test_the_summary_is_read_below_and_whole_in_its_tooltip(panel: ReconstructionsPanel) -> None:
    _show(panel, 3, "mean squared error per pixel 0.0321")
    (label,) = (label for label in panel.findChildren(QLabel) if "per pixel" in label.toolTip())
    assert label.text() == "mean squared error per pixel 0.0321"


def test_the_legend_says_what_the_colours_of_differences_mean(panel: ReconstructionsPanel, pixels: "Pixels") -> None:
    colours = np.array([[255, 0, 0], [255, 255, 255], [0, 0, 255]], np.uint8)
    panel.show_scale(DifferenceScale(colours, 0.25))
    _show(panel, 2)
    legend = panel.findChild(DifferenceLegend)
    assert isinstance(legend, DifferenceLegend)
    assert legend.isVisible()
    assert legend.texts() == ("darker −0.25", "+0.25 brighter")
    assert "±0.25" in legend.toolTip()
    drawn = pixels(legend).reshape(-1, 3).tolist()
    places = [drawn.index(colour) for colour in ([255, 0, 0], [255, 255, 255], [0, 0, 255])]
    assert places[0] < places[1] < places[2]
    one = np.zeros((1, 8, 8, 1), np.uint8)
    panel.show_pictures(ComparedPictures((("original", one), ("reconstruction", one)), ("",)))
    assert not legend.isVisible()


def test_a_click_activates_the_item(panel: ReconstructionsPanel, mouse: "type[Mouse]") -> None:
    told: list[int] = []
    panel.item_activated.connect(told.append)
    _show(panel, 6)
    mouse(_grid(panel).viewport()).click(_grid(panel).item_rect(4).center())
    assert told == [4]


def test_order_count_measure_and_shuffle(panel: ReconstructionsPanel, press: "Press", choose: "Choose") -> None:
    told: list[ReconstructionsChoice] = []
    panel.choice_changed.connect(told.append)
    assert press.button(panel, "Shuffle").toolTip() == "Choose the order Random to shuffle"
    choose(panel, "Order", "Random")
    press(panel, "Shuffle")
    choose(panel, "Measure", "PSNR")
    press(panel, "Differences")
    count = panel.findChild(WholeNumberBox)
    assert isinstance(count, WholeNumberBox)
    count.selectAll()
    QTest.keyClicks(count, "48")
    QTest.keyClick(count, Qt.Key.Key_Return)
    assert told == [
        ReconstructionsChoice("random", 0, 24),
        ReconstructionsChoice("random", 1, 24),
        ReconstructionsChoice("random", 1, 24, "psnr"),
        ReconstructionsChoice("random", 1, 24, "psnr", False),
        ReconstructionsChoice("random", 1, 48, "psnr", False),
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


def test_what_the_items_suffer_is_chosen_with_its_strength(
    panel: ReconstructionsPanel, press: "Press", choose: "Choose"
) -> None:
    told: list[ReconstructionsChoice] = []
    panel.choice_changed.connect(told.append)
    panel.show_corruption(CorruptionChoice("none"), None, "", True)
    assert [choose.box(panel, "Corruption").itemText(place) for place in range(3)] == [
        "No corruption",
        "Gaussian noise",
        "Salt and pepper",
    ]
    assert not _strength(panel).isVisible()
    choose(panel, "Corruption", "Gaussian noise")
    panel.show_corruption(CorruptionChoice("gaussian_noise", 0.3), StrengthRange(0.0, 1.0, "deviation"), "", True)
    assert (_strength(panel).value(), _strength(panel).isVisible()) == (0.3, True)
    _strength(panel).setValue(0.5)
    press(panel, "Other corruption")
    corruptions = [choice.corruption for choice in told]
    assert corruptions == [
        CorruptionChoice("gaussian_noise"),
        CorruptionChoice("gaussian_noise", 0.5),
        CorruptionChoice("gaussian_noise", 0.5, 1),
    ]


def test_what_a_model_was_trained_to_undo_comes_first(panel: ReconstructionsPanel, choose: "Choose") -> None:
    panel.show_corruption(
        CorruptionChoice("down_scaling", 2.0), StrengthRange(2, 4, "pixels", True), "down_scaling", True
    )
    box = choose.box(panel, "Corruption")
    assert (box.currentText(), box.itemText(1)) == ("As trained: fewer pixels", "No corruption")
    assert _strength(panel).text() == "2"


def test_a_mask_is_painted_on_the_first_item_and_cleared(
    panel: ReconstructionsPanel, mouse: "type[Mouse]", press: "Press"
) -> None:
    told: list[ReconstructionsChoice] = []
    panel.choice_changed.connect(told.append)
    painter = panel.findChild(MaskPainter)
    assert isinstance(painter, MaskPainter)
    assert not painter.isVisible()
    chosen = ReconstructionsChoice(corruption=CorruptionChoice("painted_mask"))
    panel.show_choice(chosen)
    panel.show_corruption(CorruptionChoice("painted_mask", mask_shape=(8, 8)), None, "", True)
    _show(panel, 3)
    assert painter.isVisible()
    assert press.button(panel, "Clear the mask").toolTip() == "Nothing is painted over yet"
    mouse(painter).click(painter.picture_rect().center())
    painted = told[-1].corruption
    assert (painted.kind, painted.mask_shape) == ("painted_mask", (8, 8))
    assert unpacked(painted.mask, 64).sum() > 4
    panel.show_choice(told[-1])
    panel.show_corruption(painted, None, "", True)
    press(panel, "Clear the mask")
    assert told[-1] == chosen


def test_points_have_an_error_and_no_corruption(panel: ReconstructionsPanel, choose: "Choose") -> None:
    panel.show_corruption(CorruptionChoice("none"), None, "", False)
    assert not choose.box(panel, "Corruption").isVisible()
    assert not choose.box(panel, "Measure").isVisible()
    assert choose.box(panel, "Order").isVisible()


def test_a_long_summary_does_not_make_the_panel_wider(panel: ReconstructionsPanel) -> None:
    _show(panel, 1, "short")
    narrow = panel.minimumSizeHint().width()
    _show(panel, 1, "codes found by optimisation, 4 starts, 150 steps, and much more to say of them")
    assert panel.minimumSizeHint().width() == narrow


def test_a_switch_shows_the_anomalies_instead(panel: ReconstructionsPanel, press: "Press") -> None:
    told: list[ReconstructionsChoice] = []
    panel.choice_changed.connect(told.append)
    _show(panel, 2)
    assert not panel.anomalies.isVisible()
    press(panel, "Anomalies")
    assert told == [ReconstructionsChoice(page="anomalies")]
    panel.show_choice(told[0])
    assert panel.anomalies.isVisible()
    assert panel.anomalies.controls.isVisible()
    assert not _grid(panel).isVisible()
    panel.show_choice(ReconstructionsChoice())
    assert _grid(panel).isVisible()
    assert not panel.anomalies.controls.isVisible()


def test_pictures_stand_back_while_all_items_are_measured(panel: ReconstructionsPanel, pixels: "Pixels") -> None:
    def middle() -> int:
        room = _grid(panel).item_rect(0)
        return int(pixels(_grid(panel).viewport())[int(room.center().y()), int(room.center().x()), 0])

    _show(panel, 1)
    assert middle() == 110
    panel.show_measuring(0.5, "errors of 20 of 40 items")
    assert middle() < 80
    panel.end_search()
    assert middle() == 110


def test_in_a_narrow_panel_all_controls_stand_in_one_row(
    panel: ReconstructionsPanel, choose: "Choose", qtbot: "QtBot"
) -> None:
    panel.show_corruption(CorruptionChoice("none"), None, "", True)
    panel.resize(518, 180)
    boxes = [choose.box(panel, name) for name in ("Order", "Measure", "Corruption")]
    assert all(box.isVisible() for box in boxes)
    qtbot.waitUntil(lambda: len({box.mapTo(panel, box.rect().center()).y() for box in boxes}) == 1)
    panel.show_corruption(CorruptionChoice("gaussian_noise"), StrengthRange(0.01, 1.0, "deviation"), "", True)
    (slider,) = panel.findChildren(QSlider)
    qtbot.waitUntil(_strength(panel).isVisible)
    qtbot.waitUntil(lambda: len({box.mapTo(panel, box.rect().center()).y() for box in boxes}) == 1)
    assert not slider.isVisible()
    panel.resize(900, 180)
    assert slider.isVisible()


def test_another_kind_of_corruption_begins_with_its_own_strength(panel: ReconstructionsPanel, choose: "Choose") -> None:
    told: list[ReconstructionsChoice] = []
    panel.choice_changed.connect(told.append)
    strong = CorruptionChoice("gaussian_noise", strength=0.7)
    panel.show_choice(ReconstructionsChoice(corruption=strong))
    panel.show_corruption(strong, StrengthRange(0.0, 1.0, "deviation"), "", True)
    choose(panel, "Corruption", "Blur")
    assert told[-1].corruption == CorruptionChoice("gaussian_blur", strength=0.0)


def test_a_mask_of_pictures_of_another_size_covers_nothing(panel: ReconstructionsPanel) -> None:
    small = CorruptionChoice("painted_mask", mask=packed(np.ones(16, bool)), mask_shape=(4, 4))
    panel.show_choice(ReconstructionsChoice(corruption=small))
    _show(panel, 2)
    painter = panel.findChild(MaskPainter)
    assert isinstance(painter, MaskPainter)
    assert painter.covered.shape == (8, 8)
    assert not painter.covered.any()
