"""Laws of whole numbers, and their draws as functions of a normal number."""

import pytest
import torch

from trainers.losses.categorical import categorical_log_probability, noise_of, value_at


def _logits(count: int = 50, levels: int = 6, spread: float = 3.0) -> torch.Tensor:
    return spread * torch.randn(count, levels, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("least", [0.0, 1e-3])
def test_probabilities_sum_to_one_and_none_is_below_the_least(least: float) -> None:
    logits = _logits(spread=20.0).double()
    values = torch.arange(6).expand(50, 6)

    probabilities = categorical_log_probability(logits[:, None].expand(50, 6, 6), values, least).exp()

    assert torch.allclose(probabilities.sum(dim=1), torch.ones(50, dtype=torch.float64))
    assert float(probabilities.min()) >= least
    mixed = (1.0 - 6 * least) * logits.softmax(dim=1) + least
    assert torch.allclose(probabilities, mixed)


@pytest.mark.parametrize("least", [0.0, 0.02])
def test_draws_follow_the_law(least: float) -> None:
    logits = torch.tensor([2.0, -1.0, 0.0, -6.0])
    noise = torch.randn(200_000, generator=torch.Generator().manual_seed(0))

    drawn = value_at(logits.expand(len(noise), 4), noise, least)

    law = categorical_log_probability(logits.expand(4, 4), torch.arange(4), least).exp()
    frequencies = torch.bincount(drawn, minlength=4) / len(noise)
    assert torch.allclose(frequencies, law, atol=4e-3)


def test_larger_numbers_draw_larger_values_from_end_to_end() -> None:
    noise = torch.cat([torch.tensor([-1e6, -50.0]), torch.linspace(-6.0, 6.0, 500), torch.tensor([50.0, 1e6])])

    drawn = value_at(torch.zeros(len(noise), 5), noise)

    assert bool((drawn.diff() >= 0).all())
    assert drawn[:2].tolist() == [0, 0]
    assert drawn[-2:].tolist() == [4, 4]
    assert drawn.unique().tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("spread", [0.0, 3.0, 30.0])
@pytest.mark.parametrize("levels", [2, 256])
def test_the_noise_of_a_value_draws_it_again(levels: int, spread: float) -> None:
    logits = _logits(300, levels, spread)
    values = torch.randint(levels, (300,), generator=torch.Generator().manual_seed(1))

    noise = noise_of(logits, values, least=1e-6)

    assert noise.dtype == torch.float32
    assert bool(noise.isfinite().all())
    assert torch.equal(value_at(logits, noise, least=1e-6), values)
    # Logits from another order of sums differ in their last digits.
    assert torch.equal(value_at(logits + 1e-7 * logits.abs(), noise, least=1e-6), values)


def test_the_noise_of_a_value_is_the_middle_of_its_share() -> None:
    logits = torch.tensor([0.2, 0.3, 0.5]).log().expand(3, 3)

    quantiles = torch.special.ndtr(noise_of(logits, torch.arange(3)))

    assert torch.allclose(quantiles, torch.tensor([0.1, 0.35, 0.75]))


def test_values_may_have_any_shape() -> None:
    logits = torch.randn(2, 3, 4, 5)
    values = torch.randint(5, (2, 3, 4))

    expected = logits.log_softmax(dim=3).gather(3, values[..., None]).squeeze(3)
    assert torch.allclose(categorical_log_probability(logits, values), expected)
    assert torch.equal(value_at(logits, noise_of(logits, values)), values)
