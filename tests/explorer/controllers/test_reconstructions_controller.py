"""The reconstructions' controller."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.reconstructions_controller import ReconstructionsController
from explorer.services.data_items import DataItems
from explorer.services.item_errors import ErrorsWish, ItemErrors
from explorer.services.likeness import Likeness
from explorer.services.reconstructions import Reconstructions, ReconstructionsWish
from explorer.state.item_groups import SelectionChoice, packed
from explorer.state.reconstruction_choices import CorruptionChoice, ReconstructionsChoice
from explorer.state.session_store import SessionStore
from trainers.data.data_spec import DataSpec
from trainers.export.recipes import ReconstructionsRecipe

if TYPE_CHECKING:
    from explorer.services.exports import Exportable
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, GridStandIn

ITEMS = DataItems(np.zeros((40, 1, 8, 8), dtype=np.uint8), None, DataSpec(name="digits", shape=(1, 8, 8)))


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn"
) -> ReconstructionsController:
    return ReconstructionsController(store, planner, decoder, grid)  # type: ignore[arg-type]


def _made(wish: ReconstructionsWish, count: int) -> Reconstructions:
    pictures = np.zeros((count, 8, 8, 1), dtype=np.uint8)
    errors = np.linspace(0.0, 1.0, count, dtype=np.float32)
    alike = Likeness(errors, np.linspace(100.0, 0.0, count, dtype=np.float32), 1.0 - errors)
    codes = np.arange(2 * count, dtype=np.float32).reshape(count, 2)
    told = np.eye(2, dtype=np.float32)[np.arange(count) % 2]
    coloured = np.zeros((count, 8, 8, 3), dtype=np.uint8)
    return Reconstructions(wish, pictures, pictures + 1, alike, codes, ("a",) * count, told, coloured)


def _ratios(*decibels: float) -> Likeness:
    return Likeness(np.zeros(len(decibels), np.float32), np.array(decibels, np.float32))


@pytest.fixture
def wish(planner: Planner, decoder: "DecoderStandIn", opened: "Open") -> ReconstructionsWish:
    """What is asked for once items are there."""
    planner.set_opened(replace(opened(), items=ITEMS))
    (asked,) = decoder.last("reconstruct")
    assert isinstance(asked, ReconstructionsWish)
    return asked


def _asked(decoder: "DecoderStandIn") -> list[list[int]]:
    return [asked.places.tolist() for (asked,) in decoder.given("reconstruct")]


def test_the_chosen_items_are_asked_for_once(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    planner.set_opened(replace(opened(), items=ITEMS))
    store.update(code=(1.0, 1.0))
    grid.choice_changed.emit(ReconstructionsChoice(count=3))
    assert _asked(decoder) == [list(range(24)), [0, 1, 2]]
    assert store.state.reconstructions.count == 3


def test_pictures_are_shown_with_their_errors(
    decoder: "DecoderStandIn", grid: "GridStandIn", wish: ReconstructionsWish
) -> None:
    made = _made(wish, 3)
    decoder.reconstructed.emit(made)
    (shown,) = grid.last("show_pictures")
    assert [name for name, _ in shown.rows] == ["original", "reconstruction", "difference"]
    assert shown.rows[0][1] is made.originals
    assert shown.captions == ("a  exact", "a  0.5000", "a  1.0000")
    assert shown.summary == "mean squared error per pixel 0.5000"
    assert shown.has_differences


def test_another_measure_or_no_difference_is_shown_without_computing_anew(
    store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", wish: ReconstructionsWish
) -> None:
    decoder.reconstructed.emit(_made(wish, 3))
    grid.choice_changed.emit(ReconstructionsChoice(measure="psnr", differences=False))
    (shown,) = grid.last("show_pictures")
    assert shown.captions == ("a  exact", "a  50.0 dB", "a  0.0 dB")
    assert [name for name, _ in shown.rows] == ["original", "reconstruction"]
    assert not shown.has_differences
    assert len(_asked(decoder)) == 1
    store.undo()
    assert len(grid.last("show_pictures")[0].rows) == 3
    grid.choice_changed.emit(ReconstructionsChoice(measure="ssim"))
    (shown,) = grid.last("show_pictures")
    assert (shown.captions[1], shown.summary) == ("a  0.500", "SSIM 0.500")


def test_corrupted_items_stand_between_with_what_restoring_gained(
    decoder: "DecoderStandIn", grid: "GridStandIn", wish: ReconstructionsWish
) -> None:
    grid.choice_changed.emit(ReconstructionsChoice(measure="psnr", corruption=CorruptionChoice("gaussian_noise", 0.5)))
    (asked,) = decoder.last("reconstruct")
    assert asked.corruption.settings.noise == 0.5
    corrupted = np.full((2, 8, 8, 1), 7, np.uint8)
    made = replace(_made(asked, 2), corrupted=corrupted, corrupted_likeness=_ratios(10.0, 10.0))
    decoder.reconstructed.emit(replace(made, likeness=_ratios(20.0, 30.0)))
    (shown,) = grid.last("show_pictures")
    assert [name for name, _ in shown.rows] == ["original", "corrupted", "restored", "difference"]
    assert shown.captions == ("a  10.0 dB → 20.0 dB", "a  10.0 dB → 30.0 dB")
    assert shown.summary == "PSNR: corrupted 10.0 dB, restored 25.0 dB"
    fitting, bounds, trained, is_possible = grid.last("show_corruption")
    assert (fitting.kind, fitting.strength, bounds.highest, trained, is_possible) == (
        "gaussian_noise",
        0.5,
        1.0,
        "",
        True,
    )


def test_a_mask_of_another_size_is_explained(
    decoder: "DecoderStandIn", grid: "GridStandIn", wish: ReconstructionsWish
) -> None:
    mask = packed(np.ones(28 * 28, dtype=bool))
    painted = CorruptionChoice("painted_mask", mask=mask, mask_shape=(28, 28))
    grid.choice_changed.emit(ReconstructionsChoice(corruption=painted))
    assert "28 × 28" in grid.last("show_empty")[0]
    assert len(_asked(decoder)) == 1


def test_the_worst_are_shown_once_all_errors_are_measured(
    planner: Planner,
    decoder: "DecoderStandIn",
    grid: "GridStandIn",
    encoded: "Encode",
    opened: "Open",
) -> None:
    planner.set_opened(replace(opened(), items=ITEMS, encoded=encoded(count=40)))
    grid.choice_changed.emit(ReconstructionsChoice("worst", count=2))
    (wanted,) = decoder.last("measure_errors")
    assert isinstance(wanted, ErrorsWish)
    assert grid.last("show_measuring") == (0.0, "errors of 40 items")
    decoder.errors_progressed.emit(0.5, "errors of 20 of 40 items")
    assert grid.last("show_measuring")[0] == 0.5
    errors = ItemErrors(wanted, np.arange(40, dtype=np.float32))
    decoder.errors_measured.emit(errors)
    assert _asked(decoder)[-1] == [39, 38]
    grid.choice_changed.emit(ReconstructionsChoice("best", count=3))
    assert _asked(decoder)[-1] == [0, 1, 2]
    assert len(decoder.given("measure_errors")) == 1


def test_measuring_can_be_given_up_and_begun_again(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", encoded: "Encode", opened: "Open"
) -> None:
    planner.set_opened(replace(opened(), items=ITEMS, encoded=encoded(count=40)))
    grid.choice_changed.emit(ReconstructionsChoice("best"))
    (wanted,) = decoder.last("measure_errors")
    grid.search_cancelled.emit()
    assert decoder.given("cancel_errors")
    assert "which are the best" in grid.last("show_empty")[0]
    decoder.errors_progressed.emit(0.9, "errors of 36 of 40 items")
    decoder.errors_measured.emit(ItemErrors(wanted, np.zeros(40, np.float32)))
    assert len(grid.given("show_measuring")) == 1
    assert len(_asked(decoder)) == 1
    grid.empty_action.emit()
    assert len(decoder.given("measure_errors")) == 2
    assert grid.last("show_empty") == ("The errors of all items are measured first.",)
    grid.empty_action.emit()
    assert len(decoder.given("measure_errors")) == 2


def test_selected_items_follow_the_selection_on_the_map(
    planner: Planner,
    store: SessionStore,
    decoder: "DecoderStandIn",
    grid: "GridStandIn",
    encoded: "Encode",
    opened: "Open",
) -> None:
    planner.set_opened(replace(opened(), items=ITEMS, encoded=encoded(count=40)))
    grid.choice_changed.emit(ReconstructionsChoice("selected"))
    sentence, button = grid.last("show_empty")
    assert "Nothing is selected" in sentence
    members = np.zeros(40, dtype=bool)
    members[[4, 30]] = True
    store.update(selection=SelectionChoice("test items of digits", packed(members)))
    assert _asked(decoder)[-1] == [4, 30]
    store.undo()
    assert grid.last("show_empty") == (sentence, button)
    grid.empty_action.emit()
    assert store.state.reconstructions.order == "first"


def test_a_search_shows_how_far_it_is_until_it_is_over_or_cancelled(
    decoder: "DecoderStandIn", grid: "GridStandIn", wish: ReconstructionsWish
) -> None:
    decoder.search_progressed.emit(0.25, "step 50 of 200")
    assert grid.last("show_search") == (0.25, "searching for codes: step 50 of 200")
    decoder.reconstructed.emit(replace(_made(wish, 2), complete=False, note="codes found by optimisation"))
    assert grid.given("end_search") == []
    assert grid.last("show_pictures")[0].summary.endswith("; codes found by optimisation")
    grid.search_cancelled.emit()
    assert decoder.given("cancel_search") == [()]
    decoder.reconstructed.emit(_made(wish, 3))
    assert len(grid.given("end_search")) == 2


def test_points_are_shown_with_lines_from_their_originals(
    planner: Planner, decoder: "DecoderStandIn", grid: "GridStandIn", opened: "Open"
) -> None:
    points = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    facts = replace(opened().facts, frame=(-1.0, -1.0, 1.0, 1.0))
    planner.set_opened(replace(opened(), facts=facts, items=ITEMS))
    assert grid.last("show_corruption")[-1] is False
    decoder.reconstructed.emit(replace(_made(decoder.last("reconstruct")[0], 3), points=points))
    scatter, said = grid.last("show_points")
    assert (scatter.originals == points[0]).all()
    assert (scatter.points == points[1]).all()
    assert (scatter.frame, said) == ((-1.0, -1.0, 1.0, 1.0), "mean squared error per coordinate 0.5000")


def test_an_item_is_taken_to_the_ring(
    store: SessionStore, decoder: "DecoderStandIn", grid: "GridStandIn", wish: ReconstructionsWish
) -> None:
    grid.item_activated.emit(0)
    decoder.reconstructed.emit(_made(wish, 3))
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
    decoder: "DecoderStandIn", grid: "GridStandIn", store: SessionStore, wish: ReconstructionsWish
) -> None:
    decoder.reconstructed.emit(_made(wish, 3))
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
    (asked,) = decoder.last("reconstruct")
    decoder.reconstructed.emit(_made(asked, 5))
    controller.export()
    nothing, found = wanted
    assert nothing is None
    assert found is not None
    assert found.recipe is not None
    recipe = found.recipe(found.offer.options)
    assert isinstance(recipe, ReconstructionsRecipe)
    assert (recipe.split, recipe.data) == ("train", "")
    assert list(recipe.items) == asked.places.tolist()
    assert recipe.differences
    assert found.picture(1).shape[:2] == (3 * 8 + 2 * 2, 5 * 8 + 4 * 2)


def test_items_of_both_splits_are_exported_as_they_are_shown(
    planner: Planner, decoder: "DecoderStandIn", opened: "Open", controller: ReconstructionsController
) -> None:
    wanted: list[Exportable | None] = []
    controller.export_wanted.connect(wanted.append)
    planner.set_opened(replace(opened(), items=replace(ITEMS, source="all")))
    decoder.reconstructed.emit(_made(decoder.last("reconstruct")[0], 3))
    controller.export()
    assert wanted[0] is not None
    assert wanted[0].recipe is None
    assert "choose test or training items" in wanted[0].offer.scripts_missing
