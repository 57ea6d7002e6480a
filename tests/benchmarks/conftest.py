"""What measurements share: data made on the spot, and the real window under a stop-watch."""

import math
import statistics
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from sklearn.datasets import load_digits

from explorer.app import Explorer
from explorer.views.widgets.picture_view import PictureView

TRAINING_ITEMS = 12_800
TEST_ITEMS = 1_280
PATIENCE_S = 60.0
_FRAME_S = 1 / 60
# A watch that never slept would take the interpreter from the threads that work for the window.
_BEAT_MS = 1


class PaintWatch(QObject):
    """Notes that a widget was painted after a new picture had been given to it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_shown = False
        self.is_painted = False

    def reset(self) -> None:
        self.is_shown = self.is_painted = False

    def note_picture(self, _decode_ms: float, _total_ms: float) -> None:
        self.is_shown = True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.is_painted = self.is_painted or (self.is_shown and event.type() == QEvent.Type.Paint)
        return False


class StallWatch:
    """The longest time in which the window's thread answered to nothing, in milliseconds; up to one too many."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._since = QElapsedTimer()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.longest_ms = 0.0
        self._since.start()
        self._timer.start(_BEAT_MS)

    def stop(self) -> float:
        self._timer.stop()
        return self.longest_ms

    def _beat(self) -> None:
        self.longest_ms = max(self.longest_ms, self._since.nsecsElapsed() / 1e6)
        self._since.restart()


class MeasuredWindow:
    """The application with everything behind it, driven like a person would."""

    def __init__(self, home: Path, path: str = "") -> None:
        self.explorer = Explorer(home, path)
        self.explorer.window.resize(1600, 1000)
        self.explorer.start()
        self.map = self.explorer.panels.latent_map
        self._paint = PaintWatch()
        view = self.explorer.panels.decoded.findChild(PictureView)
        assert isinstance(view, PictureView)
        view.installEventFilter(self._paint)
        self.explorer.code.picture_shown.connect(self._paint.note_picture)

    def settle(self) -> None:
        """Wait until the window has nothing left to do."""
        explorer = self.explorer

        def is_at_rest() -> bool:
            both = explorer.comparison.shown
            return (
                explorer.planner.opened is not None
                and explorer.planner.seen == self.map.view()
                and not explorer.jobs.is_busy()
                and explorer.decoder.is_idle()
                and (both is None or both.is_at_rest)
            )

        self.wait(is_at_rest)
        self.rest(0.3)

    def wait(self, is_true: Callable[[], bool]) -> None:
        """Answer events until something is true."""
        end = time.perf_counter() + PATIENCE_S
        while not is_true():
            if time.perf_counter() > end:
                raise TimeoutError(f"the window did not get there within {PATIENCE_S:g} s")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)

    def rest(self, seconds: float) -> None:
        """Answer events for a while, asleep between them as a window is."""
        loop = QEventLoop()
        timer = QTimer(loop, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(loop.quit)
        timer.start(round(seconds * 1e3))
        loop.exec()

    def drag_around(self, moves: int) -> dict[str, float]:
        """Drag the ring on a circle; percentiles of the time from mouse event to painted picture."""
        middle_x, middle_y, radius = self.map.width() / 2, self.map.height() / 2, self.map.height() / 5
        self._send(QEvent.Type.MouseButtonPress, middle_x, middle_y, Qt.MouseButton.LeftButton)
        self.rest(0.2)
        times = []
        for move in range(moves):
            angle = move / 15
            self._paint.reset()
            begin = time.perf_counter()
            x, y = middle_x + radius * math.cos(angle), middle_y + radius * math.sin(angle)
            self._send(QEvent.Type.MouseMove, x, y, Qt.MouseButton.NoButton)
            self.wait(lambda: self._paint.is_painted)
            times.append((time.perf_counter() - begin) * 1e3)
            self.rest(max(0.0, begin + _FRAME_S - time.perf_counter()))
        self._send(QEvent.Type.MouseButtonRelease, middle_x, middle_y, Qt.MouseButton.LeftButton)
        return percentiles(times)

    def scrub_to(self, place: int) -> float:
        """Milliseconds until the picture of another snapshot of the open run is painted."""
        history = self.explorer.history
        step, begin = history.history.marks[place].step, time.perf_counter()
        self._paint.reset()
        self.explorer.panels.history.place_chosen.emit(place)

        def is_there() -> bool:
            opened = self.explorer.planner.opened
            if opened is None or opened.facts.step != step:
                # What is painted until then is of a snapshot before.
                self._paint.reset()
                return False
            return self._paint.is_painted

        self.wait(is_there)
        taken = (time.perf_counter() - begin) * 1e3
        self.rest(0.3)
        return taken

    def watch_stalls(self) -> StallWatch:
        """Begin to watch for times in which nothing is answered."""
        watch = StallWatch()
        watch.start()
        return watch

    def close(self) -> None:
        """End everything."""
        self.explorer.close()
        self.explorer.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _send(self, kind: QEvent.Type, x: float, y: float, button: Qt.MouseButton) -> None:
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        place = QPointF(x, y)
        event = QMouseEvent(kind, place, self.map.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(self.map, event)


def percentiles(times: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile in milliseconds, for the report beside the benchmark."""
    return {
        "median_ms": statistics.median(times),
        "p99_ms": statistics.quantiles(times, n=100)[98],
        "max_ms": max(times),
    }


@pytest.fixture(scope="session")
def mnist_shaped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with scikit-learn's real digits enlarged to 28×28 and repeated, in the files MNIST comes in."""
    root = tmp_path_factory.mktemp("data")
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    digits = load_digits()
    small = np.asarray(digits.images) * (255.0 / 16.0)
    pictures = np.pad(small.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2))).astype(np.uint8)
    for split, count in (("train", TRAINING_ITEMS), ("t10k", TEST_ITEMS)):
        chosen = np.arange(count) % len(pictures)
        images, labels = pictures[chosen], np.asarray(digits.target)[chosen].astype(np.uint8)
        header = struct.pack(">IIII", 0x803, count, 28, 28)
        (raw / f"{split}-images-idx3-ubyte").write_bytes(header + images.tobytes())
        (raw / f"{split}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, count) + labels.tobytes())
    return root


@pytest.fixture
def measured_window(
    qapp: QApplication, mnist_shaped_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MeasuredWindow]:
    """The real window at 1600×1000 on the shipped model, settled; what it trains are the enlarged digits."""
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(mnist_shaped_data))
    monkeypatch.setenv("LATENT_EXPLORER_RUNS", str(tmp_path / "runs"))
    window = MeasuredWindow(tmp_path / "home")
    window.settle()
    yield window
    window.close()
