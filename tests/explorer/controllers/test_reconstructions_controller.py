"""The reconstructions' controller."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.reconstructions_controller import ReconstructionsController
from explorer.services.data_items import DataItems
from explorer.services.reconstructions import Reconstructions
from explorer.state.session_state import ReconstructionsChoice
from explorer.state.session_store import SessionStore
from trainers.data.data_spec import DataSpec
from trainers.export.recipes import ReconstructionsRecipe

if TYPE_CHECKING:
    from explorer.services.exports import Exportable
    from tests.explorer.controllers.conftest import DecoderStandIn, GridStandIn, Open

ITEMS = DataItems(np.zeros((40, 1, 8, 8), dtype=np.uint8), None, DataSpec(name="digits", shape=(1, 8, 8)))


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn"
) -> ReconstructionsController:
    return ReconstructionsController(store, planner, decoder, grid)  # type: ignore[arg-type]


def _made(count: int) -> Reconstructions:
    pictures = np.zeros((count, 8, 8, 1), dtype=np.uint8)
    errors = np.linspace(0.0, 1.0, count, dtype=np.float32)
    codes = np.arange(2 * count, dtype=np.float32).reshape(count, 2)
    return Reconstructions(
        pictures, pictures + 1, errors, codes, ("a",) * count, np.eye(2, dtype=np.float32)[np.arange(count) % 2]
    )


def test_the_chosen_items_are_asked_for_once(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(replace(opened(), items=ITEMS))
    store.update(code=(1.0, 1.0))
    grid.choice_changed.emit(ReconstructionsChoice(count=3))
    assert [places.tolist() for _, places in decoder.given("reconstruct")] == [list(range(24)), [0, 1, 2]]
    assert store.state.reconstructions.count == 3


def test_pairs_are_shown_with_their_errors(decoder: "DecoderStandIn", grid: "GridStandIn") -> None:
    made = _made(3)
    decoder.reconstructed.emit(made)
    originals, reconstructions, errors, names, mean, note = grid.given("show_pairs")[-1]
    assert originals is made.originals
    assert reconstructions is made.reconstructions
    assert (errors, names, mean, note) == ([0.0, 0.5, 1.0], ("a", "a", "a"), 0.5, "")


def test_a_search_shows_how_far_it_is_until_it_is_over_or_cancelled(
    decoder: "DecoderStandIn", grid: "GridStandIn"
) -> None:
    decoder.search_progressed.emit(0.25, "step 50 of 200")
    assert grid.last("show_search") == (0.25, "searching for codes: step 50 of 200")
    decoder.reconstructed.emit(replace(_made(2), complete=False, note="codes found by optimisation"))
    assert grid.given("end_search") == []
    assert grid.last("show_pairs")[-1] == "codes found by optimisation"
    grid.search_cancelled.emit()
    assert decoder.given("cancel_search") == [()]
    decoder.reconstructed.emit(_made(3))
    assert len(grid.given("end_search")) == 2


def test_points_are_shown_with_lines_from_their_originals(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    points = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    facts = replace(opened().facts, frame=(-1.0, -1.0, 1.0, 1.0))
    planner.set_opened(replace(opened(), facts=facts))
    decoder.reconstructed.emit(replace(_made(3), points=points))
    scatter, mean, _ = grid.last("show_points")
    assert (scatter.originals == points[0]).all()
    assert (scatter.points == points[1]).all()
    assert (scatter.frame, mean) == ((-1.0, -1.0, 1.0, 1.0), 0.5)


def test_an_item_is_taken_to_the_ring(store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn") -> None:
    grid.item_activated.emit(0)
    decoder.reconstructed.emit(_made(3))
    grid.item_activated.emit(2)
    grid.item_activated.emit(7)
    assert (store.state.code, store.state.condition) == ((4.0, 5.0), (1.0, 0.0))


def test_what_is_missing_is_said(planner: Planner, grid: "GridStandIn", opened: "Open") -> None:
    planner.set_opened(opened())
    assert "being read" in grid.last("show_empty")[0]
    planner.set_opened(replace(opened(), items_problem="MNIST is not on this machine."))
    assert grid.last("show_empty") == ("MNIST is not on this machine.", "Look again")


def test_data_that_can_be_fetched_are_offered_and_the_way_of_the_download_is_said(
    planner: Planner, grid: "GridStandIn", opened: "Open", controller: ReconstructionsController
) -> None:
    wanted: list[str] = []
    controller.download_wanted.connect(wanted.append)
    missing = replace(opened(), items_problem="MNIST is not here.", items_download=("mnist", "MNIST"))
    planner.set_opened(missing)
    assert grid.last("show_empty") == ("MNIST is not here.", "Download MNIST")
    grid.empty_action.emit()
    assert wanted == ["mnist"]
    controller.see_download("mnist")
    assert grid.last("show_empty") == ("MNIST is being downloaded.",)
    controller.see_download_end("mnist", "There is no network.")
    assert grid.last("show_empty") == ("There is no network.", "Download MNIST")


def test_a_download_of_other_data_leaves_reconstructions_alone(
    planner: Planner, grid: "GridStandIn", opened: "Open", controller: ReconstructionsController
) -> None:
    planner.set_opened(replace(opened(), items=ITEMS))
    controller.see_download("kmnist")
    controller.see_download_end("kmnist", "There is no network.")
    assert grid.given("show_empty") == []


def test_looking_again_is_passed_on(grid: "GridStandIn", controller: ReconstructionsController) -> None:
    asked: list[bool] = []
    controller.data_wanted.connect(lambda: asked.append(True))
    grid.empty_action.emit()
    assert asked == [True]


def test_why_there_are_none_stands_where_they_would_be(
    decoder: "DecoderStandIn", grid: "GridStandIn", store: SessionStore
) -> None:
    decoder.reconstructed.emit(_made(3))
    decoder.search_progressed.emit(0.25, "step 50 of 200")
    decoder.reconstruction_failed.emit("These data have no classes.")
    assert grid.last("show_empty") == ("These data have no classes.",)
    assert grid.given("end_search")
    before = store.state
    grid.item_activated.emit(0)
    assert store.state == before


def test_what_is_shown_is_offered_for_export_by_the_places_of_its_items(
    planner: Planner,
    store: SessionStore,
    decoder: "DecoderStandIn",
    opened: "Open",
    controller: ReconstructionsController,
) -> None:
    wanted: list[Exportable | None] = []
    controller.export_wanted.connect(wanted.append)
    controller.export()
    planner.set_opened(replace(opened(), items=replace(ITEMS, source="train")))
    store.update(reconstructions=ReconstructionsChoice(order="random", seed=3, count=5))
    decoder.reconstructed.emit(_made(5))
    controller.export()
    nothing, found = wanted
    assert nothing is None
    assert found is not None
    assert found.recipe is not None
    recipe = found.recipe(found.offer.options)
    assert isinstance(recipe, ReconstructionsRecipe)
    assert (recipe.split, recipe.data) == ("train", "")
    assert list(recipe.items) == decoder.last("reconstruct")[1].tolist()
    assert found.picture(1).shape[:2] == (2 * 8 + 2, 5 * 8 + 4 * 2)


def test_items_of_both_splits_are_exported_as_they_are_shown(
    planner: Planner, decoder: "DecoderStandIn", opened: "Open", controller: ReconstructionsController
) -> None:
    wanted: list[Exportable | None] = []
    controller.export_wanted.connect(wanted.append)
    planner.set_opened(replace(opened(), items=replace(ITEMS, source="all")))
    decoder.reconstructed.emit(_made(3))
    controller.export()
    assert wanted[0] is not None
    assert wanted[0].recipe is None
    assert "choose test or training items" in wanted[0].offer.scripts_missing
