"""The plan: a pure function of session and model, and harmless whatever a session file holds."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.controllers.plan import (
    Plan,
    first_plane,
    fitting_code,
    fitting_samples,
    fitting_view,
    session_plan,
)
from explorer.services.data_items import DataItems
from explorer.state.condition_facts import ConditionFacts
from explorer.state.map_values import MapView
from explorer.state.model_facts import BlockFacts
from explorer.state.session_state import MapChoice, PlaneChoice, SamplesChoice, SessionState
from trainers.data.data_spec import DataSpec

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open

SEEN = MapView(-3.0, -3.0, 3.0, 3.0, 600, 600)
ITEMS = DataItems(np.zeros((40, 1, 8, 8), dtype=np.uint8), None, DataSpec(name="digits", shape=(1, 8, 8)))


def test_nothing_open_is_an_empty_plan() -> None:
    assert session_plan(SessionState(code=(1.0,)), None, SEEN) == Plan()


def test_equal_inputs_ask_for_nothing_new(opened: "Open") -> None:
    state, model = SessionState(code=(0.5, 1.0)), replace(opened(), items=ITEMS)
    one, other = session_plan(state, model, SEEN), session_plan(state, model, SEEN)
    assert (one.picture, one.tiles, one.samples, one.reconstructions) == (
        other.picture,
        other.tiles,
        other.samples,
        other.reconstructions,
    )
    assert one.ring == (0.5, 1.0)


def test_moving_on_a_plane_keeps_its_tiles_and_moving_off_it_does_not(opened: "Open") -> None:
    model = opened(3)
    here = session_plan(SessionState(code=(0.0, 0.0, 1.0)), model, SEEN)
    along = session_plan(SessionState(code=(2.0, 1.0, 1.0)), model, SEEN)
    away = session_plan(SessionState(code=(0.0, 0.0, 2.0)), model, SEEN)
    assert here.tiles == along.tiles != away.tiles
    assert len({here.picture, along.picture, away.picture}) == 3


def test_a_new_generation_asks_for_everything_again(opened: "Open") -> None:
    state = SessionState(code=(0.0, 0.0))
    old, new = (session_plan(state, replace(opened(generation=n), items=ITEMS), SEEN) for n in (1, 2))
    assert old.picture != new.picture
    assert old.tiles != new.tiles
    assert old.samples != new.samples
    assert old.reconstructions != new.reconstructions


def test_hidden_tiles_are_not_decoded(opened: "Open") -> None:
    assert session_plan(SessionState(map=MapChoice(tiles_shown=False)), opened(), SEEN).tiles is None
    assert session_plan(SessionState(), opened(), None).tiles is None


def test_reconstructions_need_items_but_no_encoder(opened: "Open") -> None:
    assert session_plan(SessionState(), opened(), SEEN).reconstructions is None
    blind = replace(opened(capabilities=frozenset()), items=ITEMS)
    assert session_plan(SessionState(), blind, SEEN).reconstructions is not None


def test_principal_plane_waits_for_the_codes(opened: "Open", encoded: "Encode") -> None:
    state = SessionState(map=MapChoice(plane=PlaneChoice("principal")))
    before = session_plan(state, opened(4), SEEN).plane
    after = session_plan(state, opened(4).with_encoded(encoded(4)), SEEN).plane
    assert before is not None
    assert after is not None
    assert (before.choice.kind, after.choice.kind) == ("dimensions", "principal")


@given(st.lists(st.floats(), max_size=4).map(tuple), st.integers(), st.integers())
def test_any_code_and_plane_of_a_session_can_be_shown(
    opened: "Open", code: tuple[float, ...], first: int, second: int
) -> None:
    state = SessionState(code=code, map=MapChoice(plane=PlaneChoice("dimensions", first, second)))
    plan = session_plan(state, opened(3), SEEN)
    assert len(plan.code) == 3
    assert plan.ring is not None
    assert np.isfinite(plan.code).all()


def test_a_code_of_another_size_gives_way_to_the_mean(opened: "Open") -> None:
    model = opened(2, means=(0.5, -0.5))
    assert fitting_code((1.0, 2.0, 3.0), model) == (0.5, -0.5)
    assert fitting_code((1.0, 2.0), model) == (1.0, 2.0)


@pytest.mark.parametrize(("start", "expected"), [((3.0, 4.0), (3.0, 4.0)), ((3.0, float("nan")), (0.5, -0.5))])
def test_a_point_stands_first_where_the_model_says(
    opened: "Open", start: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    model = opened(2, means=(0.5, -0.5))
    model = replace(model, facts=replace(model.facts, start=start))
    assert fitting_code((), model) == expected
    assert fitting_code((1.0, 2.0), model) == (1.0, 2.0)


@pytest.mark.parametrize(
    "view",
    [(1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 1e300, 1.0), (5.0, 5.0, 5.0 + 1e-12, 6.0)],
)
def test_a_view_that_cannot_be_shown_is_the_whole_map(view: tuple[float, float, float, float]) -> None:
    assert fitting_view(view) is None
    assert fitting_view((0.0, 0.0, 1e-3, 1e-3)) == (0.0, 0.0, 1e-3, 1e-3)


@given(st.integers(), st.integers(), st.lists(st.floats(allow_nan=False), max_size=4).map(tuple))
def test_any_samples_choice_can_be_drawn(
    opened: "Open", count: int, seed: int, temperatures: tuple[float, ...]
) -> None:
    choice = fitting_samples(SamplesChoice(count, seed, temperatures, "current"), opened(levels=3).facts)
    assert 1 <= choice.count <= 1024
    assert 0 <= choice.seed < 2**63
    assert len(choice.temperatures) == 3
    assert all(0.0 <= temperature <= 10.0 for temperature in choice.temperatures)
    assert choice.condition == "each"


def test_pictures_follow_the_condition_only_where_they_depend_on_it(opened: "Open") -> None:
    first, second = (SessionState(code=(0.5, 1.0), condition=condition) for condition in ((1.0, 0.0), (0.0, 1.0)))
    for decodes in (True, False):
        model = opened(condition=ConditionFacts("classes", ("a", "b"), decodes=decodes, usual=(1.0, 0.0)))
        one, other = session_plan(first, model, SEEN), session_plan(second, model, SEEN)
        assert (one.picture == other.picture) is not decodes
        assert (one.tiles == other.tiles) is not decodes
        assert (one.sweep is None) is not decodes
        assert one.samples == other.samples
        assert (one.condition, other.condition) == ((1.0, 0.0), (0.0, 1.0))


def test_samples_of_the_current_condition_follow_it_even_where_pictures_do_not(opened: "Open") -> None:
    model = opened(condition=ConditionFacts("classes", ("a", "b"), decodes=False, usual=(1.0, 0.0)))
    choice = SamplesChoice(condition="current")
    one, other = (
        session_plan(SessionState(condition=condition, samples=choice), model, SEEN)
        for condition in ((1.0, 0.0), (0.0, 1.0))
    )
    assert one.samples != other.samples


def test_a_condition_of_another_model_gives_way_to_the_usual_one(opened: "Open") -> None:
    model = opened(condition=ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0)))
    assert session_plan(SessionState(condition=(0.2, 0.3, 0.5)), model, SEEN).told == (1.0, 0.0)
    assert session_plan(SessionState(condition=(0.0, 1.0)), opened(), SEEN).told == ()


def test_the_map_of_a_grid_or_a_hierarchy_begins_with_what_the_data_vary_in(opened: "Open") -> None:
    assert first_plane(opened(4).facts) == PlaneChoice()
    grid = opened(4, blocks=(BlockFacts("z", 0, 4, shape=(1, 2, 2)),)).facts
    assert first_plane(grid) == PlaneChoice("principal")
    assert first_plane(opened(4, levels=2).facts) == PlaneChoice("principal")
