"""Gaussian densities and divergences against Monte Carlo and torch's own."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Normal

from trainers.losses.gaussian import gaussian_kl, gaussian_log_density, standard_normal_log_density


@settings(deadline=None, max_examples=25)
@given(mean=st.floats(-3.0, 3.0), log_variance=st.floats(-4.0, 2.0), seed=st.integers(0, 2**31))
def test_kl_equals_monte_carlo_within_four_standard_errors(mean: float, log_variance: float, seed: int) -> None:
    means, log_variances = torch.tensor([mean]).double(), torch.tensor([log_variance]).double()
    noise = torch.randn(40_000, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    codes = means + torch.exp(0.5 * log_variances) * noise

    differences = gaussian_log_density(codes, means, log_variances) - standard_normal_log_density(codes)

    error = float(differences.std()) / len(noise) ** 0.5
    assert abs(float(gaussian_kl(means, log_variances)) - float(differences.mean())) <= 4.0 * error + 1e-12


def test_densities_equal_torchs() -> None:
    generator = torch.Generator().manual_seed(0)
    values, means, log_variances = torch.randn(3, 50, generator=generator, dtype=torch.float64)

    expected = Normal(means, torch.exp(0.5 * log_variances)).log_prob(values)

    assert torch.allclose(gaussian_log_density(values, means, log_variances), expected, rtol=1e-12)
    assert torch.allclose(standard_normal_log_density(values), Normal(0.0, 1.0).log_prob(values), rtol=1e-12)


@given(mean=st.floats(-1e-3, 1e-3), log_variance=st.floats(-1e-3, 1e-3))
def test_kl_is_never_negative_near_the_prior(mean: float, log_variance: float) -> None:
    assert float(gaussian_kl(torch.tensor(mean), torch.tensor(log_variance))) >= 0.0


def test_kl_of_the_prior_is_zero_per_number() -> None:
    assert gaussian_kl(torch.zeros(2, 3), torch.zeros(2, 3)).tolist() == [[0.0] * 3] * 2
