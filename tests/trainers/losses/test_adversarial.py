"""Losses of critic and generator at scores whose answer is known."""

import math
from typing import get_args

import pytest
import torch
from torch import Tensor

from trainers.losses.adversarial import (
    AdversarialLoss,
    critic_accuracy,
    critic_loss,
    generator_loss,
    wasserstein_estimate,
)

LOSSES: tuple[AdversarialLoss, ...] = get_args(AdversarialLoss)


def _generator_gradient(loss: AdversarialLoss, logit: float) -> float:
    scores = torch.full((4,), logit, requires_grad=True)
    generator_loss(loss, scores).backward()
    assert scores.grad is not None
    return float(scores.grad.sum())


@pytest.mark.parametrize("loss", ["minimax", "non_saturating"])
def test_a_critic_that_cannot_tell_pays_log_four(loss: AdversarialLoss) -> None:
    assert float(critic_loss(loss, torch.zeros(5), torch.zeros(5))) == pytest.approx(math.log(4.0), rel=1e-6)


@pytest.mark.parametrize(("loss", "slope"), [("minimax", 0.0025), ("non_saturating", 0.9975)])
def test_a_sure_critic_leaves_only_the_non_saturating_generator_a_gradient(loss: AdversarialLoss, slope: float) -> None:
    assert _generator_gradient(loss, -6.0) == pytest.approx(-slope, abs=5e-5)


def test_the_minimax_generator_minimises_what_the_critic_maximises() -> None:
    real, fake = torch.tensor([0.3, 2.0]), torch.tensor([-1.0, 0.7])
    value = torch.sigmoid(real).log().mean() + (1.0 - torch.sigmoid(fake)).log().mean()

    assert torch.allclose(critic_loss("minimax", real, fake), -value)
    assert torch.allclose(generator_loss("minimax", fake), (1.0 - torch.sigmoid(fake)).log().mean())
    assert torch.allclose(generator_loss("non_saturating", fake), -torch.sigmoid(fake).log().mean())


def test_least_squares_aim_at_one_and_zero() -> None:
    real, fake = torch.tensor([1.0, 3.0]), torch.tensor([0.0, 2.0])

    assert float(critic_loss("least_squares", real, fake)) == pytest.approx(0.5 * 2.0 + 0.5 * 2.0)
    assert float(generator_loss("least_squares", fake)) == pytest.approx(0.5 * 1.0)


def test_the_hinge_asks_nothing_beyond_its_margin() -> None:
    assert float(critic_loss("hinge", torch.tensor([1.0, 9.0]), torch.tensor([-1.0, -9.0]))) == 0.0
    assert float(critic_loss("hinge", torch.tensor([0.0, 2.0]), torch.tensor([0.0, 1.0]))) == pytest.approx(0.5 + 1.5)
    assert float(generator_loss("hinge", torch.tensor([1.0, 2.0]))) == pytest.approx(-1.5)


@pytest.mark.parametrize("loss", ["minimax", "non_saturating", "least_squares"])
def test_only_real_labels_are_smoothed(loss: AdversarialLoss) -> None:
    target = 0.8
    best = target if loss == "least_squares" else math.log(target / (1.0 - target))
    real, fake = torch.full((3,), best, requires_grad=True), torch.full((3,), 0.4, requires_grad=True)

    smoothed, plain = (torch.autograd.grad(critic_loss(loss, real, fake, t), (real, fake)) for t in (target, 1.0))

    assert torch.allclose(smoothed[0], torch.zeros(3), atol=1e-7)
    assert bool((plain[0] < 0.0).all())
    assert torch.equal(smoothed[1], plain[1])
    assert bool((plain[1] > 0.0).all())


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_are_means_over_items(loss: AdversarialLoss) -> None:
    real, fake = torch.tensor([0.3, -2.0, 1.2]), torch.tensor([-1.0, 0.7, 0.1])

    def twice(scores: Tensor) -> Tensor:
        return torch.cat([scores, scores])

    assert torch.allclose(critic_loss(loss, twice(real), twice(fake)), critic_loss(loss, real, fake))
    assert torch.allclose(generator_loss(loss, twice(fake)), generator_loss(loss, fake))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("score", [-100.0, 100.0])
def test_scores_far_out_stay_finite(loss: AdversarialLoss, score: float) -> None:
    scores = torch.full((2,), score)

    assert bool(critic_loss(loss, scores, scores).isfinite())
    assert bool(generator_loss(loss, scores).isfinite())


def test_accuracy_counts_both_sides_of_the_border() -> None:
    real, fake = torch.tensor([2.0, 0.7, 0.2, -1.0]), torch.tensor([-1.0, -2.0, 0.4, 3.0])

    assert float(critic_accuracy("hinge", real, fake)) == pytest.approx(5.0 / 8.0)
    assert float(critic_accuracy("least_squares", real, fake)) == pytest.approx(5.0 / 8.0)
    assert float(critic_accuracy("minimax", real[:2], fake[:2])) == 1.0


def test_the_wasserstein_estimate_of_a_shifted_pile_is_the_shift() -> None:
    pile = torch.randn(1000, generator=torch.Generator().manual_seed(0))

    # The identity is the best critic of slope 1 for a pile moved upwards.
    assert float(wasserstein_estimate(pile + 3.0, pile)) == pytest.approx(3.0, rel=1e-5)
