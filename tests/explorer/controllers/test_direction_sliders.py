"""Which directions a model can have, and what their sliders say."""

from typing import TYPE_CHECKING

import pytest

from explorer.controllers.direction_sliders import direction_group, impossible_methods, own_method
from explorer.state.direction_values import DirectionFacts
from explorer.state.slider_values import SliderSpec

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open


@pytest.mark.parametrize(
    ("capabilities", "impossible", "own"),
    [
        ({"encoder", "linear_start"}, [], "first-layer"),
        ({"encoder"}, ["first-layer"], "jacobian"),
        ({"encoder", "quantizer"}, ["first-layer", "jacobian"], "principal"),
        ({"sequential"}, ["first-layer", "jacobian"], "principal"),
    ],
)
def test_what_a_model_cannot_have_is_not_offered(
    opened: "Open", capabilities: set[str], impossible: list[str], own: str
) -> None:
    facts = opened(capabilities=frozenset(capabilities)).facts
    assert sorted(impossible_methods(facts)) == impossible
    assert own_method(facts) == own


def test_a_slider_says_its_score_and_how_far_data_reach() -> None:
    facts = DirectionFacts("a", "a", 0.912, -1.25, 40, 0.5, beside=("b",))
    strong = DirectionFacts("first-layer 1", "first-layer 1", sigma=1.0, strength=17.42)
    first, second = direction_group((facts, strong)).controls
    assert isinstance(first, SliderSpec)
    assert isinstance(second, SliderSpec)
    assert (first.note, second.note) == ("0.91 −1.2", "17.4")
    assert (first.minimum, first.maximum, first.mean) == (-6.0, 6.0, 0.0)
    for part in ("held-out accuracy 0.912 on 40 items", "Cohen's d −1.25", "beyond ±3", "orthogonal to b"):
        assert part in first.about
    assert "strength 17.42" in second.about
