"""How many items at once keep a step short."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

_STEP_MS = 8.0
_LARGEST = 512


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
