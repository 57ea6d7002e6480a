"""The library's controller: every way a model comes into the window."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.controllers.library_controller import LibraryController
from explorer.services.library import ListingJob
from explorer.services.preferences import Preferences
from explorer.state.training_values import LibraryEntry

if TYPE_CHECKING:
    from tests.explorer.controllers.stand_ins import FilesStandIn, JobsStandIn, LibraryStandIn, ModelStandIn


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path)


@pytest.fixture(autouse=True)
def controller(
    model: "ModelStandIn",
    jobs: "JobsStandIn",
    preferences: Preferences,
    library: "LibraryStandIn",
    files: "FilesStandIn",
    tmp_path: Path,
) -> LibraryController:
    return LibraryController(model, jobs, preferences, tmp_path / "runs", library, files)  # type: ignore[arg-type]


def test_entries_are_listed_off_the_thread_and_only_once_at_a_time(
    library: "LibraryStandIn", jobs: "JobsStandIn", tmp_path: Path
) -> None:
    library.refresh_requested.emit()
    library.refresh_requested.emit()
    first = jobs.functions(ListingJob)
    assert first == [ListingJob(tmp_path / "runs", ())]
    entries = (LibraryEntry("a", "", "/runs/a", "run"),)
    jobs.end(first[0], entries)
    assert library.last("show_entries") == (entries,)
    assert library.last("show_open") == ("/runs/a",)
    assert len(jobs.functions(ListingJob)) == 2


def test_what_the_person_chose_is_opened(
    library: "LibraryStandIn", model: "ModelStandIn", files: "FilesStandIn", controller: LibraryController
) -> None:
    library.open_requested.emit("/runs/b")
    controller.ask_file()
    files.chosen.emit(files.last("ask_file")[0], "/files/c.safetensors")
    controller.ask_run()
    files.chosen.emit(files.last("ask_folder")[0], "/runs/d")
    files.chosen.emit("something else", "/files/e")
    controller.open_dropped("/files/f.safetensors")
    assert [path for (path,) in model.given("open")] == [
        "/runs/b",
        "/files/c.safetensors",
        "/runs/d",
        "/files/f.safetensors",
    ]


def test_a_dropped_session_is_passed_on(controller: LibraryController, model: "ModelStandIn") -> None:
    told: list[str] = []
    controller.session_wanted.connect(told.append)
    controller.open_dropped("/files/mine.session.json")
    assert told == ["/files/mine.session.json"]
    assert model.given("open") == []


def test_files_from_elsewhere_are_remembered(
    model: "ModelStandIn", library: "LibraryStandIn", preferences: Preferences, tmp_path: Path
) -> None:
    for path in ("shipped:digits", str(tmp_path / "runs" / "a"), "/elsewhere/c.safetensors"):
        model.opened.emit(path)
    assert preferences.opened == ("/elsewhere/c.safetensors",)
    assert library.last("show_open") == ("/elsewhere/c.safetensors",)
