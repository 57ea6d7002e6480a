"""How well the items of a class that a model never saw stand out from the others."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor

from trainers.errors import UsageError
from trainers.metrics.fixed_blocks import fixed_blocks, posterior_draws
from trainers.metrics.items import Items
from trainers.metrics.metric import METRICS, Capability, Measurement, Metric, MetricSettings, Subject
from trainers.metrics.reconstructions import how_found, reconstructed_blocks
from trainers.registry import unknown_name
from trainers.reporting import Report, StopRequested

ScoreName = Literal["-log p(x)", "-evidence bound", "-importance-weighted bound", "reconstruction error"]


@dataclass(frozen=True)
class AnomalyScores:
    """How unusual a model finds items, and which of them are of the class it never saw.

    scores: (count,) float64 on the CPU, higher for what is less usual. labels: (count,) class numbers.
    anomalous: (count,) bools. what: what a score is. held_out: the class that counts as anomalous.
    """

    scores: Tensor
    labels: Tensor
    anomalous: Tensor
    what: ScoreName
    held_out: str


@dataclass(frozen=True)
class RocCurve:
    """Shares of usual and of anomalous items, (points,) each from 0 to 1, with a score at or above a falling threshold.

    area: under the curve; the probability that an anomalous item scores higher than a usual one, ties counting half.
    """

    false_alarms: Tensor
    found: Tensor
    area: float


def roc_curve(scores: Tensor, anomalous: Tensor) -> RocCurve:
    """The curve of scores (count,) by which anomalous items, (count,) of bools, are told from the others.

    Raises `UsageError` unless there are items of both kinds.
    """
    order = torch.argsort(scores, descending=True)
    ordered, is_anomalous = scores[order], anomalous[order].bool()
    hits, misses = is_anomalous.long().cumsum(0), (~is_anomalous).long().cumsum(0)
    if len(scores) == 0 or int(hits[-1]) == 0 or int(misses[-1]) == 0:
        raise UsageError("Anomalies need items of the class that was held out and of others; choose other items.")
    # One point for all items of the same score, which no threshold can tell apart.
    last = torch.cat([ordered[1:] != ordered[:-1], torch.ones(1, dtype=torch.bool)])
    zero = torch.zeros(1, dtype=torch.float64)
    found = torch.cat([zero, hits[last].double() / int(hits[-1])])
    false_alarms = torch.cat([zero, misses[last].double() / int(misses[-1])])
    return RocCurve(false_alarms, found, float(torch.trapezoid(found, false_alarms)))


def anomaly_scores(
    subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested, what: str
) -> AnomalyScores:
    """Scores of all items; raises `UsageError` where no class was held out or items have no classes."""
    name = anomalous_class(subject, settings)
    score = score_name(subject, settings)
    scores, labels = [], []
    for items, values in _scored(subject, settings, score, report, stop_requested, what):
        if items.labels is None:
            raise UsageError("Anomalies are told by the labels of the items, and these have none; choose other data.")
        scores.append(values.double().cpu())
        labels.append(items.labels.cpu())
    numbers = torch.cat(labels)
    return AnomalyScores(torch.cat(scores), numbers, numbers == subject.class_names.index(name), score, name)


def anomalous_class(subject: Subject, settings: MetricSettings) -> str:
    """The class that the settings name, else the one held out of training; raises `UsageError` without any."""
    named = settings.anomalous_class
    if not subject.class_names:
        raise UsageError("Anomalies are told by the classes of the items, and these have none; choose other data.")
    if named is not None and named not in subject.class_names:
        raise UsageError(unknown_name("class", named, subject.class_names))
    known = [name for name in subject.held_out_classes if name in subject.class_names]
    if named is None and not known:
        raise UsageError(
            f"No class was held out when this {subject.model_name} was trained; train one with --hold-out-class, or "
            "say which class is to count as anomalous with --anomalous-class."
        )
    return named or known[0]


def score_name(subject: Subject, settings: MetricSettings) -> ScoreName:
    """What items are scored by: their likelihood where there is one, the nearest to it first, else their error.

    Raises `UsageError` where the settings ask for a likelihood that the model does not have.
    """
    able = subject.capabilities
    if settings.anomaly_score != "error":
        if "exact_likelihood" in able:
            return "-log p(x)"
        if {"bound", "likelihood"} <= able:
            return "-evidence bound"
        if "likelihood" in able:
            return "-importance-weighted bound"
        if settings.anomaly_score == "likelihood":
            raise UsageError(f"This {subject.model_name} has no likelihood; let its errors be the scores.")
    return "reconstruction error"


@METRICS.register("anomaly_auroc")
class AnomalyAuroc(Metric):
    """The area under the curve of found anomalies over false alarms: 1 for all told from the others, 0.5 for chance.

    Anomalous is the class that was held out of training, or another one that the settings name.
    """

    name = "anomaly_auroc"
    unit = "area"
    better = "higher"
    description = "how well items of the class held out of training are told from the others, 0.5 for chance"
    needs: ClassVar[frozenset[Capability]] = frozenset({"labels", "held_out"})
    uses: ClassVar[frozenset[str]] = frozenset(
        {"seed", "limit", "anomaly_score", "anomalous_class", "importance_samples"}
    )

    @classmethod
    def check(cls, subject: Subject, settings: MetricSettings) -> None:
        """A class that the settings name may be one that was not held out."""
        anomalous_class(subject, settings)
        score_name(subject, settings)

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Where a class was held out and codes need not be searched for."""
        quick = {"encoder", "exact_likelihood"}
        return super().is_usual(capabilities) and bool(quick & capabilities)

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """The exact area; the settings say what the score was and which class counted as anomalous."""
        found = anomaly_scores(subject, settings, report, stop_requested, self.name)
        area = roc_curve(found.scores, found.anomalous).area
        said: dict[str, str | int | float] = {
            "class": found.held_out,
            "held_out": "yes" if found.held_out in subject.held_out_classes else "no",
            "score": found.what,
            "anomalies": int(found.anomalous.sum()),
            "split": subject.split,
            "seed": settings.seed,
        }
        if subject.is_told:
            # A class that it has never been told of may be what stands out, and not the look of the items.
            said["told"] = "the condition of each item"
        if found.what == "reconstruction error":
            said |= how_found(subject)
        elif found.what == "-importance-weighted bound":
            said["importance_samples"] = settings.importance_samples
        return Measurement(self.name, area, self.unit, self.better, None, len(found.scores), said)


def _scored(
    subject: Subject,
    settings: MetricSettings,
    score: ScoreName,
    report: Report,
    stop_requested: StopRequested,
    what: str,
) -> Iterator[tuple[Items, Tensor]]:
    if score == "reconstruction error":
        for items, decoded in reconstructed_blocks(subject, settings, report, stop_requested, what):
            yield items, (decoded - items.images).square().flatten(1).mean(dim=1)
        return
    draws = posterior_draws(subject, settings)
    for items in fixed_blocks(subject, settings, report, stop_requested, what):
        if score == "-log p(x)":
            yield items, -subject.log_likelihood(items, draws)
        elif score == "-evidence bound":
            log_likelihood, kl = subject.bound_terms(items, draws)
            yield items, kl.sum(dim=1) - log_likelihood
        else:
            log_weights = subject.log_weights(items, settings.importance_samples, draws).double()
            yield items, math.log(len(log_weights)) - torch.logsumexp(log_weights, dim=0)
