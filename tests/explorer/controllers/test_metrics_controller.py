"""The controller of the table of metrics: when it is read, what is measured, and what is laid over it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, Signal

from explorer.controllers import metrics_controller
from explorer.controllers.metrics_controller import MetricsController
from explorer.services.measuring import MeasuringEvent
from explorer.services.metric_tables import MeasuredTable, OffersJob, TableJob
from explorer.state.metric_values import (
    MeasureWish,
    MetricCell,
    MetricColumn,
    MetricOffer,
    MetricRow,
    MetricsChoice,
    MetricTable,
)
from explorer.state.training_values import LibraryEntry

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from explorer.state.session_store import SessionStore
    from tests.explorer.controllers.stand_ins import (
        FilesStandIn,
        JobsStandIn,
        MeasureDialogStandIn,
        MetricsPanelStandIn,
        ModelStandIn,
        TrainingStandIn,
    )

_ENTRIES = (LibraryEntry("a", "", "/runs/a", "run"), LibraryEntry("b", "", "/runs/b", "run"))
_ROWS = (MetricRow("/runs/a", "a"), MetricRow("/runs/b", "b"))
_TABLE = MetricTable(
    _ROWS,
    (MetricColumn("kl", "kl"),),
    {("/runs/a", "kl"): MetricCell("value", "1", "", 1.0), ("/runs/b", "kl"): MetricCell("impossible", "", "no bound")},
    ("Different data.",),
)
_WISH = MeasureWish(("/runs/a", "/runs/b"), ("kl",))


class MeasuringStandIn(QObject):
    """Keeps what is to be measured until the test says what became of it."""

    told = Signal(object)
    progressed = Signal(float, str, float)
    ended = Signal(str)

    def __init__(self, _parent: QObject | None = None) -> None:
        super().__init__()
        self.wishes: list[MeasureWish] = []
        self.cancelled = 0
        self.is_busy = False

    def start(self, wish: MeasureWish) -> None:
        self.wishes.append(wish)
        self.is_busy = True

    def is_running(self) -> bool:
        return self.is_busy

    def cancel(self) -> None:
        self.cancelled += 1
        self.end("")

    def close(self) -> None:
        self.is_busy = False

    def end(self, sentence: str) -> None:
        self.is_busy = False
        self.ended.emit(sentence)


@pytest.fixture
def controller(
    store: "SessionStore",
    model: "ModelStandIn",
    jobs: "JobsStandIn",
    training: "TrainingStandIn",
    metrics_panel: "MetricsPanelStandIn",
    measure_dialog: "MeasureDialogStandIn",
    files: "FilesStandIn",
    monkeypatch: pytest.MonkeyPatch,
) -> MetricsController:
    monkeypatch.setattr(metrics_controller, "Measuring", MeasuringStandIn)
    for name in ("_SOON_MS", "_FILL_MS"):
        monkeypatch.setattr(metrics_controller, name, 0)
    parts: Any = (store, model, jobs, training, metrics_panel, measure_dialog, files)
    made = MetricsController(*parts)
    made.see_entries(_ENTRIES)
    return made


@pytest.fixture
def measuring(controller: MetricsController) -> MeasuringStandIn:
    found = controller._measuring
    assert isinstance(found, MeasuringStandIn)
    return found


@pytest.fixture
def shown(qtbot: "QtBot", controller: MetricsController, jobs: "JobsStandIn") -> MetricsController:
    """The controller after the first table was read."""
    qtbot.waitUntil(lambda: bool(jobs.functions(TableJob)))
    jobs.end(jobs.functions(TableJob)[-1], MeasuredTable(_TABLE))
    return controller


def _kinds(panel: "MetricsPanelStandIn") -> list[str]:
    (table,) = panel.last("show_table")
    return [table.cell(row.path, "kl").kind for row in table.rows]


def test_the_table_is_read_off_the_thread_once_at_a_time(
    qtbot: "QtBot", shown: MetricsController, jobs: "JobsStandIn", metrics_panel: "MetricsPanelStandIn"
) -> None:
    assert jobs.functions(TableJob) == [TableJob(_ENTRIES, (), "/runs/a")]
    assert metrics_panel.last("show_table") == (_TABLE,)
    assert metrics_panel.last("show_notes") == (("Different data.",), False)
    shown.see_entries(_ENTRIES)
    shown.see_entries(_ENTRIES[:1])
    qtbot.waitUntil(lambda: len(jobs.functions(TableJob)) == 2)
    shown.see_entries(_ENTRIES)
    qtbot.wait(20)
    assert len(jobs.functions(TableJob)) == 2
    jobs.end(jobs.functions(TableJob)[-1], MeasuredTable(_TABLE))
    qtbot.waitUntil(lambda: len(jobs.functions(TableJob)) == 3)


def test_nothing_is_read_while_nobody_looks(
    qtbot: "QtBot", controller: MetricsController, jobs: "JobsStandIn", metrics_panel: "MetricsPanelStandIn"
) -> None:
    qtbot.waitUntil(lambda: bool(jobs.functions(TableJob)))
    jobs.end(jobs.functions(TableJob)[-1], MeasuredTable(_TABLE))
    metrics_panel.answers["isVisible"] = False
    controller.see_entries(())
    qtbot.wait(20)
    assert len(jobs.functions(TableJob)) == 1
    metrics_panel.answers["isVisible"] = True
    metrics_panel.seen.emit()
    qtbot.waitUntil(lambda: len(jobs.functions(TableJob)) == 2)


def test_choices_can_be_undone(
    controller: MetricsController, store: "SessionStore", metrics_panel: "MetricsPanelStandIn"
) -> None:
    choice = MetricsChoice(page="curves", runs=("/runs/b",))
    metrics_panel.choice_changed.emit(choice)
    assert store.state.metrics == choice
    assert controller.chosen == ("/runs/b",)
    store.undo()
    assert metrics_panel.last("show_choice") == (MetricsChoice(),)
    assert controller.chosen == ("/runs/a",)
    store.update(metrics=MetricsChoice(runs=("/runs/gone",)))
    assert controller.chosen == ("/runs/a",)


def test_another_change_does_not_touch_the_panel(
    controller: MetricsController, store: "SessionStore", metrics_panel: "MetricsPanelStandIn"
) -> None:
    before = len(metrics_panel.calls)
    store.update(code=(1.0, 2.0))
    assert len(metrics_panel.calls) == before


def test_what_to_measure_is_asked_of_the_chosen_runs(
    controller: MetricsController,
    jobs: "JobsStandIn",
    metrics_panel: "MetricsPanelStandIn",
    measure_dialog: "MeasureDialogStandIn",
) -> None:
    metrics_panel.choice_changed.emit(MetricsChoice(runs=("/runs/a", "/runs/b")))
    metrics_panel.measure_requested.emit()
    assert measure_dialog.last("show_runs") == (("/runs/a", "/runs/b"), "Of a, b:")
    assert measure_dialog.given("open") == [()]
    (job,) = jobs.functions(OffersJob)
    offers = (MetricOffer("kl", "how far"),)
    jobs.end(job, offers)
    assert measure_dialog.last("show_offers") == (offers,)
    jobs.end(job, error="There is no run.")
    assert measure_dialog.last("show_problem") == ("There is no run.",)


def test_every_cell_fills_as_soon_as_it_is_measured(
    qtbot: "QtBot",
    shown: MetricsController,
    measuring: MeasuringStandIn,
    jobs: "JobsStandIn",
    metrics_panel: "MetricsPanelStandIn",
    measure_dialog: "MeasureDialogStandIn",
) -> None:
    measure_dialog.measure_requested.emit(_WISH)
    assert measuring.wishes == [_WISH]
    # What cannot be stays as it was.
    assert _kinds(metrics_panel) == ["waiting", "impossible"]
    measuring.told.emit(MeasuringEvent("begun", "/runs/a", "kl"))
    qtbot.waitUntil(lambda: _kinds(metrics_panel) == ["measuring", "impossible"])
    measuring.progressed.emit(0.25, "kl", 12.0)
    assert metrics_panel.last("show_measuring") == (0.25, "kl", 12.0)
    read = len(jobs.functions(TableJob))
    assert jobs.functions(TableJob)[-1].wanted == ("kl",)
    jobs.end(jobs.functions(TableJob)[-1], MeasuredTable(_TABLE))
    measuring.told.emit(MeasuringEvent("measured", "/runs/a", "kl"))
    qtbot.waitUntil(lambda: _kinds(metrics_panel) == ["value", "impossible"])
    qtbot.waitUntil(lambda: len(jobs.functions(TableJob)) > read)
    measuring.end("")
    assert metrics_panel.given("end_measuring") == [()]


def test_a_second_wish_waits_for_the_first(
    shown: MetricsController, measuring: MeasuringStandIn, measure_dialog: "MeasureDialogStandIn"
) -> None:
    failed: list[str] = []
    shown.failed.connect(failed.append)
    measure_dialog.measure_requested.emit(_WISH)
    measure_dialog.measure_requested.emit(_WISH)
    shown.ask()
    assert measuring.wishes == [_WISH]
    assert failed == ["Something is being measured already."]


def test_cancelling_keeps_what_is_there_and_reasons_stay(
    shown: MetricsController, measuring: MeasuringStandIn, metrics_panel: "MetricsPanelStandIn"
) -> None:
    failed: list[str] = []
    shown.failed.connect(failed.append)
    wide = replace(_TABLE, columns=(MetricColumn("kl", "kl"), MetricColumn("fid", "fid")))
    shown._measured = MeasuredTable(wide)
    shown.measure(MeasureWish(("/runs/a", "/runs/b"), ("kl", "fid")))
    measuring.told.emit(MeasuringEvent("refused", "/runs/a", "fid", reason="The classifier is missing."))
    metrics_panel.measuring_cancelled.emit()
    assert measuring.cancelled == 1
    (table,) = metrics_panel.last("show_table")
    assert table.cell("/runs/a", "kl").kind == "value"
    assert table.cell("/runs/a", "fid") == MetricCell("failed", "", "The classifier is missing.")
    assert table.cell("/runs/b", "fid").kind == "missing"
    # The reason is read without looking for its cell.
    assert metrics_panel.last("show_notes") == (
        ("Not measured: fid. The classifier is missing.", "Different data."),
        True,
    )
    assert failed == []
    measuring.end("The process broke off.")
    assert failed == ["The process broke off."]


def test_weights_are_chosen_as_a_file(
    controller: MetricsController, files: "FilesStandIn", measure_dialog: "MeasureDialogStandIn"
) -> None:
    measure_dialog.weights_wanted.emit()
    purpose = files.last("ask_file")[0]
    files.chosen.emit("something else", "/x")
    files.chosen.emit(purpose, "/weights.pth")
    assert measure_dialog.given("show_weights") == [("/weights.pth",)]


def test_what_is_written_is_the_table_that_is_looked_at(shown: MetricsController, store: "SessionStore") -> None:
    runs = MeasuredTable(_TABLE), ("/runs/b",)
    store.update(metrics=MetricsChoice(runs=runs[1]))
    assert shown.written == runs
    pair = MeasuredTable(replace(_TABLE, sentences=()))
    shown.set_pair(pair)
    assert shown.written == runs
    store.update(metrics=MetricsChoice(page="pair", runs=runs[1]))
    assert list(shown.written) == [pair, ()]
    shown.set_pair(None)
    assert shown.written == runs


def test_others_are_told_whenever_cells_change(shown: MetricsController, measuring: MeasuringStandIn) -> None:
    told: list[bool] = []
    shown.changed.connect(lambda: told.append(True))
    shown.measure(_WISH)
    assert told
    assert shown.work["/runs/a", "kl"].kind == "waiting"
    assert shown.wanted == ("kl",)
    measuring.end("")
    assert len(told) == 2
