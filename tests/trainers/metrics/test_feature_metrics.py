"""Distances of features: known answers, other libraries on the same numbers, and what is drawn and said."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.trainers.metrics.stand_in import StandIn, measured
from trainers.errors import FailureError, StoppedError, UsageError
from trainers.metrics import kernel_distance
from trainers.metrics.extractor import FEATURE_SIZES, Features
from trainers.metrics.feature_metric import FeatureMetric
from trainers.metrics.frechet_distance import FeatureMoments, frechet_distance
from trainers.metrics.inception_score import class_scores
from trainers.metrics.items import Items
from trainers.metrics.kernel_distance import EmbeddedKid, unbiased_mmd
from trainers.metrics.metric import METRICS, MetricSettings
from trainers.metrics.precision_recall import share_within_reach
from trainers.reporting import never, no_report

WITH_EXTRACTOR = tuple(name for name in METRICS if METRICS[name].resources & {"features", "inception"})


def two_sets(count: int = 400, size: int = 24, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Features of real and of drawn images, non-negative as those of a rectified layer, float32."""
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(size, size, generator=generator) / size**0.5
    first = (torch.randn(count, size, generator=generator) @ mixing).relu()
    second = (0.8 * torch.randn(count, size, generator=generator) @ mixing + 0.15).relu()
    return first, second


def frechet(first: Tensor, second: Tensor) -> float:
    moments = FeatureMoments(), FeatureMoments()
    for part, features in zip(moments, (first, second), strict=True):
        part.add(features)
    return frechet_distance(moments[0].mean(), moments[0].covariance(), moments[1].mean(), moments[1].covariance())


def test_the_frechet_distance_is_that_of_torch_fidelity() -> None:
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    first, second = two_sets()
    statistics = [fid_features_to_statistics(features.double()) for features in (first, second)]
    expected = fid_statistics_to_metric(*statistics, verbose=False)["frechet_inception_distance"]
    assert expected > 0.1
    assert frechet(first, second) == pytest.approx(expected, rel=1e-4)


def test_the_frechet_distance_is_that_of_torchmetrics() -> None:
    from torchmetrics.image.fid import _compute_fid

    first, second = (features.double() for features in two_sets())
    expected = float(_compute_fid(first.mean(0), first.T.cov(), second.mean(0), second.T.cov()))
    assert frechet(first, second) == pytest.approx(expected, rel=1e-4)


def test_the_kernel_distance_is_that_of_torch_fidelity_and_torchmetrics() -> None:
    from torch_fidelity.metric_kid import kid_features_to_metric
    from torchmetrics.image.kid import poly_mmd

    first, second = two_sets()
    # A subset of everything is the same whoever draws it.
    told = kid_features_to_metric(
        first.double(), second.double(), kid_subsets=1, kid_subset_size=400, rng_seed=1, verbose=False
    )  # fmt: skip
    found = unbiased_mmd(first.double(), second.double())
    assert found == pytest.approx(told["kernel_inception_distance_mean"], rel=1e-4)
    assert found == pytest.approx(float(poly_mmd(first.double(), second.double())), rel=1e-4)


def test_means_over_subsets_are_those_of_torch_fidelity_on_the_same_subsets(monkeypatch: pytest.MonkeyPatch) -> None:
    from torch_fidelity.metric_kid import kid_features_to_metric

    first, second = two_sets()
    rng = np.random.RandomState(7)
    monkeypatch.setattr(
        kernel_distance, "_subset", lambda count, size, _generator: torch.from_numpy(rng.choice(count, size, False))
    )
    logits = torch.zeros(400, 2)
    features = Features(first, logits, are_binary=False), Features(second, logits, are_binary=False)
    found = EmbeddedKid().compare(*features, MetricSettings(), no_report, never)
    told = kid_features_to_metric(
        first.double(), second.double(), kid_subsets=100, kid_subset_size=200, rng_seed=7, verbose=False
    )  # fmt: skip
    assert found.value == pytest.approx(told["kernel_inception_distance_mean"], rel=1e-4)
    assert found.settings["found_spread"] == pytest.approx(told["kernel_inception_distance_std"], rel=1e-4)
    assert found.settings["subset_size"] == 200


