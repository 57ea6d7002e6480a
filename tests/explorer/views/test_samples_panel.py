"""Samples: the grid, its choice, copying and exporting."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSlider, QWidget

from explorer.state.scatter_values import Scatter
from explorer.state.session_state import SamplesChoice
from explorer.views.samples_panel import SamplesPanel
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.note_line import NoteLine
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox
from explorer.views.widgets.scatter_view import ScatterView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Mouse, Pixels, Press


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


def _is_seen(panel: SamplesPanel, kind: type[QWidget]) -> bool:
    return any(part.isVisible() for part in panel.findChildren(kind))


def test_columns_have_titles_and_an_own_count(panel: SamplesPanel) -> None:
    grid = panel.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    panel.show_pictures(np.zeros((12, 8, 8, 1), np.uint8), ("a", "b", "c"), ("first", "second", "third", "fourth"))
    assert grid.item_rect(3).left() == grid.item_rect(0).left()
    assert grid.item_rect(3).top() > grid.item_rect(2).top()


def test_points_are_a_scatter(panel: SamplesPanel, mouse: "type[Mouse]", press: "Press") -> None:
    taken: list[int] = []
    panel.item_activated.connect(taken.append)
    panel.show_points(Scatter(np.array([[0, 0], [0.5, 0.5]], np.float32), (-1.0, -1.0, 1.0, 1.0)))
    scatter = panel.findChild(ScatterView)
    assert isinstance(scatter, ScatterView)
    assert scatter.isVisible()
    assert not _is_seen(panel, ImageGrid)
    mouse(scatter).click(QPointF(*scatter.place_of(1)))
    assert taken == [1]
    assert press.button(panel, "Export the samples as one PNG").isEnabled()


def test_each_level_has_a_temperature_and_all_keep_their_proportions(
    panel: SamplesPanel, told: list[SamplesChoice], choose: "Choose"
) -> None:
    panel.offer(("bottom", "middle", "top"), ())
    panel.show_choice(SamplesChoice(temperatures=(1.0, 1.0, 1.0)))
    levels = choose.box(panel, "Level")
    assert [levels.itemText(row) for row in range(levels.count())] == [
        "All levels",
        "top · 1.00",
        "middle · 1.00",
        "bottom · 1.00",
    ]
    choose(panel, "Level", "bottom · 1.00")
    _type(panel, "Temperature, exact", "0.5")
    choose(panel, "Level", "All levels")
    assert _box(panel, "Temperature, exact").value() == 1.0
    _type(panel, "Temperature, exact", "0.8")
    _type(panel, "Temperature, exact", "0")
    _type(panel, "Temperature, exact", "0.3")
    assert [choice.temperatures for choice in told] == [
        (0.5, 1.0, 1.0),
        (0.4, 0.8, 0.8),
        (0.0, 0.0, 0.0),
        (0.3, 0.3, 0.3),
    ]
    assert levels.itemText(1) == "top · 0.30"


def test_what_does_not_apply_is_absent(panel: SamplesPanel, choose: "Choose") -> None:
    names = ("Level", "Condition of the samples")
    assert not any(choose.box(panel, name).isVisible() for name in names)
    panel.offer(("bottom", "top"), ("Every class", "Class 3"))
    assert all(choose.box(panel, name).isVisible() for name in names)
    panel.offer(("z",), ())
    assert not any(choose.box(panel, name).isVisible() for name in names)


def test_condition_and_rising_temperature(
    panel: SamplesPanel, told: list[SamplesChoice], choose: "Choose", press: "Press"
) -> None:
    panel.offer((), ("Every class", "Class 3"))
    choose(panel, "Condition of the samples", "Class 3")
    panel.offer((), ("Every class", "Class 4"))
    assert choose.box(panel, "Condition of the samples").currentText() == "Class 4"
    press(panel, "Rising temperature")
    press(panel, "Rising temperature")
    assert told == [
        SamplesChoice(condition="current"),
        SamplesChoice(condition="current", rising=True),
        SamplesChoice(condition="current"),
    ]


def test_samples_stand_back_while_others_are_drawn(
    panel: SamplesPanel, pixels: "Pixels", press: "Press", qtbot: "QtBot"
) -> None:
    panel.show_pictures(np.full((4, 8, 8, 1), 255, np.uint8))
    grid = panel.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    place = grid.item_rect(0).center().toPoint()

    def lightness() -> int:
        return int(pixels(grid.viewport())[place.y(), place.x()].min())

    assert lightness() == 255
    panel.show_drawing(0.4, "row 3 of 8")
    place = grid.item_rect(0).center().toPoint()
    assert lightness() < 250
    with qtbot.waitSignal(panel.drawing_cancelled):
        press(panel, "Cancel")
    panel.end_drawing()
    assert lightness() == 255


def test_the_note_has_a_button_only_where_there_is_something_to_do(
    panel: SamplesPanel, press: "Press", qtbot: "QtBot"
) -> None:
    panel.show_note("10 of 10 classes")
    note = panel.findChild(NoteLine)
    assert isinstance(note, NoteLine)
    assert note.isVisible()
    assert not [button for button in note.findChildren(QPushButton) if button.isVisible()]
    panel.show_note("Nothing recognises the samples.", "Train the classifier")
    with qtbot.waitSignal(panel.note_action):
        press(panel, "Train the classifier")
    panel.show_note("")
    assert not note.isVisible()


def test_the_training_of_a_classifier_can_be_cancelled(panel: SamplesPanel, qtbot: "QtBot") -> None:
    panel.show_training(0.2, "epoch 1 of 3")
    [cancel] = [
        button for button in panel.findChildren(QPushButton) if button.isVisible() and button.text() == "Cancel"
    ]
    with qtbot.waitSignal(panel.training_cancelled):
        cancel.click()
    panel.end_training()
    assert not cancel.isVisible()


def test_a_narrow_panel_goes_on_in_a_second_row(panel: SamplesPanel, choose: "Choose") -> None:
    panel.offer(("bottom", "top"), ("Every class", "Class 3"))
    condition, count = choose.box(panel, "Condition of the samples"), _box(panel, "Count")
    panel.resize(900, 240)
    QApplication.processEvents()
    assert condition.mapTo(panel, QPoint()).y() < count.mapTo(panel, QPoint()).y() + count.height()
    panel.resize(460, 240)
    QApplication.processEvents()
    assert panel.width() == 460
    assert condition.mapTo(panel, QPoint()).y() > count.mapTo(panel, QPoint()).y() + count.height()
    assert condition.mapTo(panel, condition.rect().bottomRight()).x() < 460


def test_training_items_stand_below_the_samples_and_can_be_gone_to(
    panel: SamplesPanel, told: list[SamplesChoice], press: "Press", mouse: "type[Mouse]", pixels: "Pixels"
) -> None:
    taken: list[int] = []
    gone: list[int] = []
    panel.item_activated.connect(taken.append)
    panel.nearest_activated.connect(gone.append)
    panel.show_prior("N(0, 1)", True)
    press(panel, "Nearest training items")
    assert told == [SamplesChoice(nearest=True)]
    panel.show_pictures(np.full((6, 8, 8, 1), 40, np.uint8))
    panel.show_nearest(np.full((6, 8, 8, 1), 200, np.uint8), tuple(f"one  0.{place}" for place in range(6)))
    grid = panel.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    room = grid.item_rect(2)
    upper, lower = (QPointF(room.center().x(), room.top() + share * room.height()) for share in (0.25, 0.75))
    drawn = pixels(grid.viewport())
    assert drawn[int(upper.y()), int(upper.x()), 0] == 40
    assert drawn[int(lower.y()), int(lower.x()), 0] == 200
    mouse(grid.viewport()).click(upper)
    mouse(grid.viewport()).click(lower)
    QTest.keyClick(grid, Qt.Key.Key_N)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert (taken, gone) == ([2, 2], [2, 2])
    panel.show_nearest(None)
    mouse(grid.viewport()).click(QPointF(grid.item_rect(1).center().x(), grid.item_rect(1).bottom() - 2))
    assert (taken[-1], gone) == (1, [2, 2])


def test_other_samples_come_without_the_items_of_those_before(panel: SamplesPanel, pixels: "Pixels") -> None:
    panel.show_pictures(np.full((2, 8, 8, 1), 40, np.uint8))
    panel.show_nearest(np.full((2, 8, 8, 1), 200, np.uint8), ("", ""))
    panel.show_pictures(np.full((2, 8, 8, 1), 60, np.uint8))
    grid = panel.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    room = grid.item_rect(0)
    assert pixels(grid.viewport())[int(room.bottom()) - 2, int(room.center().x()), 0] == 60


def test_the_prior_is_named_and_points_are_compared_with_nothing(panel: SamplesPanel, press: "Press") -> None:
    panel.show_prior("Gaussians fitted to the codes", False)
    assert any(label.text() == "from Gaussians fitted to the codes" for label in panel.findChildren(QLabel))
    assert not press.button(panel, "Nearest training items").isEnabled()


def test_why_nothing_stands_below_the_samples_is_said(panel: SamplesPanel) -> None:
    panel.show_pictures(np.zeros((2, 8, 8, 1), np.uint8))
    panel.show_nearest(None, (), "The data are not here.")
    assert [line.text() for line in panel.findChildren(NoteLine) if line.isVisible()] == ["The data are not here."]
    panel.show_nearest_search(0.3, "nearest training items")
    panel.end_nearest_search()
