"""Going through the snapshots of a run, with stand-ins for the panel and for what reads and shows them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from explorer.controllers.history_controller import HistoryController
from explorer.controllers.planner import Planner
from explorer.services.opening import LoadedModel, Opened
from explorer.services.snapshot_reader import LostSnapshot
from explorer.state.history_values import RunSnapshots, SnapshotColumn, SnapshotMark
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from tests.explorer.conftest import LONG_MS
from tests.explorer.controllers.stand_ins import HistoryStandIn, ReaderStandIn
from trainers.engine.checkpoint import RUN_FILE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import ModelStandIn, TrainingStandIn

STEPS = (0, 10, 20, 30)


class History:
    """A controller over a run of four snapshots, and what answers it."""

    def __init__(
        self, run: Path, opened: "Open", store: SessionStore, model: "ModelStandIn", training: "TrainingStandIn"
    ) -> None:
        self.run, self._opened = str(run), opened
        self.store, self.planner = store, Planner(store)
        self.panel, self.reader, self.model, self.training = HistoryStandIn(), ReaderStandIn(), model, training
        store.update(model=self.run, undoable=False)
        model.path = self.run
        model.model = None  # type: ignore[attr-defined]
        parts: Any = (self.reader, model, training, self.panel)
        self.controller = HistoryController(store, self.planner, *parts)

    def open(self, step: int = 30, **changes: Any) -> None:
        """A model of the run, shown as the model controller does."""
        opened = self._opened(path=self.run, generation=step, step=step)
        self.planner.set_opened(replace(opened, **changes))

    def give_list(self, *steps: int) -> None:
        marks = tuple(SnapshotMark(step, step / 10) for step in steps or STEPS)
        self.reader.listed.emit(RunSnapshots(self.run, marks))

    def answer(self, step: int) -> None:
        """The reader has read a snapshot, and the model controller shows it."""
        opened: Opened = self._opened(path=self.run, generation=step, step=step)
        nothing: Any = None
        self.planner.set_opened(opened)
        self.reader.loaded.emit(LoadedModel(self.run, nothing, opened.facts, None, step))

    def snapshot(self) -> int | None:
        """What the session says."""
        return self.store.state.snapshot

    def wishes(self) -> list[int]:
        return [step for step, _ in self.reader.given("read")]


@pytest.fixture
def history(
    tmp_path: Path, opened: "Open", store: SessionStore, model: "ModelStandIn", training: "TrainingStandIn"
) -> Iterator[History]:
    (tmp_path / RUN_FILE).write_text("{}")
    made = History(tmp_path, opened, store, model, training)
    yield made
    made.controller.player.stop()
    made.controller._rest.stop()


@pytest.fixture
def listed(history: History) -> History:
    history.open()
    history.give_list()
    return history


def test_a_run_is_listed_and_stands_at_its_newest(history: History) -> None:
    marked: list[tuple[str, int, float]] = []
    history.controller.marked.connect(lambda *mark: marked.append(mark))
    history.open()
    assert history.reader.last("look_at") == (history.run, history.run)
    assert len(history.reader.given("list_snapshots")) == 1
    assert "being listed" in history.panel.last("show_empty")[0]
    history.give_list()
    assert history.panel.last("show_place") == (3, "epoch 3.0 · step 30 · 4 of 4")
    assert marked == [(history.run, 30, 1.0)]
    history.open(items=None, items_problem="gone")
    assert len(history.reader.given("look_at")) == 1


def test_a_model_that_was_opened_otherwise_is_not_read_again(history: History) -> None:
    history.model.model = SimpleNamespace(generation=30)  # type: ignore[attr-defined]
    history.open()
    (kept,) = history.reader.last("keep")
    assert (kept.snapshot, kept.path, kept.model.generation) == (30, history.run, 30)
    history.open(20)
    assert len(history.reader.given("keep")) == 1


def test_a_model_of_no_run_says_so_and_what_to_do(history: History, tmp_path: Path, opened: "Open") -> None:
    (tmp_path / RUN_FILE).unlink()
    wanted: list[bool] = []
    history.controller.run_wanted.connect(lambda: wanted.append(True))
    history.planner.set_opened(opened(path="shipped:digits"))
    text, button = history.panel.last("show_empty")
    assert "file of its own" in text
    assert button == "Open a run folder…"
    assert history.reader.given("list_snapshots") == []
    history.panel.empty_action.emit()
    assert wanted
    history.store.update(snapshot=7)
    assert history.reader.given("read") == []


def test_a_place_is_read_and_shown_and_one_step_of_undo(listed: History) -> None:
    listed.panel.place_chosen.emit(1)
    assert listed.snapshot() == 10
    assert listed.panel.last("show_place") == (1, "epoch 1.0 · step 10 · 2 of 4")
    assert listed.wishes() == [10]
    listed.answer(10)
    assert listed.model.last("show_snapshot")[0].snapshot == 10
    listed.store.undo()
    assert listed.snapshot() is None
    assert listed.wishes() == [10, 30]


def test_a_drag_over_many_places_is_one_step_of_undo_and_asks_for_each_at_once(listed: History) -> None:
    listed.panel.drag_started.emit()
    for place in (2, 1, 0, 1):
        listed.panel.place_chosen.emit(place)
    listed.panel.drag_finished.emit()
    assert listed.wishes() == [20, 10, 0, 10]
    listed.answer(10)
    listed.store.undo()
    assert listed.store.state == SessionState(model=listed.run, code=(0.0, 0.0))


def test_the_last_place_follows_the_run_and_others_stay(listed: History) -> None:
    listed.panel.place_chosen.emit(1)
    listed.answer(10)
    listed.training.run = listed.run
    listed.give_list(*STEPS, 40)
    assert listed.panel.last("show_place")[0] == 1
    listed.panel.place_chosen.emit(4)
    assert listed.snapshot() is None
    assert listed.wishes()[-1] == 40


def test_live_goes_back_to_the_newest(listed: History) -> None:
    listed.training.run, listed.training.answers["is_active"] = listed.run, True
    listed.panel.place_chosen.emit(0)
    assert listed.panel.last("show_live") == (True, False)
    listed.answer(0)
    listed.panel.live_requested.emit()
    assert listed.snapshot() is None
    assert listed.panel.last("show_live") == (True, True)
    assert listed.wishes()[-1] == 30


def test_a_run_that_is_ahead_of_what_is_drawn_stands_at_what_is_drawn(listed: History) -> None:
    listed.training.run, listed.training.answers["is_active"] = listed.run, True
    listed.give_list(0, 10, 20, 30, 40)
    assert listed.panel.last("show_place") == (3, "epoch 3.0 · step 30 · 4 of 5")
    listed.panel.place_chosen.emit(0)
    listed.answer(0)
    listed.panel.live_requested.emit()
    assert listed.panel.last("show_place") == (4, "epoch 4.0 · step 40 · 5 of 5"), "a wish is shown at once"
    assert listed.wishes() == [0, 40]


def test_live_of_a_checkpoint_opens_its_run(listed: History) -> None:
    listed.model.path = f"{listed.run}/checkpoints/step-00000010.safetensors"
    listed.panel.place_chosen.emit(3)
    assert listed.snapshot() == 30
    listed.panel.live_requested.emit()
    assert listed.store.state.model == listed.run
    assert listed.snapshot() is None


def test_new_checkpoints_are_listed(listed: History) -> None:
    before = len(listed.reader.given("list_snapshots"))
    listed.training.checkpoint_saved.emit("/elsewhere/step-1.safetensors")
    listed.training.ended.emit(None)
    assert len(listed.reader.given("list_snapshots")) == before + 2


def test_a_lost_snapshot_is_a_sentence_and_the_one_before_stays(listed: History) -> None:
    listed.panel.place_chosen.emit(1)
    listed.answer(10)
    listed.panel.place_chosen.emit(2)
    before = len(listed.reader.given("list_snapshots"))
    listed.reader.lost.emit(LostSnapshot(0, "An older wish."))
    assert listed.snapshot() == 20
    listed.reader.lost.emit(LostSnapshot(20, "The snapshot of step 20 is gone."))
    assert listed.snapshot() == 10
    assert listed.panel.last("show_note") == ("The snapshot of step 20 is gone. What was shown stays.",)
    assert listed.panel.last("show_place")[0] == 1
    assert len(listed.reader.given("list_snapshots")) == before + 1
    assert listed.wishes() == [10, 20]


def test_a_lost_snapshot_leaves_the_newest_followed(listed: History) -> None:
    listed.panel.place_chosen.emit(1)
    listed.reader.lost.emit(LostSnapshot(10, "It is gone."))
    assert listed.snapshot() is None
    assert listed.wishes() == [10]


def test_a_snapshot_no_longer_kept_says_so(listed: History) -> None:
    listed.panel.place_chosen.emit(1)
    listed.answer(10)
    listed.give_list(0, 20, 30)
    assert listed.panel.last("show_place") == (0, "step 10 · no longer kept")


def test_a_lost_run_is_a_sentence(listed: History) -> None:
    listed.reader.list_failed.emit("The run folder is gone.")
    assert listed.panel.last("show_empty")[0] == "The run folder is gone."
    listed.panel.place_chosen.emit(1)
    assert listed.wishes() == []


def test_playing_goes_round_and_waits_for_each(listed: History) -> None:
    listed.controller.player.set_speed(1)
    listed.panel.play_toggled.emit()
    assert listed.panel.last("show_playing") == (True,)
    for step in (0, 10, 20, 30, 0):
        assert listed.wishes()[-1] == step
        listed.answer(step)
        listed.controller.player.shown()
        listed.controller.player._tick()
    listed.panel.play_toggled.emit()
    assert listed.panel.last("show_playing") == (False,)
    listed.store.undo()
    assert listed.snapshot() is None


def test_playing_without_a_loop_ends_at_the_end(listed: History) -> None:
    listed.panel.loop_toggled.emit(False)
    listed.panel.place_chosen.emit(2)
    listed.answer(20)
    listed.panel.play_toggled.emit()
    listed.answer(30)
    assert listed.snapshot() is None
    listed.controller.player._tick()
    assert not listed.controller.player.is_playing


def test_a_person_who_goes_elsewhere_ends_the_playing(listed: History) -> None:
    listed.panel.play_toggled.emit()
    listed.panel.place_chosen.emit(2)
    assert not listed.controller.player.is_playing
    assert listed.snapshot() == 20


def test_pictures_are_asked_for_once_and_only_while_they_are_seen(listed: History) -> None:
    assert listed.reader.given("draw_strip") == []
    listed.controller.strip.set_seen(True)
    assert listed.reader.last("draw_strip")[0] == STEPS
    nothing: Any = None
    listed.reader.pictured.emit(SnapshotColumn(10, nothing, ()))
    assert listed.panel.last("show_pictures")[0].step == 10
    listed.give_list(*STEPS, 40)
    assert listed.reader.last("draw_strip")[0] == (0, 20, 30, 40)
    listed.controller.strip.set_seen(False)
    assert listed.reader.calls[-1][0] == "draw_no_strip"


def test_all_items_get_their_codes_once_the_person_stands_still(listed: History, qtbot: "QtBot") -> None:
    listed.panel.place_chosen.emit(1)
    listed.answer(10)
    qtbot.waitUntil(lambda: bool(listed.model.given("settle")), timeout=LONG_MS)
    listed.training.run, listed.training.answers["is_active"] = listed.run, True
    listed.panel.live_requested.emit()
    listed.answer(30)
    listed.controller._settle()
    assert len(listed.model.given("settle")) == 1
