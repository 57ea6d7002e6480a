"""The Fréchet distance between samples and a split in the features of the embedded classifier."""

from typing import ClassVar

import torch

from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.fixed_samples import SampleMetric, fixed_samples, sampling_settings
from trainers.metrics.frechet_distance import FeatureMoments, frechet_distance
from trainers.metrics.metric import METRICS, Capability, Measurement, MetricSettings, Resource, Subject
from trainers.reporting import Report, StopRequested, part_of

_SAMPLES = 10_000


@METRICS.register("fid_embedded")
class EmbeddedClassifierFid(SampleMetric):
    """Embedded-classifier FID: not to be compared with the FID of other features, which every paper's is."""

    name = "fid_embedded"
    unit = "embedded-classifier FID"
    better = "lower"
    description = "embedded-classifier FID: Fréchet distance of its features between samples and the split"
    needs: ClassVar[frozenset[Capability]] = frozenset()
    resources: ClassVar[frozenset[Resource]] = frozenset({"features"})

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """The distance; of conditional models samples have the conditions of items drawn from the split.

        Samples of zeros and ones alone are compared with the split binarised, all others with it as it is.
        """
        count = settings.samples or _SAMPLES
        samples, real, are_binary = FeatureMoments(), FeatureMoments(), True
        sampling = part_of(report, 0, 2)
        for items in fixed_samples(subject, settings, count, "split", sampling, stop_requested, self.name):
            samples.add(subject.features(items.images))
            are_binary = are_binary and bool(torch.isin(items.images, items.images.new_tensor([0.0, 1.0])).all())
        reading = part_of(report, 1, 2)
        for items in fixed_blocks(subject, settings, reading, stop_requested, self.name, binarised=are_binary):
            real.add(subject.features(items.images))
        distance = frechet_distance(samples.mean(), samples.covariance(), real.mean(), real.covariance())
        compared = {"compared_with": f"{real.count} {'binarised' if are_binary else 'original'} images"}
        found = {**sampling_settings(subject, settings, count, "split"), **compared}
        return Measurement(self.name, distance, self.unit, self.better, None, count, found)
