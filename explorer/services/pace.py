"""How many items at once keep a step short, and how often work says how far it is."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from trainers.reporting import Report

_STEP_MS = 8.0
_LONGEST_MS = 40.0
_LARGEST = 512
_TRIED_EVERY = 16
_TOLD_EVERY_S = 0.1


class Pace:
    """Suggests a chunk size, learned from how long the last chunks took.

    Items that take about eight milliseconds, or longer where every step has a cost of its own, however few its items:
    then so many that at least half of the time is theirs. Always a power of two: for every other number of items
    networks prepare themselves anew, which takes time, and megabytes that are never given back.
    """

    def __init__(self, size: int = 16) -> None:
        self._fitting = float(size)
        self._fixed_ms = 0.0
        self._last: tuple[int, float] | None = None
        self._alike, self._most_alike, self._is_trying = 0, 2, False

    @property
    def size(self) -> int:
        """How many items to take at once."""
        size = 1 << round(math.log2(self._fitting))
        return min(2 * size, _LARGEST) if self._is_trying else size

    def of(self, left: int) -> int:
        """How many to take at once of those that are left, at least one."""
        return 1 << (max(1, min(self.size, left)).bit_length() - 1)

    @contextmanager
    def timing(self, count: int) -> Iterator[None]:
        """Time the work on a chunk of `count` items."""
        start = time.perf_counter()
        yield
        elapsed_ms = max((time.perf_counter() - start) * 1e3, 0.01)
        self._learn_fixed_cost(count, elapsed_ms)
        step_ms = max(_STEP_MS, min(2.0 * self._fixed_ms, _LONGEST_MS))
        fitting = count * (step_ms - self._fixed_ms) / max(elapsed_ms - self._fixed_ms, 0.01)
        # One slow chunk may be another process's fault, one fast chunk may be a short rest: move half way.
        self._fitting = max(1.0, min((self._fitting + fitting) / 2, self._fitting * 2, _LARGEST))

    def _learn_fixed_cost(self, count: int, elapsed_ms: float) -> None:
        last, self._last = self._last, (count, elapsed_ms)
        if last is None or last[0] == count:
            # Only chunks of another size tell what a step costs by itself.
            self._alike += 1
            self._is_trying = self._alike > self._most_alike and elapsed_ms < _LONGEST_MS / 2
            return
        self._alike, self._most_alike, self._is_trying = 0, _TRIED_EVERY, False
        per_item = max((elapsed_ms - last[1]) / (count - last[0]), 0.0)
        fixed = max(min(elapsed_ms, last[1]) - per_item * min(count, last[0]), 0.0)
        self._fixed_ms = min((self._fixed_ms + fixed) / 2, _LONGEST_MS / 2)


def now_and_then(report: Report) -> Report:
    """The same report at most ten times a second, and not before the work has taken a tenth of one."""
    told = time.perf_counter()

    def tell(share: float, what: str) -> None:
        nonlocal told
        if time.perf_counter() - told > _TOLD_EVERY_S:
            told = time.perf_counter()
            report(share, what)

    return tell
