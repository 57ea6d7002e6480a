"""What is measured of A and B: when it is read, of what, and what is laid over it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Signal

from explorer.controllers.compared_metrics import ComparedMetrics
from explorer.controllers.comparison_link import Side
from explorer.controllers.planner import Planner
from explorer.services.metric_pairs import MeasuredSide, PairJob
from explorer.services.metric_tables import MeasuredTable
from explorer.services.opening import Opened
from explorer.state.metric_pair import MetricPair
from explorer.state.metric_values import MetricCell, MetricColumn, MetricRow, MetricsChoice, MetricTable
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.stand_ins import StandIn

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, JobsStandIn, MetricsPanelStandIn

_COLUMN = MetricColumn("kl", "kl")


def shown_file(opened: Opened, name: str) -> Opened:
    path, digest = file_of(name)
    return replace(opened, facts=replace(opened.facts, path=path, digest=digest, title=name))


def file_of(name: str) -> tuple[str, str]:
    return f"/{name}.safetensors", f"digest of {name}"


class MetricsStandIn(StandIn):
    changed = Signal()
    work: dict[tuple[str, str], MetricCell] = {}  # noqa: RUF012
    wanted = ("kl",)


@pytest.fixture
def metrics() -> MetricsStandIn:
    return MetricsStandIn()


@pytest.fixture
def sides(planner: Planner, store: SessionStore, decoder: "DecoderStandIn", opened: "Open") -> tuple[Side, Side]:
    planner.set_opened(shown_file(opened(), "a"))
    owner = QObject(planner)
    other = SessionStore(store.state, owner)
    second = Planner(other, owner)
    store.update(metrics=MetricsChoice(page="pair"))
    return Side(store, planner, decoder), Side(other, second, decoder)  # type: ignore[arg-type]


@pytest.fixture
def compared(
    sides: tuple[Side, Side], metrics: MetricsStandIn, metrics_panel: "MetricsPanelStandIn", jobs: "JobsStandIn"
) -> ComparedMetrics:
    return ComparedMetrics(*sides, metrics, metrics_panel, jobs, sides[0].planner)  # type: ignore[arg-type]


def table(job: PairJob, value: float) -> MeasuredTable:
    rows = tuple(MetricRow(side.file, side.title) for side in job.sides)
    cells = {(row.path, "kl"): MetricCell("value", str(value), "", value) for row in rows}
    return MeasuredTable(MetricTable(rows, (_COLUMN,), cells))


def shown(panel: "MetricsPanelStandIn") -> MetricPair:
    (pair,) = panel.last("show_pair")
    assert isinstance(pair, MetricPair)
    return pair


def jobs_of(jobs: "JobsStandIn") -> list[PairJob]:
    return jobs.functions(PairJob)


def test_it_is_read_of_the_files_that_are_shown(
    compared: ComparedMetrics,
    sides: tuple[Side, Side],
    opened: "Open",
    jobs: "JobsStandIn",
    metrics_panel: "MetricsPanelStandIn",
    metrics: MetricsStandIn,
) -> None:
    assert shown(metrics_panel).table is None
    assert "when B is open" in shown(metrics_panel).problem
    sides[1].planner.set_opened(shown_file(opened(generation=2), "b"))
    compared.follow()
    (job,) = jobs_of(jobs)
    one, other = (MeasuredSide(side[0], f"{side[1]} · epoch 1", *file_of(side[1])) for side in ("Aa", "Bb"))
    assert job == PairJob((one, other), ("kl",))
    assert shown(metrics_panel).table is None, "nothing of the pair before"
    measured = table(job, 1.0)
    jobs.end(job, measured)
    assert shown(metrics_panel) == MetricPair(("a · epoch 1", "b · epoch 1"), measured.shown)
    assert metrics.last("set_pair") == (measured,)
    compared.follow()
    assert len(jobs_of(jobs)) == 1, "the same two are read once"


@pytest.fixture
def both(compared: ComparedMetrics, sides: tuple[Side, Side], opened: "Open", jobs: "JobsStandIn") -> ComparedMetrics:
    """With two models, after what is measured of them was read."""
    sides[1].planner.set_opened(shown_file(opened(generation=2), "b"))
    compared.follow()
    jobs.end(jobs_of(jobs)[-1], table(jobs_of(jobs)[-1], 1.0))
    return compared


def test_nothing_is_read_while_nobody_looks(
    both: ComparedMetrics,
    sides: tuple[Side, Side],
    jobs: "JobsStandIn",
    metrics: MetricsStandIn,
    metrics_panel: "MetricsPanelStandIn",
) -> None:
    store = sides[0].store
    store.update(metrics=MetricsChoice())
    metrics.changed.emit()
    assert len(jobs_of(jobs)) == 1
    store.update(code=(1.0, 2.0))
    assert len(jobs_of(jobs)) == 1
    store.update(metrics=MetricsChoice(page="pair"))
    assert len(jobs_of(jobs)) == 2
    jobs.end(jobs_of(jobs)[-1], table(jobs_of(jobs)[-1], 1.0))
    metrics_panel.answers["isVisible"] = False
    metrics.changed.emit()
    assert len(jobs_of(jobs)) == 2
    metrics_panel.answers["isVisible"] = True
    metrics_panel.seen.emit()
    assert len(jobs_of(jobs)) == 3


def test_what_is_being_measured_lies_over_it_and_is_read_again(
    both: ComparedMetrics, jobs: "JobsStandIn", metrics: MetricsStandIn, metrics_panel: "MetricsPanelStandIn"
) -> None:
    metrics.work = {("/b.safetensors", "kl"): MetricCell("measuring")}
    metrics.changed.emit()
    found = shown(metrics_panel).table
    assert found is not None
    assert [found.cell(f"/{name}.safetensors", "kl").kind for name in "ab"] == ["value", "measuring"]
    metrics.work = {}
    metrics.changed.emit()
    assert len(jobs_of(jobs)) == 2, "one at a time"
    jobs.end(jobs_of(jobs)[-1], table(jobs_of(jobs)[-1], 2.0))
    assert len(jobs_of(jobs)) == 3, "and once more, as something was measured meanwhile"
    found = shown(metrics_panel).table
    assert found is not None
    assert found.cell("/b.safetensors", "kl").value == 2.0


def test_what_was_read_of_others_is_dropped(
    both: ComparedMetrics,
    sides: tuple[Side, Side],
    opened: "Open",
    jobs: "JobsStandIn",
    metrics: MetricsStandIn,
    metrics_panel: "MetricsPanelStandIn",
) -> None:
    metrics.changed.emit()
    late = jobs_of(jobs)[-1]
    sides[1].planner.set_opened(shown_file(opened(generation=3), "c"))
    both.follow()
    jobs.end(late, table(late, 5.0))
    assert shown(metrics_panel).table is None
    now = jobs_of(jobs)[-1]
    assert now.sides[1].title == "c · epoch 1"
    jobs.end(now, error="The file of B has changed.")
    assert shown(metrics_panel).problem == "The file of B has changed."


def test_both_are_measured_by_their_files(
    both: ComparedMetrics, metrics: MetricsStandIn, metrics_panel: "MetricsPanelStandIn"
) -> None:
    metrics_panel.pair_measure_requested.emit()
    files = ("/a.safetensors", "/b.safetensors")
    assert metrics.last("ask_of") == (files, "Of A, a · epoch 1 and B, b · epoch 1:")


def test_without_b_the_reason_stands_there_and_afterwards_nothing(
    compared: ComparedMetrics, metrics: MetricsStandIn, metrics_panel: "MetricsPanelStandIn"
) -> None:
    compared.follow("There is no checkpoint at /b.")
    assert shown(metrics_panel).problem == "There is no checkpoint at /b."
    metrics_panel.pair_measure_requested.emit()
    assert metrics.given("ask_of") == []
    compared.clear_away()
    assert metrics_panel.last("show_pair") == (None,)
    assert metrics.last("set_pair") == (None,)
