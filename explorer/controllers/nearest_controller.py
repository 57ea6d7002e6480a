"""The training item nearest to each sample."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.nearest_items import NearestFound, NearestJob
from explorer.services.samples import DrawnSamples
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.views.samples_panel import SamplesPanel

_CANCELLED = "The search was ended; switch the nearest training items off and on to search again."
_WAITS = "The nearest training items are searched for when no newer snapshot comes for a moment."
_NO_CODE = "This model has no encoder, so a training item has no place in its latent space."
_REST_MS = 2_000


class NearestController(QObject):
    """Searches whenever there are samples and the person wants to see what they are near to, but not at every snapshot.

    told: a sentence why a training item cannot be gone to. changed: pictures of the items that are shown, or None.
    """

    told = Signal(str)
    changed = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        panel: SamplesPanel,
        jobs: JobRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._panel = panel
        self._jobs = jobs
        self._drawn: DrawnSamples | None = None
        self._found: NearestFound | None = None
        self._function: NearestJob | None = None
        self._job: Job | None = None
        # Opening and generation of the model that drew the samples.
        self._drawn_by = (0, 0)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._search)
        store.changed.connect(self._follow_state)
        panel.nearest_cancelled.connect(self._cancel)
        panel.nearest_activated.connect(self._go_to)

    @property
    def found(self) -> NearestFound | None:
        """What is shown below the samples."""
        return self._found if self._store.state.samples.nearest else None

    @Slot(object)
    def see_samples(self, drawn: DrawnSamples) -> None:
        """These samples are shown."""
        if self._drawn is None or drawn.pictures is not self._drawn.pictures:
            self._found = None
            self._drawn = drawn
            self._search_or_wait()
        elif self.found is not None:
            self._show(self.found)

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if old.samples.nearest != new.samples.nearest:
            self._search()

    def _search_or_wait(self) -> None:
        opened, earlier = self._planner.opened, self._drawn_by
        self._drawn_by = (opened.opening, opened.facts.generation) if opened is not None else (0, 0)
        is_next_snapshot = self._drawn_by[0] == earlier[0] and self._drawn_by[1] != earlier[1]
        if is_next_snapshot and self._store.state.samples.nearest:
            self._end_job()
            self._hide(_WAITS)
            self._rest.start()
        else:
            self._search()

    @Slot()
    def _search(self) -> None:
        self._rest.stop()
        self._end_job()
        opened, drawn = self._planner.opened, self._drawn
        if not self._store.state.samples.nearest or opened is None or drawn is None or drawn.points is not None:
            self._hide()
        elif self._found is not None:
            self._show(self._found)
        else:
            self.changed.emit(None)
            self._panel.show_nearest_search(0.0, "reading the training data")
            self._function = NearestJob(opened.facts.path, drawn)
            self._job = self._jobs.start(self._function, self._end)
            self._job.progressed.connect(self._show_progress)

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        # A search that was given up may say once more how far it is.
        if self._job is not None and self.sender() is self._job:
            self._panel.show_nearest_search(share, what)

    def _end_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = self._function = None
            self._panel.end_nearest_search()

    def _show(self, found: NearestFound) -> None:
        names = found.items.class_names_of(np.arange(len(found.places)))
        captions = tuple(
            f"{name}  {distance:.3f}".strip() for name, distance in zip(names, found.distances, strict=True)
        )
        self._panel.show_nearest(found.pictures, captions)
        self.changed.emit(found.pictures)

    def _hide(self, problem: str = "") -> None:
        self._panel.show_nearest(None, (), problem)
        self.changed.emit(None)

    @Slot()
    def _cancel(self) -> None:
        self._end_job()
        self._hide(_CANCELLED)

    @Slot(object)
    def _end(self, outcome: Outcome[NearestFound]) -> None:
        found, function = outcome.value, self._function
        if found is not None and function is not None and found.drawn is function.drawn:
            self._found = found
            self._job = self._function = None
            self._panel.end_nearest_search()
            self._show(found)
        elif outcome.error and not outcome.cancelled and function is not None:
            self._job = self._function = None
            self._panel.end_nearest_search()
            self._hide(outcome.error)

    @Slot(int)
    def _go_to(self, index: int) -> None:
        opened, found = self._planner.opened, self.found
        if opened is None or found is None or not 0 <= index < len(found.places):
            return
        place, encoded = int(found.places[index]), opened.encoded
        if encoded is not None and encoded.source == "train" and place < len(encoded.codes) and encoded.coded[place]:
            condition = opened.point_condition(place)
            self._store.update(code=tuple(encoded.codes[place].tolist()), condition=condition)
        elif "encoder" in opened.facts.capabilities:
            self._decoder.encode_item(found.items, index)
        else:
            self.told.emit(_NO_CODE)
