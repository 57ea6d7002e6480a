"""Metrics on a stand-in with known answers: whole split, any batch size, exactly K samples."""

import math
from collections.abc import Iterator, Mapping

import pytest
import torch
from torch import Generator, Tensor

from trainers.errors import StoppedError, UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.items import Items
from trainers.metrics.metric import Capability, Measurement, MetricSettings, check_subject
from trainers.reporting import Report, StopRequested, never, no_report

ALL: frozenset[Capability] = frozenset({"encoder", "bound", "likelihood"})


class StandIn:
    """A subject with known answers: image i is filled with i / count, and its third unit never varies."""

    model_name = "stand-in"
    device = torch.device("cpu")

    def __init__(self, count: int = 150, batch_size: int = 50, capabilities: frozenset[Capability] = ALL) -> None:
        self.count = count
        self.batch_size = batch_size
        self.capabilities = capabilities
        self.likelihood_name = "bernoulli" if "likelihood" in capabilities else None
        self.samples_asked: list[int] = []

    def images(self) -> Tensor:
        return (torch.arange(self.count) / self.count).view(-1, 1, 1, 1).expand(-1, 1, 2, 2)

    def items(self) -> Items:
        labels = torch.arange(self.count) % 3
        return Items(self.images(), torch.nn.functional.one_hot(labels, 3).float(), labels)

    def batches(self) -> Iterator[Items]:
        items = self.items()
        for start in range(0, self.count, self.batch_size):
            yield items[start : start + self.batch_size]

    @property
    def search(self) -> Mapping[str, int] | None:
        return None if "encoder" in self.capabilities else {"starts": 2, "steps": 10}

    def reconstruct(self, items: Items, report: Report = no_report, stop_requested: StopRequested = never) -> Tensor:
        report(0.5, "halfway")
        return items.images + items.images.square()

    def encode(self, items: Items) -> tuple[Tensor, Tensor | None]:
        value = items.images[:, 0, 0, 0]
        return torch.stack([value, 2.0 * value, torch.full_like(value, 3.0)], dim=1), None

    def bound_terms(self, items: Items, generator: Generator) -> tuple[Tensor, Tensor]:
        value = items.images[:, 0, 0, 0]
        noise = 0.1 * torch.randn(len(items), generator=generator)
        return noise - value, torch.stack([value, torch.ones_like(value)], dim=1)

    def log_weights(self, items: Items, samples: int, generator: Generator) -> Tensor:
        self.samples_asked.append(samples)
        return torch.randn(samples, len(items), generator=generator) - items.images[:, 0, 0, 0]


def _measure(name: str, subject: StandIn | None = None, settings: MetricSettings | None = None) -> Measurement:
    return METRICS[name]().measure(subject or StandIn(), settings or MetricSettings(), no_report, never)


@pytest.mark.parametrize("name", METRICS.names())
def test_batches_of_7_and_of_1000_give_the_same_over_the_whole_split(name: str) -> None:
    small, large = (_measure(name, StandIn(batch_size=size)) for size in (7, 1000))

    assert small == large
    assert small.count == 150


@pytest.mark.parametrize("name", METRICS.names())
def test_a_measurement_says_what_it_is(name: str) -> None:
    metric, measurement = METRICS[name], _measure(name)

    assert measurement.name == name == metric.name
    assert measurement.unit == metric.unit
    assert measurement.better == metric.better
    assert metric.description
    assert math.isfinite(measurement.value)


@pytest.mark.parametrize("name", METRICS.names())
@pytest.mark.parametrize("limit", [1, 64, 65, 149, 1000])
def test_a_limit_measures_only_the_first_images(name: str, limit: int) -> None:
    limited = _measure(name, settings=MetricSettings(limit=limit))

    assert limited.count == min(limit, 150)


@pytest.mark.parametrize("name", METRICS.names())
def test_progress_ends_at_the_whole_and_a_stop_is_obeyed(name: str) -> None:
    shares: list[float] = []
    METRICS[name]().measure(StandIn(), MetricSettings(), lambda share, _what: shares.append(share), never)

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(StoppedError):
        METRICS[name]().measure(StandIn(), MetricSettings(), no_report, lambda: True)


@pytest.mark.parametrize("name", METRICS.names())
def test_no_images_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no images"):
        _measure(name, StandIn(count=0))


