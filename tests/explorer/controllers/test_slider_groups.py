"""Which controls a code gets: by block, from the top level down, the most active first."""

from typing import TYPE_CHECKING

import pytest

from explorer.controllers.slider_groups import slider_groups
from explorer.state.model_facts import BlockFacts
from explorer.state.slider_values import CategorySpec, SliderSpec

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open


def _slider(opened: "Open", **facts: object) -> SliderSpec:
    spec = slider_groups(opened(**facts))[0].controls[0]
    assert isinstance(spec, SliderSpec)
    return spec


def test_sliders_reach_four_deviations(opened: "Open") -> None:
    spec = _slider(opened, means=(1.0, 0.0), deviations=(0.5, 1.0))
    assert (spec.minimum, spec.maximum, spec.mean, spec.deviation) == (-1.0, 3.0, 1.0, 0.5)


def test_one_ordinary_block_needs_no_heading(opened: "Open") -> None:
    assert [group.title for group in slider_groups(opened())] == [""]


@pytest.mark.parametrize(
    ("prior", "title"), [("uniform", "z · 2 numbers from −1 to 1"), ("ball", "z · 2 numbers in the unit ball")]
)
def test_bounded_blocks_reach_their_bounds(prior: str, title: str, opened: "Open") -> None:
    group = slider_groups(opened(blocks=(BlockFacts("z", 0, 2, prior),)))[0]  # type: ignore[arg-type]
    spec = group.controls[0]
    assert isinstance(spec, SliderSpec)
    assert (spec.minimum, spec.maximum, spec.prior) == (-1.0, 1.0, prior)
    assert group.title == title
    assert group.ball == ((0, 2) if prior == "ball" else None)


def test_levels_come_from_the_top_down_with_the_most_active_numbers_first(opened: "Open") -> None:
    blocks = (BlockFacts("z1", 0, 3, level=0), BlockFacts("z2", 3, 2, level=1), BlockFacts("z3", 5, 1, level=2))
    groups = slider_groups(opened(6, blocks=blocks, levels=3, activity=(0.1, 0.3, 0.2, 0.0, 0.4, 0.5)))
    assert [group.title for group in groups] == [
        "z3 · top · 1 number",
        "z2 · 2 numbers",
        "z1 · nearest the picture · 3 numbers",
    ]
    order = [[spec.dimension for spec in group.controls if isinstance(spec, SliderSpec)] for group in groups]
    assert order == [[5], [4, 3], [1, 2, 0]]


def test_every_level_says_its_divergence(opened: "Open") -> None:
    blocks = (BlockFacts("z1", 0, 3, level=0), BlockFacts("z2", 3, 1, level=1))
    facts = {"blocks": blocks, "levels": 2, "activity": (0.25, 0.5, 1.0, 2.0)}
    titles = [group.title for group in slider_groups(opened(4, activity_unit="nats", **facts))]
    assert titles == ["z2 · top · 1 number · 2.0 nats", "z1 · nearest the picture · 3 numbers · 1.8 nats"]
    assert not any("nats" in group.title for group in slider_groups(opened(4, activity_unit="variance", **facts)))


def test_numbers_of_a_grid_leave_its_name_to_the_heading(opened: "Open") -> None:
    grid = (BlockFacts("features", 0, 4, shape=(1, 2, 2)),)
    names = ("features[0, 0, 0]", "features[0, 0, 1]", "features[0, 1, 0]", "features[0, 1, 1]")
    (group,) = slider_groups(opened(4, blocks=grid, dimension_names=names))
    assert group.title == "features · 1 × 2 × 2 numbers"
    assert [spec.name for spec in group.controls] == ["[0, 0, 0]", "[0, 0, 1]", "[0, 1, 0]", "[0, 1, 1]"]


def test_categories_are_a_choice_over_the_sliders(opened: "Open") -> None:
    blocks = (BlockFacts("noise", 0, 2), BlockFacts("kind", 2, 3, "categorical"))
    groups = slider_groups(opened(5, blocks=blocks))
    assert groups[0].controls == (CategorySpec("kind", 2, ("1", "2", "3")),)
    assert [group.title for group in groups] == ["", "noise · 2 numbers"]
