"""The mixture of Gaussians fitted to codes."""

import pytest
import torch

from trainers.errors import FailureError
from trainers.latent.mixture_prior import GaussianMixturePrior


def _three_clusters(scale: float = 1.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    centres = torch.tensor([[-8.0, 0.0], [8.0, 0.0], [0.0, 20.0]])
    spread = torch.tensor([[1.0, 0.0], [0.9, 0.4]])
    return scale * (centres.repeat(400, 1) + torch.randn(1200, 2, generator=generator) @ spread)


def test_before_it_is_fitted_it_is_the_standard_normal() -> None:
    prior = GaussianMixturePrior(3)

    codes = prior.sample(20_000, generator=torch.Generator().manual_seed(0))

    assert torch.allclose(codes.mean(dim=0), torch.zeros(3), atol=0.03)
    assert torch.allclose(torch.cov(codes.T), torch.eye(3), atol=0.05)
    assert [moments.tolist() for moments in prior.moments()] == [[0.0] * 3, [1.0] * 3]


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_draws_have_mean_and_covariance_of_the_codes(scale: float) -> None:
    codes = _three_clusters(scale)
    prior = GaussianMixturePrior(2)
    prior.fit(codes, seed=0)

    drawn = prior.sample(40_000, generator=torch.Generator().manual_seed(1))

    mean, deviation = prior.moments()
    assert torch.allclose(drawn.mean(dim=0) / scale, codes.mean(dim=0) / scale, atol=0.2)
    assert torch.allclose(torch.cov(drawn.T), torch.cov(codes.T), rtol=0.05, atol=0.5 * scale**2)
    assert torch.allclose(mean / scale, codes.mean(dim=0) / scale, atol=1e-3)
    assert torch.allclose(deviation, codes.std(dim=0), rtol=0.01)


def test_draws_stay_near_the_clusters() -> None:
    prior = GaussianMixturePrior(2)
    prior.fit(_three_clusters(), seed=0)

    drawn = prior.sample(1000, generator=torch.Generator().manual_seed(1))

    centres = torch.tensor([[-8.0, 0.0], [8.0, 0.0], [0.0, 20.0]])
    assert float(torch.cdist(drawn, centres).min(dim=1).values.max()) < 6.0


def test_temperature_zero_gives_the_means_of_the_components() -> None:
    prior = GaussianMixturePrior(2)
    prior.fit(_three_clusters(), seed=0)

    drawn = prior.sample(50, temperature=0.0, generator=torch.Generator().manual_seed(1))

    assert float(torch.cdist(drawn, prior.means).min(dim=1).values.max()) == 0.0


def test_a_fit_is_repeatable_and_saved_with_the_module() -> None:
    first, second, loaded = (GaussianMixturePrior(2) for _ in range(3))
    first.fit(_three_clusters(), seed=3)
    second.fit(_three_clusters(), seed=3)
    loaded.load_state_dict(first.state_dict())

    for prior in (second, loaded):
        draws = [one.sample(20, generator=torch.Generator().manual_seed(0)) for one in (first, prior)]
        assert torch.equal(*draws)


@pytest.mark.parametrize(
    "codes",
    [torch.zeros(20, 4), torch.arange(6.0).repeat(5, 4, 1).reshape(-1, 4), torch.eye(4)[:2], torch.ones(3, 4) * 1e6],
)
def test_few_or_equal_codes_are_reproduced(codes: torch.Tensor) -> None:
    prior = GaussianMixturePrior(4)
    prior.fit(codes, seed=0)

    drawn = prior.sample(100, generator=torch.Generator().manual_seed(0))

    assert bool(drawn.isfinite().all())
    assert float(torch.cdist(drawn, codes).min(dim=1).values.max()) <= 0.1 + 1e-3 * float(codes.abs().max())


@pytest.mark.parametrize("codes", [torch.full((10, 2), torch.nan), torch.ones(1, 2), torch.empty(0, 2)])
def test_unusable_codes_are_a_failure(codes: torch.Tensor) -> None:
    with pytest.raises(FailureError, match="two finite codes"):
        GaussianMixturePrior(2).fit(codes, seed=0)
