"""Likelihoods and their bounds on a stand-in with known answers: exactly K samples, nats and bits."""

import math

import pytest
import torch
from torch import Generator, Tensor

from tests.trainers.metrics.stand_in import ALL, StandIn, measured
from trainers.errors import UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.items import Items
from trainers.metrics.metric import MetricSettings, check_subject


def test_elbo_is_likelihood_less_divergence() -> None:
    measurement = measured("elbo")

    expected = -2.0 * float((torch.arange(150) / 150).mean()) - 1.0
    assert measurement.standard_error is not None
    assert abs(measurement.value - expected) < 4.0 * 0.1 / 150**0.5
    assert measurement.settings["importance_samples"] == 1


@pytest.mark.parametrize("samples", [1, 5, 64])
def test_iw_bound_takes_exactly_k_samples_and_says_so(samples: int) -> None:
    subject = StandIn()

    measurement = measured("iw_bound", subject, MetricSettings(importance_samples=samples))

    assert set(subject.samples_asked) == {samples}
    assert measurement.settings["importance_samples"] == samples


def test_iw_bound_is_the_log_of_the_mean_weight() -> None:
    measurement = measured("iw_bound", settings=MetricSettings(importance_samples=2000))

    # Weights are exp(N(0, 1) - value), whose mean is exp(1/2 - value).
    assert measurement.value == pytest.approx(0.5 - float((torch.arange(150) / 150).mean()), abs=0.02)


def test_other_seeds_draw_other_samples() -> None:
    first, again, other = (measured("iw_bound", settings=MetricSettings(seed=seed)) for seed in (0, 0, 1))

    assert first.value == again.value
    assert first.value != other.value


def test_kl_per_unit_adds_up() -> None:
    measurement = measured("kl")

    assert measurement.per_unit == pytest.approx((float((torch.arange(150) / 150).mean()), 1.0))
    assert sum(measurement.per_unit) == pytest.approx(measurement.value)


def test_active_units_are_those_whose_mean_varies() -> None:
    measurement = measured("active_units")

    variance = float((torch.arange(150).double() / 150).var(correction=0))
    assert measurement.value == 2.0
    assert measurement.per_unit == pytest.approx((variance, 4.0 * variance, 0.0), rel=1e-5)
    assert measurement.settings == {"variance_above": 0.01}


def test_a_reconstruction_loss_is_not_called_a_likelihood() -> None:
    subject = StandIn(capabilities=frozenset({"encoder", "bound"}))

    for name in ("elbo", "iw_bound"):
        with pytest.raises(UsageError, match=r"is a reconstruction loss, not a likelihood; .*likelihood=bernoulli"):
            check_subject(METRICS[name], subject)
    check_subject(METRICS["kl"], subject)


def test_log_likelihood_is_the_mean_in_nats() -> None:
    measurement = measured("log_likelihood")

    assert measurement.value == pytest.approx(-4.0 * float((torch.arange(150) / 150).mean()))
    assert measurement.settings == {"likelihood": "bernoulli", "split": "test", "seed": 0}


def test_bits_per_dimension_are_nats_over_numbers_and_the_logarithm_of_two() -> None:
    class Uniform(StandIn):
        def log_weights(self, items: Items, samples: int, generator: Generator) -> Tensor:
            return torch.full((1, len(items)), -4.0 * math.log(256.0))

    measurement = measured("bits_per_dimension", Uniform())

    assert measurement.value == pytest.approx(8.0)
    assert measurement.settings["value_is"] == "exact"
    assert "importance_samples" not in measurement.settings


def test_bits_of_a_bound_are_said_to_be_an_upper_bound() -> None:
    subject = StandIn(capabilities=ALL - {"exact_likelihood"})
    settings = MetricSettings(importance_samples=2000)

    measurement = measured("bits_per_dimension", subject, settings)

    assert measurement.value == pytest.approx(-measured("iw_bound", subject, settings).value / (4.0 * math.log(2.0)))
    assert measurement.settings["value_is"] == "upper bound"
    assert measurement.settings["importance_samples"] == 2000


def test_a_density_has_no_bits() -> None:
    subject = StandIn(capabilities=ALL - {"discrete_likelihood"})
    subject.likelihood_name = "gaussian"

    with pytest.raises(UsageError, match="that of this stand-in is a density"):
        check_subject(METRICS["bits_per_dimension"], subject)
    with pytest.raises(UsageError, match="conditional_accuracy needs classes to sample from"):
        check_subject(METRICS["conditional_accuracy"], StandIn(capabilities=frozenset({"encoder"})))
