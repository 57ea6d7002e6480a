"""The choice of a plane: what is offered for a model, and what a click announces."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from explorer.state.session_state import NEIGHBOUR_KINDS, DirectionChoice, MapChoice, PlaneChoice, PlaneKind
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


@pytest.mark.parametrize("kind", NEIGHBOUR_KINDS)
def test_a_map_of_neighbours_has_no_spacing(bar: MapBar, choose: "Choose", kind: PlaneKind) -> None:
    _show(bar, PlaneChoice(kind))
    assert not choose.box(bar, "Spacing").isEnabled()
    assert "no spacing" in choose.box(bar, "Spacing").toolTip()
    _show(bar, PlaneChoice("principal"))
    assert choose.box(bar, "Spacing").isEnabled()


def test_a_kind_whose_library_is_missing_cannot_be_chosen_and_says_why(bar: MapBar, choose: "Choose") -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    bar.show_missing({"umap": "Install it with pip."})
    _show(bar, PlaneChoice())
    choose(bar, "Plane", "Neighbours (UMAP)")
    assert told == []
    box = choose.box(bar, "Plane")
    assert box.itemData(box.findText("Neighbours (UMAP)"), Qt.ItemDataRole.ToolTipRole) == "Install it with pip."
    choose(bar, "Plane", "Neighbours (t-SNE)")
    assert [plane.kind for plane in told] == ["neighbours"]


def test_how_many_points_have_a_place_is_offered_for_maps_of_neighbours(bar: MapBar, choose: "Choose") -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    bar.show_point_count(12_000)
    _show(bar, PlaneChoice("umap"))
    box = choose.box(bar, "Points with a place")
    assert [box.itemText(place) for place in range(box.count())] == [
        "2,000 points",
        "5,000 points",
        "10,000 points",
        "All 12,000 points",
    ]
    assert box.currentText() == "5,000 points"
    choose(bar, "Points with a place", "All 12,000 points")
    assert [(plane.kind, plane.points) for plane in told] == [("umap", 12_000)]
    _show(bar, PlaneChoice())
    assert not box.isVisible()
    bar.show_point_count(1_797)
    _show(bar, PlaneChoice("umap"))
    assert not box.isVisible()


def test_another_number_of_points_than_the_offered_ones_is_shown(bar: MapBar, choose: "Choose") -> None:
    bar.show_point_count(6_000)
    _show(bar, PlaneChoice("neighbours", points=3_333))
    assert choose.box(bar, "Points with a place").currentText() == "3,333 points"


def test_what_is_being_made_stands_in_the_box_whatever_the_map_shows(bar: MapBar, choose: "Choose") -> None:
    told: list[PlaneChoice] = []
    bar.plane_chosen.connect(told.append)
    bar.show_point_count(9_000)
    _show(bar, PlaneChoice())
    bar.show_making(PlaneChoice("umap"))
    _show(bar, PlaneChoice(first=1, second=2))
    assert choose.box(bar, "Plane").currentText() == "Neighbours (UMAP)"
    assert not choose.box(bar, "Dimension across").isVisible()
    choose(bar, "Points with a place", "2,000 points")
    assert told[-1] == PlaneChoice("umap", points=2_000)
    bar.show_making(None)
    assert choose.box(bar, "Plane").currentText() == "Dimensions"
    assert choose.box(bar, "Dimension across").currentText() == "z2"
