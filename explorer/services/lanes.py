"""One thread that works in lanes by priority, where a newer request replaces the one that waits."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum, auto

from PySide6.QtCore import QObject, QThread, Signal

from trainers.errors import StoppedError, TrainersError

# Gives partial results; between two of them more urgent lanes are served, so each step should be short.
Work = Callable[[], Iterator[object]]


class Lane(IntEnum):
    """What a request is for; the smaller number is served first."""

    PICTURE = auto()
    MATCH = auto()
    CODE = auto()
    GRID = auto()
    EDIT = auto()
    ITEM_CODE = auto()
    CARD = auto()
    POSTERIOR = auto()
    TILES = auto()
    CONDITIONS = auto()
    SHEET = auto()
    TERMS = auto()
    RECONSTRUCTIONS = auto()
    ITEMS = auto()
    SAMPLES = auto()
    ENCODINGS = auto()
    HISTOGRAMS = auto()
    CODEBOOK = auto()
    VALUES = auto()
    EXPORT = auto()
    CONTOURS = auto()
    PATH = auto()
    SNAPSHOT = auto()
    LISTING = auto()
    STRIP = auto()
    ERRORS = auto()


@dataclass(frozen=True)
class Request:
    """Work for a lane; `generation` names the model it is for.

    is_patient: lets the request that runs in its lane finish instead of taking over. For what is asked for again at
    every step of a drag and would otherwise never come to its end.
    """

    lane: Lane
    generation: int
    work: Work
    is_patient: bool = False


@dataclass(frozen=True)
class Answer:
    """One partial or last result of a request, or the sentence saying why there is none."""

    lane: Lane
    generation: int
    value: object = None
    error: str = ""


class LaneThread(QThread):
    """Runs requests one step at a time, the most urgent lane first.

    In each lane at most one request runs and one waits. A newer request replaces the waiting one, and the waiting
    one takes over at the next step of the running one, so the last request of a lane is never dropped and none
    that began is given up before its first step. Work with one long step asks `is_given_up` within it.

    prepare: called once in the thread before its first request.
    answered: an `Answer`, for every result that is not None. idle: nothing runs and nothing waits.
    """

    answered = Signal(object)
    idle = Signal()

    def __init__(self, prepare: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._prepare = prepare
        self._changed = threading.Condition()
        self._waiting: dict[Lane, Request] = {}
        self._running: dict[Lane, tuple[Request, Iterator[object]]] = {}
        self._stepping = False
        self._ends = False

    def submit(self, request: Request) -> None:
        """Put a request in its lane; returns at once."""
        with self._changed:
            self._waiting[request.lane] = request
            self._changed.notify()

    def clear(self, *lanes: Lane) -> None:
        """Forget what waits and runs in some lanes, or in all; a step that is being taken still answers."""
        with self._changed:
            for lane in lanes or tuple(Lane):
                self._waiting.pop(lane, None)
                self._running.pop(lane, None)

    def is_given_up(self, lane: Lane) -> bool:
        """Whether nobody waits any longer for what runs in a lane; asked by the work itself."""
        with self._changed:
            return self._ends or lane in self._waiting or lane not in self._running

    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        with self._changed:
            return not (self._waiting or self._running or self._stepping)

    def end(self) -> None:
        """End after the step that is being taken; returns at once."""
        with self._changed:
            self._ends = True
            self._changed.notify()

    def stop(self) -> None:
        """The same, and wait for the end."""
        self.end()
        self.wait()

    def run(self) -> None:
        """Serve lanes until `stop`."""
        self._prepare()
        while (lane := self._next_lane()) is not None:
            self._take_step(lane)

    def _next_lane(self) -> Lane | None:
        with self._changed:
            if self._stepping:
                self._stepping = False
                if not (self._waiting or self._running):
                    self.idle.emit()
            while not (self._ends or self._waiting or self._running):
                self._changed.wait()
            if self._ends:
                return None
            self._stepping = True
            return min((*self._waiting, *self._running))

    def _take_step(self, lane: Lane) -> None:
        with self._changed:
            request = self._waiting.get(lane)
            if request is not None and not (request.is_patient and lane in self._running):
                del self._waiting[lane]
                self._running[lane] = (request, request.work())
            task = self._running.get(lane)
        if task is None:
            return
        request, results = task
        try:
            value = next(results)
        except (StopIteration, StoppedError):
            self._finish(lane, request)
        except TrainersError as error:
            self._finish(lane, request)
            self.answered.emit(Answer(lane, request.generation, error=str(error)))
        except Exception as error:
            logging.getLogger(__name__).exception("a step in lane %s failed", lane.name)
            self._finish(lane, request)
            sentence = f"The model could not be run: {type(error).__name__}: {error}"
            self.answered.emit(Answer(lane, request.generation, error=sentence))
        else:
            if value is not None:
                self.answered.emit(Answer(lane, request.generation, value))

    def _finish(self, lane: Lane, request: Request) -> None:
        with self._changed:
            running = self._running.get(lane)
            if running is not None and running[0] is request:
                del self._running[lane]
