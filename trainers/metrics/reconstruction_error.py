"""How far decoded codes are from the images they came from."""

import torch

from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.mean_over_images import mean_over_images
from trainers.metrics.metric import METRICS, Measurement, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested


@METRICS.register("reconstruction_error")
class ReconstructionError(Metric):
    """Mean squared error per pixel and channel of the decoded posterior mean, for images in [0, 1]."""

    name = "reconstruction_error"
    unit = "squared error per pixel"
    better = "lower"
    description = "mean squared error of the decoded posterior mean"
    needs = frozenset({"encoder"})

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images of the mean over pixels."""
        errors = [
            (subject.reconstruct(items) - items.images).square().flatten(1).mean(dim=1)
            for items in fixed_blocks(subject, settings, report, stop_requested, self.name)
        ]
        return mean_over_images(self, torch.cat(errors))
