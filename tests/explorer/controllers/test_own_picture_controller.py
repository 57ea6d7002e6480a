"""An own picture gets a code, is edited from there, follows the model, and goes again."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from explorer.controllers.own_picture_controller import OwnPictureController
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedPicture
from explorer.services.exports import Exportable
from explorer.services.own_pictures import OwnCodeJob
from explorer.state.condition_facts import ConditionFacts
from explorer.state.export_values import ExportOptions
from explorer.state.own_picture import OwnCandidates, OwnMarks, OwnPicture
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.own_pictures import OWN, PIXELS, PanelStandIn, code_of, found_by, searched
from trainers.data.picture_fitting import unpacked_picture
from trainers.export.recipes import EditRecipe

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, FilesStandIn, JobsStandIn, MapStandIn

Bring = Callable[..., OwnCodeJob]


@pytest.fixture
def decoded() -> PanelStandIn:
    return PanelStandIn()


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def exported() -> list[Exportable | None]:
    return []


@pytest.fixture
def abilities() -> set[str]:
    return {"encoder"}


@pytest.fixture
def controller(
    store: SessionStore,
    planner: Planner,
    decoder: "DecoderStandIn",
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    decoded: PanelStandIn,
    latent_map: "MapStandIn",
    heard: list[str],
    exported: list[Exportable | None],
    abilities: set[str],
) -> OwnPictureController:
    models = SimpleNamespace(model=SimpleNamespace(capabilities=abilities))
    parts: Any = (store, planner, decoder, models, decoded, latent_map, jobs, files)
    made = OwnPictureController(*parts)
    made.failed.connect(heard.append)
    made.export_wanted.connect(exported.append)
    return made


@pytest.fixture
def bring(
    controller: OwnPictureController, planner: Planner, store: SessionStore, jobs: "JobsStandIn", opened: "Open"
) -> Bring:
    """Opens a model, brings the picture in, and gives the job that looks for its code."""

    def do(**facts: object) -> OwnCodeJob:
        planner.set_opened(opened(digest="abc", **facts))
        store.update(own_picture=OWN)
        job = jobs.functions(OwnCodeJob)[-1]
        assert isinstance(job, OwnCodeJob)
        return job

    return do


def test_the_ring_goes_to_the_code_and_one_undo_takes_both_back(
    bring: Bring, store: SessionStore, jobs: "JobsStandIn"
) -> None:
    before = store.state
    job = bring()
    assert job.task == "find"
    jobs.end(job, found_by(job))
    own = store.state.own_picture
    assert own is not None
    assert (own.code, own.digest, own.means) == ((0.5, -0.5), "abc", "code: mean of the posterior")
    assert store.state.code == (0.5, -0.5)
    store.undo()
    assert store.state == before
    store.redo()
    assert (store.state.own_picture, store.state.code) == (own, own.code)


def test_it_is_encoded_as_what_the_model_is_told_now(bring: Bring, store: SessionStore, jobs: "JobsStandIn") -> None:
    store.update(condition=(0.0, 1.0))
    job = bring(condition=ConditionFacts("classes", ("cat", "dog"), usual=(1.0, 0.0)))
    assert job.condition == (0.0, 1.0)
    jobs.end(job, found_by(job))
    assert store.state.own_picture is not None
    assert store.state.own_picture.condition == (0.0, 1.0)


def test_a_ring_moved_during_a_search_is_a_step_of_its_own(
    bring: Bring, store: SessionStore, jobs: "JobsStandIn", abilities: set[str]
) -> None:
    abilities.clear()
    job = bring(capabilities=frozenset())
    store.update(code=(2.0, 2.0))
    jobs.end(job, searched(job))
    assert store.state.code == (0.5, -0.5)
    store.undo()
    assert store.state.code == (2.0, 2.0)


def test_original_edited_and_difference_are_shown(
    bring: Bring, store: SessionStore, jobs: "JobsStandIn", decoder: "DecoderStandIn", decoded: PanelStandIn
) -> None:
    job = bring()
    jobs.end(job, found_by(job))
    edited = PIXELS.transpose(1, 2, 0).copy()
    decoder.picture_decoded.emit(DecodedPicture((0.5, -0.5), edited, 1.0))
    shown = decoded.shown
    assert shown is not None
    np.testing.assert_array_equal(shown.original[:, :, 0], PIXELS[0])
    assert shown.difference is not None
    assert (shown.difference == 255).all()
    assert shown.texts == (
        "squared error per pixel 0 (exact)",
        "code: mean of the posterior",
        "fitted: turned to grey",
    )
    assert (shown.is_edited, shown.problem, shown.search) == (False, "", "Refine")
    edited[0, 0] = 255
    store.update(code=(1.0, 1.0))
    decoder.picture_decoded.emit(DecodedPicture((1.0, 1.0), edited, 1.0))
    shown = decoded.shown
    assert shown is not None
    assert shown.is_edited
    assert shown.texts[0] == "squared error per pixel 0.0156"
    decoded.own.back_requested.emit()
    assert store.state.code == (0.5, -0.5)


def test_it_is_marked_on_the_map_with_its_posterior(
    bring: Bring, jobs: "JobsStandIn", latent_map: "MapStandIn", store: SessionStore
) -> None:
    job = bring()
    jobs.end(job, found_by(job, log_variance=np.zeros(2, np.float32)))
    (marks,) = latent_map.last("show_own_picture")
    assert isinstance(marks, OwnMarks)
    assert marks.place == (0.5, -0.5)
    np.testing.assert_allclose(np.linalg.norm(marks.outlines[1] - marks.place, axis=1), 2.0)
    store.update(own_picture=None)
    assert latent_map.last("show_own_picture") == (None,)


def test_candidates_and_trail_are_shown_while_it_is_searched_and_one_is_chosen(
    bring: Bring,
    store: SessionStore,
    jobs: "JobsStandIn",
    decoded: PanelStandIn,
    latent_map: "MapStandIn",
    abilities: set[str],
) -> None:
    abilities.clear()
    job = bring(capabilities=frozenset())
    assert decoded.own.given("show_search")
    job.partial(searched(job))
    (candidates,) = decoded.own.last("show_candidates")
    assert isinstance(candidates, OwnCandidates)
    assert (candidates.errors, candidates.chosen) == ((0.2, 0.1), -1)
    (marks,) = latent_map.last("show_own_picture")
    assert marks.trail.shape == (3, 2)
    shown = decoded.shown
    assert shown is not None
    assert shown.edited is not None
    assert (shown.edited == 7).all()
    decoded.own.candidate_chosen.emit(0)
    assert code_of(store) == (), "nothing is chosen while the search goes on"
    jobs.end(job, searched(job))
    assert decoded.own.last("show_candidates")[0].chosen == 1
    decoded.own.candidate_chosen.emit(0)
    assert store.state.code == (1.0, 0.0)
    assert code_of(store) == (1.0, 0.0)
    assert decoded.own.last("show_candidates")[0].chosen == 0
    store.undo()
    assert code_of(store) == (0.5, -0.5)
    decoded.own.candidate_chosen.emit(7)
    assert store.state.code == (0.5, -0.5)


def test_a_cancelled_search_keeps_the_best_so_far_or_can_begin_again(
    bring: Bring, store: SessionStore, jobs: "JobsStandIn", decoded: PanelStandIn, abilities: set[str]
) -> None:
    abilities.clear()
    job = bring(capabilities=frozenset())
    decoded.own.search_cancelled.emit()
    jobs.end(job, cancelled=True)
    shown = decoded.shown
    assert shown is not None
    assert (shown.problem, shown.search) == ("It has no code yet: search for one.", "Search")
    assert len(jobs.functions(OwnCodeJob)) == 1, "nobody asked for another search"
    decoded.own.search_requested.emit()
    again = jobs.functions(OwnCodeJob)[-1]
    assert (again is not job, again.task) == (True, "find")
    again.partial(searched(again))
    decoded.own.search_cancelled.emit()
    assert store.state.code == (0.5, -0.5)
    assert store.state.own_picture is not None
    assert store.state.own_picture.means.endswith("cancelled: the best so far")


def test_refining_is_a_step_of_its_own(
    bring: Bring, store: SessionStore, jobs: "JobsStandIn", decoded: PanelStandIn
) -> None:
    job = bring()
    jobs.end(job, found_by(job))
    decoded.own.search_requested.emit()
    refining = jobs.functions(OwnCodeJob)[-1]
    assert (refining.task, refining.own.code) == ("refine", (0.5, -0.5))
    jobs.end(refining, found_by(refining, (0.6, -0.4)))
    assert store.state.code == (0.6, -0.4)
    store.undo()
    assert store.state.code == (0.5, -0.5)
    assert jobs.functions(OwnCodeJob)[-1].task == "look"


def test_a_model_that_cannot_be_searched_says_why(
    bring: Bring, jobs: "JobsStandIn", controller: OwnPictureController, heard: list[str]
) -> None:
    job = bring(capabilities=frozenset({"encoder", "quantizer"}))
    jobs.end(job, found_by(job))
    controller.search()
    assert heard == ["Decoding rounds codes to the codebook, so there is no way downhill to a better one."]
    assert len(jobs.functions(OwnCodeJob)) == 1


@pytest.mark.parametrize("size", [2, 3])
def test_another_model_gives_it_another_code(
    size: int, bring: Bring, store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open"
) -> None:
    job = bring()
    jobs.end(job, found_by(job))
    planner.set_opened(opened(size, 2, 2, digest="def"))
    other = jobs.functions(OwnCodeJob)[-1]
    assert (other.task, other.own.code) == ("find", ())
    jobs.end(job, found_by(job, (9.0, 9.0)))
    assert store.state.code != (9.0, 9.0), "what an earlier model answers is late"
    code = (1.0, 2.0, 3.0)[:size]
    jobs.end(other, found_by(other, code))
    assert store.state.code == code
    assert store.state.own_picture is not None
    assert store.state.own_picture.digest == "def"


def test_snapshots_of_one_run_leave_the_ring_where_the_person_has_it(
    bring: Bring, store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open"
) -> None:
    job = bring()
    jobs.end(job, found_by(job))
    store.update(code=(2.0, 2.0))
    planner.set_opened(opened(generation=2, digest="def"))
    again = jobs.functions(OwnCodeJob)[-1]
    jobs.end(again, found_by(again, (0.7, 0.7)))
    assert store.state.code == (2.0, 2.0)
    assert store.state.own_picture is not None
    assert store.state.own_picture.code == (0.7, 0.7)
    store.update(code=(0.7, 0.7))
    planner.set_opened(opened(generation=3, digest="ghi"))
    last = jobs.functions(OwnCodeJob)[-1]
    jobs.end(last, found_by(last, (0.8, 0.8)))
    assert store.state.code == (0.8, 0.8)


def test_with_images_of_another_size_it_stands_back_and_says_so(
    bring: Bring,
    controller: OwnPictureController,
    store: SessionStore,
    planner: Planner,
    jobs: "JobsStandIn",
    opened: "Open",
    decoded: PanelStandIn,
    heard: list[str],
) -> None:
    job = bring()
    jobs.end(job, found_by(job))
    planner.set_opened(opened(2, 2, 2, digest="def", image_shape=(3, 16, 16)))
    controller.see_opened()
    assert decoded.shown is None
    assert heard == [
        "Your picture a.png was fitted to 8 × 8 pixels of grey, and this model has 16 × 16 pixels in colour; "
        "open its file again, or undo."
    ]
    planner.set_opened(opened(2, 3, 3, image_shape=(2,), frame=(0.0, 0.0, 1.0, 1.0)))
    controller.see_opened()
    assert "learned from points" in heard[-1]
    assert store.state.own_picture is not None
    planner.set_opened(opened(2, 4, 4, digest="abc"))
    assert decoded.shown is not None


def test_a_restored_session_looks_where_the_posterior_lies(
    controller: OwnPictureController, store: SessionStore, planner: Planner, jobs: "JobsStandIn", opened: "Open"
) -> None:
    store.update(own_picture=OwnPicture(OWN.name, OWN.pixels, OWN.shape, code=(0.5, -0.5), digest="abc"))
    planner.set_opened(opened(digest="abc"))
    (job,) = jobs.functions(OwnCodeJob)
    assert job.task == "look"
    before = store.state
    jobs.end(job, found_by(job, log_variance=np.zeros(2, np.float32)))
    assert store.state == before
    planner.set_opened(opened(digest="abc"))
    assert len(jobs.functions(OwnCodeJob)) == 1


def test_a_code_that_cannot_be_found_is_said_in_place(
    bring: Bring, jobs: "JobsStandIn", decoded: PanelStandIn, store: SessionStore
) -> None:
    job = bring()
    jobs.end(job, error="The pictures of this model do not change smoothly.")
    shown = decoded.shown
    assert shown is not None
    assert shown.problem == "The pictures of this model do not change smoothly."
    store.update(code=(1.0, 1.0))
    assert len(jobs.functions(OwnCodeJob)) == 1, "it is not tried again and again"


def test_damaged_pixels_are_a_sentence_and_no_picture(
    controller: OwnPictureController,
    store: SessionStore,
    planner: Planner,
    opened: "Open",
    decoded: PanelStandIn,
    heard: list[str],
) -> None:
    planner.set_opened(opened())
    store.update(own_picture=OwnPicture("a.png", "?", (1, 8, 8)))
    store.update(code=(1.0, 1.0))
    assert heard == ["Your picture a.png is damaged or cannot be read; open its file again."]
    assert decoded.shown is None


def test_ending_takes_it_away_and_undo_brings_it_back(
    bring: Bring, store: SessionStore, jobs: "JobsStandIn", decoded: PanelStandIn, heard: list[str]
) -> None:
    job = bring()
    decoded.own.end_requested.emit()
    assert store.state.own_picture is None
    assert decoded.shown is None
    assert jobs.made[-1].cancelled
    jobs.end(job, found_by(job))
    assert store.state.code == (0.0, 0.0), "nobody waits for its code any longer"
    for wish in (decoded.own.end_requested, decoded.own.back_requested, decoded.own.search_requested):
        wish.emit()
    assert len(heard) == 3
    assert all(sentence.startswith("There is no picture of yours here") for sentence in heard)
    store.undo()
    assert decoded.shown is not None


def test_the_strip_carries_the_picture_and_both_codes(
    bring: Bring,
    store: SessionStore,
    jobs: "JobsStandIn",
    decoder: "DecoderStandIn",
    decoded: PanelStandIn,
    exported: list[Exportable | None],
    heard: list[str],
) -> None:
    job = bring()
    decoded.own.export_requested.emit()
    assert heard == ["It has no code yet: search for one."]
    jobs.end(job, found_by(job))
    store.update(code=(1.0, 1.0))
    decoder.picture_decoded.emit(DecodedPicture((1.0, 1.0), PIXELS.transpose(1, 2, 0), 1.0))
    decoded.own.export_requested.emit()
    (thing,) = exported
    assert thing is not None
    assert thing.recipe is not None
    recipe = thing.recipe(ExportOptions(columns=4))
    assert isinstance(recipe, EditRecipe)
    assert recipe.codes == ((0.5, -0.5), (1.0, 1.0))
    np.testing.assert_array_equal(unpacked_picture(recipe.picture, (1, 8, 8)), PIXELS)
    assert recipe.column_titles == ("original", "reconstruction", "edited", "difference")