@pytest.mark.parametrize("batch_size", [7, 64, 150])
def test_items_keep_their_conditions_and_labels_in_blocks(batch_size: int) -> None:
    subject = StandIn(batch_size=batch_size)

    blocks = list(fixed_blocks(subject, MetricSettings(limit=140), no_report, never, "blocks"))

    expected = subject.items()[:140]
    assert [len(block) for block in blocks] == [64, 64, 12]
    joined = Items.joined(blocks)
    assert joined.condition is not None
    assert joined.labels is not None
    assert torch.equal(joined.images, expected.images)
    assert torch.equal(joined.condition.argmax(dim=1), joined.labels)
    assert torch.equal(joined.labels, torch.arange(140) % 3)


def test_reconstruction_error_is_the_mean_squared_error_with_its_standard_error() -> None:
    values = torch.arange(150).double() / 150

    measurement = _measure("reconstruction_error")

    assert measurement.value == pytest.approx(float(values.pow(4).mean()), rel=1e-5)
    assert measurement.standard_error == pytest.approx(float(values.pow(4).std()) / 150**0.5, rel=1e-5)
    assert measurement.better == "lower"


def test_codes_that_are_searched_for_are_said_to_be_and_are_few() -> None:
    subject = StandIn(count=300, capabilities=frozenset())

    measurement = _measure("reconstruction_error", subject)

    assert measurement.settings == {"codes": "found by optimisation", "starts": 2, "steps": 10}
    assert measurement.count == 256
    assert _measure("reconstruction_error", subject, MetricSettings(limit=290)).count == 290
    assert _measure("reconstruction_error", StandIn(count=300)).count == 300
    assert _measure("reconstruction_error").settings == {}


def test_the_share_done_grows_also_within_a_block() -> None:
    shares: list[float] = []

    METRICS["reconstruction_error"]().measure(
        StandIn(count=130), MetricSettings(), lambda share, _what: shares.append(share), never
    )

    assert shares == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0])


def test_a_single_image_has_no_standard_error() -> None:
    assert _measure("reconstruction_error", StandIn(count=1)).standard_error is None


def test_elbo_is_likelihood_less_divergence() -> None:
    measurement = _measure("elbo")

    expected = -2.0 * float((torch.arange(150) / 150).mean()) - 1.0
    assert measurement.standard_error is not None
    assert abs(measurement.value - expected) < 4.0 * 0.1 / 150**0.5
    assert measurement.settings["importance_samples"] == 1


@pytest.mark.parametrize("samples", [1, 5, 64])
def test_iw_bound_takes_exactly_k_samples_and_says_so(samples: int) -> None:
    subject = StandIn()

    measurement = _measure("iw_bound", subject, MetricSettings(importance_samples=samples))

    assert set(subject.samples_asked) == {samples}
    assert measurement.settings["importance_samples"] == samples


def test_iw_bound_is_the_log_of_the_mean_weight() -> None:
    measurement = _measure("iw_bound", settings=MetricSettings(importance_samples=2000))

    # Weights are exp(N(0, 1) - value), whose mean is exp(1/2 - value).
    assert measurement.value == pytest.approx(0.5 - float((torch.arange(150) / 150).mean()), abs=0.02)


def test_other_seeds_draw_other_samples() -> None:
    first, again, other = (_measure("iw_bound", settings=MetricSettings(seed=seed)) for seed in (0, 0, 1))

    assert first.value == again.value
    assert first.value != other.value


def test_kl_per_unit_adds_up() -> None:
    measurement = _measure("kl")

    assert measurement.per_unit == pytest.approx((float((torch.arange(150) / 150).mean()), 1.0))
    assert sum(measurement.per_unit) == pytest.approx(measurement.value)


def test_active_units_are_those_whose_mean_varies() -> None:
    measurement = _measure("active_units")

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


def test_a_metric_is_refused_where_the_model_lacks_what_it_needs() -> None:
    subject = StandIn(capabilities=frozenset())

    with pytest.raises(UsageError) as caught:
        check_subject(METRICS["elbo"], subject)
    assert str(caught.value) == (
        "elbo needs an evidence bound and a likelihood, which the model stand-in does not have; choose another metric."
    )


def test_nothing_is_refused_where_the_model_has_all() -> None:
    for name in METRICS:
        check_subject(METRICS[name], StandIn())
