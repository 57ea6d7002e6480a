"""Draws from a posterior."""

import torch

from trainers.latent.posterior import Posterior


def test_draws_have_the_mean_and_variance_of_the_posterior() -> None:
    posterior = Posterior(torch.tensor([[1.0, -2.0]]), torch.tensor([[0.0, 4.0]]).log1p())

    codes = posterior.sample(torch.Generator().manual_seed(0), count=40_000)

    assert codes.shape == (40_000, 1, 2)
    assert torch.allclose(codes.mean(dim=0), posterior.mean, atol=0.05)
    assert torch.allclose(codes.var(dim=0), torch.tensor([[1.0, 5.0]]), rtol=0.05)


def test_gradients_reach_mean_and_log_variance() -> None:
    mean, log_variance = torch.zeros(3, 2, requires_grad=True), torch.zeros(3, 2, requires_grad=True)

    Posterior(mean, log_variance).sample(torch.Generator().manual_seed(0), count=4).square().sum().backward()

    assert mean.grad is not None
    assert log_variance.grad is not None
    assert bool((log_variance.grad > 0.0).all())


def test_a_deterministic_encoder_gives_the_same_code_every_time() -> None:
    mean = torch.randn(3, 2, generator=torch.Generator().manual_seed(0))

    assert torch.equal(Posterior(mean).sample(count=2), torch.stack([mean, mean]))


def test_the_same_seed_gives_the_same_draws() -> None:
    posterior = Posterior(torch.zeros(5, 2), torch.zeros(5, 2))

    first, second = (posterior.sample(torch.Generator().manual_seed(7)) for _ in range(2))

    assert torch.equal(first, second)
