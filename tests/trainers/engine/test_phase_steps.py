"""One gradient of one loss that moves parameters by several optimisers."""

import pytest
import torch
from torch import nn

from trainers.data.batch import Batch
from trainers.engine.fabric import make_fabric
from trainers.engine.loss_meter import LossMeter
from trainers.engine.phase_steps import PhaseSteps
from trainers.models.training_plan import MovedParameters, Objective, OptimizerSpec, Phase, Progress, Terms


class Slope:
    """A sum of two parameters: each has the gradient one, and each is moved by an optimiser of its own."""

    def __init__(self, **settings: object) -> None:
        self.near, self.far = nn.Parameter(torch.zeros(4)), nn.Parameter(torch.zeros(4))
        self.calls = 0
        apart = MovedParameters((self.far,), OptimizerSpec(name="sgd", learning_rate=1.0, **settings))  # type: ignore[arg-type]
        self.objective = Objective(
            "slope",
            (self.far, self.near),
            self._loss,
            OptimizerSpec(name="sgd", learning_rate=0.1),
            moved_apart=(apart,),
        )
        self.steps = PhaseSteps(
            Phase("alone", (self.objective,)), make_fabric(torch.device("cpu"), "float32"), LossMeter()
        )

    def step(self, number: int = 0) -> None:
        batch = Batch(torch.zeros(2, 1, 1, 1), torch.arange(2), torch.Generator())
        self.steps.step(batch, Progress(number, number / 2), lambda: batch)

    def _loss(self, _batch: Batch, _progress: Progress) -> Terms:
        self.calls += 1
        return Terms(self.near.sum() + self.far.sum())


def test_one_gradient_serves_every_optimiser() -> None:
    slope = Slope()
    slope.step()
    assert slope.calls == 1
    torch.testing.assert_close(slope.near.detach(), torch.full((4,), -0.1))
    torch.testing.assert_close(slope.far.detach(), torch.full((4,), -1.0))


def test_clipping_and_rates_belong_to_their_own_parameters() -> None:
    slope = Slope(gradient_clip=1.0, rate_factor=lambda progress: 1.0 + progress.step)
    slope.step(number=2)
    torch.testing.assert_close(slope.near.detach(), torch.full((4,), -0.1))
    # The gradient has the norm two; the rate is three.
    torch.testing.assert_close(slope.far.detach(), torch.full((4,), -1.5))


def test_every_parameter_has_one_optimiser() -> None:
    slope = Slope()
    (rest, apart) = slope.objective.moved
    assert [id(parameter) for parameter in rest.parameters] == [id(slope.near)]
    assert [id(parameter) for parameter in apart.parameters] == [id(slope.far)]
    alone = Objective("far", (slope.far,), slope.objective.loss, moved_apart=(apart,))
    assert alone.moved == (apart,)


def test_states_go_back_to_the_optimisers_they_came_from() -> None:
    slopes = [Slope(), Slope()]
    state = slopes[0].steps.state()
    assert [group["param_groups"][0]["lr"] for group in state] == [0.1, 1.0]
    state[1]["param_groups"][0]["lr"] = 0.5
    slopes[1].steps.restore(state)
    slopes[1].step()
    torch.testing.assert_close(slopes[1].far.detach(), torch.full((4,), -0.5))
    with pytest.raises(ValueError, match="shorter"):
        slopes[1].steps.restore(state[:1])
