"""Which classes a model's samples belong to, by the classifier of their data."""

from collections.abc import Sequence
from typing import ClassVar

import torch

from trainers.metrics.fixed_samples import SampleMetric, fixed_samples, sampling_settings
from trainers.metrics.metric import METRICS, Capability, Measurement, MetricSettings, Resource, Subject
from trainers.reporting import Report, StopRequested

# A class with less than this part of its fair share of the samples counts as missing.
LEAST_SHARE = 0.1

_SAMPLES = 10_000
_SAMPLES_PER_CLASS = 100


@METRICS.register("conditional_accuracy")
class ConditionalAccuracy(SampleMetric):
    """Share of class-conditional samples that the classifier takes for the class they were made of."""

    name = "conditional_accuracy"
    unit = "share of samples"
    better = "higher"
    description = "share of class-conditional samples that the classifier recognises as their class"
    needs: ClassVar[frozenset[Capability]] = frozenset({"class_condition"})
    resources: ClassVar[frozenset[Resource]] = frozenset({"classifier"})
    weighs_binarisation: ClassVar[bool] = False

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """The share, with `per_unit` that of each class; samples are 100 of every class, or classes in turn."""
        classes = len(subject.class_names)
        count = settings.samples or _SAMPLES_PER_CLASS * classes
        drawn, right = torch.zeros(classes), torch.zeros(classes)
        for items in fixed_samples(subject, settings, count, "uniform", report, stop_requested, self.name):
            assert items.labels is not None
            wanted = items.labels.cpu()
            hits = wanted[subject.classify(items.images).cpu() == wanted]
            drawn += torch.bincount(wanted, minlength=classes)
            right += torch.bincount(hits, minlength=classes)
        share = float(right.sum()) / count
        found = sampling_settings(subject, settings, count, "uniform")
        per_class = (right / drawn.clamp_min(1.0)).tolist()
        error = (share * (1.0 - share) / count) ** 0.5
        return Measurement(self.name, share, self.unit, self.better, error, count, found, tuple(per_class))


@METRICS.register("mode_coverage")
class ModeCoverage(SampleMetric):
    """Number of classes that appear among the samples with at least a tenth of their fair share."""

    name = "mode_coverage"
    unit = "classes"
    better = "higher"
    description = "classes that samples cover, by the classifier; the missing ones are named"
    needs: ClassVar[frozenset[Capability]] = frozenset()
    resources: ClassVar[frozenset[Resource]] = frozenset({"classifier"})
    weighs_binarisation: ClassVar[bool] = False

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """The number; `per_unit` holds how many samples of each class there are, the settings those of no class."""
        names = subject.class_names
        count = settings.samples or _SAMPLES
        counts = torch.zeros(len(names), dtype=torch.int64)
        for items in fixed_samples(subject, settings, count, "split", report, stop_requested, self.name):
            labels = subject.classify(items.images).cpu()
            counts += torch.bincount(labels[labels >= 0], minlength=len(names))
        is_covered = classes_covered(counts.tolist(), count)
        missing = [name for name, covered in zip(names, is_covered, strict=True) if not covered]
        found = {
            **sampling_settings(subject, settings, count, "split"),
            "missing": ", ".join(missing) or "none",
            "of_no_class": count - int(counts.sum()),
        }
        per_class = tuple(counts.double().tolist())
        covered = float(sum(is_covered))
        return Measurement(self.name, covered, self.unit, self.better, None, count, found, per_class)


def classes_covered(counts: Sequence[int], samples: int) -> tuple[bool, ...]:
    """Whether each class counts as covered; counts: how many of the samples are of each."""
    return tuple(count >= LEAST_SHARE * samples / len(counts) for count in counts)
