"""The mixture of Gaussians fitted to codes."""

import numpy as np
import pytest
import torch
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

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


def _fitted(size: int = 3) -> GaussianMixturePrior:
    """Four Gaussians of other weights, places and shapes, in two components less than there may be."""
    generator = torch.Generator().manual_seed(0)
    parts = [
        torch.randn(100 * (place + 1), size, generator=generator) @ torch.randn(size, size, generator=generator)
        + 6.0 * torch.randn(size, generator=generator)
        for place in range(4)
    ]
    prior = GaussianMixturePrior(size, components=4)
    prior.fit(torch.cat(parts), seed=0)
    roomy = GaussianMixturePrior(size, components=6)
    for name, buffer in roomy.named_buffers():
        buffer[4:] = 0.0 if name == "weights" else buffer[4:]
        buffer[:4] = getattr(prior, name)
    return roomy


def _codes(prior: GaussianMixturePrior) -> torch.Tensor:
    near = prior.sample(200, temperature=2.0, generator=torch.Generator().manual_seed(1))
    # Far out every density underflows, and only its logarithm is left.
    return torch.cat([near, 1e3 * torch.eye(near.shape[1])]).double()


@pytest.mark.parametrize("size", [1, 3])
def test_its_density_is_that_of_scipy(size: int) -> None:
    prior = _fitted(size)
    codes = _codes(prior)
    joint = [
        np.log(float(weight)) + multivariate_normal(mean, factor @ factor.T).logpdf(codes)
        for weight, mean, factor in zip(
            prior.weights, prior.means.double().numpy(), prior.factors.double().numpy(), strict=True
        )
        if weight > 0.0
    ]
    expected = logsumexp(joint, axis=0)
    found = prior.log_density(codes)
    assert found.dtype == torch.float64
    assert found.numpy() == pytest.approx(expected, rel=1e-9)
    shares = prior.responsibilities(codes)
    assert shares.sum(dim=1).numpy() == pytest.approx(1.0, abs=1e-12)
    assert shares[:, :4].numpy() == pytest.approx(np.exp(np.array(joint) - expected).T, abs=1e-9)
    assert bool(shares[:, 4:].eq(0.0).all())


def test_density_and_responsibilities_are_those_of_scikit_learn() -> None:
    prior = _fitted()
    codes = _codes(prior)
    factors = prior.factors[:4].double().numpy()
    other = GaussianMixture(4)
    # What its `fit` would set.
    other.weights_, other.means_ = prior.weights[:4].double().numpy(), prior.means[:4].double().numpy()
    other.covariances_ = factors @ factors.transpose(0, 2, 1)
    other.precisions_cholesky_ = np.linalg.inv(factors).transpose(0, 2, 1)
    assert prior.log_density(codes).numpy() == pytest.approx(other.score_samples(codes), rel=1e-9)
    assert prior.responsibilities(codes)[:, :4].numpy() == pytest.approx(other.predict_proba(codes), abs=1e-9)
    assert float(other.predict_proba(codes).max(axis=1).min()) < 0.9


def test_a_density_integrates_to_one_before_and_after_it_is_fitted() -> None:
    fitted = GaussianMixturePrior(2)
    fitted.fit(_three_clusters(), seed=0)
    for prior in (GaussianMixturePrior(2), fitted):
        across, upwards = torch.linspace(-30, 30, 400), torch.linspace(-20, 40, 400)
        cell = float((across[1] - across[0]) * (upwards[1] - upwards[0]))
        total = prior.log_density(torch.cartesian_prod(across, upwards)).exp().sum() * cell
        assert float(total) == pytest.approx(1.0, abs=1e-3)


def test_along_axes_it_is_the_law_of_the_components_of_codes() -> None:
    prior = _fitted()
    axes = torch.tensor([[0.6, 0.8, 0.0], [0.0, 0.6, -0.8]], dtype=torch.float64)
    law = prior.along(axes)
    components = _codes(prior) @ axes.T
    covariances = axes @ (prior.factors @ prior.factors.mT).double() @ axes.T
    joint = [
        np.log(float(weight)) + multivariate_normal(axes @ mean, covariance).logpdf(components)
        for weight, mean, covariance in zip(prior.weights[:4], prior.means.double(), covariances, strict=False)
    ]
    assert law.log_density(components).numpy() == pytest.approx(logsumexp(joint, axis=0), rel=1e-5)
    drawn = prior.sample(100_000, generator=torch.Generator().manual_seed(2)).double() @ axes.T
    assert law.moments()[0].numpy() == pytest.approx(drawn.mean(dim=0).numpy(), abs=0.1)
    assert law.moments()[1].numpy() == pytest.approx(drawn.std(dim=0).numpy(), rel=0.01)
    assert torch.equal(prior.along(torch.eye(3)[:2]).means, prior.means[:, :2].double())
