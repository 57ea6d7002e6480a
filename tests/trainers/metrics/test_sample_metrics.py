"""Metrics of samples on a stand-in that draws known ones."""

import math
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from tests.trainers.metrics.stand_in import StandIn, measured
from trainers.metrics.frechet_distance import frechet_distance
from trainers.metrics.items import Items
from trainers.metrics.metric import ConditionLaw, MetricSettings
from trainers.reporting import StopRequested, never


def test_conditional_accuracy_is_the_share_recognised_as_asked_for() -> None:
    measurement = measured("conditional_accuracy")

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

    measurement = measured("mode_coverage", Collapsed(), MetricSettings(samples=1000))

    assert measurement.value == 1.0
    assert measurement.per_unit == (0.0, 20.0, 960.0)
    assert measurement.settings["missing"] == "low, middle"
    assert measurement.settings["of_no_class"] == 20
    assert measurement.settings["conditions"] == "as in the split"
    assert measured("mode_coverage").count == 10_000


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
    assert measured("mode_coverage", Lopsided(), MetricSettings(samples=120)).value == covered


@pytest.mark.parametrize("binary", [True, False])
def test_fid_compares_samples_with_the_split_as_they_are(binary: bool) -> None:
    class Drawn(StandIn):
        def samples(
            self, count: int, seed: int, conditions: ConditionLaw, stop_requested: StopRequested
        ) -> Iterator[Items]:
            for items in super().samples(count, seed, conditions, stop_requested):
                yield Items(items.images.round().clamp(0.0, 1.0)) if binary else items

    subject = Drawn()
    measurement = measured("fid_embedded", subject, MetricSettings(samples=500))

    real = subject.images() if binary else subject.images() / 2.0
    drawn = torch.cat([items.images for items in subject.samples(500, 0, "split", never)])
    moments = [(features.mean(dim=0), features.T.cov()) for features in map(_seen, (drawn, real))]
    assert measurement.value == pytest.approx(frechet_distance(*moments[0], *moments[1]), rel=1e-4)
    assert measurement.unit == "embedded-classifier FID"
    assert (measurement.count, measurement.settings["extractor"]) == (500, "pixels as embedded")
    assert measurement.settings["compared_with"] == f"150 {'binarised' if binary else 'original'} images"


def _seen(images: Tensor) -> Tensor:
    return StandIn().extract(images, "embedded")[0]
