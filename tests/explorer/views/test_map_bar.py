"""The row above the map: what it shows of a choice and what it announces."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from explorer.state.point_colour import ColourOption, PointColour
from explorer.state.session_state import MapChoice, PlaneChoice
from explorer.views.map_bar import MapBar
from explorer.views.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press

_FOUR = ("z1", "z2", "z3", "z4")


@pytest.fixture
def bar(qtbot: "QtBot") -> MapBar:
    view = MapBar()
    qtbot.addWidget(view)
    view.resize(900, 36)
    view.show()
    view.show_choice(MapChoice(), _FOUR, principal_possible=True)
    return view


def test_choosing_a_dimension_announces_the_plane(bar: MapBar, choose: "Choose") -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    choose(bar, "Dimension across", "z3")
    assert told == [PlaneChoice("dimensions", 2, 1)]


def test_choosing_the_other_axis_s_dimension_swaps_them(bar: MapBar, choose: "Choose") -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    choose(bar, "Dimension upwards", "z1")
    assert told == [PlaneChoice("dimensions", 1, 0)]


def test_principal_directions_spacing_and_colour(bar: MapBar, choose: "Choose") -> None:
    planes: list[PlaneChoice] = []
    words: list[object] = []
    bar.plane_chosen.connect(planes.append)
    bar.spacing_chosen.connect(words.append)
    bar.colour_chosen.connect(words.append)
    choose(bar, "Plane", "Principal directions")
    choose(bar, "Spacing", "Even in probability")
    choose(bar, "Colour of the points", "One colour")
    assert planes == [PlaneChoice("principal", 0, 1)]
    assert words == ["probability", PointColour("none")]


def test_buttons_announce_the_person_s_clicks(bar: MapBar, press: "Press", qtbot: "QtBot") -> None:
    told: list[tuple[str, bool]] = []
    bar.tiles_toggled.connect(lambda shown: told.append(("tiles", shown)))
    bar.points_toggled.connect(lambda shown: told.append(("points", shown)))
    press(bar, "Tiles")
    press(bar, "Points")
    press(bar, "Points")
    assert told == [("tiles", False), ("points", False), ("points", True)]
    with qtbot.waitSignal(bar.home_requested):
        press(bar, "Show the whole map")


def test_showing_a_choice_announces_nothing(bar: MapBar, choose: "Choose") -> None:
    told: list[object] = []
    for signal in (bar.plane_chosen, bar.spacing_chosen, bar.colour_chosen, bar.tiles_toggled, bar.points_toggled):
        signal.connect(told.append)
    choice = MapChoice(PlaneChoice("principal", 2, 3), "probability", False, False, "none")
    bar.show_choice(choice, _FOUR, principal_possible=True)
    assert told == []
    assert choose.box(bar, "Plane").currentText() == "Principal directions"
    assert choose.box(bar, "Spacing").currentText() == "Even in probability"


def test_a_two_dimensional_space_offers_no_planes(bar: MapBar, choose: "Choose") -> None:
    bar.show_choice(MapChoice(), ("z1", "z2"), principal_possible=True)
    assert not choose.box(bar, "Plane").isVisible()
    assert not choose.box(bar, "Dimension across").isVisible()


def test_what_does_not_apply_says_why(bar: MapBar, choose: "Choose") -> None:
    bar.show_choice(MapChoice(), _FOUR, principal_possible=False)
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    choose(bar, "Plane", "Principal directions")
    assert told == []
    bar.show_choice(MapChoice(), (), principal_possible=False)
    assert "Open a model" in choose.box(bar, "Spacing").toolTip()


def test_colours_that_are_not_possible_say_why_and_cannot_be_chosen(bar: MapBar, choose: "Choose") -> None:
    told: list[PointColour] = []
    bar.colour_chosen.connect(told.append)
    smile = PointColour("attribute", "smile")
    options = (
        ColourOption(PointColour("class"), "By class", "The data have no classes"),
        ColourOption(PointColour("error"), "By error"),
        ColourOption(smile, "By smile"),
    )
    bar.show_colours(options, smile)
    box = choose.box(bar, "Colour of the points")
    assert box.currentText() == "By smile"
    assert box.itemData(0, Qt.ItemDataRole.ToolTipRole) == "The data have no classes"
    choose(bar, "Colour of the points", "By class")
    choose(bar, "Colour of the points", "By error")
    assert told[-1] == PointColour("error")
    assert PointColour("class") not in told
    bar.show_choice(MapChoice(points_shown=False), _FOUR, principal_possible=False)
    assert box.toolTip() == "The points are hidden"


def test_a_narrow_bar_goes_on_in_a_second_row(bar: MapBar, choose: "Choose") -> None:
    plane, colour = choose.box(bar, "Plane"), choose.box(bar, "Colour of the points")

    def top(box: QWidget) -> int:
        return box.mapTo(bar, box.rect().topLeft()).y()

    for width in (1000, 430):
        bar.resize(width, bar.heightForWidth(width))
        assert (top(colour) > top(plane)) == (width == 430)
        for box in (plane, colour):
            assert box.width() >= box.sizeHint().width()
            assert box.mapTo(bar, box.rect().bottomRight()).y() <= bar.height()


def test_items_are_chosen_by_the_person_alone(bar: MapBar, choose: "Choose") -> None:
    told: list[str] = []
    bar.items_chosen.connect(told.append)
    bar.show_choice(MapChoice(items="train"), _FOUR, principal_possible=True)
    assert told == []
    box = next(box for box in bar.findChildren(ChoiceBox) if box.accessibleName() == "Items")
    assert box.currentText() == "Training items"
    choose(bar, "Items", "All items")
    assert told == ["all"]


@pytest.mark.parametrize(
    ("choice", "names", "fixed", "said"),
    [
        (MapChoice(), _FOUR, "", ""),
        (MapChoice(), _FOUR, "The model has no encoder", "The model has no encoder"),
        (MapChoice(points_shown=False), _FOUR, "", "The points are hidden"),
        (MapChoice(), (), "", "Open a model first"),
    ],
)
def test_items_that_are_no_choice_say_why(
    bar: MapBar, choice: MapChoice, names: tuple[str, ...], fixed: str, said: str
) -> None:
    bar.show_choice(choice, names, principal_possible=True, items_fixed=fixed)
    box = next(box for box in bar.findChildren(ChoiceBox) if box.accessibleName() == "Items")
    assert box.isEnabled() == (not said)
    assert said in box.toolTip()
