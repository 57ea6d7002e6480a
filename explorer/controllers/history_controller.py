"""The snapshots of the open model's run: listed, gone through, played, and shown as a film."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers.history_strip import HistoryStrip
from explorer.controllers.model_controller import ModelController
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.controllers.snapshot_player import SnapshotPlayer
from explorer.services.encodings import EncodedItems
from explorer.services.library import located, run_of
from explorer.services.opening import LoadedModel, Opened
from explorer.services.snapshot_reader import LostSnapshot, SnapshotReader, own_step
from explorer.services.training import Training
from explorer.state.history_values import RunSnapshots, place_text
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.views.history_panel import HistoryPanel

# Once the person has stood at a snapshot for so long, all items get their codes.
_REST_MS = 400
_NO_RUN = "This model is a file of its own, and snapshots belong to a run: train a model, or open a run folder."
_NO_SNAPSHOTS = "This run has no snapshots yet; they appear here as it trains."
_ONE_SNAPSHOT = "This run has a single snapshot, so there is nothing to play; train it further."
_READING = "The snapshots are being listed."


class HistoryController(QObject):
    """Keeps what is shown at the snapshot that the session names, and the panel at both.

    marked(run, step, epoch): which snapshot of which run is on the screen, for curves over steps. run_wanted(): a run
    folder should be opened. failed: a sentence why a command does nothing.
    """

    marked = Signal(str, int, float)
    failed = Signal(str)
    run_wanted = Signal()

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        reader: SnapshotReader,
        model: ModelController,
        training: Training,
        panel: HistoryPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._reader = reader
        self._model = model
        self._training = training
        self._panel = panel
        self._history = RunSnapshots()
        self._reading: int | None = None
        self._loops = self._is_live = True
        self._has_played = False
        self.player = SnapshotPlayer(self)
        self.strip = HistoryStrip(planner, reader, panel, self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._settle)
        self._connect()

    @property
    def history(self) -> RunSnapshots:
        """The snapshots there are."""
        return self._history

    @property
    def loops(self) -> bool:
        """Whether playing begins again at the end."""
        return self._loops

    def _connect(self) -> None:
        panel, reader, store = self._panel, self._reader, self._store
        self._planner.planned.connect(self._apply)
        store.changed.connect(self._follow_state)
        reader.listed.connect(self._show_list)
        reader.list_failed.connect(self._lose_run)
        reader.loaded.connect(self._show)
        reader.placed.connect(self._place)
        reader.lost.connect(self._lose)
        panel.drag_started.connect(self._begin_drag)
        panel.drag_finished.connect(store.end_gesture)
        panel.place_chosen.connect(self._choose)
        panel.play_toggled.connect(self.play_or_pause)
        panel.speed_changed.connect(self.player.set_speed)
        panel.loop_toggled.connect(self._set_loop)
        panel.live_requested.connect(self.go_live)
        panel.empty_action.connect(self.run_wanted)
        self.player.due.connect(self._play_next)
        self.player.playing_changed.connect(self._see_playing)
        self._training.checkpoint_saved.connect(self._list)
        self._training.status_changed.connect(self._see_training)
        self._training.ended.connect(self._list)

    def actions(self) -> dict[str, Callable[..., object]]:
        """What the commands of the history do, by their names."""
        return {
            "history_earlier": self.go_earlier,
            "history_later": self.go_later,
            "history_first": self.go_first,
            "history_live": self.go_live,
            "history_play": self.play_or_pause,
        }

    @Slot()
    def play_or_pause(self) -> None:
        """Let the snapshots follow each other from here on, or stop that."""
        if self.player.is_playing:
            self.player.stop()
        elif len(self._history.marks) > 1:
            self._store.begin_gesture()
            self.player.play()
        else:
            self.failed.emit(_ONE_SNAPSHOT if self._history.marks else self._why_no_snapshots())
            self._panel.show_playing(False)

    @Slot()
    def go_earlier(self) -> None:
        """Show the snapshot before this one."""
        self._choose(self._place_now() - 1)

    @Slot()
    def go_later(self) -> None:
        """Show the snapshot after this one."""
        self._choose(self._place_now() + 1)

    @Slot()
    def go_first(self) -> None:
        """Show the first snapshot."""
        self._choose(0)

    @Slot()
    def go_live(self) -> None:
        """Show the newest snapshot, and those to come."""
        self.player.stop()
        if self._is_run():
            self._store.update(snapshot=None)
        elif self._history.run:
            self._store.update(model=self._history.run, snapshot=None)
        else:
            self.failed.emit(_NO_RUN)

    @Slot(int)
    def _choose(self, place: int) -> None:
        self.player.stop()
        if not self._history.marks:
            self.failed.emit(self._why_no_snapshots())
        self._go_to(place)

    def _why_no_snapshots(self) -> str:
        return _NO_SNAPSHOTS if self._history.run else _NO_RUN

    def _go_to(self, place: int) -> None:
        marks = self._history.marks
        if not marks:
            return
        place = min(max(place, 0), len(marks) - 1)
        is_newest = place == len(marks) - 1 and self._is_run()
        self._store.update(snapshot=None if is_newest else marks[place].step)

    @Slot()
    def _begin_drag(self) -> None:
        self.player.stop()
        self._store.begin_gesture()

    @Slot(bool)
    def _set_loop(self, loops: bool) -> None:
        self._loops = loops

    @Slot()
    def _play_next(self) -> None:
        place, count = self._place_now() + 1, len(self._history.marks)
        if count < 2 or (place >= count and not self._loops and self._has_played):
            self.player.stop()
            return
        self._has_played = True
        self._go_to(place % count)

    @Slot(bool)
    def _see_playing(self, is_playing: bool) -> None:
        self._has_played = False
        self._panel.show_playing(is_playing)
        if not is_playing:
            self._store.end_gesture()
            self._rest.start()

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if old.snapshot == new.snapshot or old.model != new.model:
            return
        step, opened = self._wanted_step(), self._planner.opened
        is_readable = step >= 0 and bool(self._history.run)
        is_shown = self._reading is None and opened is not None and step == opened.facts.step
        if is_readable and not is_shown:
            self._reading = step
        # A wish is shown at once, before it is read.
        self._show_place()
        if is_readable and is_shown:
            self.player.shown()
        elif is_readable:
            self._reader.read(step, self._model.map_items)

    @Slot(object)
    def _show(self, loaded: LoadedModel) -> None:
        if loaded.snapshot == self._reading:
            self._reading = None
        self._panel.show_note("")
        self._model.show_snapshot(loaded)
        self._rest.start()
        if self._reading is None:
            self.player.shown()

    @Slot(object)
    def _place(self, encoded: EncodedItems) -> None:
        self._model.place_snapshot(encoded)

    @Slot(object)
    def _lose(self, lost: LostSnapshot) -> None:
        if lost.step != self._reading:
            return
        self._reading = None
        self.player.stop()
        opened = self._planner.opened
        if opened is not None:
            back = None if self._is_live else opened.facts.step
            self._store.update(undoable=False, snapshot=back)
        self._panel.show_note(f"{lost.sentence} What was shown stays.")
        self._reader.list_snapshots()

    @Slot()
    def _settle(self) -> None:
        if self._reading is not None or self.player.is_playing:
            return
        is_followed = self._store.state.snapshot is None and self._is_trained()
        if not is_followed:
            self._model.settle()

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if old.opened is new.opened or new.opened is None:
            return
        if old.opened is None or (old.opened.path, old.opened.opening) != (new.opened.path, new.opened.opening):
            self._look_at(new.opened)
        if old.opened is None or old.opened.facts.generation != new.opened.facts.generation:
            self._is_live = self._store.state.snapshot is None
            self._show_place()
            self.marked.emit(self._reader.run, new.opened.facts.step, new.opened.facts.epoch)
            self._keep(new.opened)

    def _keep(self, opened: Opened) -> None:
        # What was opened otherwise is read already; the strip and a way back to it need not read it again.
        model, run = self._model.model, self._reader.run
        if model is not None and run and model.generation == opened.facts.generation:
            self._reader.keep(LoadedModel(opened.path, model, opened.facts, None, opened.facts.step))

    def _look_at(self, opened: Opened) -> None:
        self.player.stop()
        self._rest.stop()
        self._reading = None
        run = run_of(str(located(opened.path)))
        if run != self._reader.run or not run:
            self._history = RunSnapshots(run)
            self.strip.show_list(self._history)
            self._panel.show_history(self._history)
            self._panel.show_empty(_READING if run else _NO_RUN, "" if run else "Open a run folder…")
        self._reader.look_at(opened.path, run)
        self._list()

    @Slot()
    def _list(self) -> None:
        if self._reader.run and self._reader.run == self._history.run:
            self._reader.list_snapshots()

    @Slot(object)
    def _show_list(self, history: RunSnapshots) -> None:
        self._history = history
        self._panel.show_history(history)
        if not history.marks:
            self._panel.show_empty(_NO_SNAPSHOTS)
        self._show_place()

    @Slot(str)
    def _lose_run(self, sentence: str) -> None:
        self.player.stop()
        self._history = replace(self._history, marks=())
        self._panel.show_history(self._history)
        self._panel.show_empty(sentence, "Open a run folder…")

    @Slot(object)
    def _see_training(self, _status: object) -> None:
        self._panel.show_live(self._is_trained(), self._store.state.snapshot is None and self._is_run())

    def _show_place(self) -> None:
        opened, history = self._planner.opened, self._history
        if opened is None or not history.marks:
            return
        step = opened.facts.step if self._lags(opened) else self._wanted_step()
        self._panel.show_place(history.place_of(step), place_text(history, step))
        self._see_training(None)

    def _lags(self, opened: Opened) -> bool:
        """Whether a run that is followed has written more than is drawn, as drawing leaves it its time."""
        is_followed = self._store.state.snapshot is None and self._is_trained()
        return is_followed and self._reading is None and self._history.has(opened.facts.step)

    def _place_now(self) -> int:
        return self._history.place_of(self._wanted_step())

    def _wanted_step(self) -> int:
        """The snapshot that the session means."""
        chosen, marks = self._store.state.snapshot, self._history.marks
        if chosen is not None or not marks:
            return -1 if chosen is None else chosen
        return marks[-1].step if self._is_run() else own_step(self._model.path, marks[-1].step)

    def _is_run(self) -> bool:
        """Whether the whole run is open, whose newest snapshot changes, rather than one of its checkpoints."""
        return bool(self._history.run) and str(located(self._model.path)) == self._history.run

    def _is_trained(self) -> bool:
        return self._training.is_active() and self._training.run == self._history.run
