"""What the Train panel shows and asks for."""

from dataclasses import dataclass, field
from typing import Any, Literal

TrainingPhase = Literal["idle", "starting", "running", "paused", "stopping", "finished", "stopped", "failed"]


@dataclass(frozen=True)
class FormField:
    """One setting as a form row; `kind` decides the control."""

    name: str
    kind: Literal["integer", "number", "choice", "switch", "numbers", "text"]
    default: Any
    description: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrainingWish:
    """What the person asked to be trained; settings hold only values that differ from their defaults.

    hold_out_class: name or number of a class kept out of training, empty for none.
    """

    model: str
    data: str
    settings: tuple[tuple[str, str], ...] = ()
    epochs: int = 20
    batch_size: int = 128
    seed: int = 0
    device: str = "auto"
    hold_out_class: str = ""


@dataclass(frozen=True)
class TrainingStatus:
    """Where a run stands; rates in images per second, times in seconds.

    is_own: False for a run that another process trains, which takes no commands from this window.
    message: one sentence for the person, empty when there is nothing to say; on failure what to do.
    """

    phase: TrainingPhase = "idle"
    run: str = ""
    step: int = 0
    total_steps: int = 0
    epoch: float = 0.0
    epochs: int = 0
    images_per_second: float = 0.0
    seconds_left: float | None = None
    message: str = ""
    is_own: bool = True


@dataclass(frozen=True)
class Curve:
    """One loss curve: its name and points as two equally long tuples."""

    name: str
    steps: tuple[float, ...] = field(default=())
    values: tuple[float, ...] = field(default=())


@dataclass(frozen=True)
class LibraryEntry:
    """One row of the library: a run, a checkpoint file or a shipped model."""

    title: str
    detail: str
    path: str
    kind: Literal["shipped", "run", "file"]
    is_training: bool = False
