"""What a state of A means for B and the other way round, without any model."""

from dataclasses import replace
from typing import Any

import pytest

from explorer.state.condition_facts import ConditionFacts
from explorer.state.linked_state import (
    are_planes_shared,
    code_refusal,
    do_views_agree,
    led_changes,
    linked_state,
    picture_refusal,
    possible_link,
)
from explorer.state.model_facts import BlockFacts, ModelFacts
from explorer.state.reconstruction_choices import ReconstructionsChoice
from explorer.state.session_state import (
    ComparisonChoice,
    MapChoice,
    PlaneChoice,
    SamplesChoice,
    SessionState,
)
from explorer.state.slider_choices import SlidersChoice

WIDE, NEAR = (-3.0, -3.0, 3.0, 3.0), (0.0, 0.0, 1.0, 1.0)


def facts(size: int = 2, **changes: Any) -> ModelFacts:
    values: dict[str, Any] = {
        "title": "vae / digits",
        "path": "/runs/a",
        "generation": 1,
        "latent_size": size,
        "dimension_names": tuple(f"z{place}" for place in range(size)),
        "means": (0.0,) * size,
        "deviations": (1.0,) * size,
        "image_shape": (1, 8, 8),
        "class_names": (),
        "capabilities": frozenset({"encoder"}),
        "data": "digits",
        "epoch": 1.0,
        "step": 1,
        "blocks": (BlockFacts("z", 0, size),),
    }
    return ModelFacts(**(values | changes))


def state(**changes: Any) -> SessionState:
    values: dict[str, Any] = {"code": (0.5, -1.0), "comparison": ComparisonChoice("/runs/b", shown=True)}
    return SessionState(model="/runs/a", **(values | changes))


def test_codes_are_alike_where_their_numbers_obey_the_same_laws() -> None:
    other_name = facts(blocks=(BlockFacts("noise", 0, 2),))
    assert code_refusal(facts(), other_name) == ""
    assert "2 numbers and B of 5" in code_refusal(facts(), facts(5))
    for block in (
        BlockFacts("z", 0, 2, "uniform"),
        BlockFacts("z", 0, 2, level=1),
        BlockFacts("z", 0, 2, shape=(1, 2)),
    ):
        assert "other parts" in code_refusal(facts(), facts(blocks=(block,)))


def test_pictures_of_other_shapes_are_never_the_same() -> None:
    assert picture_refusal(facts(), facts(5)) == ""
    assert picture_refusal(facts(), facts(image_shape=(3, 8, 8))) == (
        "A has pictures of 8 × 8 grey pixels and B pictures of 8 × 8 coloured pixels"
    )
    points = facts(image_shape=(2,), frame=(0.0, 0.0, 1.0, 1.0))
    assert "points" in picture_refusal(facts(), points)


@pytest.mark.parametrize(
    ("second", "links"),
    [
        (facts(), ("code", "picture")),
        (facts(5), ("picture", "picture")),
        (facts(image_shape=(1, 28, 28)), ("code", "code")),
        (facts(5, image_shape=(1, 28, 28)), (None, None)),
    ],
)
def test_the_other_link_stands_in_for_one_that_is_not_possible(
    second: ModelFacts, links: tuple[str | None, str | None]
) -> None:
    assert (possible_link("code", facts(), second), possible_link("picture", facts(), second)) == links


def test_the_same_code_takes_code_choices_and_map_along() -> None:
    first = state(
        samples=SamplesChoice(seed=7),
        reconstructions=ReconstructionsChoice(order="random", seed=3),
        map=MapChoice(view=NEAR, colour_by="none"),
        smooth_pictures=True,
    )
    second = linked_state(first, SessionState(), facts(), facts())
    assert second.model == "/runs/b"
    assert second.code == first.code
    assert (second.samples, second.reconstructions) == (first.samples, first.reconstructions)
    assert (second.map, second.smooth_pictures) == (first.map, True)


def test_at_the_same_picture_b_keeps_the_code_that_its_encoder_gave() -> None:
    other = SessionState(model="/runs/b", code=(1.0, 2.0, 3.0, 4.0, 5.0))
    assert linked_state(state(), other, facts(), facts(5)).code == other.code
    of_another = SessionState(code=(1.0, 2.0))
    assert linked_state(state(), of_another, facts(), facts(5)).code == ()


def test_where_nothing_links_them_b_stands_where_it_was_left() -> None:
    choice = ComparisonChoice("/runs/b", True, code=(0.0, 0.0, 0.0, 0.0, 9.0), map=MapChoice(view=NEAR))
    shown = MapChoice(PlaneChoice("principal"), view=WIDE, tiles_shown=False)
    second = linked_state(
        state(comparison=choice, map=shown), SessionState(), facts(), facts(5, image_shape=(1, 28, 28))
    )
    assert second.code == choice.code
    assert (second.map.plane, second.map.view, second.map.tiles_shown) == (PlaneChoice(), NEAR, False)


