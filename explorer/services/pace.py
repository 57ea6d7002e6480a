"""How many items at once keep a step short, and how often work says how far it is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from trainers.reporting import Report

_STEP_MS = 8.0
_LARGEST = 512
_TOLD_EVERY_S = 0.1


class Pace:
    """Suggests a chunk size, learned from how long the last chunks took.

    size: items that take about eight milliseconds.
    """

    def __init__(self, size: int = 16) -> None:
        self.size = size

    @contextmanager
    def timing(self, count: int) -> Iterator[None]:
        """Time the work on a chunk of `count` items."""
        start = time.perf_counter()
        yield
        elapsed_ms = max((time.perf_counter() - start) * 1e3, 0.01)
        fitting = count * _STEP_MS / elapsed_ms
        # One slow chunk may be another process's fault, one fast chunk may be a short rest: move half way.
        self.size = int(max(1, min((self.size + fitting) / 2, self.size * 2, _LARGEST)))


def now_and_then(report: Report) -> Report:
    """The same report at most ten times a second, and not before the work has taken a tenth of one."""
    told = time.perf_counter()

    def tell(share: float, what: str) -> None:
        nonlocal told
        if time.perf_counter() - told > _TOLD_EVERY_S:
            told = time.perf_counter()
            report(share, what)

    return tell