def test_the_kernel_distance_is_the_double_loop_and_zero_on_average_for_equal_laws() -> None:
    first, second = (features[:6].double() for features in two_sets(6, 3))

    def kernel(one: Tensor, other: Tensor) -> float:
        return float((one @ other / 3.0 + 1.0) ** 3)

    pairs = [(i, j) for i in range(6) for j in range(6)]
    within = [
        sum(kernel(part[i], part[j]) for i, j in pairs if i != j) / 30.0 for part in (first, second)
    ]  # fmt: skip
    across = sum(kernel(first[i], second[j]) for i, j in pairs) / 36.0
    assert unbiased_mmd(first, second) == pytest.approx(within[0] + within[1] - 2.0 * across)
    draws = torch.randn(600, 2, 20, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    values = torch.tensor([unbiased_mmd(first, second) for first, second in draws])
    assert float(values.mean()) == pytest.approx(0.0, abs=4.0 * float(values.std()) / 600**0.5)


def test_the_standard_error_of_the_kernel_distance_is_the_deviation_of_repetitions() -> None:
    logits = torch.zeros(200, 2)
    first, second = two_sets(40 * 200, 8, 0)
    repeated = []
    for place in range(40):
        those = slice(200 * place, 200 * place + 200)
        told = EmbeddedKid().compare(
            Features(first[those], logits, are_binary=False),
            Features(second[those], logits, are_binary=False),
            MetricSettings(),
            no_report,
            never,
        )
        repeated.append((told.value, told.standard_error or math.nan))
    deviation = float(np.std([value for value, _ in repeated], ddof=1))
    assert float(np.mean([error for _, error in repeated])) == pytest.approx(deviation, rel=0.5)


def test_the_class_score_is_that_of_torch_fidelity() -> None:
    from torch_fidelity.metric_isc import isc_features_to_metric

    logits = 3.0 * torch.randn(1013, 10, generator=torch.Generator().manual_seed(0))
    told = isc_features_to_metric(logits, splits=10, shuffle=False)
    scores = class_scores(logits, 10)
    assert float(scores.mean()) == pytest.approx(told["inception_score_mean"], rel=1e-4)
    assert float(scores.std(correction=0)) == pytest.approx(told["inception_score_std"], rel=1e-4)


def test_the_class_score_is_1_for_uniform_and_10_for_balanced_certain_classes() -> None:
    assert class_scores(torch.zeros(100, 10), 10).tolist() == pytest.approx([1.0] * 10)
    certain = 1e4 * torch.nn.functional.one_hot(torch.arange(100) % 10).float()
    assert class_scores(certain, 10).tolist() == pytest.approx([10.0] * 10)
    assert class_scores(certain[:10].repeat_interleave(10, dim=0), 10).tolist() == pytest.approx([1.0] * 10)


def test_precision_and_recall_are_those_of_torch_fidelity() -> None:
    from torch_fidelity.metric_prc import prc_features_to_metric

    real, drawn = two_sets(700)
    told = prc_features_to_metric(drawn.double(), real.double(), prc_neighborhood=3, prc_batch_size=97, verbose=False)
    precision, recall = share_within_reach(drawn, real, 3), share_within_reach(real, drawn, 3)
    assert 0.05 < recall < 0.95
    assert 0.05 < precision < 0.95
    assert precision == pytest.approx(told["precision"], abs=1e-4)
    assert recall == pytest.approx(told["recall"], abs=1e-4)


@pytest.mark.parametrize("extractor", ["embedded", "inception"])
def test_precision_is_of_samples_and_recall_of_images(extractor: str) -> None:
    generator, logits = torch.Generator().manual_seed(0), torch.zeros(300, 2)
    wide, narrow = (
        Features(scale * torch.randn(300, 2, generator=generator), logits, are_binary=False) for scale in (10.0, 1.0)
    )

    def share(name: str, samples: Features, real: Features) -> float:
        metric = METRICS[f"{name}_{extractor}"]()
        assert isinstance(metric, FeatureMetric)
        return metric.compare(samples, real, MetricSettings(), no_report, never).value

    # Samples of one kind look real and leave most of the real images out; samples of everything do the opposite.
    assert share("precision", narrow, wide) > 0.95
    assert share("recall", narrow, wide) < 0.2
    assert share("precision", wide, narrow) < 0.2
    assert share("recall", wide, narrow) > 0.95


def test_a_set_reaches_itself_and_nothing_far_away() -> None:
    real = two_sets(50)[0]
    assert share_within_reach(real, real, 3) == 1.0
    assert share_within_reach(real.repeat(5, 1), real.repeat(5, 1), 3) == 1.0
    assert share_within_reach(real + 100.0, real, 3) == 0.0
    with pytest.raises(StoppedError):
        share_within_reach(real, real, 3, stop_requested=lambda: True)


@pytest.mark.parametrize("name", WITH_EXTRACTOR)
def test_every_number_says_by_whom_of_what_and_how_many(name: str) -> None:
    measurement = measured(name)
    extractor = "inception" if name.endswith("inception") else "embedded"
    assert measurement.settings["extractor"] == f"pixels as {extractor}"
    assert measurement.settings["resize"] == "none"
    assert (measurement.settings["samples"], measurement.count) == (300, 300)
    assert measurement.settings["split"] == "test"
    assert measurement.settings["binarisation"] == "none"
    if not name.startswith("is_"):
        assert measurement.settings["compared_with"] == "150 original images"


def test_samples_are_drawn_once_for_all_that_look_at_them() -> None:
    subject = StandIn()
    for name in WITH_EXTRACTOR:
        measured(name, subject, MetricSettings(samples=200))
    assert subject.draws == 1
    measured("fid_embedded", subject, MetricSettings(samples=200, seed=1))
    assert subject.draws == 2
    more = measured("kid_embedded", subject, MetricSettings(samples=300))
    assert more == measured("kid_embedded", StandIn(), MetricSettings(samples=300))


def test_grey_and_binary_samples_are_compared_with_a_split_of_their_kind() -> None:
    class Rounded(StandIn):
        def samples(self, count: int, seed: int, *rest: object) -> Iterator[Items]:
            for items in super().samples(count, seed, *rest):  # type: ignore[arg-type]
                yield items if seed == 0 else Items(items.images.round())

    grey, binary = (MetricSettings(samples=200, seed=seed) for seed in (0, 1))
    both = Rounded()
    found = [measured("kid_embedded", both, settings) for settings in (grey, binary)]
    assert found[1] == measured("kid_embedded", Rounded(), binary)
    assert [one.settings["compared_with"] for one in found] == ["150 original images", "150 binarised images"]
    assert [one.settings["binarisation"] for one in found] == ["none", "static"]


def test_the_frechet_distance_refuses_fewer_items_than_features(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FEATURE_SIZES, "inception", 2048)
    with pytest.raises(
        UsageError, match=r"fid_embedded needs at least 129 samples .*these are 128 samples and 150 images of the test"
    ):
        METRICS["fid_embedded"].check(StandIn(), MetricSettings(samples=128))
    with pytest.raises(UsageError, match=r"2,049 samples .*10,000 samples and 150 .*measure kid_inception"):
        METRICS["fid_inception"].check(StandIn(), MetricSettings())
    with pytest.raises(UsageError, match=r"10,000 samples and 1 image of the test split: take more of them"):
        METRICS["kid_inception"].check(StandIn(), MetricSettings(limit=1))
    METRICS["kid_inception"].check(StandIn(), MetricSettings())
    METRICS["fid_embedded"].check(StandIn(), MetricSettings(samples=129))


def test_a_score_of_samples_alone_needs_no_images() -> None:
    METRICS["is_embedded"].check(StandIn(1), MetricSettings(samples=20))
    with pytest.raises(UsageError, match="is_inception needs at least 20 samples, and these are 19; draw more"):
        METRICS["is_inception"].check(StandIn(), MetricSettings(samples=19))
    assert "compared_with" not in measured("is_embedded").settings


def test_samples_that_are_no_numbers_are_one_sentence() -> None:
    class Diverged(StandIn):
        def samples(self, *arguments: object) -> Iterator[Items]:
            for items in super().samples(*arguments):  # type: ignore[arg-type]
                yield Items(items.images * torch.nan)

    with pytest.raises(FailureError, match="Pictures of this model are no numbers"):
        measured("fid_embedded", Diverged())
