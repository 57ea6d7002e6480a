"""The choice of a plane: what is offered for a model, and what a click announces."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QAbstractButton

from explorer.state.session_state import DirectionChoice, MapChoice, PlaneChoice
from explorer.views.map_bar import MapBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press

_NAMES = ("z1", "z2", "z3")
_CORNERS = ((1.0, 0.0, 0.0), (), ())


@pytest.fixture
def bar(qtbot: "QtBot") -> MapBar:
    view = MapBar()
    qtbot.addWidget(view)
    view.resize(1000, 60)
    view.show()
    return view


def _letters(bar: MapBar) -> dict[str, QAbstractButton]:
    return {button.text(): button for button in bar.findChildren(QAbstractButton) if button.text() in tuple("ABC")}


def _show(bar: MapBar, plane: PlaneChoice) -> None:
    bar.show_choice(MapChoice(plane), _NAMES, principal_possible=True)


def test_the_letters_belong_to_the_plane_of_images_and_say_which_are_chosen(bar: MapBar) -> None:
    _show(bar, PlaneChoice())
    assert not any(button.isVisible() for button in _letters(bar).values())
    _show(bar, PlaneChoice("images", corners=_CORNERS))
    assert {name: button.isChecked() for name, button in _letters(bar).items()} == {"A": True, "B": False, "C": False}
    assert all(button.isVisible() for button in _letters(bar).values())


def test_a_letter_asks_for_the_current_point_and_waits_for_the_answer(bar: MapBar, press: "Press") -> None:
    told: list[int] = []
    bar.corner_wanted.connect(told.append)
    _show(bar, PlaneChoice("images", corners=_CORNERS))
    press(bar, "A")
    press(bar, "C")
    assert told == [0, 2]
    assert [button.isChecked() for button in _letters(bar).values()] == [True, False, False]


@pytest.mark.parametrize(
    ("shown", "before"), [(PlaneChoice("principal"), "principal"), (PlaneChoice(first=2), "dimensions")]
)
def test_images_remember_what_was_shown_before(bar: MapBar, choose: "Choose", shown: PlaneChoice, before: str) -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    _show(bar, shown)
    choose(bar, "Plane", "Three images")
    assert [(plane.kind, plane.before) for plane in told] == [("images", before)]


def test_a_note_stands_below_and_goes_away(bar: MapBar) -> None:
    bar.show_note("A, B and C lie on a line.")
    low = bar.sizeHint().height()
    bar.show_note("")
    assert bar.sizeHint().height() < low


def test_directions_are_offered_by_the_names_of_classes_and_attributes(bar: MapBar, choose: "Choose") -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    bar.show_features(("cat", "dog"), ("hat",))
    _show(bar, PlaneChoice("residual"))
    assert not choose.box(bar, "Direction upwards to").isVisible()
    choose(bar, "Direction across from", "dog")
    choose(bar, "Direction across to", "dog")
    choose(bar, "Direction across to", "hat, low to high")
    across = [plane.across for plane in told]
    assert across == [DirectionChoice(1, 0), DirectionChoice(0, 1), DirectionChoice(0, 2)]
    bar.show_plane(PlaneChoice("residual", across=DirectionChoice(0, 2)))
    assert not choose.box(bar, "Direction across from").isVisible()


def test_two_directions_have_a_choice_each(bar: MapBar, choose: "Choose") -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    bar.show_features(("cat", "dog", "cow"), ())
    _show(bar, PlaneChoice("attributes"))
    choose(bar, "Direction upwards to", "cow")
    assert [(plane.kind, plane.across, plane.upwards) for plane in told] == [
        ("attributes", DirectionChoice(-1, 0), DirectionChoice(-1, 2))
    ]


def test_data_without_names_offer_no_directions(bar: MapBar, choose: "Choose") -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    _show(bar, PlaneChoice())
    choose(bar, "Plane", "Attribute × attribute")
    choose(bar, "Plane", "Direction × the rest")
    assert told == []


def test_a_map_of_neighbours_has_no_spacing(bar: MapBar, choose: "Choose") -> None:
    _show(bar, PlaneChoice("neighbours"))
    assert not choose.box(bar, "Spacing").isEnabled()
    assert "no spacing" in choose.box(bar, "Spacing").toolTip()
    _show(bar, PlaneChoice("principal"))
    assert choose.box(bar, "Spacing").isEnabled()
