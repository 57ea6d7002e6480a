"""Back to where a picture was exported or a session was left, also when its model has moved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.file_choice import FileChoice
from explorer.controllers.planner import Planner
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.library import canonical, located
from explorer.services.preferences import Preferences
from explorer.services.restoring import PICTURE_SUFFIXES, DroppedPicture, ModelSearchJob, Origin, OriginJob, is_openable
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore

_FIND = "find model"
_FILTER = "Checkpoints (*.safetensors)"
_OTHER = "These are other weights than those of the picture; choose the checkpoint it was exported from."


@dataclass(frozen=True)
class _Wanted:
    """A state to go to. origin: of the picture it comes from. first, second: where A and B lie, empty while unknown."""

    state: SessionState
    origin: Origin | None = None
    first: str = ""
    second: str = ""

    def missing(self) -> tuple[str, ...]:
        """Digests of the models of the picture that are not found yet."""
        if self.origin is None:
            return ()
        beside = self.origin.beside
        first = () if self.first else (self.origin.digest,)
        return first if beside is None or self.second else (*first, beside.digest)

    def with_found(self, found: Mapping[str, str]) -> "_Wanted":
        """The same, with paths of checkpoints by their digests."""
        if self.origin is None:
            return self
        second = found.get(self.origin.beside.digest, "") if self.origin.beside is not None else ""
        return replace(self, first=self.first or found.get(self.origin.digest, ""), second=self.second or second)


class RestoreController(QObject):
    """Takes what was dropped on the window, and brings states back.

    told, failed: a sentence. offered: a sentence, the label of a button, and what it does. picture_dropped: path of a
    picture that was not exported here. other_dropped: path of what is no picture.
    """

    told = Signal(str)
    failed = Signal(str)
    offered = Signal(str, str, object)
    picture_dropped = Signal(str)
    other_dropped = Signal(str)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        jobs: JobRunner,
        preferences: Preferences,
        runs: Path,
        files: FileChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._jobs = jobs
        self._preferences = preferences
        self._runs = runs
        self._files = files
        self._wanted: _Wanted | None = None
        self._search: Job | None = None
        self._looking: Job | None = None
        self._left = 0
        self._say_news: Callable[[], None] | None = None
        files.chosen.connect(self._take_file)

    @Slot(str)
    def take_dropped(self, path: str) -> None:
        """Something was dropped on the window."""
        if Path(path).suffix.lower() in PICTURE_SUFFIXES and Path(path).is_file():
            self._look_at(path)
        else:
            self.other_dropped.emit(path)

    def _look_at(self, path: str) -> None:
        # Of several files that are dropped together, each is announced before the first has been read.
        if self._looking is not None:
            self._left += 1
            others = "the other one" if self._left == 1 else f"the other {self._left}"
            self.failed.emit(f"One picture is taken at a time, the first that was dropped; drop {others} afterwards.")
        else:
            self._left = 0
            self._looking = self._jobs.start(OriginJob(path), self._take_picture)

    def has_model(self, state: SessionState | None = None) -> bool:
        """Whether the model of a state, or of the one there is, lies where the state says; also true for none."""
        model = (state or self._store.state).model
        return not model or is_openable(model)

    @Slot(object)
    def open_state(self, state: SessionState) -> None:
        """Go to a state; where its model is gone, offer to find it."""
        if self.has_model(state):
            self._store.open(state)
            return
        self._wanted = _Wanted(state)
        self.offered.emit(
            f"The model of this session is gone: there is none at {located(state.model)}.", "Find it…", self._ask
        )

    @Slot()
    def see_opened(self) -> None:
        """A model is open, perhaps the one that was waited for."""
        say, self._say_news = self._say_news, None
        if say is not None:
            say()

    @Slot(object)
    def _take_picture(self, outcome: Outcome[DroppedPicture]) -> None:
        self._looking = None
        if outcome.value is None:
            if outcome.error:
                self.failed.emit(outcome.error)
        elif outcome.value.origin is None:
            self.picture_dropped.emit(outcome.value.path)
        else:
            self._return_to(outcome.value.origin)

    def _return_to(self, origin: Origin) -> None:
        opened, beside = self._planner.opened, self._store.state.comparison.model
        is_open = opened is not None and opened.facts.digest == origin.digest
        self._wanted = _Wanted(origin.state, origin, opened.facts.path if opened is not None and is_open else "")
        if self._wanted.missing():
            self._look_among(tuple(filter(None, (beside, *self._preferences.opened))))
        else:
            self._restore(origin)

    def _look_among(self, files: tuple[str, ...], runs: str | None = None) -> None:
        if self._wanted is None:
            return
        if self._search is not None:
            self._search.cancel()
        job = ModelSearchJob(self._wanted.missing(), str(self._runs) if runs is None else runs, files)
        self._search = self._jobs.start(job, self._see_found if runs is None else self._see_chosen)

    @Slot(object)
    def _see_found(self, outcome: Outcome[dict[str, str]]) -> None:
        self._search = None
        if outcome.value is not None:
            self._take_found(outcome.value)

    @Slot(object)
    def _see_chosen(self, outcome: Outcome[dict[str, str]]) -> None:
        self._search = None
        if outcome.value:
            self._take_found(outcome.value)
        elif not outcome.cancelled:
            self.failed.emit(outcome.error or _OTHER)

    def _take_found(self, found: dict[str, str]) -> None:
        if self._wanted is None or self._wanted.origin is None:
            return
        origin = self._wanted.origin
        self._wanted = self._wanted.with_found(found)
        if self._wanted.first:
            self._restore(origin)
        else:
            gone = f"The model of this picture, {origin.title}, is not in the library."
            self.offered.emit(gone, "Find it…", self._ask)

    def _ask(self) -> None:
        self._files.ask_file(_FIND, "Find the model", _FILTER)

    @Slot(str, str)
    def _take_file(self, purpose: str, path: str) -> None:
        if purpose != _FIND or self._wanted is None:
            return
        if self._wanted.origin is not None:
            self._look_among((path,), runs="")
        elif is_openable(path):
            state, self._wanted = self._wanted.state, None
            self._store.open(replace(state, model=canonical(path)))
        else:
            self.failed.emit(f"{path} is no checkpoint; choose another file.")

    def _restore(self, origin: Origin) -> None:
        """Go where a picture was exported, with its B where that is found; else that one can still be looked for."""
        wanted, opened = self._wanted, self._planner.opened
        if wanted is None:
            return
        is_open = opened is not None and opened.facts.digest == origin.digest
        self._say_news = self._news(origin, wanted.second)
        if not wanted.missing():
            self._wanted = None
        comparison = replace(wanted.state.comparison, model=wanted.second, shown=bool(wanted.second))
        state = replace(wanted.state, comparison=comparison)
        if opened is not None and is_open:
            self._store.open(replace(state, model=opened.path, snapshot=self._store.state.snapshot))
            self.see_opened()
        else:
            # The checkpoint with the digest is the snapshot, whatever it was called where the picture comes from.
            self._store.open(replace(state, model=canonical(wanted.first), snapshot=None))

    def _news(self, origin: Origin, second: str) -> Callable[[], None]:
        back = "Back where the picture was exported"
        if origin.beside is None:
            return partial(self.told.emit, f"{back}, with {origin.title}.")
        if second:
            return partial(self.told.emit, f"{back}, with {origin.title} as A and {origin.beside.model} as B.")
        missing = f"{back}, but its B, {origin.beside.model}, is not in the library; find it to see both."
        return partial(self.offered.emit, missing, "Find it…", self._ask)
