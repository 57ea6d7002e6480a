"""Reads snapshots of a run on a thread of its own: the list of them, their models, and the pictures of a filmstrip."""

import itertools
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems, encode_in_steps
from explorer.services.lanes import Answer, Lane, LaneThread, Request
from explorer.services.network import SharedClassifier, open_model
from explorer.services.opening import LoadedModel
from explorer.services.snapshot_listing import SnapshotListing, check_run
from explorer.services.snapshot_memory import SnapshotMemory
from explorer.services.snapshot_pictures import Probe, column_in_steps, takes_long
from explorer.services.tensors import prepare_thread
from explorer.state.history_values import RunSnapshots, SnapshotColumn
from trainers.engine.checkpoint import checkpoint_path
from trainers.errors import TrainersError, UsageError

# So few while the person goes through snapshots that their points keep up.
ITEMS_WHILE_MOVING = 500


@dataclass(frozen=True)
class LostSnapshot:
    """A snapshot that cannot be shown, and the sentence why."""

    step: int
    sentence: str


@dataclass(frozen=True)
class _StripEnd:
    sentence: str = ""


class SnapshotReader(QObject):
    """Reads snapshots of one run at a time; of what is asked for quickly, only the newest wish is answered.

    listed: `RunSnapshots`. list_failed: a sentence, when the run is gone. loaded: `LoadedModel`. placed: `EncodedItems`
    of a model that was loaded before. lost: `LostSnapshot`. pictured: `SnapshotColumn`. strip_ended: the filmstrip is
    drawn, or a sentence why there is none.
    """

    listed = Signal(object)
    list_failed = Signal(str)
    loaded = Signal(object)
    placed = Signal(object)
    lost = Signal(object)
    pictured = Signal(object)
    strip_ended = Signal(str)

    def __init__(self, parent: QObject | None = None, memory: SnapshotMemory | None = None) -> None:
        super().__init__(parent)
        self._memory = memory or SnapshotMemory()
        self._classifier = SharedClassifier()
        self._path = self._run = ""
        self._listing = SnapshotListing("")
        # Which run the answers are about; and names for its models that no other way of opening gives.
        self._round = 0
        self._generations = itertools.count(-1, -1)
        self._signals: dict[type, SignalInstance] = {
            RunSnapshots: self.listed,
            LoadedModel: self.loaded,
            EncodedItems: self.placed,
            LostSnapshot: self.lost,
            SnapshotColumn: self.pictured,
        }
        self._thread = LaneThread(prepare_thread, self)
        self._thread.answered.connect(self._deliver)
        self._thread.start()

    @property
    def run(self) -> str:
        """The run whose snapshots are read, empty for none."""
        return self._run

    def look_at(self, path: str, run: str) -> None:
        """From here on it is this run; path: what is open, as sessions keep it."""
        self._thread.clear()
        self._round += 1
        if run != self._run:
            self._listing = SnapshotListing(run)
            self._memory = SnapshotMemory(self._memory.most_bytes)
        self._path, self._run = path, run

    def list_snapshots(self) -> None:
        """Ask which snapshots there are now."""
        listing = self._listing

        def work() -> Iterator[RunSnapshots]:
            yield listing.history()

        self._thread.submit(Request(Lane.LISTING, self._round, work))

    def read(self, step: int, items: DataItems | None) -> None:
        """Ask for the model of a snapshot, and then for the codes of a few items."""
        path, run = self._path, self._run
        self._thread.submit(Request(Lane.SNAPSHOT, self._round, lambda: self._read(path, run, step, items)))

    def keep(self, loaded: LoadedModel) -> None:
        """Keep the model of a snapshot that was opened elsewhere."""
        try:
            key = _key(self._run, loaded.facts.step)
        except UsageError:
            return
        if loaded.facts.path == str(key[0]) and self._memory.get(key) is None:
            self._memory.put(key, loaded, key[1])
            # What recognises items of a table takes seconds to make, and is the same for all snapshots.
            self._classifier = loaded.model.shared_classifier

    def draw_strip(self, steps: tuple[int, ...], probe: Probe) -> None:
        """Ask for the pictures of some snapshots, in this order."""
        path, run = self._path, self._run
        self._thread.submit(Request(Lane.STRIP, self._round, lambda: self._draw(path, run, steps, probe)))

    def draw_no_strip(self) -> None:
        """The pictures are not seen any longer."""
        self._thread.clear(Lane.STRIP)

    def is_idle(self) -> bool:
        """Whether nothing is being read."""
        return self._thread.is_idle()

    def stop(self) -> None:
        """End the thread."""
        self._thread.stop()

    def _read(self, path: str, run: str, step: int, items: DataItems | None) -> Iterator[object]:
        try:
            key, loaded = self._loaded(path, run, step)
        except TrainersError as error:
            yield LostSnapshot(step, str(error))
            return
        encoded = loaded.encoded
        if encoded is not None and (items is None or encoded.source != items.source):
            loaded = replace(loaded, encoded=None)
        yield loaded
        if loaded.encoded is not None or items is None or "encoder" not in loaded.model.capabilities:
            return
        for part in encode_in_steps(loaded.model, items, ITEMS_WHILE_MOVING):
            yield part if part is not None and part.complete else None
            if part is not None and part.complete:
                self._memory.remember_codes(key, part)

    def _draw(self, path: str, run: str, steps: tuple[int, ...], probe: Probe) -> Iterator[object]:
        for step in steps:
            try:
                loaded = self._loaded(path, run, step)[1]
            except TrainersError:
                # One that is gone or damaged has no pictures; who goes there is told why.
                continue
            yield None
            if takes_long(loaded.model):
                yield _StripEnd("Pictures of this model take too long for a filmstrip; its losses are shown.")
                return
            yield from column_in_steps(loaded.model, step, probe)
        yield _StripEnd()

    def _loaded(self, path: str, run: str, step: int) -> tuple[Hashable, LoadedModel]:
        key = _key(run, step)
        known = self._memory.get(key)
        if known is not None:
            return key, replace(known, path=path)
        file, size, _ = key
        model = open_model(str(file), next(self._generations), self._classifier)
        model.warm_up()
        loaded = LoadedModel(path, model, model.facts(), None, step)
        self._memory.put(key, loaded, size)
        return key, loaded

    @Slot(object)
    def _deliver(self, answer: Answer) -> None:
        if answer.generation != self._round:
            return
        if answer.lane == Lane.LISTING and answer.error:
            self.list_failed.emit(answer.error)
        elif isinstance(answer.value, _StripEnd):
            self.strip_ended.emit(answer.value.sentence)
        elif answer.value is not None:
            self._signals[type(answer.value)].emit(answer.value)


def own_step(path: str, otherwise: int) -> int:
    """The steps that the name of a checkpoint says; `otherwise` where it says none."""
    digits = Path(path).stem.removeprefix("step-")
    return int(digits) if digits.isdecimal() else otherwise


def _key(run: str, step: int) -> tuple[Path, int, int]:
    """A snapshot's file with what changes when it is written anew; raises `UsageError` where it is gone."""
    check_run(Path(run))
    file = checkpoint_path(Path(run), step)
    try:
        state = file.stat()
    except OSError as error:
        raise UsageError(
            f"The snapshot of step {step:,} is gone: a run keeps only some of them as it goes on."
        ) from error
    return file, state.st_size, state.st_mtime_ns
