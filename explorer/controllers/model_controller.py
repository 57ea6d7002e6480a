"""Opens models and the data they learned from, and keeps the last good one open when that fails."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import first_plane, fitting_code
from explorer.controllers.planner import Planner
from explorer.services.data_items import DataItems
from explorer.services.decoder import Decoder
from explorer.services.encodings import MOST_ITEMS, MOST_ITEMS_WHILE_TRAINING, EncodedItems
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.library import canonical, located, run_of
from explorer.services.network import OpenModel
from explorer.services.opening import FoundItems, ItemsJob, LoadedModel, Opened, OpeningJob
from explorer.state.session_state import PlaneChoice, SessionState
from explorer.state.session_store import SessionStore


class ModelController(QObject):
    """Brings models into the window.

    opened: path of what the person opened, when it is open. failed: a sentence, when it could not be opened.
    snapshot_lost: a checkpoint of a run that is followed is gone already. progressed: what is being loaded; empty
    when nothing is.
    """

    opened = Signal(str)
    failed = Signal(str)
    snapshot_lost = Signal()
    progressed = Signal(str)

    def __init__(
        self, store: SessionStore, planner: Planner, decoder: Decoder, jobs: JobRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._jobs = jobs
        self._model: OpenModel | None = None
        self._generation = 0
        self._opening = 0
        self._wanted = ""
        # What the session calls the snapshot that is shown.
        self._snapshot: int | None = None
        self._follows = False
        self._items: FoundItems | None = None
        self._others: tuple[ItemsJob, FoundItems | None] | None = None
        self._items_job: ItemsJob | None = None
        store.changed.connect(self._follow_state)
        decoder.items_encoded.connect(self._take_encoded)

    @property
    def path(self) -> str:
        """What is open, as sessions keep it; empty for nothing."""
        opened = self._planner.opened
        return opened.path if opened is not None else ""

    @property
    def model(self) -> OpenModel | None:
        """What is open, for jobs that run it beside the decoder."""
        return self._model

    @property
    def map_items(self) -> DataItems | None:
        """Items that have a place on the map, as far as they are read; None without an encoder."""
        opened = self._planner.opened
        has_encoder = opened is not None and "encoder" in opened.facts.capabilities
        return self._wanted_items(opened) if opened is not None and has_encoder else None

    def open(self, path: str) -> None:
        """Open a run folder or checkpoint; the model open before stays until this one is there."""
        self._follows = False
        self._load(canonical(path))

    def restore(self) -> None:
        """Open the model that the session names, if it names one, and the snapshot of its run."""
        if self._store.state.model:
            self._follows = False
            self._load(canonical(self._store.state.model), snapshot=self._store.state.snapshot)

    def open_snapshot(self, run: str, file: str) -> None:
        """Show a checkpoint of a run that trains; view, point and choices stay as they are."""
        self._follows = True
        self._load(canonical(run), file)

    def show_snapshot(self, loaded: LoadedModel) -> None:
        """Show a snapshot of the open model's run that is loaded already; all else stays as it is."""
        if loaded.path == self.path and not (self._wanted and not self._follows):
            self._follows, self._snapshot = True, self._store.state.snapshot
            self._show(loaded)

    def place_snapshot(self, encoded: EncodedItems) -> None:
        """Codes of a snapshot that `show_snapshot` showed."""
        opened = self._planner.opened
        if opened is None or opened.facts.generation != encoded.generation:
            return
        known = opened.encoded
        # Those of all items may have come in the meantime.
        if known is None or known.generation != encoded.generation or len(known.codes) <= len(encoded.codes):
            self._take_encoded(encoded)

    def stands_elsewhere(self, run: str) -> bool:
        """Whether the person looks at an earlier snapshot of a run, which new ones do not replace."""
        return self._store.state.snapshot is not None and run_of(str(located(self.path))) == run

    def settle(self) -> None:
        """The run that was followed is over: encode as much of its data as of any other model's."""
        self._follows = False
        opened = self._planner.opened
        if opened is not None:
            self._encode(opened, again=opened.encoded is None or len(opened.encoded.codes) <= MOST_ITEMS_WHILE_TRAINING)

    @Slot()
    def see_classifier(self) -> None:
        """Its own samples, which are the points of a model without an encoder, can be recognised now."""
        opened = self._planner.opened
        if opened is not None and "encoder" not in opened.facts.capabilities:
            self._encode(opened, again=True)

    def reload_items(self) -> None:
        """Look for the test items again, for example after a download."""
        opened = self._planner.opened
        if opened is None or opened.items is not None or self._items_job is None:
            return
        self._items = None
        self._planner.set_opened(replace(opened, items_problem="", items_download=None))
        self._jobs.start(self._items_job, self._take_items)

    def is_opening(self) -> bool:
        """Whether a model is on its way."""
        return bool(self._wanted)

    def _load(self, path: str, file: str = "", snapshot: int | None = None) -> None:
        self._wanted = path
        self._generation += 1
        if not self._follows:
            self.progressed.emit(f"opening {path}")
        self._jobs.start(OpeningJob(path, self._generation, file, snapshot), self._take_model)

    @Slot(object)
    def _take_model(self, outcome: Outcome[LoadedModel]) -> None:
        loaded = outcome.value
        if loaded is not None and loaded.facts.generation != self._generation:
            return
        wanted, self._wanted = self._wanted, ""
        self.progressed.emit("")
        if loaded is None:
            self._keep_previous(wanted, outcome.error)
        elif self._follows and loaded.path == self.path and self._store.state.snapshot is not None:
            # While this one was read the person went to another snapshot, which stays.
            self.snapshot_lost.emit()
        else:
            self._show(loaded)
            if loaded.lost:
                self.failed.emit(loaded.lost)

    def _keep_previous(self, wanted: str, sentence: str) -> None:
        if self._store.state.model == wanted != self.path:
            self._store.update(undoable=False, model=self.path, snapshot=self._snapshot)
        if self._follows:
            # The run's thinning may be quicker than the reading of a snapshot; the next one comes in a second.
            self.snapshot_lost.emit()
        elif sentence:
            self.failed.emit(sentence)

    def _show(self, loaded: LoadedModel) -> None:
        earlier = self._planner.opened
        stays = self._follows and earlier is not None and earlier.path == loaded.path
        if not stays:
            self._opening += 1
        opened = Opened(loaded.path, self._opening, loaded.facts)
        if loaded.encoded is not None:
            opened = opened.with_encoded(loaded.encoded)
        elif stays and earlier is not None and earlier.encoded is not None:
            # Until the new codes come, about a second, the sliders keep their order and the points their places.
            opened = opened.with_encoded(earlier.encoded)
        if stays and earlier is not None:
            # Directions of the snapshot before are shown until those of this one are found.
            opened = replace(opened, found=earlier.found)
        opened = self._with_items(opened, loaded)
        self._model = loaded.model
        self._decoder.use(loaded.model)
        self._announce(opened, stays, loaded.snapshot)
        job = ItemsJob(loaded.model.header.data)
        if job != self._items_job:
            self._items_job = job
            self._jobs.start(job, self._take_items)
        # The codes of a snapshot that somebody went to come from where it was read.
        if not stays or loaded.snapshot is None or "encoder" not in opened.facts.capabilities:
            self._encode(opened)

    def _announce(self, opened: Opened, stays: bool, snapshot: int | None) -> None:
        state = self._store.state
        changes: dict[str, Any] = {"model": opened.path, "code": fitting_code(state.code, opened)}
        if not stays:
            changes["snapshot"] = self._snapshot = snapshot
        is_other = state.model != opened.path
        if is_other and not opened.facts.condition.fits(state.condition):
            changes["condition"] = ()
        if is_other:
            changes["map"] = replace(state.map, view=None)
            # The same place in another code means something else.
            changes["sliders"] = replace(state.sliders, locked=())
        # A session without a point may still have a plane that somebody chose.
        if changes["code"] != state.code and (state.code or state.map.plane == PlaneChoice()):
            changes["map"] = replace(state.map, view=None, plane=first_plane(opened.facts))
        self._planner.set_opened(opened, undoable=is_other, **changes)
        if not stays:
            self.opened.emit(opened.path)

    def _with_items(self, opened: Opened, loaded: LoadedModel) -> Opened:
        found = self._items
        if found is None or found.spec != loaded.model.header.data:
            return opened
        return _with_found(opened, found)

    @Slot(object)
    def _take_items(self, outcome: Outcome[FoundItems]) -> None:
        found, opened, job = outcome.value, self._planner.opened, self._items_job
        if found is None or opened is None or job is None or found.spec != job.spec:
            return
        self._items = found
        opened = _with_found(opened, found)
        self._planner.set_opened(opened)
        self._encode(opened)

    def _encode(self, opened: Opened, again: bool = False) -> None:
        encoded, has_encoder = opened.encoded, "encoder" in opened.facts.capabilities
        items = self._wanted_items(opened) if has_encoder else opened.items
        if has_encoder and items is None:
            return
        is_known = encoded is not None and encoded.conditions is not None
        is_wanted = encoded is not None and (not has_encoder or items is None or encoded.source == items.source)
        if again or not is_known or not is_wanted or encoded.generation != opened.facts.generation:  # type: ignore[union-attr]
            self._decoder.encode(items, MOST_ITEMS_WHILE_TRAINING if self._follows else MOST_ITEMS)

    def _wanted_items(self, opened: Opened) -> DataItems | None:
        # Those that are read already; others are read, and then encoded.
        source = self._store.state.map.items
        if source == "test" or opened.items is None:
            self._others = None
            return opened.items
        job = ItemsJob(opened.items.spec, source)
        if self._others is None or self._others[0] != job:
            self._others = job, None
            self._jobs.start(job, self._take_others)
        found = self._others[1]
        return found.items if found is not None else None

    @Slot(object)
    def _take_others(self, outcome: Outcome[FoundItems]) -> None:
        found, opened = outcome.value, self._planner.opened
        if self._others is None or found is None or opened is None or found.spec != self._others[0].spec:
            return
        if found.items is None:
            self.failed.emit(found.problem)
        elif found.items.source == self._others[0].source:
            self._others = self._others[0], found
            self._encode(opened)

    @Slot(object)
    def _take_encoded(self, encoded: EncodedItems) -> None:
        opened, chosen = self._planner.opened, self._store.state.map.items
        is_late = opened is not None and "encoder" in opened.facts.capabilities and encoded.source != chosen
        if opened is not None and not is_late:
            self._planner.set_opened(opened.with_encoded(encoded))

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if new.model and new.model not in (old.model, self.path, self._wanted):
            self._follows = False
            self._load(canonical(new.model), snapshot=new.snapshot)
        opened = self._planner.opened
        if new.map.items != old.map.items and opened is not None and "encoder" in opened.facts.capabilities:
            self._decoder.cancel_encoding()
            self._encode(opened, again=opened.encoded is None or not opened.encoded.complete)


def _with_found(opened: Opened, found: FoundItems) -> Opened:
    return replace(opened, items=found.items, items_problem=found.problem, items_download=found.download)
