"""A person's own data on their way into the Train panel."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from explorer.controllers.own_data_controller import OwnDataController
from explorer.services.own_data import FoundData, OwnDataJob

if TYPE_CHECKING:
    from tests.explorer.controllers.stand_ins import FilesStandIn, JobsStandIn, TrainStandIn


@pytest.fixture
def heard() -> list[tuple[str, str]]:
    return []


@pytest.fixture(autouse=True)
def controller(
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    train: "TrainStandIn",
    heard: list[tuple[str, str]],
    qapp: QApplication,
) -> OwnDataController:
    made = OwnDataController(jobs, files, train)  # type: ignore[arg-type]
    for name in ("told", "failed", "progressed", "other_dropped"):
        getattr(made, name).connect(lambda text, name=name: heard.append((name, text)))
    return made


def test_a_chosen_folder_is_offered_once_it_is_read(
    controller: OwnDataController,
    files: "FilesStandIn",
    jobs: "JobsStandIn",
    train: "TrainStandIn",
    heard: list[tuple[str, str]],
) -> None:
    controller.ask_folder()
    files.chosen.emit(files.last("ask_folder")[0], "/pictures")
    jobs.made[-1].progressed.emit(0.25, "decoding")
    jobs.end(jobs.functions(OwnDataJob)[-1], FoundData("/pictures", "pictures: 4 images"))
    assert train.last("offer_own_data") == ("/pictures", "pictures: 4 images")
    assert heard[:3] == [("progressed", "reading /pictures"), ("progressed", "decoding · 25%"), ("progressed", "")]
    assert heard[3][0] == "told"


def test_what_cannot_be_read_is_said_and_the_next_is_read(
    controller: OwnDataController,
    files: "FilesStandIn",
    jobs: "JobsStandIn",
    train: "TrainStandIn",
    heard: list[tuple[str, str]],
) -> None:
    controller.ask_file()
    purpose = files.last("ask_file")[0]
    files.chosen.emit(purpose, "/a.csv")
    files.chosen.emit(purpose, "/b.csv")
    jobs.end(jobs.functions(OwnDataJob)[-1], error="a.csv has three columns.")
    files.chosen.emit(purpose, "/c.csv")
    assert [function.path for function in jobs.functions(OwnDataJob)] == ["/a.csv", "/c.csv"]
    assert [text for name, text in heard if name == "failed"][1:] == ["a.csv has three columns."]
    assert train.given("offer_own_data") == []
    files.chosen.emit("open run", "/d")
    assert len(jobs.functions(OwnDataJob)) == 2


def test_what_is_dropped_and_no_data_goes_on(
    controller: OwnDataController, jobs: "JobsStandIn", heard: list[tuple[str, str]], tmp_path: Path
) -> None:
    controller.take_dropped(str(tmp_path))
    controller.take_dropped("/runs/a/gone.safetensors")
    assert [function.path for function in jobs.functions(OwnDataJob)] == [str(tmp_path)]
    assert heard[-1] == ("other_dropped", "/runs/a/gone.safetensors")
