"""How sure a classifier is of each sample, and how evenly samples spread over its classes.

Source: Salimans et al., Improved Techniques for Training GANs, 2016.
"""

from typing import ClassVar

import torch
from torch import Tensor

from trainers.metrics.extractor import Features
from trainers.metrics.feature_metric import Compared, FeatureMetric
from trainers.metrics.metric import METRICS, MetricSettings
from trainers.reporting import Report, StopRequested

SPLITS = 10


class ClassScore(FeatureMetric):
    """Mean over ten parts of the samples of exp E KL(p(y|x) || p(y)), from 1 to the number of classes."""

    better = "higher"
    fewest: ClassVar[int] = 2 * SPLITS
    compares: ClassVar[bool] = False

    def compare(
        self,
        samples: Features,
        real: Features | None,
        settings: MetricSettings,
        report: Report,
        stop_requested: StopRequested,
    ) -> Compared:
        """The mean over the parts, and its standard error."""
        scores = class_scores(samples.logits, SPLITS)
        error = float(scores.std(correction=1)) / SPLITS**0.5
        told = {"splits": SPLITS, "classes": samples.logits.shape[1], "found_spread": float(scores.std(correction=0))}
        return Compared(float(scores.mean()), error, told)


@METRICS.register("is_embedded")
class EmbeddedScore(ClassScore):
    """The score by the embedded classifier's classes: not to be compared with the Inception Score of papers."""

    name = "is_embedded"
    unit = "embedded-classifier score"
    description = "the Inception Score's formula with the class probabilities of the embedded classifier"
    extractor = "embedded"


@METRICS.register("is_inception")
class InceptionScore(ClassScore):
    """The Inception Score as published."""

    name = "is_inception"
    unit = "Inception Score"
    description = "Inception Score of the samples, mean of ten parts"
    extractor = "inception"


def class_scores(logits: Tensor, splits: int) -> Tensor:
    """The score of each of `splits` neighbouring parts of logits (count, classes), float64."""
    scores = []
    for part in range(splits):
        rows = logits[part * len(logits) // splits : (part + 1) * len(logits) // splits].double()
        log_shares = rows.log_softmax(dim=1)
        shares = log_shares.exp()
        mean = shares.mean(dim=0)
        divergence = (torch.special.entr(mean) - torch.special.entr(shares).mean(dim=0)).sum()
        scores.append(divergence.exp())
    return torch.stack(scores)
