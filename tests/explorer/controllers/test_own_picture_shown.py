"""What is said of an own picture."""

from typing import TYPE_CHECKING

import numpy as np

from explorer.controllers.own_picture_shown import comparison
from explorer.controllers.plan import Plan
from explorer.services.own_pictures import EXACT
from explorer.state.condition_facts import ConditionFacts
from explorer.state.own_picture import OwnPicture
from tests.explorer.controllers.own_pictures import OWN, PIXELS

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open


def with_code(means: str, condition: tuple[float, ...] = ()) -> OwnPicture:
    return OwnPicture(OWN.name, OWN.pixels, OWN.shape, code=(0.0, 0.0), condition=condition, means=means)


def test_the_class_that_it_was_encoded_as_is_said(opened: "Open") -> None:
    condition = ConditionFacts("classes", ("cat", "dog"), usual=(1.0, 0.0))
    plan = Plan(opened=opened(condition=condition), code=(0.0, 0.0))
    shown = comparison(with_code("code: mean of the posterior", (0.0, 1.0)), PIXELS, None, plan, "")
    assert shown.texts == ("code: mean of the posterior, as class dog",)
    assert shown.edited is None


def test_an_exact_code_is_not_refined(opened: "Open") -> None:
    plan = Plan(opened=opened(), code=(1.0, 0.0))
    exact, other = (comparison(with_code(means), PIXELS, None, plan, "") for means in (EXACT, "code: by the encoder"))
    assert exact.search_refusal == "The code is the exact inverse, so there is none better"
    assert other.search_refusal == ""
    assert exact.is_edited


def test_a_picture_of_another_size_is_not_compared(opened: "Open") -> None:
    plan = Plan(opened=opened(), code=(0.0, 0.0))
    shown = comparison(with_code(EXACT), PIXELS, np.zeros((240, 240, 3), np.uint8), plan, "")
    assert shown.edited is None
    assert shown.difference is None


def test_without_a_code_it_can_be_searched_for(opened: "Open") -> None:
    shown = comparison(OWN, PIXELS, None, Plan(opened=opened()), "The search was cancelled.")
    assert (shown.has_code, shown.search, shown.problem) == (False, "Search", "The search was cancelled.")
    assert shown.texts == ("fitted: turned to grey",)
