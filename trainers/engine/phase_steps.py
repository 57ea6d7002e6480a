"""One training step of a phase: every objective moves its own parameters and nothing else."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import torch

from trainers.data.batch import Batch
from trainers.engine.loss_meter import LossMeter
from trainers.engine.optimizers import make_optimizer
from trainers.engine.process_group import ALONE, ProcessGroup
from trainers.models.training_plan import Objective, Phase, Progress

if TYPE_CHECKING:
    from lightning_fabric import Fabric


class PhaseSteps:
    """The objectives of a phase with their optimisers.

    fabric: gives the arithmetic of the forward pass and runs the backward pass.
    group: the processes over which gradients are averaged.
    """

    def __init__(self, phase: Phase, fabric: "Fabric", meter: LossMeter, group: ProcessGroup = ALONE) -> None:
        several = len(phase.objectives) > 1
        self._steps = [
            _ObjectiveStep(objective, fabric, meter, group, f"{objective.name}/" if several else "")
            for objective in phase.objectives
        ]

    def step(self, batch: Batch, progress: Progress, draw: Callable[[], Batch]) -> None:
        """Take one step of every objective in order; repeats after an objective's first take batches from `draw`."""
        for step in self._steps:
            for repeat in range(step.objective.repeats):
                step.take(batch if repeat == 0 else draw(), progress)

    def state(self) -> list[dict[str, Any]]:
        """States of the optimisers, in the order of the objectives and of what each of them moves."""
        return [optimizer.state_dict() for step in self._steps for optimizer in step.optimizers]

    def restore(self, states: Sequence[dict[str, Any]]) -> None:
        """Put back what `state` gave."""
        optimizers = [optimizer for step in self._steps for optimizer in step.optimizers]
        for optimizer, state in zip(optimizers, states, strict=True):
            optimizer.load_state_dict(state)


class _ObjectiveStep:
    def __init__(
        self, objective: Objective, fabric: "Fabric", meter: LossMeter, group: ProcessGroup, prefix: str
    ) -> None:
        self.objective = objective
        self._moved = objective.moved
        self.optimizers = [make_optimizer(moved.optimizer, moved.parameters) for moved in self._moved]
        self._fabric = fabric
        self._meter = meter
        self._group = group
        self._prefix = prefix
        self._parameters = list(objective.parameters)

    def take(self, batch: Batch, progress: Progress) -> None:
        self._set_rates(progress)
        with self._fabric.autocast():
            terms = self.objective.loss(batch, progress)
        # Gradients stop at the named inputs, so parameters of other objectives never gather any.
        self._fabric.backward(terms.total, inputs=self._parameters)
        self._group.average_gradients(self._parameters)
        for moved, optimizer in zip(self._moved, self.optimizers, strict=True):
            if moved.optimizer.gradient_clip is not None:
                torch.nn.utils.clip_grad_norm_(moved.parameters, moved.optimizer.gradient_clip)
            optimizer.step()
            optimizer.zero_grad()
        if self.objective.after_step is not None:
            with torch.no_grad():
                self.objective.after_step(batch)
        self._meter.add(terms, self._prefix)

    def _set_rates(self, progress: Progress) -> None:
        for moved, optimizer in zip(self._moved, self.optimizers, strict=True):
            spec = moved.optimizer
            if spec.rate_factor is not None:
                for group in optimizer.param_groups:
                    group["lr"] = spec.learning_rate * spec.rate_factor(progress)
