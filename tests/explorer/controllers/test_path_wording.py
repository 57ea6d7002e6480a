"""What is said of a path."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from explorer.controllers.path_wording import length_unit, step_letters, summary
from explorer.services.paths import PathAsked, WalkedPath

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open

KEYS = (((0.0, 0.0), ()), ((4.0, 0.0), ()))


def walked_of(closed: bool = False) -> WalkedPath:
    asked = PathAsked(KEYS, "geodesic", 5, closed)
    lengths = np.array([1.0, 2.0, 3.0, 2.0])
    return WalkedPath(asked, np.zeros((5, 2)), np.empty((5, 0)), np.zeros((5, 8, 8, 1), np.uint8), lengths, 9.0, 12.0)


def test_the_length_is_said_beside_that_of_the_linear_path(opened: "Open", encoded: "Encode") -> None:
    items = encoded()
    assert summary(walked_of(), opened()) == "Length 9, the linear path 12 (−25.0%) · steps from 1 to 3"
    assert "· no shorter one was found ·" in summary(replace(walked_of(), length=13.0), opened())
    counted = replace(walked_of(), encoded=items, support=np.array([1, 2, 30, 4, 5]), reach=0.25)
    assert "1 to 30 test items within 0.25 of a step" in summary(counted, opened())
    samples = replace(opened(), encoded=replace(items, source="samples"))
    assert summary(walked_of(), samples).endswith("without an encoder no items lie near it")


def test_what_decodes_to_no_numbers_has_no_length(opened: "Open") -> None:
    assert "decode to no numbers" in summary(replace(walked_of(), length=float("nan")), opened())


def test_a_closed_path_ends_with_its_first_letter() -> None:
    assert step_letters(walked_of(), ("B", "D")) == ("B", "", "", "", "D")
    assert step_letters(walked_of(closed=True), ("B", "D")) == ("B", "", "D", "", "B")


def test_points_are_no_pictures() -> None:
    assert length_unit((2,)) == "distance between points"
    assert "grey values 0 to 1" in length_unit((1, 8, 8))
