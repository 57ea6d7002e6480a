"""Samples of a model for a metric, in blocks that no setting but their number and seed decides."""

from collections.abc import Iterator
from typing import ClassVar

from trainers.errors import StoppedError
from trainers.metrics.items import Items
from trainers.metrics.metric import Capability, ConditionLaw, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested


class SampleMetric(Metric):
    """A metric of what a model draws."""

    uses: ClassVar[frozenset[str]] = frozenset({"seed", "limit", "samples"})

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Never: it draws many samples."""
        return False


def fixed_samples(
    subject: Subject,
    settings: MetricSettings,
    count: int,
    law: ConditionLaw,
    report: Report,
    stop_requested: StopRequested,
    what: str,
) -> Iterator[Items]:
    """`count` samples in blocks; reports the share done after each. Raises `StoppedError` when asked to stop."""
    done = 0
    for items in subject.samples(count, settings.seed, law, stop_requested):
        if stop_requested():
            raise StoppedError
        yield items
        done += len(items)
        report(done / count, what)


def sampling_settings(
    subject: Subject, settings: MetricSettings, count: int, law: ConditionLaw
) -> dict[str, str | int | float]:
    """What a number measured on samples depends on beside the model, for its settings."""
    told = {"split": "as in the split", "uniform": "every class equally often"}[law]
    conditions = {"conditions": told} if subject.is_conditional else {}
    classifier = subject.classifier_title or ""
    return {"samples": count, "seed": settings.seed, "split": subject.split, "extractor": classifier, **conditions}
