"""The controller of the panel of conditions."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Signal

from explorer.controllers.condition_sweep_controller import ConditionSweepController
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedSweep
from explorer.services.exports import Exportable
from explorer.state.condition_facts import ConditionFacts
from explorer.state.condition_sweep import condition_sweep
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.stand_ins import StandIn
from trainers.export.recipes import CodesRecipe

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn

CLASSES = ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0))


class ConditionsStandIn(StandIn):
    item_activated = Signal(int)
    seen_changed = Signal(bool)


@pytest.fixture
def conditions() -> ConditionsStandIn:
    return ConditionsStandIn()


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", conditions: ConditionsStandIn
) -> ConditionSweepController:
    return ConditionSweepController(store, planner, decoder, conditions)  # type: ignore[arg-type]


def test_the_sweep_follows_the_code_while_it_is_seen(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", conditions: ConditionsStandIn, opened: "Open"
) -> None:
    planner.set_opened(opened(condition=CLASSES))
    store.update(code=(1.0, 0.0))
    assert decoder.given("decode_sweep") == []
    conditions.seen_changed.emit(True)
    store.update(smooth_pictures=True)
    store.update(code=(2.0, 0.0))
    conditions.seen_changed.emit(False)
    store.update(code=(3.0, 0.0))
    conditions.seen_changed.emit(True)
    assert [code for code, _ in decoder.given("decode_sweep")] == [(1.0, 0.0), (2.0, 0.0), (3.0, 0.0)]


def test_a_click_takes_the_condition(
    store: SessionStore, decoder: "DecoderStandIn", conditions: ConditionsStandIn
) -> None:
    conditions.item_activated.emit(1)
    sweep = condition_sweep(CLASSES, (1.0, 0.0))
    pictures = np.zeros((2, 8, 8, 1), np.uint8)
    decoder.sweep_decoded.emit(DecodedSweep(sweep, pictures))
    assert conditions.last("show_sweep") == (sweep, pictures)
    conditions.item_activated.emit(1)
    conditions.item_activated.emit(2)
    assert store.state.condition == (0.0, 1.0)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (ConditionFacts(), "takes no class and no attributes"),
        (ConditionFacts("classes", ("a", "b"), decodes=False, usual=(1.0, 0.0)), "only its samples do"),
        (ConditionFacts("image", usual=(0.5,) * 4), "neither a class nor attributes"),
    ],
)
def test_why_there_is_nothing_to_compare_is_said(
    condition: ConditionFacts, words: str, planner: Planner, conditions: ConditionsStandIn, opened: "Open"
) -> None:
    planner.set_opened(opened(condition=CLASSES))
    planner.set_opened(opened(generation=2, opening=2, condition=condition))
    assert words in conditions.last("show_empty")[0]


def test_all_conditions_are_offered_for_export_with_their_names(
    planner: Planner,
    store: SessionStore,
    decoder: "DecoderStandIn",
    opened: "Open",
    controller: ConditionSweepController,
) -> None:
    wanted: list[object] = []
    controller.export_wanted.connect(wanted.append)
    controller.export()
    planner.set_opened(opened(condition=CLASSES))
    store.update(code=(1.0, 0.5))
    sweep = condition_sweep(CLASSES, (1.0, 0.0))
    decoder.sweep_decoded.emit(DecodedSweep(sweep, np.zeros((2, 8, 8, 1), np.uint8)))
    controller.export()
    nothing, found = wanted
    assert nothing is None
    assert isinstance(found, Exportable)
    assert found.recipe is not None
    recipe = found.recipe(found.offer.options)
    assert isinstance(recipe, CodesRecipe)
    assert recipe.codes == ((1.0, 0.5),) * 2
    assert recipe.conditions == ((1.0, 0.0), (0.0, 1.0))
    assert recipe.column_titles == ("a", "b")
