"""Metrics on a stand-in with known answers: whole split, any batch size, no more than asked for."""

import math
from typing import ClassVar

import pytest
import torch

from tests.trainers.metrics.stand_in import ALL, StandIn, measured, usual_settings
from trainers.errors import StoppedError, UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.items import Items
from trainers.metrics.metric import Capability, MetricSettings, check_subject
from trainers.reporting import never, no_report

# Metrics that count samples of the model instead of items of the split.
OF_SAMPLES = tuple(name for name in METRICS if METRICS[name].resources)
OF_ITEMS = tuple(name for name in METRICS if name not in OF_SAMPLES)


@pytest.mark.parametrize("name", METRICS.names())
def test_batches_of_7_and_of_1000_give_the_same_over_the_whole_split(name: str) -> None:
    small, large = (measured(name, StandIn(batch_size=size)) for size in (7, 1000))

    assert small == large
    assert name in OF_SAMPLES or small.count == 150


@pytest.mark.parametrize("name", METRICS.names())
def test_a_measurement_says_what_it_is(name: str) -> None:
    metric, measurement = METRICS[name], measured(name)

    assert measurement.name == name == metric.name
    assert measurement.unit == metric.unit
    assert measurement.better == metric.better
    assert metric.description
    assert math.isfinite(measurement.value)


@pytest.mark.parametrize("name", [name for name in OF_ITEMS if "factors" not in METRICS[name].needs])
@pytest.mark.parametrize("limit", [1, 64, 65, 149, 1000])
def test_a_limit_measures_only_the_first_images(name: str, limit: int) -> None:
    if name == "anomaly_auroc" and limit == 1:
        # Of one item none can be told from others, see `test_anomaly.py`.
        return
    limited = measured(name, settings=MetricSettings(limit=limit))

    assert limited.count == min(limit, 150)


class WatchedSettings(MetricSettings):
    """Settings that remember which of them were read; so do copies of them."""

    read: ClassVar[set[str]] = set()

    def __getattribute__(self, name: str) -> object:
        if name in MetricSettings.model_fields:
            self.read.add(name)
        return super().__getattribute__(name)


@pytest.mark.parametrize("name", METRICS.names())
@pytest.mark.parametrize("able", [ALL, ALL - {"exact_likelihood"}, ALL - {"exact_likelihood", "bound"}], ids=len)
def test_a_metric_reads_no_setting_that_its_kept_values_do_not_hang_on(
    name: str, able: frozenset[Capability], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WatchedSettings, "read", set())
    settings = WatchedSettings.from_values(usual_settings(name).model_dump())
    METRICS[name]().measure(StandIn(capabilities=able), settings, no_report, never)
    assert WatchedSettings.read - {"batch_size"} <= METRICS[name].uses
    assert WatchedSettings.read & {"seed", "limit", "samples"}


@pytest.mark.parametrize("name", METRICS.names())
def test_progress_ends_at_the_whole_and_a_stop_is_obeyed(name: str) -> None:
    shares: list[float] = []
    METRICS[name]().measure(StandIn(), usual_settings(name), lambda share, _what: shares.append(share), never)

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(StoppedError):
        METRICS[name]().measure(StandIn(), usual_settings(name), no_report, lambda: True)


@pytest.mark.parametrize("name", [*OF_ITEMS, "fid_embedded", "kid_inception"])
def test_no_images_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no images"):
        measured(name, StandIn(count=0))


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

    measurement = measured("reconstruction_error")

    assert measurement.value == pytest.approx(float(values.pow(4).mean()), rel=1e-5)
    assert measurement.standard_error == pytest.approx(float(values.pow(4).std()) / 150**0.5, rel=1e-5)
    assert measurement.better == "lower"


def test_codes_that_are_searched_for_are_said_to_be_and_are_few() -> None:
    subject = StandIn(count=300, capabilities=frozenset())

    measurement = measured("reconstruction_error", subject)

    assert measurement.settings == {"codes": "found by optimisation", "starts": 2, "steps": 10}
    assert measurement.count == 256
    assert measured("reconstruction_error", subject, MetricSettings(limit=290)).count == 290
    assert measured("reconstruction_error", StandIn(count=300)).count == 300
    assert measured("reconstruction_error").settings == {}


def test_the_share_done_grows_also_within_a_block() -> None:
    shares: list[float] = []

    METRICS["reconstruction_error"]().measure(
        StandIn(count=130), MetricSettings(), lambda share, _what: shares.append(share), never
    )

    assert shares == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0])


def test_a_single_image_has_no_standard_error() -> None:
    assert measured("reconstruction_error", StandIn(count=1)).standard_error is None


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


def test_codebook_perplexity_is_per_codebook_with_the_entries_used() -> None:
    measurement = measured("codebook_perplexity")

    assert measurement.per_unit == pytest.approx((2.0, 1.0))
    assert measurement.value == pytest.approx(1.5)
    assert measurement.settings == {"split": "test", "used_top": "2 of 4", "used_bottom": "1 of 8"}


def test_only_cheap_metrics_are_usual_and_none_is_told_twice() -> None:
    def usual(*capabilities: Capability) -> set[str]:
        return {name for name in OF_ITEMS + OF_SAMPLES if METRICS[name].is_usual(frozenset(capabilities))}

    assert not usual(*ALL) & set(OF_SAMPLES)
    exact = usual("likelihood", "exact_likelihood", "discrete_likelihood")
    assert {"log_likelihood", "bits_per_dimension"} <= exact
    assert "iw_bound" not in exact
    assert {"iw_bound"} == usual("likelihood", "discrete_likelihood") - {"reconstruction_error"}
    assert "codebook_perplexity" in usual("encoder", "quantizer")
    assert "reconstruction_error" in usual()
    assert "reconstruction_error" not in usual("encoder", "sequential")


_read: set[str] = set()


class _Watched(MetricSettings):
    """Remembers which settings were looked at."""

    def __getattribute__(self, name: str) -> object:
        if name in MetricSettings.model_fields:
            _read.add(name)
        return super().__getattribute__(name)


@pytest.mark.parametrize("name", METRICS.names())
def test_a_metric_looks_at_no_setting_but_those_it_names(name: str) -> None:
    """What it did not name would be left out of the key by which its value is known again."""
    settings = _Watched(**{**usual_settings(name).model_dump(), "importance_samples": 3})
    _read.clear()
    METRICS[name].check(StandIn(), settings)
    METRICS[name]().measure(StandIn(), settings, no_report, never)
    assert _read <= METRICS[name].uses
