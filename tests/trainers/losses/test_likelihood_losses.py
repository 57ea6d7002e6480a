"""Bernoulli pixels, importance weights, free bits and warm-up."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Bernoulli

from trainers.losses.bernoulli import bernoulli_log_likelihood
from trainers.losses.free_bits import free_bits_kl
from trainers.losses.importance_bound import importance_bound
from trainers.losses.precision import full_precision
from trainers.losses.warm_up import linear_warm_up


def test_bernoulli_takes_logits_and_sums_over_pixels() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = 3.0 * torch.randn(4, 1, 5, 6, generator=generator)
    images = torch.rand(4, 1, 5, 6, generator=generator).round()

    expected = Bernoulli(logits=logits).log_prob(images).sum(dim=(1, 2, 3))

    assert torch.allclose(bernoulli_log_likelihood(images, logits), expected, rtol=1e-5)


def test_bernoulli_stays_finite_for_certain_wrong_pixels() -> None:
    assert bernoulli_log_likelihood(torch.ones(1, 1), torch.full((1, 1), -200.0)).item() == pytest.approx(-200.0)


def test_importance_bound_is_the_log_of_the_mean_weight() -> None:
    weights = torch.tensor([[1.0, 4.0], [3.0, 4.0]])

    assert torch.allclose(importance_bound(weights.log()), torch.tensor([2.0, 4.0]).log())


def test_importance_bound_of_tiny_weights_is_finite() -> None:
    assert importance_bound(torch.full((50, 1), -9000.0)).item() == pytest.approx(-9000.0)


def test_the_importance_weighted_gradient_favours_the_better_sample() -> None:
    log_weights = torch.tensor([[-1.0], [-4.0]], requires_grad=True)

    importance_bound(log_weights).sum().backward()

    assert log_weights.grad is not None
    assert torch.allclose(log_weights.grad, torch.softmax(log_weights.detach(), dim=0))
    assert float(log_weights.grad[0]) > 0.95


def test_free_bits_charge_the_allowance_and_give_no_gradient_below_it() -> None:
    kl = torch.tensor([[0.2, 3.0], [0.4, 1.0]], requires_grad=True)

    charged = free_bits_kl(kl, 0.5)
    charged.backward()

    assert charged.item() == pytest.approx(0.5 + 2.0)
    assert kl.grad is not None
    assert kl.grad.tolist() == [[0.0, 0.5], [0.0, 0.5]]


def test_without_free_bits_the_whole_divergence_is_charged() -> None:
    assert free_bits_kl(torch.tensor([[0.2, 3.0], [0.4, 1.0]]), 0.0).item() == pytest.approx(2.3)


@given(length=st.floats(0.01, 1000.0))
def test_warm_up_rises_from_zero_to_one_and_stays(length: float) -> None:
    assert linear_warm_up(0.0, length) == 0.0
    assert linear_warm_up(length, length) == 1.0
    assert linear_warm_up(10.0 * length, length) == 1.0
    assert math.isclose(linear_warm_up(0.25 * length, length), 0.25)


def test_without_warm_up_the_weight_is_one_from_the_start() -> None:
    assert linear_warm_up(0.0, 0.0) == 1.0


def test_full_precision_lifts_half_and_keeps_double() -> None:
    assert full_precision(torch.zeros(1, dtype=torch.bfloat16)).dtype == torch.float32
    assert full_precision(torch.zeros(1, dtype=torch.float64)).dtype == torch.float64
