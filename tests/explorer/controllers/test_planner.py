"""The planner: one plan per change."""

from typing import TYPE_CHECKING

import pytest

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.state.map_values import MapView
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open

Plans = list[tuple[Plan, Plan]]


@pytest.fixture
def plans(planner: Planner) -> Plans:
    heard: Plans = []
    planner.planned.connect(lambda old, new: heard.append((old, new)))
    return heard


def test_opening_makes_one_plan_with_or_without_a_change_of_state(
    planner: Planner, plans: Plans, opened: "Open"
) -> None:
    planner.set_opened(opened())
    assert len(plans) == 1
    planner.set_opened(opened(generation=2), code=(1.0, 1.0))
    assert len(plans) == 2
    assert plans[-1][1].code == (1.0, 1.0)
    assert plans[-1][0] is plans[0][1]


def test_every_change_of_state_makes_a_plan(
    planner: Planner, plans: Plans, store: SessionStore, opened: "Open"
) -> None:
    planner.set_opened(opened())
    store.update(code=(2.0, 0.0))
    assert [new.code for _, new in plans] == [(0.0, 0.0), (2.0, 0.0)]
    assert planner.plan is plans[-1][1]


def test_the_same_view_makes_no_plan(planner: Planner, plans: Plans, seen: MapView) -> None:
    planner.set_seen(seen)
    planner.set_seen(seen)
    assert len(plans) == 1
