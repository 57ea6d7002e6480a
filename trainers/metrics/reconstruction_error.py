"""How far decoded codes are from the images they came from."""

import math
from typing import ClassVar

import torch

from trainers.metrics.fixed_blocks import BLOCK_SIZE, fixed_blocks
from trainers.metrics.mean_over_images import mean_over_images
from trainers.metrics.metric import METRICS, Capability, Measurement, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested, no_report, part_of

# A search takes some seconds for a block of images, so a whole split is measured only where its length is given.
SEARCHED_ITEMS = 256


@METRICS.register("reconstruction_error")
class ReconstructionError(Metric):
    """Mean squared error per pixel and channel of decoded codes, for images in [0, 1].

    A code is the posterior mean, or the one learned for a training image. Where a model has neither, codes are searched
    for; without a limit, those of the first 256 images.
    """

    name = "reconstruction_error"
    unit = "squared error per pixel"
    better = "lower"
    description = "mean squared error of the decoded posterior mean, or of a code found by optimisation"
    needs: ClassVar[frozenset[Capability]] = frozenset()

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Except where decoding goes number by number: a whole split would take very long."""
        return "sequential" not in capabilities

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images of the mean over pixels; the settings say how codes were found by optimisation."""
        limit = settings.limit or (SEARCHED_ITEMS if subject.search else subject.count)
        settings = settings.model_copy(update={"limit": limit})
        blocks = math.ceil(min(limit, subject.count) / BLOCK_SIZE)
        errors = []
        for number, items in enumerate(fixed_blocks(subject, settings, no_report, stop_requested, self.name)):
            within = part_of(report, number, blocks)
            decoded = subject.reconstruct(items, within, stop_requested)
            errors.append((decoded - items.images).square().flatten(1).mean(dim=1))
            within(1.0, self.name)
        how: dict[str, str | int | float] = {}
        if subject.search:
            how = {"codes": "found by optimisation", **subject.search}
        return mean_over_images(self, torch.cat(errors), how)
