"""How fast a run is and how long it still takes."""

import time


class TrainingClock:
    """Counts time without pauses.

    rate(): images per second since the last call. seconds_left(): from the mean pace since the clock was made.
    """

    def __init__(self, step: int, total_steps: int, batch_size: int) -> None:
        self._total_steps = total_steps
        self._batch_size = batch_size
        self._first_step = self._last_step = step
        self._begun = self._last = time.perf_counter()
        self._paused_at = 0.0

    def pause(self) -> None:
        """Stop counting."""
        self._paused_at = time.perf_counter()

    def go_on(self) -> None:
        """Count again after a pause."""
        lost = time.perf_counter() - self._paused_at
        self._begun += lost
        self._last += lost

    def rate(self, step: int) -> float:
        """Images per second since the last call, when `step` steps are done."""
        now = time.perf_counter()
        images = (step - self._last_step) * self._batch_size
        seconds = max(now - self._last, 1e-9)
        self._last, self._last_step = now, step
        return images / seconds

    def seconds_left(self, step: int) -> float | None:
        """Time to the end of the run; None before anything is known of the pace."""
        done = step - self._first_step
        if done == 0:
            return None
        return (time.perf_counter() - self._begun) / done * (self._total_steps - step)
