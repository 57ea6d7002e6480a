"""Metrics on a stand-in with known answers: whole split, any batch size, exactly K samples."""

import math
from collections.abc import Iterator, Mapping
from typing import ClassVar

import pytest
import torch
from torch import Generator, Tensor

from trainers.errors import StoppedError, UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.frechet_distance import frechet_distance
from trainers.metrics.items import Items
from trainers.metrics.metric import Capability, ConditionLaw, Measurement, MetricSettings, check_subject
from trainers.reporting import Report, StopRequested, never, no_report

ALL: frozenset[Capability] = frozenset(
    {"encoder", "bound", "likelihood", "exact_likelihood", "discrete_likelihood", "quantizer", "class_condition"}
)
CLASSES = ("low", "middle", "high")

# Metrics that count samples of the model instead of items of the split.
OF_SAMPLES = tuple(name for name in METRICS if METRICS[name].resources)
OF_ITEMS = tuple(name for name in METRICS if name not in OF_SAMPLES)


class StandIn:
    """A subject with known answers: image i is filled with i / count, and its third unit never varies."""

    model_name = "stand-in"
    device = torch.device("cpu")
    split = "test"
    class_names = CLASSES
    is_conditional = True
    classifier_title = "thresholds"
    codebook_sizes: ClassVar[Mapping[str, int]] = {"top": 4, "bottom": 8}

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

    def batches(self, *, binarised: bool = True) -> Iterator[Items]:
        items = self.items() if binarised else Items(self.images() / 2.0)
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

    def log_likelihood(self, items: Items, generator: Generator) -> Tensor:
        return -items.images.sum(dim=(1, 2, 3))

    def code_indices(self, items: Items) -> Mapping[str, Tensor]:
        """The top uses two of its entries in turn, the bottom one."""
        assert items.labels is not None
        places = (items.images[:, 0, 0, 0] * self.count).round().long()
        grid = (places % 2).view(-1, 1, 1).expand(-1, 2, 2)
        return {"top": 3 * grid, "bottom": torch.full_like(grid, 5)}

    def samples(
        self, count: int, seed: int, conditions: ConditionLaw, stop_requested: StopRequested
    ) -> Iterator[Items]:
        """Samples in blocks of 50: of class c grey values about c / 2, but every fourth one is of the class below."""
        generator = torch.Generator().manual_seed(seed)
        for start in range(0, count, 50):
            places = torch.arange(start, min(start + 50, count))
            labels = places % 3 if conditions == "uniform" else torch.zeros_like(places)
            shown = labels - (places % 4 == 0).long()
            noise = 0.1 * torch.rand(len(places), 1, 2, 2, generator=generator)
            images = shown.clamp_min(0).view(-1, 1, 1, 1) / 2.0 + noise
            yield Items(images, torch.nn.functional.one_hot(labels, 3).float(), labels)

    def classify(self, images: Tensor) -> Tensor:
        return (2.0 * images.mean(dim=(1, 2, 3))).long()

    def features(self, images: Tensor) -> Tensor:
        return images.flatten(1)


def _measure(name: str, subject: StandIn | None = None, settings: MetricSettings | None = None) -> Measurement:
    return METRICS[name]().measure(subject or StandIn(), settings or MetricSettings(), no_report, never)


@pytest.mark.parametrize("name", METRICS.names())
def test_batches_of_7_and_of_1000_give_the_same_over_the_whole_split(name: str) -> None:
    small, large = (_measure(name, StandIn(batch_size=size)) for size in (7, 1000))

    assert small == large
    assert name in OF_SAMPLES or small.count == 150


@pytest.mark.parametrize("name", METRICS.names())
def test_a_measurement_says_what_it_is(name: str) -> None:
    metric, measurement = METRICS[name], _measure(name)

    assert measurement.name == name == metric.name
    assert measurement.unit == metric.unit
    assert measurement.better == metric.better
    assert metric.description
    assert math.isfinite(measurement.value)


@pytest.mark.parametrize("name", OF_ITEMS)
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


@pytest.mark.parametrize("name", [*OF_ITEMS, "fid_embedded"])
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


def test_log_likelihood_is_the_mean_in_nats() -> None:
    measurement = _measure("log_likelihood")

    assert measurement.value == pytest.approx(-4.0 * float((torch.arange(150) / 150).mean()))
    assert measurement.settings == {"likelihood": "bernoulli", "split": "test", "seed": 0}


def test_bits_per_dimension_are_nats_over_numbers_and_the_logarithm_of_two() -> None:
    class Uniform(StandIn):
        def log_weights(self, items: Items, samples: int, generator: Generator) -> Tensor:
            return torch.full((1, len(items)), -4.0 * math.log(256.0))

    measurement = _measure("bits_per_dimension", Uniform())

    assert measurement.value == pytest.approx(8.0)
    assert measurement.settings["value_is"] == "exact"
    assert "importance_samples" not in measurement.settings


