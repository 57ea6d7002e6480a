"""What a training run says while it goes on: one JSON object per line."""

import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

SaveReason = Literal["snapshot", "epoch", "stopped", "final"]


class _Event(BaseModel):
    # A newer version may say more about an event than this one knows.
    model_config = ConfigDict(frozen=True, extra="ignore")

    time: float = Field(default_factory=time.time, description="seconds since 1970")


class Started(_Event):
    """A run begins or goes on; `step` is where it goes on from, so later points of an older attempt are void."""

    event: Literal["started"] = "started"
    run: str
    model: str
    data: str
    device: str
    precision: str
    processes: int = 1
    parameters: int
    steps_per_epoch: int
    total_steps: int
    epochs: int
    seed: int
    step: int


class Stepped(_Event):
    """Mean loss terms since the last event of this kind; `epoch` counts with its fraction."""

    event: Literal["step"] = "step"
    step: int
    epoch: float
    terms: dict[str, float]
    images_per_second: float
    seconds_left: float | None


class Saved(_Event):
    """A checkpoint is complete on disk; `path` is relative to the run folder."""

    event: Literal["saved"] = "saved"
    path: str
    step: int
    epoch: float
    reason: SaveReason


class Measured(_Event):
    """Something was measured during the run; `per_unit` has a value for each number of the code, where it has any."""

    event: Literal["measured"] = "measured"
    step: int
    name: str
    value: float
    epoch: float | None = None
    per_unit: tuple[float, ...] = ()


class PhaseStarted(_Event):
    """A phase of the training plan begins; `index` counts from 0."""

    event: Literal["phase"] = "phase"
    name: str
    index: int
    count: int


class Paused(_Event):
    """The loop waits."""

    event: Literal["paused"] = "paused"
    step: int


class Resumed(_Event):
    """The loop goes on after a pause."""

    event: Literal["resumed"] = "resumed"
    step: int


class Finished(_Event):
    """The run is over and can be gone on with; `checkpoint` is relative to the run folder."""

    event: Literal["finished"] = "finished"
    reason: Literal["completed", "stopped"]
    step: int
    epoch: float
    checkpoint: str


class Failed(_Event):
    """The run broke off; the message is a sentence that says what to do."""

    event: Literal["failed"] = "failed"
    message: str


Event = Started | Stepped | Saved | Measured | PhaseStarted | Paused | Resumed | Finished | Failed

_EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def event_line(event: Event) -> str:
    """The event as one line of JSON, without the line break."""
    return event.model_dump_json()


def parse_event(line: str) -> Event | None:
    """The event on a line, or None if the line is anything else, such as a torn or foreign one."""
    try:
        return _EVENTS.validate_json(line)
    except ValidationError:
        return None
