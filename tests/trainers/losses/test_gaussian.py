"""Gaussian densities and divergences against Monte Carlo and torch's own."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Normal

from trainers.losses.gaussian import gaussian_kl, gaussian_log_density, gaussian_product, standard_normal_log_density


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


@given(
    first=st.tuples(st.floats(-5.0, 5.0), st.floats(-6.0, 6.0)),
    second=st.tuples(st.floats(-5.0, 5.0), st.floats(-6.0, 6.0)),
)
def test_a_product_is_proportional_to_the_product_of_densities(
    first: tuple[float, float], second: tuple[float, float]
) -> None:
    laws = [[torch.tensor([part]).double() for part in law] for law in (first, second)]

    product = gaussian_product(*laws[0], *laws[1])

    # On a log scale the ratio of proportional functions is a constant, here over several deviations of the product.
    values = product[0] + torch.exp(0.5 * product[1]) * torch.linspace(-4.0, 4.0, 9).double()
    together = sum(gaussian_log_density(values, *law) for law in laws)
    ratio = together - gaussian_log_density(values, *product)
    assert torch.allclose(ratio, ratio[4].expand(9), rtol=0.0, atol=1e-9)


def test_a_product_with_what_says_nothing_or_everything_is_the_other_or_itself() -> None:
    mean, log_variance = torch.tensor([2.0]), torch.tensor([0.5])

    vague = gaussian_product(mean, log_variance, torch.tensor([-7.0]), torch.tensor([200.0]))
    sure = gaussian_product(mean, log_variance, torch.tensor([-7.0]), torch.tensor([-200.0]))

    assert [float(part) for part in vague] == [2.0, 0.5]
    assert [float(part) for part in sure] == [-7.0, -200.0]
