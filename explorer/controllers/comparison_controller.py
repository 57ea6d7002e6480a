"""A | B: brings a second model beside the open one, links the two, and takes it away again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.code_controller import CodeController
from explorer.controllers.compared_map import ComparedMap
from explorer.controllers.compared_side import ComparedSide
from explorer.controllers.comparison_link import ComparisonLink, Side
from explorer.controllers.comparison_shown import facts_rows, link_offer, picture_pair, side_title
from explorer.controllers.file_choice import FileChoice
from explorer.controllers.model_controller import ModelController
from explorer.controllers.plan import first_plane
from explorer.services.comparable import ComparableJob
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.library import canonical
from explorer.services.preferences import Preferences
from explorer.state.linked_state import code_refusal
from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import ComparisonChoice, PlaneChoice, SessionState
from explorer.state.training_values import LibraryEntry
from explorer.views.comparison_bar import ComparisonBar
from explorer.views.comparison_dialog import ComparisonDialog
from explorer.views.decoded_panel import DecodedPanel
from explorer.views.latent_map import LatentMap
from explorer.views.main_window import MainWindow

_FILE, _RUN = "compare with checkpoint", "compare with run"
_CHECKPOINTS = "Checkpoints (*.safetensors)"
_NOTHING_OPEN = "Open a model first; another one can then be compared with it."
_NO_SECOND = "There is no second model yet; choose one with A | B."


class ComparisonController(QObject):
    """Follows the comparison of the session: builds all of B when one is shown first, and ends it when none is.

    failed: a sentence. progressed: what is being loaded; empty when nothing is.
    """

    failed = Signal(str)
    progressed = Signal(str)

    def __init__(
        self,
        first: Side,
        models: ModelController,
        code: CodeController,
        panel: DecodedPanel,
        latent_map: LatentMap,
        jobs: JobRunner,
        preferences: Preferences,
        runs: Path,
        files: FileChoice,
        window: MainWindow,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._first = first
        self._models = models
        self._code = code
        self._panel = panel
        self._map = latent_map
        self._jobs = jobs
        self._preferences = preferences
        self._runs = runs
        self._files = files
        self._window = window
        self._second: ComparedSide | None = None
        self._link: ComparisonLink | None = None
        self._bar: ComparisonBar | None = None
        self._second_map: ComparedMap | None = None
        self._dialog: ComparisonDialog | None = None
        self._problem = ""
        self._ending: list[ComparedSide] = []
        first.store.changed.connect(self._follow_state)
        models.opened.connect(self._see_first)
        files.chosen.connect(self._take_file)
        self._mark(first.store.state)

    @property
    def second(self) -> ComparedSide | None:
        """The second model with everything behind it; None while none is compared."""
        return self._second

    @property
    def link(self) -> ComparisonLink | None:
        """What links the two."""
        return self._link

    @property
    def map(self) -> ComparedMap | None:
        """The map of B."""
        return self._second_map

    @property
    def bar(self) -> ComparisonBar | None:
        """The row above the maps."""
        return self._bar

    def actions(self) -> dict[str, Callable[..., None]]:
        """What the commands of the comparison do, by their names."""
        return {"compare": self.set_shown, "compare_with": self.ask, "swap_models": self.swap}

    def begin(self) -> None:
        """Bring back what the session had beside its model."""
        self._follow(self._first.store.state)

    def stop(self) -> None:
        """End everything; nothing of B runs afterwards."""
        for side in (self._second, *self._ending):
            if side is not None:
                side.stop()

    @Slot(bool)
    def set_shown(self, shown: bool) -> None:
        """Compare with the model of last time, or let one be chosen; or compare no longer."""
        if shown and not self._choice.model:
            self._mark(self._first.store.state)
            self.ask()
        else:
            self._change(shown=shown)

    @Slot()
    def ask(self) -> None:
        """Let the person choose a second model."""
        if self._first.facts is None:
            self.failed.emit(_NOTHING_OPEN)
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
            self._change(shown=True)
        else:
            # What the one before was looked at means nothing for another one.
            choice = ComparisonChoice(wanted, True, self._choice.link)
            self._first.store.update(comparison=choice)

    @Slot()
    def swap(self) -> None:
        """Let A be B and B be A; both stay where they are."""
        second, state = self._second, self._first.store.state
        if second is None or second.planner.opened is None or self._first.facts is None:
            self.failed.emit(_NO_SECOND)
            return
        plan, other = second.planner.plan, second.store.state
        changes: dict[str, Any] = {"model": self._choice.model, "code": plan.code, "condition": other.condition}
        own = self._choice.map
        if second.planner.opened is not None and code_refusal(self._first.facts, second.planner.opened.facts):
            changes["map"], own = other.map, state.map
        choice = replace(
            self._choice,
            model=state.model,
            code=self._first.planner.plan.code,
            condition=state.condition,
            map=own,
        )
        self._first.store.update(comparison=choice, **changes)

    @property
    def _choice(self) -> ComparisonChoice:
        return self._first.store.state.comparison

    def _change(self, **changes: Any) -> None:
        self._first.store.update(comparison=replace(self._choice, **changes))

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
        if self._second is None:
            self._build()
        assert self._second is not None
        assert self._link is not None
        if self._second.store.state.model != choice.model:
            self._problem = ""
            self._second.planner.set_opened(None)
            if self._second_map is not None:
                self._second_map.say("")
            self._link.forget_second()
            self._second.store.update(undoable=False, model=choice.model)
        else:
            self._link.agree()
        self._show()

    def _build(self) -> None:
        self._second = ComparedSide(self._jobs, self)
        self._link = ComparisonLink(self._first, self._second.side(), self._second)
        self._link.show_first(self._code.picture)
        self._link.changed.connect(self._show_pictures)
        models = self._second.models
        models.opened.connect(self._see_second)
        models.failed.connect(self._see_failure)
        models.progressed.connect(self.progressed)
        self._bar = ComparisonBar()
        self._bar.link_chosen.connect(self._choose_link)
        self._bar.swap_requested.connect(self.swap)
        self._bar.choice_requested.connect(self.ask)
        self._bar.end_requested.connect(self._stop_comparing)
        self._second_map = ComparedMap(self._first, self._map, self._second, self._window, self._second)
        self._window.put_above(self._bar)
        self._panel.compared.search_cancelled.connect(self._cancel_search)

    def _end(self) -> None:
        if self._second is None or self._link is None or self._bar is None or self._second_map is None:
            return
        self._second_map.end()
        self._panel.compared.search_cancelled.disconnect(self._cancel_search)
        self._panel.show_pair(None)
        self._bar.hide()
        self._bar.deleteLater()
        ended, self._second, self._bar, self._second_map = self._second, None, None, None
        # It belongs to B, but must not answer while B ends.
        self._link.deleteLater()
        self._link = None
        self._ending.append(ended)
        ended.gone.connect(self._see_gone)
        ended.end()

    @Slot()
    def _see_first(self) -> None:
        if self._link is not None:
            self._link.agree()
            self._show()

    @Slot()
    def _see_second(self) -> None:
        second, first = self._second, self._first.facts
        if second is None or self._link is None or second.planner.opened is None:
            return
        self._problem = ""
        facts = second.planner.opened.facts
        if first is not None and code_refusal(first, facts) and self._choice.map.plane == PlaneChoice():
            own = replace(self._choice.map, plane=first_plane(facts))
            self._first.store.update(undoable=False, comparison=replace(self._choice, map=own))
        self._link.agree()
        self._show()

    @Slot(str)
    def _see_failure(self, sentence: str) -> None:
        self._problem = sentence
        self._show_pictures()

    @Slot()
    def _see_gone(self) -> None:
        self._ending = [side for side in self._ending if side is not self.sender()]

    def _show(self) -> None:
        if self._bar is None or self._link is None or self._second is None:
            return
        first, second = self._first.facts, self._second.side().facts
        names = side_title(first), side_title(second) or Path(self._choice.model).name
        if first is not None and second is not None:
            names = _with_facts(names, first, second)
        self._bar.show_titles(*names)
        self._bar.show_link(link_offer(self._link, first, second))
        self._show_pictures()

    @Slot()
    def _show_pictures(self) -> None:
        if self._second_map is not None and self._problem:
            self._second_map.say(self._problem)
        if self._link is not None and self._second is not None:
            pair = picture_pair(self._link, self._first.facts, self._second.side().facts, self._problem)
            self._panel.show_pair(pair)

    @Slot(str)
    def _choose_link(self, link: str) -> None:
        self._change(link=link)

    @Slot()
    def _stop_comparing(self) -> None:
        self._change(shown=False)

    @Slot()
    def _cancel_search(self) -> None:
        if self._link is not None:
            self._link.cancel_search()

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


def _with_facts(names: tuple[str, str], first: ModelFacts, second: ModelFacts) -> tuple[str, str]:
    rows = facts_rows(first, second)
    said = ["\n".join(f"{row[0]}: {row[1 + side]}" for row in rows) for side in range(2)]
    return f"{names[0]}\n{said[0]}", f"{names[1]}\n{said[1]}"
