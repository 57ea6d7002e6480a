"""Items beside what their codes decode to, for all metrics that compare the two."""

import math
from abc import abstractmethod
from collections.abc import Iterator

import torch
from torch import Tensor

from trainers.metrics.fixed_blocks import BLOCK_SIZE, fixed_blocks
from trainers.metrics.items import Items
from trainers.metrics.mean_over_images import mean_over_images
from trainers.metrics.metric import Measurement, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested, no_report, part_of

# A search takes some seconds for a block of images, so a whole split is measured only where its length is given.
SEARCHED_ITEMS = 256


def reconstructed_blocks(
    subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested, what: str
) -> Iterator[tuple[Items, Tensor]]:
    """All items in blocks, each with its decoded codes; where these are searched for, by default the first 256 items.

    A code is the posterior mean, the one learned for a training image, or one searched for.
    """
    limit = settings.limit or (SEARCHED_ITEMS if subject.search else subject.count)
    settings = settings.model_copy(update={"limit": limit})
    blocks = math.ceil(min(limit, subject.count) / BLOCK_SIZE)
    for number, items in enumerate(fixed_blocks(subject, settings, no_report, stop_requested, what)):
        within = part_of(report, number, blocks)
        yield items, subject.reconstruct(items, within, stop_requested)
        within(1.0, what)


def how_found(subject: Subject) -> dict[str, str | int | float]:
    """What is to be said of codes that were searched for; nothing of others."""
    return {"codes": "found by optimisation", **subject.search} if subject.search else {}


class ReconstructionMetric(Metric):
    """The mean over images of a number that an image and its decoded code have."""

    @abstractmethod
    def of_images(self, images: Tensor, decoded: Tensor) -> Tensor:
        """One number (batch,) for each of the images."""

    def also(self, images: Tensor) -> dict[str, str | int | float]:
        """What the settings of the measurement say beside how codes were found, given some of the images."""
        return {}

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images; the settings say how codes were found by optimisation."""
        values, said = [], how_found(subject)
        for items, decoded in reconstructed_blocks(subject, settings, report, stop_requested, self.name):
            values.append(self.of_images(items.images, decoded))
            said |= self.also(items.images)
        return mean_over_images(self, torch.cat(values), said)
