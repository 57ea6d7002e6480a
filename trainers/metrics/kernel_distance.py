"""The kernel distance of two sets of features: the squared maximum mean discrepancy of a cubic polynomial.

Source: Binkowski et al., Demystifying MMD GANs, 2018.
"""

from typing import ClassVar

import torch
from torch import Tensor

from trainers.errors import StoppedError
from trainers.metrics.extractor import Features
from trainers.metrics.feature_metric import Compared, FeatureMetric
from trainers.metrics.metric import METRICS, MetricSettings
from trainers.reporting import Report, StopRequested

SUBSETS = 100
SUBSET_SIZE = 1000


class KernelDistance(FeatureMetric):
    """Mean over random subsets of the unbiased estimate, which is about zero, and may be below, for equal laws."""

    better = "lower"
    # Subsets are half of the smaller set at most, so that they differ.
    fewest: ClassVar[int] = 4

    def compare(
        self,
        samples: Features,
        real: Features | None,
        settings: MetricSettings,
        report: Report,
        stop_requested: StopRequested,
    ) -> Compared:
        """The mean with a standard error that allows for subsets which share items."""
        assert real is not None
        smaller = min(len(samples), len(real))
        size = min(SUBSET_SIZE, smaller // 2)
        generator = torch.Generator().manual_seed(settings.seed)
        first, second = samples.vectors.double(), real.vectors.double()
        found = []
        for subset in range(SUBSETS):
            if stop_requested():
                raise StoppedError
            drawn = (features[_subset(len(features), size, generator)] for features in (first, second))
            found.append(unbiased_mmd(*drawn))
            report((subset + 1) / SUBSETS, self.name)
        values = torch.tensor(found, dtype=torch.float64)
        spread = float(values.std(correction=0))
        share = size / smaller
        # A subset varies as 1 / size and all items together as 1 / smaller; the rest is averaged over the subsets.
        error = spread * (share + (1.0 - share) / SUBSETS) ** 0.5
        told: dict[str, str | int | float] = {
            "kernel": "(x·y / features + 1)³", "subsets": SUBSETS, "subset_size": size, "found_spread": spread
        }  # fmt: skip
        return Compared(float(values.mean()), error, told)


@METRICS.register("kid_embedded")
class EmbeddedKid(KernelDistance):
    """Embedded-classifier KID: not to be compared with the KID of other features, which every paper's is."""

    name = "kid_embedded"
    unit = "embedded-classifier KID"
    description = "embedded-classifier KID: kernel distance of its features, unbiased also with few images"
    extractor = "embedded"


@METRICS.register("kid_inception")
class InceptionKid(KernelDistance):
    """Kernel Inception distance, of 2,048 features as published."""

    name = "kid_inception"
    unit = "KID"
    description = "kernel Inception distance between samples and the split, unbiased also with few images"
    extractor = "inception"


def unbiased_mmd(first: Tensor, second: Tensor) -> float:
    """Squared maximum mean discrepancy of features (count, size) and (other count, size), at least two of each."""
    own, others = len(first), len(second)
    within_first, within_second = _kernel(first, first), _kernel(second, second)
    of_first = (within_first.sum() - within_first.trace()) / (own * (own - 1))
    of_second = (within_second.sum() - within_second.trace()) / (others * (others - 1))
    return float(of_first + of_second - 2.0 * _kernel(first, second).mean())


def _kernel(first: Tensor, second: Tensor) -> Tensor:
    values = (first @ second.T).div_(first.shape[1]).add_(1.0)
    return values.square().mul_(values)


def _subset(count: int, size: int, generator: torch.Generator) -> Tensor:
    return torch.randperm(count, generator=generator)[:size]
