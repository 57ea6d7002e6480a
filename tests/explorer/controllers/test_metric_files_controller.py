"""The table of metrics on the clipboard and in files."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QGuiApplication

from explorer.controllers.metric_files_controller import MetricFilesController
from explorer.services.metric_tables import MeasuredTable, TextJob
from trainers.engine.measurement_table import MeasurementTable

if TYPE_CHECKING:
    from explorer.services.exports import Exportable
    from tests.explorer.controllers.stand_ins import FilesStandIn, JobsStandIn, MetricsPanelStandIn


@pytest.fixture
def metrics() -> SimpleNamespace:
    kept: Any = object()
    measured = MeasuredTable(table=MeasurementTable((), ("kl",), {(0, "kl"): kept}))
    return SimpleNamespace(written=(measured, ("/runs/b",)))


@pytest.fixture
def controller(
    metrics: SimpleNamespace,
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    metrics_panel: "MetricsPanelStandIn",
) -> MetricFilesController:
    return MetricFilesController(metrics, jobs, files, metrics_panel)  # type: ignore[arg-type]


@pytest.fixture
def heard(controller: MetricFilesController) -> list[str]:
    said: list[str] = []
    controller.told.connect(said.append)
    controller.failed.connect(said.append)
    return said


def test_the_chosen_rows_are_copied(
    jobs: "JobsStandIn",
    metrics_panel: "MetricsPanelStandIn",
    metrics: SimpleNamespace,
    heard: list[str],
) -> None:
    metrics_panel.copy_requested.emit("latex")
    (job,) = jobs.functions(TextJob)
    assert job == TextJob(metrics.written[0], ("/runs/b",), "latex")
    jobs.end(job, "a table")
    assert QGuiApplication.clipboard().text() == "a table"
    assert heard == ["The table of metrics is copied as LaTeX."]


@pytest.mark.parametrize(("form", "suffix"), [("csv", ".csv"), ("markdown", ".md"), ("latex", ".tex")])
def test_a_file_is_written_in_the_form_asked_for(
    form: str,
    suffix: str,
    jobs: "JobsStandIn",
    files: "FilesStandIn",
    metrics_panel: "MetricsPanelStandIn",
    heard: list[str],
) -> None:
    metrics_panel.save_requested.emit(form)
    purpose, *_, suggestion, given = files.last("ask_new_file")
    assert (suggestion, given) == (f"metrics{suffix}", suffix)
    files.chosen.emit("something else", "/x")
    files.chosen.emit(purpose, f"/folder/mine{suffix}")
    assert [(job.file, job.format) for job in jobs.functions(TextJob)] == [(f"/folder/mine{suffix}", form)]
    jobs.end(jobs.functions(TextJob)[-1], error="The disk is full.")
    assert heard == ["The disk is full."]


def test_without_anything_measured_nothing_is_written(
    controller: MetricFilesController, metrics: SimpleNamespace, jobs: "JobsStandIn", heard: list[str]
) -> None:
    metrics.written = MeasuredTable(), ()
    controller.copy_markdown()
    assert jobs.functions(TextJob) == []
    assert heard == ["Nothing is measured yet; measure something in the Metrics panel first."]


def test_the_plot_is_offered_for_export_where_there_is_one(
    controller: MetricFilesController, metrics_panel: "MetricsPanelStandIn", heard: list[str]
) -> None:
    wanted: list[Exportable] = []
    controller.export_wanted.connect(wanted.append)
    metrics_panel.export_requested.emit()
    assert "choose Curves, Units or Scatter" in heard[0]
    metrics_panel.has_plot = True
    metrics_panel.export_requested.emit()
    assert [(plot.offer.height, plot.offer.width) for plot in wanted] == [(4, 6)]
