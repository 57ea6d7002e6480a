"""The page of directions: sliders in sigmas, scores, what moves with them, and how they are found."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from explorer.state.direction_values import DirectionFacts
from explorer.state.slider_choices import DirectionsChoice, GroupPair
from explorer.state.slider_values import SliderGroup, SliderSpec
from explorer.views.attributes_page import AttributesPage
from explorer.views.widgets.leakage_bars import LeakageBars

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Mouse, Press

_NAMES = (
    ("smile", "smile"),
    ("hair_colour", "hair colour"),
    ("long", "a very long name of an attribute that has no end"),
)


def _spec(place: int, name: str, note: str = "0.91 2.5") -> SliderSpec:
    return SliderSpec(place, name, -6.0, 6.0, 0.0, 1.0, note=note, about="score", usual=(-3.0, 3.0), button="about")


@pytest.fixture
def page(qtbot: "QtBot") -> AttributesPage:
    view = AttributesPage()
    qtbot.addWidget(view)
    view.resize(320, 480)
    view.show()
    return view


def _show(page: AttributesPage) -> None:
    specs = tuple(_spec(place, title) for place, (_, title) in enumerate(_NAMES))
    page.show_choice(DirectionsChoice(), _NAMES, ("a", "b"), {"first-layer": "Not linear"})
    page.show_directions(SliderGroup("directions", specs), (0.5, -1.0, 0.0), np.ones((3, 40)), "3 directions")


def test_a_slider_may_be_dragged_beyond_three_sigmas_and_typed_beyond_its_end(
    page: AttributesPage, mouse: "type[Mouse]"
) -> None:
    _show(page)
    heard: list[object] = []
    page.drag_started.connect(lambda: heard.append("started"))
    page.moved.connect(lambda place, value: heard.append((place, round(value, 2))))
    page.drag_finished.connect(lambda: heard.append("finished"))
    slider = page.rows()[1].slider
    mouse(slider).drag([slider.place_of(-1.0), QPointF(10_000, 5)])
    assert heard == ["started", (1, -1.0), (1, 6.0), "finished"]
    box = page.rows()[2].box
    box.selectAll()
    QTest.keyClicks(box, "-9.5")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert heard[-2] == (2, -9.5)
    assert "from -6 to 6" in slider.toolTip()


def test_positions_follow_without_announcing_anything(page: AttributesPage) -> None:
    _show(page)
    heard: list[object] = []
    page.moved.connect(lambda *values: heard.append(values))
    page.show_positions((1.0, 2.0, 3.0))
    assert [row.box.value() for row in page.rows()] == [1.0, 2.0, 3.0]
    assert heard == []


@pytest.mark.parametrize(("width", "note"), [(240, "0.91"), (400, "0.91 2.5")])
def test_the_score_stands_beside_the_slider_as_far_as_there_is_room(
    page: AttributesPage, width: int, note: str
) -> None:
    page.resize(width, 480)
    _show(page)
    row = page.rows()[2]
    assert note in [label.text() for label in row.findChildren(QLabel) if label.isVisible()]
    assert row.slider.width() >= 40
    assert row.width() <= width


def test_what_moves_with_a_direction_is_listed_from_the_most(page: AttributesPage, press: "Press") -> None:
    _show(page)
    asked: list[int] = []
    page.about_requested.connect(asked.append)
    press(page, "What moves with smile")
    assert asked == [0]
    moved = (("smile", 1.0), ("age", 0.2), ("hair colour", -0.75), ("unknown", float("nan")))
    page.show_about(DirectionFacts("smile", "smile", 0.9, 2.0, 40, moved=moved))
    bars = page.findChild(LeakageBars)
    assert isinstance(bars, LeakageBars)
    assert bars.isVisible()
    assert bars.lines() == (("hair colour", -0.75), ("age", 0.2))
    page.show_about(DirectionFacts("smile", "smile", moved=(("smile", 1.0),)))
    assert not bars.isVisible()


def test_methods_a_model_cannot_have_cannot_be_chosen_and_say_why(page: AttributesPage, choose: "Choose") -> None:
    _show(page)
    chosen: list[str] = []
    page.method_chosen.connect(chosen.append)
    choose(page, "Method", "Linear discriminant")
    assert chosen == ["discriminant"]
    model = choose.box(page, "Method").model()
    assert isinstance(model, QStandardItemModel)
    assert not model.item(4).isEnabled()
    assert model.item(4).toolTip() == "Not linear"


def test_several_directions_can_be_kept_at_right_angles(page: AttributesPage) -> None:
    _show(page)
    chosen: list[object] = []
    page.orthogonal_chosen.connect(chosen.append)
    actions = page._menu.actions()
    assert [action.text() for action in actions] == [title for _, title in _NAMES]
    actions[0].trigger()
    actions[1].trigger()
    assert chosen == [("smile",), ("smile", "hair_colour")]
    page.show_choice(DirectionsChoice(orthogonal_to=("hair_colour",)), _NAMES, (), {})
    assert page._orthogonal.text() == "⟂ hair colour"
    assert [action.isChecked() for action in page._menu.actions()] == [False, True, False]


def test_pairs_of_groups_are_added_and_taken_away(page: AttributesPage, choose: "Choose", press: "Press") -> None:
    _show(page)
    chosen: list[object] = []
    page.pairs_chosen.connect(chosen.append)
    press(page, "Add the pair")
    assert chosen == [(GroupPair("a", "b"),)]
    choose(page, "Groups from", "b")
    assert not press.button(page, "Add the pair").isEnabled()
    choose(page, "Groups from", "others")
    page.show_choice(DirectionsChoice(pairs=(GroupPair("", "b"),)), _NAMES, ("a", "b"), {})
    press(page, "Remove the pair")
    assert chosen[-1] == ()
    page.show_choice(DirectionsChoice(), _NAMES, (), {})
    assert not page._pairs.isVisible()


def test_the_empty_page_says_why_and_offers_a_way(page: AttributesPage, press: "Press", qtbot: "QtBot") -> None:
    _show(page)
    page.show_empty("Nothing is known of these items.", "Use the decoder's own")
    assert page.rows() == ()
    assert not press.button(page, "How the directions correlate").isEnabled()
    with qtbot.waitSignal(page.empty_action):
        press(page, "Use the decoder's own")
