"""What the events of a training run amount to: where it stands, and its curves."""

from dataclasses import replace
from typing import Any

import numpy as np

from explorer.state.metric_values import UnitHistory
from explorer.state.training_values import Curve, TrainingPhase, TrainingStatus
from trainers.engine.events import (
    Event,
    Failed,
    Finished,
    Measured,
    Paused,
    PhaseStarted,
    Resumed,
    Saved,
    Started,
    Stepped,
)

_MOST_POINTS = 2000


class RunLog:
    """Collects the events of one run.

    status: where the run stands. model, data: names, empty until it started. steps_per_epoch: 0 until then.
    """

    def __init__(self, run: str, *, is_own: bool = True) -> None:
        self.status = TrainingStatus(phase="starting", run=run, is_own=is_own)
        self.model = ""
        self.data = ""
        self.steps_per_epoch = 0
        self._curves: dict[str, tuple[list[float], list[float]]] = {}
        self._units: list[Measured] = []

    def add(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case Started():
                self._start(event)
            case Stepped():
                self._step(event)
            case Measured() if event.per_unit and event.epoch is not None:
                self._units.append(event)
            case Paused():
                self.status = replace(self.status, phase="paused", step=event.step, images_per_second=0.0)
            case Resumed():
                self.status = replace(self.status, phase="running", step=event.step)
            case PhaseStarted() if event.count > 1:
                self.status = replace(self.status, message=f"Phase {event.index + 1} of {event.count}: {event.name}.")
            case Finished():
                self._end("finished" if event.reason == "completed" else "stopped", step=event.step, epoch=event.epoch)
            case Failed():
                self._end("failed", message=event.message)
            case Saved() | _:
                pass

    def stopping(self) -> None:
        """The run was asked to stop."""
        self.status = replace(self.status, phase="stopping")

    def fail(self, sentence: str) -> None:
        """The run broke off without saying so."""
        self._end("failed", message=sentence)

    def curves(self) -> tuple[Curve, ...]:
        """The loss curves, in the order in which their names came."""
        return tuple(Curve(name, tuple(steps), tuple(values)) for name, (steps, values) in self._curves.items())

    def units(self) -> UnitHistory | None:
        """How much each number of the code was used so far, None where nothing was recorded."""
        if not self._units:
            return None
        newest = self._units[-1]
        alike = [told for told in self._units if (told.name, len(told.per_unit)) == (newest.name, len(newest.per_unit))]
        epochs = np.array([told.epoch for told in alike], dtype=np.float64)
        return UnitHistory(newest.name, epochs, np.array([told.per_unit for told in alike], dtype=np.float64))

    def _start(self, event: Started) -> None:
        self.model, self.data, self.steps_per_epoch = event.model, event.data, event.steps_per_epoch
        self._units = [told for told in self._units if told.step <= event.step]
        # An attempt that was killed went further than its last checkpoint; those points never happened.
        for steps, values in self._curves.values():
            kept = sum(step <= event.step for step in steps)
            del steps[kept:], values[kept:]
        self.status = replace(
            self.status,
            phase="running",
            step=event.step,
            total_steps=event.total_steps,
            epochs=event.epochs,
            seconds_left=None,
            message="",
        )

    def _step(self, event: Stepped) -> None:
        phase = self.status.phase if self.status.phase in ("paused", "stopping") else "running"
        self.status = replace(
            self.status,
            phase=phase,
            step=event.step,
            epoch=event.epoch,
            images_per_second=event.images_per_second,
            seconds_left=event.seconds_left,
        )
        for name, value in event.terms.items():
            steps, values = self._curves.setdefault(name, ([], []))
            steps.append(float(event.step))
            values.append(value)
            if len(steps) > _MOST_POINTS:
                # Every second point of the older half: the shape stays, the newest stretch stays exact.
                half = len(steps) // 2
                del steps[1:half:2], values[1:half:2]

    def _end(self, phase: TrainingPhase, **changes: Any) -> None:
        self.status = replace(
            self.status,
            phase=phase,
            images_per_second=0.0,
            seconds_left=None,
            **changes,
        )
