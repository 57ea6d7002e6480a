"""How many samples look real, and how much of the real images samples reach, by balls around neighbours.

Source: Kynkäänniemi et al., Improved Precision and Recall Metric for Assessing Generative Models, 2019.
"""

from collections.abc import Iterator
from typing import ClassVar

import torch
from torch import Tensor

from trainers.errors import StoppedError
from trainers.metrics.extractor import Features
from trainers.metrics.feature_metric import Compared, FeatureMetric
from trainers.metrics.metric import METRICS, MetricSettings
from trainers.reporting import Report, StopRequested, never, no_report, part_of

NEIGHBOURS = 3

# A block of distances to 10,000 items takes 40 MB.
_AT_ONCE = 500


class _Coverage(FeatureMetric):
    better = "higher"
    unit = "share of samples"
    fewest: ClassVar[int] = NEIGHBOURS + 2

    def compare(
        self,
        samples: Features,
        real: Features | None,
        settings: MetricSettings,
        report: Report,
        stop_requested: StopRequested,
    ) -> Compared:
        """The share, with the standard error of a share of independent items."""
        assert real is not None
        points, around = self._roles(samples, real)
        share = share_within_reach(points.vectors, around.vectors, NEIGHBOURS, report, stop_requested)
        error = (share * (1.0 - share) / len(points)) ** 0.5
        return Compared(share, error, {"neighbours": NEIGHBOURS})

    def _roles(self, samples: Features, real: Features) -> tuple[Features, Features]:
        """Who is asked, and around whom the balls lie."""
        return samples, real


class _Reached(_Coverage):
    unit = "share of images"

    def _roles(self, samples: Features, real: Features) -> tuple[Features, Features]:
        return real, samples


@METRICS.register("precision_embedded")
class EmbeddedPrecision(_Coverage):
    """Improved precision in the features of the embedded classifier."""

    name = "precision_embedded"
    description = "samples within reach of real images, in features of the embedded classifier"
    extractor = "embedded"


@METRICS.register("recall_embedded")
class EmbeddedRecall(_Reached):
    """Improved recall in the features of the embedded classifier."""

    name = "recall_embedded"
    description = "real images within reach of samples, in features of the embedded classifier"
    extractor = "embedded"


@METRICS.register("precision_inception")
class InceptionPrecision(_Coverage):
    """Improved precision in the features of Inception-v3; the paper's are of VGG-16."""

    name = "precision_inception"
    description = "samples within reach of real images, in features of Inception-v3"
    extractor = "inception"


@METRICS.register("recall_inception")
class InceptionRecall(_Reached):
    """Improved recall in the features of Inception-v3; the paper's are of VGG-16."""

    name = "recall_inception"
    description = "real images within reach of samples, in features of Inception-v3"
    extractor = "inception"


def share_within_reach(
    points: Tensor,
    around: Tensor,
    neighbours: int,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> float:
    """Share of points (count, size) in a ball around any of (many, size) that reaches its k-th nearest other.

    Exhaustive and in float64. Raises `StoppedError` when asked to stop.
    """
    # Moved to the middle, squares of far-off features keep the digits of their differences.
    middle = around.double().mean(dim=0)
    centres, asked = around.double() - middle, points.double() - middle
    radii = []
    for squares in _squared_distances(centres, centres, part_of(report, 0, 2), stop_requested):
        # The nearest of all is the item itself.
        radii.append(squares.kthvalue(neighbours + 1, dim=1).values)
    reach = torch.cat(radii)
    within = [
        (squares <= reach).any(dim=1)
        for squares in _squared_distances(asked, centres, part_of(report, 1, 2), stop_requested)
    ]
    return float(torch.cat(within).double().mean())


def _squared_distances(
    first: Tensor, second: Tensor, report: Report, stop_requested: StopRequested
) -> Iterator[Tensor]:
    lengths, done = second.square().sum(dim=1), 0
    for part in first.split(_AT_ONCE):
        if stop_requested():
            raise StoppedError
        squares = torch.addmm(lengths, part, second.T, alpha=-2.0).add_(part.square().sum(dim=1, keepdim=True))
        # Rounding must not make a ball of equal items too small to hold one that is equal as well.
        yield squares.masked_fill_(squares < 1e-9 * lengths.mean(), 0.0)
        done += len(part)
        report(done / len(first), "distances")
