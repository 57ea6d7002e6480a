"""The controller of the sliders: what they show, and where they move the point."""

from typing import TYPE_CHECKING

import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.sliders_controller import SlidersController
from explorer.state.model_facts import BlockFacts
from explorer.state.session_store import SessionStore
from explorer.state.slider_values import CategorySpec

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, SlidersStandIn


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", sliders: "SlidersStandIn"
) -> SlidersController:
    return SlidersController(store, planner, decoder, sliders)  # type: ignore[arg-type]


def test_sliders_show_values_without_being_rebuilt(
    planner: Planner, store: SessionStore, sliders: "SlidersStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    store.update(code=(1.0, -1.0))
    assert len(sliders.given("show_groups")) == 1
    assert sliders.last("show_values")[0] == (1.0, -1.0)


def test_a_slider_moves_its_dimension_and_a_drag_is_one_step(
    planner: Planner, store: SessionStore, sliders: "SlidersStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    sliders.drag_started.emit()
    sliders.dimension_moved.emit(1, 0.5)
    sliders.dimension_moved.emit(1, 2.5)
    sliders.dimension_moved.emit(9, 2.5)
    sliders.drag_finished.emit()
    assert store.state.code == (0.0, 2.5)
    store.undo()
    assert store.state.code == (0.0, 0.0)


def test_resetting_goes_to_the_mean(
    planner: Planner, store: SessionStore, sliders: "SlidersStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(means=(0.5, 0.25)), code=(3.0, 3.0))
    sliders.reset_requested.emit(1)
    assert store.state.code == (3.0, 0.25)
    sliders.reset_requested.emit(-1)
    assert store.state.code == (0.5, 0.25)


def test_a_random_point_comes_from_the_models_own_prior(
    planner: Planner, store: SessionStore, sliders: "SlidersStandIn", decoder: "DecoderStandIn", opened: "Open"
) -> None:
    sliders.randomise_requested.emit()
    assert decoder.given("draw_code") == []
    planner.set_opened(opened())
    sliders.randomise_requested.emit()
    assert len(decoder.given("draw_code")) == 1
    decoder.code_drawn.emit((0.75, 0.5))
    assert store.state.code == (0.75, 0.5)


def test_sliders_are_sorted_by_activity_once_it_is_known(
    planner: Planner, sliders: "SlidersStandIn", opened: "Open", encoded: "Encode"
) -> None:
    planner.set_opened(opened(3))
    assert [spec.dimension for spec in sliders.last("show_groups")[0][0].controls] == [0, 1, 2]
    data = encoded(3)
    planner.set_opened(opened(3).with_encoded(data))
    shown = sliders.last("show_groups")[0][0].controls
    assert [spec.activity for spec in shown] == sorted(data.activity, reverse=True)
    assert shown[0].activity_unit == "variance"


def test_a_category_is_written_one_hot_and_reset_to_its_first(
    planner: Planner, store: SessionStore, sliders: "SlidersStandIn", opened: "Open"
) -> None:
    blocks = (BlockFacts("z", 0, 1), BlockFacts("kind", 1, 3, "categorical"))
    planner.set_opened(opened(4, blocks=blocks, means=(0.5, 1 / 3, 1 / 3, 1 / 3)), code=(9.0,))
    assert planner.plan.code == (0.5, 1.0, 0.0, 0.0)
    sliders.category_chosen.emit(CategorySpec("kind", 1, ("1", "2", "3")), 2)
    assert store.state.code == (0.5, 0.0, 0.0, 1.0)
    sliders.category_chosen.emit(CategorySpec("kind", 3, ("1", "2", "3")), 2)
    sliders.reset_requested.emit(-1)
    assert store.state.code == (0.5, 1.0, 0.0, 0.0)


def test_a_locked_dimension_stays_when_a_code_is_drawn_or_reset(
    planner: Planner, store: SessionStore, sliders: "SlidersStandIn", decoder: "DecoderStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened(3), code=(1.0, 2.0, 3.0))
    sliders.lock_requested.emit(1, True)
    assert store.state.sliders.locked == (1,)
    assert [spec.is_locked for spec in sliders.last("show_groups")[0][0].controls] == [False, True, False]
    decoder.code_drawn.emit((0.5, 0.5, 0.5))
    assert store.state.code == (0.5, 2.0, 0.5)
    sliders.reset_requested.emit(-1)
    assert store.state.code == (0.0, 2.0, 0.0)
    sliders.lock_requested.emit(1, False)
    sliders.reset_requested.emit(-1)
    assert store.state.code == (0.0, 0.0, 0.0)
    store.undo()
    store.undo()
    assert store.state.sliders.locked == (1,)


def test_what_nobody_sees_is_shown_when_it_is_seen(
    planner: Planner, store: SessionStore, sliders: "SlidersStandIn", opened: "Open"
) -> None:
    sliders.answers["isVisible"] = False
    planner.set_opened(opened())
    store.update(code=(1.0, -1.0))
    assert sliders.given("show_groups") == sliders.given("show_values") == []
    sliders.answers["isVisible"] = True
    sliders.seen.emit()
    assert sliders.last("show_groups")[1] == (1.0, -1.0)
    sliders.answers["isVisible"] = False
    store.update(code=(2.0, 2.0))
    sliders.answers["isVisible"] = True
    sliders.seen.emit()
    assert sliders.last("show_values") == ((2.0, 2.0),)
    assert len(sliders.given("show_groups")) == 1
    sliders.seen.emit()
    assert len(sliders.given("show_values")) == 2, "nothing is shown twice"


def test_a_model_that_comes_again_after_nothing_was_open_has_its_sliders_again(
    planner: Planner, sliders: "SlidersStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    planner.set_opened(None)
    planner.set_opened(opened(generation=2))
    assert len(sliders.given("show_groups")) == 2
