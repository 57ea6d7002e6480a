"""The sliders: what they announce, what they never announce, and how many rows they build."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from explorer.state.condition_facts import ConditionFacts
from explorer.state.slider_values import CategorySpec, SliderGroup, SliderSpec
from explorer.views.sliders_panel import SlidersPanel
from explorer.views.widgets.slider_list import SliderList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Mouse, Pixels, Press

_RANDOMISE = "Draw a random code from the prior; locked dimensions stay"
_RESET = "Every dimension back to the mean of its prior; locked ones stay"


def _specs(count: int) -> tuple[SliderSpec, ...]:
    return tuple(SliderSpec(index, f"z{index + 1}", -3, 3, 0, 1, 2.0 / (index + 1), "nats") for index in range(count))


def _show(panel: SlidersPanel, specs: tuple[SliderSpec, ...]) -> None:
    code = [0.0] * (1 + max(spec.dimension for spec in specs))
    panel.show_groups((SliderGroup("z", specs),), code)


@pytest.fixture
def panel(qtbot: "QtBot") -> SlidersPanel:
    view = SlidersPanel()
    qtbot.addWidget(view)
    view.resize(320, 400)
    view.show()
    return view


@pytest.fixture
def told(panel: SlidersPanel) -> list[object]:
    heard: list[object] = []
    panel.drag_started.connect(lambda: heard.append("started"))
    panel.dimension_moved.connect(lambda dimension, value: heard.append((dimension, round(value, 2))))
    panel.drag_finished.connect(lambda: heard.append("finished"))
    panel.reset_requested.connect(lambda dimension: heard.append(("reset", dimension)))
    return heard


def test_dragging_a_slider_announces_dimension_and_values(
    panel: SlidersPanel, told: list[object], mouse: "type[Mouse]"
) -> None:
    _show(panel, (_specs(5)[3], _specs(5)[1]))
    slider = panel.rows()[0].slider
    mouse(slider).drag([slider.place_of(0.0), slider.place_of(1.5), QPointF(10_000, 5)])
    assert told[0] == "started"
    assert told[1:-1] == [(3, 0.0), (3, 1.5), (3, 3.0)]
    assert told[-1] == "finished"
    assert panel.rows()[0].box.value() == 3.0


def test_keys_move_a_slider_as_one_drag(panel: SlidersPanel, told: list[object]) -> None:
    _show(panel, _specs(2))
    slider = panel.rows()[1].slider
    QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert told == ["started", (1, 0.06), "finished", "started", (1, 3.0), "finished"]


def test_an_exact_value_may_lie_beyond_the_slider(panel: SlidersPanel, told: list[object]) -> None:
    _show(panel, _specs(2))
    box = panel.rows()[0].box
    box.selectAll()
    QTest.keyClicks(box, "4.25")
    assert told == []
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert told == ["started", (0, 4.25), "finished"]
    assert panel.rows()[0].slider.exact() == 4.25


def test_showing_values_announces_nothing_and_moves_the_rows(panel: SlidersPanel, told: list[object]) -> None:
    _show(panel, (_specs(3)[2], _specs(3)[0]))
    panel.show_values([0.5, 9.0, -1.25])
    assert told == []
    assert [row.box.value() for row in panel.rows()] == [-1.25, 0.5]
    assert [row.slider.exact() for row in panel.rows()] == [-1.25, 0.5]


def test_rounding_in_the_box_never_changes_the_code(panel: SlidersPanel, told: list[object]) -> None:
    _show(panel, _specs(2))
    panel.show_values([0.123456789, 0.0])
    box = panel.rows()[0].box
    box.setFocus()
    panel.rows()[1].box.setFocus()
    assert told == []
    assert panel.rows()[0].slider.exact() == 0.123456789


def test_reset_of_one_and_of_all_and_randomise(
    panel: SlidersPanel, told: list[object], press: "Press", mouse: "type[Mouse]", qtbot: "QtBot"
) -> None:
    _show(panel, _specs(2))
    press(panel, "Reset z2")
    press(panel, _RESET)
    assert told == [("reset", 1), ("reset", -1)]
    with qtbot.waitSignal(panel.randomise_requested):
        press(panel, _RANDOMISE)
    told.clear()
    slider = panel.rows()[0].slider
    mouse(slider).double_click(slider.place_of(1.0))
    assert ("reset", 0) in told


def _more(panel: SlidersPanel) -> None:
    listed = panel.findChild(SliderList, "dimension_list")
    assert isinstance(listed, SliderList)
    panel.scroll_to(len(listed.entries()))
    button = next(button for button in panel.findChildren(QPushButton) if button.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    panel.scroll_to(0)


def test_of_a_large_group_only_the_first_are_shown_until_more_are_wanted(panel: SlidersPanel, press: "Press") -> None:
    panel.resize(320, 1100)
    _show(panel, _specs(512))
    assert [row.slider.accessibleName() for row in panel.rows()] == [f"z{index + 1}" for index in range(24)]
    press(panel, "Show 488 more")
    assert len(panel.rows()) > 24
    panel.scroll_to(600)
    press(panel, "Show fewer")
    assert len(panel.rows()) == 24


_GROUPS = (
    SliderGroup("kind", (CategorySpec("kind", 0, ("1", "2", "3")),)),
    SliderGroup("top", (SliderSpec(3, "top1", -4, 4, 0, 1), SliderSpec(4, "top2", -4, 4, 0, 1)), "top · 2 numbers"),
    SliderGroup("place", (SliderSpec(5, "place1", -1, 1, 0, 0.5, prior="ball"),), "place · in the ball", (5, 1)),
)


def test_groups_are_folded_away_under_their_headings(panel: SlidersPanel, press: "Press") -> None:
    panel.show_groups(_GROUPS, [1.0, 0, 0, 0, 0, 0.5])
    assert len(panel.rows()) == 3
    press(panel, "top · 2 numbers")
    assert [row.slider.accessibleName() for row in panel.rows()] == ["place1"]
    # Other activities bring the same groups again, and what was folded away stays so.
    panel.show_groups(_GROUPS, [1.0, 0, 0, 0, 0, 0.5])
    assert len(panel.rows()) == 1
    press(panel, "top · 2 numbers")
    assert len(panel.rows()) == 3


def test_a_category_is_a_choice(panel: SlidersPanel, choose: "Choose") -> None:
    chosen: list[tuple[CategorySpec, int]] = []
    panel.category_chosen.connect(lambda spec, place: chosen.append((spec, place)))
    panel.show_groups(_GROUPS, [0.0, 1.0, 0, 0, 0, 0])
    box = choose.box(panel, "kind")
    assert box.currentText() == "2"
    panel.show_values([0.25, 0.25, 0.5, 0, 0, 0])
    assert box.currentText() == ""
    assert box.placeholderText() == "a mixture"
    choose(panel, "kind", "3")
    assert [(spec.first, place) for spec, place in chosen] == [(0, 2)]


def test_leaving_the_unit_ball_is_said(panel: SlidersPanel) -> None:
    panel.show_groups(_GROUPS, [1.0, 0, 0, 0, 0, 0.5])
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert "length 0.50" in texts
    panel.show_values([1.0, 0, 0, 0, 0, -1.25])
    note = next(label for label in panel.findChildren(QLabel) if label.text().startswith("length"))
    assert (note.text(), note.property("role")) == ("length 1.25, outside", "error")


def test_arrow_keys_pass_over_headings(panel: SlidersPanel) -> None:
    panel.show_groups(_GROUPS, [1.0, 0, 0, 0, 0, 0.5])
    panel.rows()[1].slider.setFocus()
    QTest.keyClick(panel.rows()[1].slider, Qt.Key.Key_Down)
    assert panel.rows()[2].slider.hasFocus()
    QTest.keyClick(panel.rows()[2].slider, Qt.Key.Key_Up)
    assert panel.rows()[1].slider.hasFocus()


def test_a_model_without_a_condition_has_no_controls_for_it(panel: SlidersPanel) -> None:
    _show(panel, _specs(2))
    assert not panel.condition.isVisible()
    panel.condition.show_facts(ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0)))
    assert panel.condition.isVisible()
    panel.condition.show_facts(ConditionFacts("image", usual=(0.5,) * 4))
    assert not panel.condition.isVisible()


def test_hundreds_of_dimensions_need_only_the_rows_on_screen(panel: SlidersPanel, told: list[object]) -> None:
    _show(panel, _specs(512))
    panel.show_values([float(index) / 100 for index in range(512)])
    rows = panel.rows()
    assert 5 <= len(rows) <= 14
    _more(panel)
    panel.scroll_to(600)
    names = [row.slider.accessibleName() for row in panel.rows()]
    assert names[-1] == "z512"
    first = int(names[0][1:]) - 1
    assert panel.rows()[0].slider.exact() == pytest.approx(first / 100)
    QTest.keyClick(panel.rows()[0].slider, Qt.Key.Key_Right)
    assert told[1] == (first, round(first / 100 + 0.06, 2))


def test_the_down_arrow_reaches_every_slider(panel: SlidersPanel) -> None:
    _show(panel, _specs(40))
    _more(panel)
    panel.rows()[0].slider.setFocus()
    for _ in range(39):
        focused = next(row.slider for row in panel.rows() if row.slider.hasFocus())
        QTest.keyClick(focused, Qt.Key.Key_Down)
    focused = next(row.slider for row in panel.rows() if row.slider.hasFocus())
    assert focused.accessibleName() == "z40"


def test_the_wheel_scrolls_instead_of_changing_values(
    panel: SlidersPanel, told: list[object], mouse: "type[Mouse]"
) -> None:
    _show(panel, _specs(60))
    slider = panel.rows()[0].slider
    assert not mouse(slider).turn(slider.place_of(0), -1)
    assert not mouse(panel.rows()[0].box).turn(QPointF(5, 5), -1)
    listed = panel.findChild(SliderList, "dimension_list")
    assert isinstance(listed, SliderList)
    assert mouse(listed).turn(QPointF(20, 20), -1)
    assert told == []
    assert panel.rows()[0].slider.accessibleName() == "z4"


def test_activity_and_its_unit_are_shown(panel: SlidersPanel) -> None:
    _show(panel, _specs(2))
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert "2 dimensions · activity in nats" in texts
    assert "1.00" in texts


def test_the_empty_state_disables_the_buttons_with_a_reason(panel: SlidersPanel, press: "Press") -> None:
    _show(panel, _specs(2))
    panel.show_empty("Open a model to move its dimensions.")
    button = press.button(panel, _RANDOMISE)
    assert not button.isEnabled()
    assert button.toolTip() == "Open a model first"
    assert any(label.text().startswith("Open a model to") for label in panel.findChildren(QLabel))


@pytest.mark.parametrize(("activity", "text"), [(3.846, "3.85"), (0.0123, "0.01"), (0.0012, "0.001"), (0.0, "0.00")])
def test_a_small_activity_is_not_none(panel: SlidersPanel, activity: float, text: str) -> None:
    _show(panel, (replace(_specs(1)[0], activity=activity),))
    assert text in [label.text() for label in panel.findChildren(QLabel)]


def test_what_was_typed_for_a_dimension_that_is_gone_is_forgotten(panel: SlidersPanel) -> None:
    moved: list[tuple[int, float]] = []
    panel.dimension_moved.connect(lambda dimension, value: moved.append((dimension, value)))
    _show(panel, _specs(5))
    panel.activateWindow()
    box = panel.rows()[4].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "1.5")
    _show(panel, _specs(2))
    QApplication.processEvents()
    assert moved == []
    assert len(panel.rows()) == 2


def test_a_locked_dimension_cannot_be_moved_and_its_button_unlocks_it(
    panel: SlidersPanel, told: list[object], press: "Press", mouse: "type[Mouse]"
) -> None:
    heard: list[tuple[int, bool]] = []
    panel.lock_requested.connect(lambda dimension, locked: heard.append((dimension, locked)))
    first, second = (replace(spec, button="lock") for spec in _specs(2))
    _show(panel, (first, replace(second, is_locked=True)))
    press(panel, "Lock z1")
    press(panel, "Unlock z2")
    assert heard == [(0, True), (1, False)]
    slider = panel.rows()[1].slider
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.place_of(2.0).toPoint())
    assert told == []
    assert not panel.rows()[1].box.isEnabled()
    assert "Locked" in slider.toolTip()


def test_a_slider_of_a_condition_has_no_lock(panel: SlidersPanel) -> None:
    _show(panel, _specs(1))
    assert [control.isVisible() for control in panel.rows()[0].controls()] == [True, True, True, False]


def _ink(panel: SlidersPanel, pixels: "Pixels") -> "list[np.ndarray]":
    return [pixels(row.slider).astype(int) for row in panel.rows()]


def test_histogram_and_posterior_are_drawn_where_they_belong(panel: SlidersPanel, pixels: "Pixels") -> None:
    _show(panel, _specs(2))
    before = _ink(panel, pixels)
    shares = np.zeros((2, 40))
    shares[0, 30:] = 1.0
    panel.show_histograms(shares)
    drawn = _ink(panel, pixels)
    changed = np.flatnonzero(np.abs(drawn[0] - before[0]).sum(axis=(0, 2)))
    slider = panel.rows()[0].slider
    rising = slider.place_of(1.5).x()
    # Left of the first bin only the line along the track is new.
    column = drawn[0][: slider.height() - 12, : int(rising) - 3]
    assert (column == before[0][: slider.height() - 12, : int(rising) - 3]).all()
    assert changed.max() > rising
    panel.show_mark(((-1.5, 0.0), (0.5, 0.0)))
    marked = np.abs(_ink(panel, pixels)[0] - drawn[0]).sum(axis=2)[slider.height() - 4 :]
    places = np.flatnonzero(marked.sum(axis=0))
    assert places.min() == pytest.approx(slider.place_of(-2.0).x(), abs=2.5)
    assert places.max() == pytest.approx(slider.place_of(-1.0).x(), abs=2.5)
    panel.show_mark(None)
    panel.show_histograms(None)
    assert (_ink(panel, pixels)[0] == before[0]).all()


def test_histograms_of_a_code_of_another_length_are_not_drawn(panel: SlidersPanel, pixels: "Pixels") -> None:
    _show(panel, _specs(2))
    before = _ink(panel, pixels)
    panel.show_histograms(np.ones((3, 40)))
    panel.show_mark(((1.0, 1.0, 1.0), (1.0, 1.0, 1.0)))
    assert all((now == then).all() for now, then in zip(_ink(panel, pixels), before, strict=True))
    panel.show_histograms(np.ones((2, 40)))
    _show(panel, _specs(5))
    assert len(panel.rows()) == 5


def test_how_data_are_spread_may_come_before_the_sliders_and_stay_longer(panel: SlidersPanel) -> None:
    shares = np.linspace(0.0, 1.0, 20, dtype=np.float32).reshape(5, 4)
    panel.show_histograms(shares)
    panel.show_mark(((0.0,) * 5, (1.0,) * 5))
    _show(panel, _specs(5))
    drawn = [row.slider._histogram for row in panel.rows()]
    assert all(found is not None and np.array_equal(found, shares[place]) for place, found in enumerate(drawn))
    _show(panel, _specs(3))
    assert [row.slider._histogram for row in panel.rows()] == [None] * 3
    _show(panel, _specs(5))
    assert panel.rows()[4].slider._histogram is not None
