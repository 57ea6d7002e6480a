"""A | B: brings a second model beside the open one, links the two, and takes it away again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.comparison_link import Side
from explorer.controllers.file_choice import FileChoice
from explorer.controllers.model_controller import ModelController
from explorer.controllers.side_by_side import Room, SideBySide
from explorer.services.comparable import ComparableJob, entry_of, gone_sentence
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.library import canonical
from explorer.services.preferences import Preferences
from explorer.state.linked_state import code_refusal
from explorer.state.metric_values import MetricsChoice
from explorer.state.session_state import ComparisonChoice, SessionState
from explorer.state.training_values import LibraryEntry
from explorer.views.comparison_dialog import ComparisonDialog

_FILE, _RUN = "compare with checkpoint", "compare with run"
_CHECKPOINTS = "Checkpoints (*.safetensors)"
_NOTHING_OPEN = "Open a model first; another one can then be compared with it."
_NOT_YET = "B is still being opened; the two can be swapped then."
_NO_SECOND = "There is no second model yet; choose one with A | B."


class ComparisonController(QObject):
    """Follows the comparison of the session: builds all of B when one is shown first, and ends it when none is.

    failed: a sentence. progressed: what is being loaded; empty when nothing is. export_wanted, copy_wanted: what both
    show, as an `Exportable`, or None.
    """

    failed = Signal(str)
    progressed = Signal(str)
    export_wanted = Signal(object)
    copy_wanted = Signal(object)

    def __init__(
        self,
        first: Side,
        models: ModelController,
        room: Room,
        jobs: JobRunner,
        preferences: Preferences,
        runs: Path,
        files: FileChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._first = first
        self._models = models
        self._room = room
        self._jobs = jobs
        self._preferences = preferences
        self._runs = runs
        self._files = files
        self._window = room.window
        self._shown: SideBySide | None = None
        self._dialog: ComparisonDialog | None = None
        self._ending: list[SideBySide] = []
        first.store.changed.connect(self._follow_state)
        models.opened.connect(self._see_first)
        files.chosen.connect(self._take_file)
        room.panels.decoded.pair_export_requested.connect(self.export)
        room.panels.decoded.pair_copy_requested.connect(self.copy)
        self._mark(first.store.state)

    @property
    def shown(self) -> SideBySide | None:
        """Everything of the second model; None while none is compared."""
        return self._shown

    def actions(self) -> dict[str, Callable[..., None]]:
        """What the commands of the comparison do, by their names."""
        return {
            "compare": self.set_shown,
            "compare_with": self.ask,
            "swap_models": self.swap,
            "export_pair": self.export,
        }

    def stop(self) -> None:
        """End everything; nothing of B runs afterwards."""
        for shown in (self._shown, *self._ending):
            if shown is not None:
                shown.stop()

    @Slot(bool)
    def set_shown(self, shown: bool) -> None:
        """Compare with the model of last time, or let one be chosen; or compare no longer."""
        if shown and not self._choice.model:
            self._mark(self._first.store.state)
            self.ask()
        elif shown:
            self._compare_again()
        else:
            self._change(shown=False)

    @Slot()
    def ask(self) -> None:
        """Let the person choose a second model."""
        if self._first.facts is None:
            self.failed.emit(_NOTHING_OPEN)
            return
        if self._dialog is not None:
            self._dialog.raise_()
            return
        self._dialog = ComparisonDialog(self._window)
        self._dialog.model_chosen.connect(self.compare_with)
        self._dialog.file_wanted.connect(self._ask_file)
        self._dialog.run_wanted.connect(self._ask_run)
        self._dialog.finished.connect(self._forget_dialog)
        self._dialog.open()
        self._jobs.start(ComparableJob(self._runs, self._preferences.opened, self._models.path), self._list)

    @Slot(str)
    def compare_with(self, path: str) -> None:
        """Put a run, a checkpoint or a shipped model beside the open one."""
        if self._first.facts is None:
            self.failed.emit(_NOTHING_OPEN)
            return
        wanted = canonical(path)
        if wanted == self._choice.model:
            self._compare_again()
        else:
            # What the one before was looked at means nothing for another one.
            choice = ComparisonChoice(wanted, True, self._choice.link)
            runs = tuple(dict.fromkeys((entry_of(self._first.store.state.model), entry_of(wanted))))
            self._first.store.update(comparison=choice, metrics=replace(self._metrics_of_two(), runs=runs))

    @Slot()
    def swap(self) -> None:
        """Let A be B and B be A; both stay where they are."""
        second, state = self._shown.second if self._shown is not None else None, self._first.store.state
        facts, other = self._first.facts, second.side().facts if second is not None else None
        if second is None or facts is None or other is None:
            is_coming = self._shown is not None and not self._shown.is_at_rest
            self.failed.emit(_NOT_YET if is_coming else _NO_SECOND)
            return
        # A snapshot that A was brought to is a file of its own as B, where nobody goes through the run.
        here = state.model if state.snapshot is None else canonical(facts.path)
        gone = gone_sentence((self._choice.model, here))
        if gone:
            self.failed.emit(f"{gone} Both stay where they are.")
            return
        there, own, sliders = second.store.state, self._choice.map, self._choice.sliders
        changes: dict[str, Any] = {
            "code": second.planner.plan.code,
            "condition": there.condition,
            "snapshot": None,
        }
        if code_refusal(facts, other):
            changes |= {"map": there.map, "sliders": there.sliders}
            own, sliders = state.map, state.sliders
        choice = replace(
            self._choice,
            model=here,
            code=self._first.planner.plan.code,
            condition=state.condition,
            map=own,
            sliders=sliders,
        )
        self._first.store.update(model=self._choice.model, comparison=choice, **changes)

    @Slot()
    def export(self) -> None:
        """Ask where the pictures of both go."""
        self.export_wanted.emit(self._shown.exportable() if self._shown is not None else _NO_SECOND)

    @Slot()
    def copy(self) -> None:
        """Put the pictures of both on the clipboard."""
        self.copy_wanted.emit(self._shown.exportable() if self._shown is not None else _NO_SECOND)

    @property
    def _choice(self) -> ComparisonChoice:
        return self._first.store.state.comparison

    def _change(self, **changes: Any) -> None:
        self._first.store.update(comparison=replace(self._choice, **changes))

    def _compare_again(self) -> None:
        self._first.store.update(comparison=replace(self._choice, shown=True), metrics=self._metrics_of_two())

    def _metrics_of_two(self) -> MetricsChoice:
        # Whoever looks at numbers of runs wants those of the two now; curves and the like stay.
        metrics = self._first.store.state.metrics
        return replace(metrics, page="pair") if metrics.page == "table" else metrics

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if new.comparison is old.comparison:
            return
        self._mark(new)
        if _followed(old.comparison) != _followed(new.comparison):
            self._follow(new)

    def _mark(self, state: SessionState) -> None:
        self._window.action("compare").setChecked(state.comparison.shown)

    def _follow(self, state: SessionState) -> None:
        choice = state.comparison
        if not (choice.shown and choice.model):
            self._end()
            return
        if self._shown is None:
            self._shown = self._built()
        self._shown.show_model(choice.model)

    def _built(self) -> SideBySide:
        shown = SideBySide(self._first, self._room, self._jobs, self)
        shown.failed.connect(self.failed)
        shown.progressed.connect(self.progressed)
        shown.bar.link_chosen.connect(self._choose_link)
        shown.bar.swap_requested.connect(self.swap)
        shown.bar.choice_requested.connect(self.ask)
        shown.bar.end_requested.connect(self._stop_comparing)
        return shown

    def _end(self) -> None:
        ended, self._shown = self._shown, None
        if ended is not None:
            self._ending.append(ended)
            ended.gone.connect(self._see_gone)
            ended.end()

    @Slot()
    def _see_first(self) -> None:
        if self._shown is not None:
            self._shown.agree()
        else:
            # What a session had beside its model comes after that, so that nobody waits for B.
            self._follow(self._first.store.state)

    @Slot()
    def _see_gone(self) -> None:
        self._ending = [side for side in self._ending if side is not self.sender()]

    @Slot(str)
    def _choose_link(self, link: str) -> None:
        self._change(link=link)

    @Slot()
    def _stop_comparing(self) -> None:
        self._change(shown=False)

    @Slot()
    def _ask_file(self) -> None:
        self._files.ask_file(_FILE, "Compare with a checkpoint", _CHECKPOINTS)

    @Slot()
    def _ask_run(self) -> None:
        self._files.ask_folder(_RUN, "Compare with a run")

    @Slot(str, str)
    def _take_file(self, purpose: str, path: str) -> None:
        if purpose in (_FILE, _RUN):
            self.compare_with(path)

    @Slot(object)
    def _list(self, outcome: Outcome[tuple[LibraryEntry, ...]]) -> None:
        if self._dialog is not None and outcome.value is not None:
            self._dialog.show_entries(outcome.value, self._choice.model)

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None


def _followed(choice: ComparisonChoice) -> tuple[object, ...]:
    return choice.shown, choice.model, choice.link
