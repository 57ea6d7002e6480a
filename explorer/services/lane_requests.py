"""How requests about the open model get their answers: the threads behind the lanes, and the way back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from explorer.services.lanes import Answer, Lane, LaneThread, Request, Work
from explorer.services.network import OpenModel
from explorer.services.pace import now_and_then
from explorer.services.tensors import prepare_thread
from trainers.reporting import Report, StopRequested


@dataclass(frozen=True)
class Progress:
    """How far long work is: the share from 0 to 1 and what it does."""

    share: float
    what: str


@dataclass(frozen=True)
class Answers:
    """Which signals tell what of the lanes.

    found: of each lane its results. progressed: share and what is being done, of lanes whose work is long. failed: a
    sentence, of lanes that say themselves why there is no result.
    """

    found: Mapping[Lane, SignalInstance]
    progressed: Mapping[Lane, SignalInstance]
    failed: Mapping[Lane, SignalInstance]


class LaneRequests(QObject):
    """Requests about one open model at a time; answers about an earlier model are dropped.

    long_lanes: lanes with a thread of their own, because one call of the model may take minutes.
    failed: a sentence why something is not there, of lanes without a signal for it. idle: all is answered.
    ended: after `end`, no thread runs any more.
    """

    failed = Signal(str)
    idle = Signal()
    ended = Signal()

    def __init__(self, long_lanes: Sequence[Lane], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model: OpenModel | None = None
        self._answers = self._make_answers()
        self._lanes = LaneThread(prepare_thread, self)
        self._long = {lane: LaneThread(prepare_thread, self) for lane in long_lanes}
        for thread in self._threads():
            thread.answered.connect(self._deliver)
            thread.idle.connect(self._announce_idle)
            thread.start()

    def use(self, model: OpenModel) -> None:
        """From here on everything is asked of this model."""
        for thread in self._threads():
            thread.clear()
        self._model = model

    def is_idle(self) -> bool:
        """Whether nothing is being worked on."""
        return all(thread.is_idle() for thread in self._threads())

    def stop(self) -> None:
        """End the threads."""
        for thread in self._threads():
            thread.stop()

    def end(self) -> None:
        """End the threads without waiting for them; `ended` tells when none runs any more."""
        for thread in self._threads():
            thread.finished.connect(self._announce_ended)
            thread.end()

    def _make_answers(self) -> Answers:
        raise NotImplementedError

    def _open_model(self) -> OpenModel:
        if self._model is None:
            raise RuntimeError("no model is open")
        return self._model

    def _submit(self, lane: Lane, work: Work) -> None:
        self._lanes.submit(Request(lane, self._open_model().generation, work))

    def _submit_long(self, lane: Lane, work: Callable[[Report, StopRequested], object]) -> None:
        thread, generation = self._long[lane], self._open_model().generation

        def tell(share: float, what: str) -> None:
            thread.answered.emit(Answer(lane, generation, Progress(share, what)))

        def steps() -> Iterator[object]:
            yield work(now_and_then(tell), lambda: thread.is_given_up(lane))

        thread.submit(Request(lane, generation, steps))

    def _partial_teller(self, lane: Lane) -> Callable[[object], None]:
        """What long work in a lane calls with a result before its last."""
        thread, generation = self._long[lane], self._open_model().generation
        return lambda value: thread.answered.emit(Answer(lane, generation, value))

    def _cancel(self, lane: Lane) -> None:
        self._lanes.clear(lane)
        if lane in self._long:
            self._long[lane].clear()

    def _take(self, lane: Lane, value: object) -> None:
        self._answers.found[lane].emit(value)

    def _threads(self) -> tuple[LaneThread, ...]:
        return self._lanes, *self._long.values()

    @Slot(object)
    def _deliver(self, answer: Answer) -> None:
        if self._model is None or answer.generation != self._model.generation:
            return
        if answer.error:
            self._answers.failed.get(answer.lane, self.failed).emit(answer.error)
        elif not isinstance(answer.value, Progress):
            self._take(answer.lane, answer.value)
        elif answer.lane in self._answers.progressed:
            self._answers.progressed[answer.lane].emit(answer.value.share, answer.value.what)

    @Slot()
    def _announce_idle(self) -> None:
        if self.is_idle():
            self.idle.emit()

    @Slot()
    def _announce_ended(self) -> None:
        if all(thread.isFinished() for thread in self._threads()):
            self.ended.emit()
