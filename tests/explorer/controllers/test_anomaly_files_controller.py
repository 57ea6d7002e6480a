"""Anomalies as files: plots and scores."""

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QImage

from explorer.controllers.anomaly_files_controller import AnomalyFilesController
from explorer.services.anomalies import AnomalyJob, ScoredItems
from explorer.services.data_items import DataItems
from explorer.services.score_tables import ScoresJob
from tests.explorer.controllers.stand_ins import StandIn
from trainers.data.data_spec import DataSpec

if TYPE_CHECKING:
    from explorer.services.exports import Exportable
    from tests.explorer.controllers.stand_ins import FilesStandIn, JobsStandIn

SPEC = DataSpec(name="digits", shape=(1, 2, 2), class_names=("a",))
ITEMS = DataItems(np.zeros((1, 1, 2, 2), np.uint8), np.array([0]), SPEC)
SCORED = ScoredItems(AnomalyJob("/a"), np.array([1.0]), ITEMS, "reconstruction error", "")


class PageStandIn(StandIn):
    export_requested = Signal()
    save_requested = Signal()
    picture_size = QSize(6, 4)

    def picture(self, scale: int) -> QImage:
        image = QImage(self.picture_size * scale, QImage.Format.Format_RGB32)
        image.fill(0xFF0A0B0C)
        return image


@pytest.fixture
def page() -> PageStandIn:
    return PageStandIn()


@pytest.fixture
def anomalies() -> SimpleNamespace:
    return SimpleNamespace(shown=(SCORED, "a"))


@pytest.fixture
def controller(
    anomalies: SimpleNamespace, page: PageStandIn, jobs: "JobsStandIn", files: "FilesStandIn"
) -> AnomalyFilesController:
    return AnomalyFilesController(anomalies, page, jobs, files)  # type: ignore[arg-type]


@pytest.fixture
def heard(controller: AnomalyFilesController) -> list[str]:
    said: list[str] = []
    controller.told.connect(said.append)
    controller.failed.connect(said.append)
    return said


def test_the_plots_are_offered_for_export_as_large_as_they_are_drawn(
    controller: AnomalyFilesController, page: PageStandIn
) -> None:
    wanted: list[Exportable] = []
    controller.export_wanted.connect(wanted.append)
    page.export_requested.emit()
    (plots,) = wanted
    assert (plots.offer.height, plots.offer.width) == (4, 6)
    picture = plots.picture(3)
    assert picture.shape == (12, 18, 3)
    assert picture[-1, -1].tolist() == [10, 11, 12]
    assert plots.recipe is None
    assert "CSV" in plots.offer.scripts_missing


def test_the_scores_are_written_where_the_person_says(
    page: PageStandIn, jobs: "JobsStandIn", files: "FilesStandIn", heard: list[str]
) -> None:
    page.save_requested.emit()
    purpose, *_, suggestion, suffix = files.last("ask_new_file")
    assert (suggestion, suffix) == ("anomaly_scores.csv", ".csv")
    files.chosen.emit("something else", "/x")
    files.chosen.emit(purpose, "/folder/mine.csv")
    (job,) = jobs.functions(ScoresJob)
    assert isinstance(job, ScoresJob)
    assert (job.scored, job.class_name, job.file) == (SCORED, "a", Path("/folder/mine.csv"))
    jobs.end(job, Path("/folder/mine.csv"))
    files.chosen.emit(purpose, "/folder/other.csv")
    jobs.end(jobs.functions(ScoresJob)[-1], error="The disk is full.")
    assert heard == ["The anomaly scores are saved as mine.csv.", "The disk is full."]


def test_without_scores_it_is_said_where_they_come_from(
    controller: AnomalyFilesController,
    anomalies: SimpleNamespace,
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    heard: list[str],
) -> None:
    anomalies.shown = None
    controller.export()
    controller.ask_table()
    assert len(heard) == 2
    assert all("under Anomalies" in sentence for sentence in heard)
    assert files.given("ask_new_file") == []
