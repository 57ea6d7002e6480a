"""Training as data: phases of objectives, each with its own parameters and optimiser."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from torch import Tensor, nn

from trainers.data.batch import Batch


@dataclass(frozen=True)
class Progress:
    """Where a run stands, for schedules that depend on it.

    step: optimiser steps done in the whole run, from 0.
    epoch: epochs done in the whole run with their fraction, from 0.0.
    """

    step: int
    epoch: float


@dataclass(frozen=True)
class Terms:
    """What an objective gives for a batch.

    total: scalar with a gradient, minimised by the objective's optimiser.
    scalars: detached scalars by name, for curves; a likelihood is in nats per image.
    """

    total: Tensor
    scalars: Mapping[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class OptimizerSpec:
    """Optimiser and its settings; rates are per step.

    name: "sparse_adam" moves only the rows of a table that have a gradient (`nn.Embedding(sparse=True)`).
    gradient_clip: largest norm of the gradient of all parameters it moves, or None.
    rate_factor: multiplies the learning rate as training goes on, for example in a warm-up; None for 1.
    """

    name: Literal["adam", "adamw", "adamax", "rmsprop", "sgd", "sparse_adam"] = "adam"
    learning_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 0.0
    gradient_clip: float | None = None
    rate_factor: "Callable[[Progress], float] | None" = None


@dataclass(frozen=True)
class MovedParameters:
    """Parameters and the one optimiser that moves them."""

    parameters: tuple[nn.Parameter, ...]
    optimizer: OptimizerSpec


@dataclass(frozen=True)
class Objective:
    """One loss, the parameters it moves, and how.

    parameters: all of them, also those named in `moved_apart`.
    loss: gives the terms for a batch; randomness comes from `batch.generator`.
    optimizer: moves the parameters that nothing in `moved_apart` moves.
    moved_apart: those that the same gradient moves by another optimiser, such as a table of which only rows move.
    repeats: optimiser steps per training step, each after the first on a fresh batch.
    after_step: called with the batch after each optimiser step, for clipping, projection or moving averages.
    """

    name: str
    parameters: tuple[nn.Parameter, ...]
    loss: Callable[[Batch, Progress], Terms]
    optimizer: OptimizerSpec = OptimizerSpec()
    repeats: int = 1
    after_step: Callable[[Batch], None] | None = None
    moved_apart: tuple[MovedParameters, ...] = ()

    @property
    def moved(self) -> tuple[MovedParameters, ...]:
        """Every parameter once, with the optimiser that moves it; those of `optimizer` first."""
        apart = {id(parameter) for group in self.moved_apart for parameter in group.parameters}
        rest = tuple(parameter for parameter in self.parameters if id(parameter) not in apart)
        return (*((MovedParameters(rest, self.optimizer),) if rest else ()), *self.moved_apart)


@dataclass(frozen=True)
class Phase:
    """Objectives that run side by side in every step, for a share of the run's epochs.

    share: weight of the phase among the phases of the model when epochs are divided.
    """

    name: str
    objectives: tuple[Objective, ...]
    share: float = 1.0


def falling_rate(decay_epochs: float) -> "Callable[[Progress], float] | None":
    """A rate factor that falls to a tenth every `decay_epochs`; None, for a steady rate, where that is 0."""
    if decay_epochs <= 0.0:
        return None
    return lambda progress: float(0.1 ** (progress.epoch / decay_epochs))


def parameters_of(modules: Iterable[nn.Module]) -> tuple[nn.Parameter, ...]:
    """All trainable parameters of some modules, in order, for `Objective.parameters`."""
    return tuple(parameter for module in modules for parameter in module.parameters() if parameter.requires_grad)
