"""Back to a state: with the model that is open, one that is found, and one that has to be asked for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.restore_controller import RestoreController
from explorer.services.library import shipped_models
from explorer.services.restoring import DroppedPicture, ModelSearchJob, Origin, OriginJob
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import FilesStandIn, JobsStandIn

ORIGIN = Origin("vae / digits, epoch 3", "abc", SessionState(code=(0.5, 1.5)))
SHIPPED_NAME, SHIPPED_FILE = next(iter(shipped_models().items()))


@pytest.fixture
def heard() -> dict[str, list[object]]:
    return {"told": [], "failed": [], "offered": [], "picture": [], "other": []}


@pytest.fixture
def controller(
    store: SessionStore,
    planner: Planner,
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    heard: dict[str, list[object]],
    tmp_path: Path,
) -> RestoreController:
    preferences = SimpleNamespace(opened=("/runs/b",))
    made = RestoreController(store, planner, jobs, preferences, tmp_path, files)  # type: ignore[arg-type]
    made.told.connect(heard["told"].append)
    made.failed.connect(heard["failed"].append)
    made.offered.connect(lambda *offer: heard["offered"].append(offer))
    made.picture_dropped.connect(heard["picture"].append)
    made.other_dropped.connect(heard["other"].append)
    return made


@pytest.fixture
def drop(controller: RestoreController, jobs: "JobsStandIn", tmp_path: Path) -> Callable[[Origin | None], None]:
    def dropped(origin: Origin | None) -> None:
        file = tmp_path / "picture.png"
        file.write_bytes(b"")
        controller.take_dropped(str(file))
        jobs.end(jobs.functions(OriginJob)[-1], DroppedPicture(str(file), origin))

    return dropped


def offered(heard: dict[str, list[object]]) -> tuple[str, str, Callable[[], None]]:
    (offer,) = heard["offered"]
    assert isinstance(offer, tuple)
    return offer


def test_with_the_very_model_open_the_state_comes_back_at_once(
    drop: Callable[[Origin | None], None],
    planner: Planner,
    store: SessionStore,
    opened: "Open",
    heard: dict[str, list[object]],
    jobs: "JobsStandIn",
) -> None:
    planner.set_opened(opened(digest="abc"))
    drop(ORIGIN)
    assert store.state == replace(ORIGIN.state, model="/runs/a")
    assert heard["told"] == ["Back where the picture was exported, with vae / digits, epoch 3."]
    assert not jobs.functions(ModelSearchJob)
    store.undo()
    assert store.state.code == (0.0, 0.0)


def test_a_picture_of_the_snapshot_that_is_shown_leaves_it_there(
    drop: Callable[[Origin | None], None], planner: Planner, store: SessionStore, opened: "Open"
) -> None:
    planner.set_opened(opened(digest="abc"))
    store.update(snapshot=7)
    drop(replace(ORIGIN, state=replace(ORIGIN.state, snapshot=None)))
    assert (store.state.code, store.state.snapshot) == ((0.5, 1.5), 7)


def test_a_checkpoint_that_is_found_is_itself_the_snapshot(
    drop: Callable[[Origin | None], None], store: SessionStore, jobs: "JobsStandIn"
) -> None:
    store.update(snapshot=7)
    drop(replace(ORIGIN, state=replace(ORIGIN.state, snapshot=3)))
    jobs.end(jobs.functions(ModelSearchJob)[0], {"abc": "/runs/b/checkpoints/step-00000003.safetensors"})
    assert (store.state.model, store.state.snapshot) == ("/runs/b/checkpoints/step-00000003.safetensors", None)


def test_another_model_is_looked_for_in_the_library(
    drop: Callable[[Origin | None], None], store: SessionStore, jobs: "JobsStandIn", tmp_path: Path
) -> None:
    drop(ORIGIN)
    (job,) = jobs.functions(ModelSearchJob)
    assert job == ModelSearchJob(("abc",), str(tmp_path), ("/runs/b",))
    jobs.end(job, {"abc": "/runs/b/checkpoints/step-00000001.safetensors"})
    assert store.state.model == "/runs/b/checkpoints/step-00000001.safetensors"
    assert store.state.code == (0.5, 1.5)


def test_a_model_that_is_nowhere_can_be_shown_and_must_be_the_one(
    drop: Callable[[Origin | None], None],
    store: SessionStore,
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    heard: dict[str, list[object]],
) -> None:
    drop(ORIGIN)
    jobs.end(jobs.functions(ModelSearchJob)[0], {})
    sentence, label, act = offered(heard)
    assert sentence == "The model of this picture, vae / digits, epoch 3, is not in the library."
    assert label == "Find it…"
    before = store.state
    for path, found in (("/wrong.safetensors", {}), ("/right.safetensors", {"abc": "/right.safetensors"})):
        act()
        files.chosen.emit(files.last("ask_file")[0], path)
        job = jobs.functions(ModelSearchJob)[-1]
        assert job == ModelSearchJob(("abc",), "", (path,))
        jobs.end(job, found)
        if not found:
            assert store.state == before
            assert "other weights than those of the picture" in str(heard["failed"][0])
    assert store.state.model == "/right.safetensors"


def test_other_pictures_and_other_things_go_elsewhere(
    drop: Callable[[Origin | None], None],
    controller: RestoreController,
    heard: dict[str, list[object]],
    tmp_path: Path,
) -> None:
    drop(None)
    controller.take_dropped(str(tmp_path / "a.safetensors"))
    controller.take_dropped(str(tmp_path))
    assert heard["picture"] == [str(tmp_path / "picture.png")]
    assert heard["other"] == [str(tmp_path / "a.safetensors"), str(tmp_path)]


def test_of_pictures_dropped_together_the_first_is_taken(
    controller: RestoreController, jobs: "JobsStandIn", heard: dict[str, list[object]], tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    for file in files:
        file.write_bytes(b"")
        controller.take_dropped(str(file))
    (job,) = jobs.functions(OriginJob)
    assert job.path == str(files[0])
    assert [str(sentence).rpartition("; ")[2] for sentence in heard["failed"]] == [
        "drop the other one afterwards.",
        "drop the other 2 afterwards.",
    ]
    jobs.end(job, DroppedPicture(str(files[0])))
    controller.take_dropped(str(files[1]))
    assert jobs.functions(OriginJob)[-1].path == str(files[1])


def test_a_damaged_picture_is_a_sentence_and_changes_nothing(
    controller: RestoreController,
    jobs: "JobsStandIn",
    store: SessionStore,
    heard: dict[str, list[object]],
    tmp_path: Path,
) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    before = store.state
    controller.take_dropped(str(tmp_path / "a.png"))
    jobs.end(jobs.functions(OriginJob)[0], error="a.png cannot be read as a picture.")
    assert heard["failed"] == ["a.png cannot be read as a picture."]
    assert store.state == before


def test_a_session_whose_model_is_gone_offers_to_find_it(
    controller: RestoreController, store: SessionStore, files: "FilesStandIn", heard: dict[str, list[object]]
) -> None:
    state = SessionState(model="/gone/run", code=(1.0, 2.0))
    controller.open_state(state)
    sentence, _, act = offered(heard)
    assert "is gone: there is none at /gone/run" in sentence
    assert store.state.model == "/runs/a"
    act()
    files.chosen.emit(files.last("ask_file")[0], "/also/gone.safetensors")
    assert heard["failed"] == ["/also/gone.safetensors is no checkpoint; choose another file."]
    files.chosen.emit(files.last("ask_file")[0], str(SHIPPED_FILE))
    assert store.state == replace(state, model=SHIPPED_NAME)


def test_a_session_whose_model_is_there_is_opened(controller: RestoreController, store: SessionStore) -> None:
    state = SessionState(model=SHIPPED_NAME, code=(1.0, 2.0))
    controller.open_state(state)
    assert store.state == state