def test_a_condition_is_passed_on_to_a_model_that_is_told_the_same() -> None:
    told = ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0))
    first = state(condition=(0.0, 1.0))
    assert linked_state(first, SessionState(), facts(condition=told), facts(condition=told)).condition == (0.0, 1.0)
    assert linked_state(first, SessionState(), facts(condition=told), facts()).condition == ()


def test_planes_that_data_decide_are_chosen_together_but_looked_at_apart() -> None:
    assert are_planes_shared(PlaneChoice("dimensions", 3, 4), facts(5), facts(5))
    assert are_planes_shared(PlaneChoice("principal"), facts(2), facts(2))
    assert not are_planes_shared(PlaneChoice("principal"), facts(5), facts(5))
    principal = MapChoice(PlaneChoice("principal"), view=NEAR)
    own = ComparisonChoice("/runs/b", True, map=MapChoice(view=WIDE))
    first = state(code=(0.0,) * 5, map=principal, comparison=own)
    there = SessionState(map=MapChoice(PlaneChoice("principal")))
    assert linked_state(first, there, facts(5), facts(5)).map == replace(principal, view=WIDE)
    elsewhere = SessionState(map=MapChoice(PlaneChoice()))
    assert linked_state(first, elsewhere, facts(5), facts(5)).map.view is None


def test_maps_of_other_proportions_show_the_same_when_one_view_just_fits_into_the_other() -> None:
    assert do_views_agree(None, None)
    assert not do_views_agree(None, NEAR)
    assert do_views_agree((0.0, 0.0, 2.0, 1.0), (0.0, -0.5, 2.0, 1.5))
    assert not do_views_agree((0.0, 0.0, 2.0, 1.0), (0.0, -0.5, 2.1, 1.5)), "pushed"
    assert not do_views_agree((0.0, 0.0, 2.0, 1.0), (0.5, 0.25, 1.5, 0.75)), "zoomed"


def test_a_view_goes_to_and_fro_only_once() -> None:
    low, high = (0.0, 0.0, 2.0, 1.0), (0.0, -0.5, 2.0, 1.5)
    first, second = state(map=MapChoice(view=low)), SessionState(map=MapChoice(view=high))
    assert linked_state(first, second, facts(), facts()).map.view == high
    assert led_changes(first, second, facts(), facts())["map"].view == low
    pushed = SessionState(map=MapChoice(view=(1.0, -0.5, 3.0, 1.5)))
    assert led_changes(first, pushed, facts(), facts())["map"].view == pushed.map.view


def test_what_is_done_to_b_is_done_to_a_where_they_are_linked() -> None:
    first = state()
    moved = replace(linked_state(first, SessionState(), facts(), facts()), code=(2.0, 2.0), samples=SamplesChoice(5))
    changes = led_changes(first, moved, facts(), facts())
    assert (changes["code"], changes["samples"]) == ((2.0, 2.0), SamplesChoice(5))
    assert changes["comparison"] == first.comparison


def test_what_is_done_to_b_alone_is_remembered_as_its_own() -> None:
    first, other = state(), facts(5, image_shape=(1, 28, 28))
    moved = SessionState(code=(1.0,) * 5, map=MapChoice(PlaneChoice("principal"), view=NEAR, points_shown=False))
    changes = led_changes(first, moved, facts(), other)
    assert "code" not in changes
    assert changes["comparison"].code == moved.code
    assert changes["comparison"].map.plane == PlaneChoice("principal")
    assert (changes["map"].plane, changes["map"].points_shown) == (PlaneChoice(), False)
    again = linked_state(replace(first, **changes), SessionState(), facts(), other)
    assert (again.code, again.map) == (moved.code, moved.map)


def test_sliders_are_one_choice_for_like_codes_and_else_each_has_its_own() -> None:
    mine, yours = SlidersChoice(locked=(1,)), SlidersChoice(page="attributes", locked=(3,))
    first = state(sliders=mine)
    assert linked_state(first, SessionState(), facts(), facts()).sliders == mine
    assert led_changes(first, SessionState(sliders=yours), facts(), facts())["sliders"] == yours
    changes = led_changes(first, SessionState(sliders=yours), facts(), facts(5))
    assert "sliders" not in changes
    again = linked_state(replace(first, **changes), SessionState(), facts(), facts(5))
    assert again.sliders == yours
