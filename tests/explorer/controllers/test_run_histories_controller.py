"""Curves and units of the chosen runs: read when they are looked at, and live for the run that trains."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from explorer.controllers import run_histories_controller
from explorer.controllers.planner import Planner
from explorer.controllers.run_histories_controller import RunHistoriesController
from explorer.services.jobs import Outcome
from explorer.services.run_histories import HistoriesJob, SnapshotUnitsJob
from explorer.state.metric_values import MetricsChoice, MetricsPage, RunHistory, UnitHistory
from tests.explorer.controllers.conftest import Open
from tests.explorer.controllers.stand_ins import StandIn

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from explorer.state.session_store import SessionStore
    from tests.explorer.controllers.stand_ins import JobsStandIn, MetricsPanelStandIn, TrainingStandIn


class MetricsStandIn(StandIn):
    chosen: tuple[str, ...] = ("/runs/a",)
    open_entry = "/runs/a"


@pytest.fixture
def metrics() -> MetricsStandIn:
    return MetricsStandIn()


@pytest.fixture(autouse=True)
def controller(
    store: "SessionStore",
    planner: Planner,
    jobs: "JobsStandIn",
    training: "TrainingStandIn",
    metrics: MetricsStandIn,
    metrics_panel: "MetricsPanelStandIn",
    monkeypatch: pytest.MonkeyPatch,
) -> RunHistoriesController:
    monkeypatch.setattr(run_histories_controller, "_LIVE_MS", 1)
    parts: Any = (store, planner, jobs, training, metrics, metrics_panel)
    return RunHistoriesController(*parts)


def _look_at(store: "SessionStore", page: MetricsPage) -> None:
    store.update(metrics=MetricsChoice(page=page))


def test_histories_are_read_when_a_page_shows_them(
    store: "SessionStore", jobs: "JobsStandIn", metrics_panel: "MetricsPanelStandIn"
) -> None:
    metrics_panel.seen.emit()
    _look_at(store, "scatter")
    assert jobs.functions(HistoriesJob) == []
    _look_at(store, "curves")
    (job,) = jobs.functions(HistoriesJob)
    assert job == HistoriesJob(("/runs/a",))
    history = RunHistory("/runs/a", "a")
    jobs.end(job, (history,))
    assert metrics_panel.last("show_histories") == ((history,), ())


def test_nothing_is_read_for_a_panel_out_of_sight(
    store: "SessionStore", jobs: "JobsStandIn", metrics_panel: "MetricsPanelStandIn"
) -> None:
    metrics_panel.answers["isVisible"] = False
    _look_at(store, "curves")
    assert jobs.functions(HistoriesJob) == []
    metrics_panel.answers["isVisible"] = True
    metrics_panel.seen.emit()
    assert len(jobs.functions(HistoriesJob)) == 1


def test_units_of_the_open_run_have_the_names_of_its_sliders(
    store: "SessionStore", planner: Planner, opened: Open, jobs: "JobsStandIn", metrics_panel: "MetricsPanelStandIn"
) -> None:
    planner.set_opened(opened(2))
    _look_at(store, "units")
    jobs.end(jobs.functions(HistoriesJob)[-1], (RunHistory("/runs/a", "a"),))
    assert metrics_panel.last("show_histories")[1] == ("z1", "z2")


def test_a_unit_of_the_open_run_is_wanted_and_one_of_another_says_what_to_do(
    store: "SessionStore",
    jobs: "JobsStandIn",
    controller: RunHistoriesController,
    metrics: MetricsStandIn,
    metrics_panel: "MetricsPanelStandIn",
) -> None:
    heard: list[object] = []
    controller.unit_wanted.connect(heard.append)
    controller.told.connect(heard.append)
    metrics_panel.unit_activated.emit(0)
    units = UnitHistory("kl", np.array([1.0]), np.array([[1.0, 2.0]]))
    _look_at(store, "units")
    jobs.end(jobs.functions(HistoriesJob)[-1], (RunHistory("/runs/a", "ada", units=units),))
    metrics_panel.unit_activated.emit(1)
    metrics.open_entry = "/runs/b"
    metrics_panel.unit_activated.emit(0)
    assert heard == [1, "Open ada first to move its sliders."]


def test_the_run_that_trains_is_followed_without_being_read(
    qtbot: "QtBot",
    store: "SessionStore",
    jobs: "JobsStandIn",
    training: "TrainingStandIn",
    metrics: MetricsStandIn,
    metrics_panel: "MetricsPanelStandIn",
    tmp_path: "Path",
) -> None:
    (tmp_path / "run.json").write_text("{}")
    run = str(tmp_path)
    training.run, metrics.chosen = run, (run,)
    training.answers |= {"is_active": True, "history": RunHistory("", "a run")}
    _look_at(store, "curves")
    assert jobs.functions(HistoriesJob) == []
    (shown,), _ = metrics_panel.last("show_histories")
    assert (shown.path, shown.title) == (run, "a run")
    before = len(metrics_panel.given("show_histories"))
    for _ in range(5):
        training.curves_changed.emit(())
    training.units_measured.emit()
    qtbot.waitUntil(lambda: len(metrics_panel.given("show_histories")) == before + 1)
    qtbot.wait(20)
    assert len(metrics_panel.given("show_histories")) == before + 1
    _look_at(store, "units")
    count = len(metrics_panel.given("show_histories"))
    training.curves_changed.emit(())
    qtbot.wait(20)
    assert len(metrics_panel.given("show_histories")) == count
    training.units_measured.emit()
    qtbot.waitUntil(lambda: len(metrics_panel.given("show_histories")) == count + 1)


def test_another_run_that_trains_is_none_of_the_panels_business(
    qtbot: "QtBot", store: "SessionStore", training: "TrainingStandIn", metrics_panel: "MetricsPanelStandIn"
) -> None:
    training.answers |= {"is_active": True}
    _look_at(store, "curves")
    before = len(metrics_panel.calls)
    training.curves_changed.emit(())
    qtbot.wait(20)
    assert [name for name, _ in metrics_panel.calls[before:] if name != "isVisible"] == []


def test_units_of_snapshots_are_measured_once_and_stay(
    store: "SessionStore", jobs: "JobsStandIn", metrics_panel: "MetricsPanelStandIn"
) -> None:
    metrics_panel.snapshots_requested.emit()
    assert jobs.functions(SnapshotUnitsJob) == []
    _look_at(store, "units")
    plain = RunHistory("/runs/a", "ada")
    jobs.end(jobs.functions(HistoriesJob)[-1], (plain,))
    metrics_panel.snapshots_requested.emit()
    metrics_panel.snapshots_requested.emit()
    (job,) = jobs.functions(SnapshotUnitsJob)
    assert job == SnapshotUnitsJob("/runs/a")
    jobs.made[-1].progressed.emit(0.5, "snapshot 2 of 4")
    assert metrics_panel.last("show_snapshots") == (0.5, "snapshot 2 of 4")
    units = UnitHistory("kl", np.array([1.0]), np.array([[1.0, 2.0]]))
    jobs.end(job, RunHistory("/runs/a", "ada", units=units))
    assert metrics_panel.given("end_snapshots") == [()]
    assert metrics_panel.last("show_histories")[0][0].units is units
    metrics_panel.seen.emit()
    jobs.end(jobs.functions(HistoriesJob)[-1], (plain,))
    assert metrics_panel.last("show_histories")[0][0].units is units


def test_snapshots_that_cannot_be_measured_say_why_and_cancelling_says_nothing(
    store: "SessionStore", jobs: "JobsStandIn", metrics_panel: "MetricsPanelStandIn"
) -> None:
    _look_at(store, "units")
    jobs.end(jobs.functions(HistoriesJob)[-1], (RunHistory("/runs/a", "ada"),))
    metrics_panel.snapshots_requested.emit()
    metrics_panel.snapshots_cancelled.emit()
    assert jobs.made[-1].cancelled == 1
    jobs.end(jobs.functions(SnapshotUnitsJob)[-1], cancelled=True)
    assert metrics_panel.last("show_histories")[0][0].problem == ""
    metrics_panel.snapshots_requested.emit()
    ended = jobs.given("start")[-1][1]
    ended(Outcome(error="The data are not here."))
    assert metrics_panel.last("show_histories")[0][0].problem == "The data are not here."
