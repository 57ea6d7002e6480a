"""The choice of a direction: classes, attributes and groups, and what becomes of equal ends."""

from typing import TYPE_CHECKING

import pytest

from explorer.state.session_state import DirectionChoice
from explorer.views.direction_boxes import DirectionBoxes

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose

CLASSES, ATTRIBUTES, GROUPS = ("cat", "dog"), ("age",), ("left", "right")


@pytest.fixture
def boxes(qtbot: "QtBot") -> DirectionBoxes:
    view = DirectionBoxes("Direction across")
    qtbot.addWidget(view)
    view.show_direction(DirectionChoice(), CLASSES, ATTRIBUTES, GROUPS)
    view.show()
    return view


@pytest.fixture
def told(boxes: DirectionBoxes) -> list[DirectionChoice]:
    chosen: list[DirectionChoice] = []
    boxes.direction_chosen.connect(chosen.append)
    return chosen


def test_groups_are_ends_beside_classes_and_attributes(
    boxes: DirectionBoxes, told: list[DirectionChoice], choose: "Choose"
) -> None:
    choose(boxes, "Direction across from", "group left")
    choose(boxes, "Direction across to", "group right")
    assert told[-1] == DirectionChoice(start_group="left", end_group="right")
    choose(boxes, "Direction across to", "age, low to high")
    assert (told[-1].end, told[-1].end_group) == (2, "")
    boxes.show_direction(told[-1], CLASSES, ATTRIBUTES, GROUPS)
    assert not choose.box(boxes, "Direction across from").isVisible()
    choose(boxes, "Direction across to", "dog")
    assert told[-1] == DirectionChoice(start_group="left", end=1)


def test_two_ends_never_become_the_same(boxes: DirectionBoxes, told: list[DirectionChoice], choose: "Choose") -> None:
    choose(boxes, "Direction across to", "group right")
    choose(boxes, "Direction across from", "group right")
    assert told[-1] == DirectionChoice(-1, end_group="right")
    choose(boxes, "Direction across from", "group left")
    choose(boxes, "Direction across to", "group left")
    assert told[-1] == DirectionChoice(start_group="right", end_group="left")


def test_a_group_that_is_gone_says_so(boxes: DirectionBoxes, choose: "Choose") -> None:
    boxes.show_direction(DirectionChoice(start_group="old", end_group="left"), CLASSES, ATTRIBUTES, GROUPS)
    box = choose.box(boxes, "Direction across from")
    assert (box.currentIndex(), box.placeholderText()) == (-1, "group old, gone")
    assert choose.box(boxes, "Direction across to").currentText() == "group left"


def test_what_cannot_be_chosen_gives_way_to_what_can(boxes: DirectionBoxes) -> None:
    boxes.show_direction(DirectionChoice(), (), (), GROUPS)
    first = boxes.possible(DirectionChoice())
    assert first == DirectionChoice(-1, end_group="left")
    assert boxes.possible(DirectionChoice(end=1), first) == DirectionChoice(-1, end_group="right")
    assert boxes.possible(DirectionChoice(start_group="right", end_group="left")).start_group == "right"