def test_bits_of_a_bound_are_said_to_be_an_upper_bound() -> None:
    subject = StandIn(capabilities=ALL - {"exact_likelihood"})
    settings = MetricSettings(importance_samples=2000)

    measurement = _measure("bits_per_dimension", subject, settings)

    assert measurement.value == pytest.approx(-_measure("iw_bound", subject, settings).value / (4.0 * math.log(2.0)))
    assert measurement.settings["value_is"] == "upper bound"
    assert measurement.settings["importance_samples"] == 2000


def test_codebook_perplexity_is_per_codebook_with_the_entries_used() -> None:
    measurement = _measure("codebook_perplexity")

    assert measurement.per_unit == pytest.approx((2.0, 1.0))
    assert measurement.value == pytest.approx(1.5)
    assert measurement.settings == {"split": "test", "used_top": "2 of 4", "used_bottom": "1 of 8"}


def test_conditional_accuracy_is_the_share_recognised_as_asked_for() -> None:
    measurement = _measure("conditional_accuracy")

    # Of every four samples one is shown as the class below its own, except where there is none below.
    assert measurement.count == 300
    assert measurement.per_unit == pytest.approx((1.0, 0.75, 0.75))
    assert measurement.value == pytest.approx(2.5 / 3.0)
    assert measurement.standard_error == pytest.approx(math.sqrt(2.5 / 3.0 * 0.5 / 3.0 / 300))
    assert measurement.settings == {
        "samples": 300, "seed": 0, "split": "test", "extractor": "thresholds", "conditions": "every class equally often"
    }  # fmt: skip


def test_coverage_counts_classes_and_names_the_missing_ones() -> None:
    class Collapsed(StandIn):
        """Of every 100 samples one is of the middle class, and one of none."""

        def classify(self, images: Tensor) -> Tensor:
            place = torch.arange(len(images)) % 50
            return torch.where(place == 0, 1, torch.where(place == 1, -1, 2))

    measurement = _measure("mode_coverage", Collapsed(), MetricSettings(samples=1000))

    assert measurement.value == 1.0
    assert measurement.per_unit == (0.0, 20.0, 960.0)
    assert measurement.settings["missing"] == "low, middle"
    assert measurement.settings["of_no_class"] == 20
    assert measurement.settings["conditions"] == "as in the split"
    assert _measure("mode_coverage").count == 10_000


@pytest.mark.parametrize(("few", "covered"), [(3, 1.0), (4, 2.0)])
def test_a_class_is_covered_from_a_tenth_of_its_fair_share(few: int, covered: float) -> None:
    class Lopsided(StandIn):
        def samples(
            self, count: int, seed: int, conditions: ConditionLaw, stop_requested: StopRequested
        ) -> Iterator[Items]:
            yield Items((torch.arange(count) < few).float().view(-1, 1, 1, 1).expand(-1, 1, 2, 2))

        def classify(self, images: Tensor) -> Tensor:
            return images[:, 0, 0, 0].long()

    # A fair share is 120 / 3, a tenth of it 4.
    assert _measure("mode_coverage", Lopsided(), MetricSettings(samples=120)).value == covered


@pytest.mark.parametrize("binary", [True, False])
def test_fid_compares_samples_with_the_split_as_they_are(binary: bool) -> None:
    class Drawn(StandIn):
        def samples(
            self, count: int, seed: int, conditions: ConditionLaw, stop_requested: StopRequested
        ) -> Iterator[Items]:
            for items in super().samples(count, seed, conditions, stop_requested):
                yield Items(items.images.round().clamp(0.0, 1.0)) if binary else items

    subject = Drawn()
    measurement = _measure("fid_embedded", subject, MetricSettings(samples=500))

    real = subject.images() if binary else subject.images() / 2.0
    drawn = torch.cat([items.images for items in subject.samples(500, 0, "split", never)])
    moments = [(features.mean(dim=0), features.T.cov()) for features in (drawn.flatten(1), real.flatten(1))]
    assert measurement.value == pytest.approx(frechet_distance(*moments[0], *moments[1]), rel=1e-4)
    assert measurement.unit == "embedded-classifier FID"
    assert (measurement.count, measurement.settings["extractor"]) == (500, "thresholds")
    assert measurement.settings["compared_with"] == f"150 {'binarised' if binary else 'original'} images"


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


def test_a_density_has_no_bits() -> None:
    subject = StandIn(capabilities=ALL - {"discrete_likelihood"})
    subject.likelihood_name = "gaussian"

    with pytest.raises(UsageError, match="that of this stand-in is a density"):
        check_subject(METRICS["bits_per_dimension"], subject)
    with pytest.raises(UsageError, match="conditional_accuracy needs classes to sample from"):
        check_subject(METRICS["conditional_accuracy"], StandIn(capabilities=frozenset({"encoder"})))
