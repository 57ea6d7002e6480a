"""Metrics that compare samples and a split by what an extractor sees in them."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import torch
from torch import Tensor

from trainers.errors import FailureError, UsageError
from trainers.metrics.extractor import ExtractorName, Features
from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.fixed_samples import SampleMetric, fixed_samples, sampling_settings
from trainers.metrics.items import Items
from trainers.metrics.metric import Capability, Measurement, MetricSettings, Resource, Subject
from trainers.reporting import Report, StopRequested, part_of

SAMPLES = 10_000
_RESOURCES: Mapping[ExtractorName, Resource] = {"embedded": "features", "inception": "inception"}


@dataclass(frozen=True)
class Compared:
    """What a comparison of features gives: a value, its standard error, and what it depends on or found beside."""

    value: float
    standard_error: float | None = None
    settings: Mapping[str, str | int | float] = field(default_factory=dict)


class FeatureMetric(SampleMetric):
    """A number of sets of features, by one extractor; each extractor makes it a metric of its own.

    fewest: how many samples, and images, it takes. compares: whether it looks at the split beside the samples.
    """

    extractor: ClassVar[ExtractorName]
    fewest: ClassVar[int] = 2
    compares: ClassVar[bool] = True
    needs: ClassVar[frozenset[Capability]] = frozenset()

    def __init_subclass__(cls) -> None:
        """A metric that names its extractor must be given it."""
        super().__init_subclass__()
        if hasattr(cls, "extractor"):
            cls.resources = frozenset({_RESOURCES[cls.extractor]})

    @classmethod
    def check(cls, subject: Subject, settings: MetricSettings) -> None:
        """Raise `UsageError` also for fewer samples or images than it takes."""
        super().check(subject, settings)
        count, least = settings.samples or SAMPLES, cls.least_count()
        if not cls.compares:
            if count < least:
                raise UsageError(f"{cls.name} needs at least {least:,} samples, and these are {count:,}; draw more.")
            return
        images = min(subject.count, settings.limit or subject.count)
        if images == 0:
            raise UsageError("There are no images to measure on; choose another split or dataset.")
        if min(count, images) < least:
            found = f"{count:,} samples and {images:,} image{'' if images == 1 else 's'} of the {subject.split} split"
            raise UsageError(
                f"{cls.name} needs at least {least:,} samples and as many images ({cls.why_so_many()}); these are "
                f"{found}: {cls.instead()}."
            )

    @classmethod
    def least_count(cls) -> int:
        """How many samples, and images of the split, it takes."""
        return cls.fewest

    @classmethod
    def why_so_many(cls) -> str:
        """The reason for this number, within a sentence."""
        return "fewer say nothing"

    @classmethod
    def instead(cls) -> str:
        """What to do where there are fewer."""
        return "take more of them, or choose a larger split"

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """The number; of conditional models samples have the conditions of items drawn from the split.

        Samples of zeros and ones alone are compared with the split binarised, all others with it as it is.
        """
        self.check(subject, settings)
        count = settings.samples or SAMPLES
        samples = sampled_features(
            subject, settings, self.extractor, part_of(report, 0, 3), stop_requested, self.name
        )  # fmt: skip
        found = {**sampling_settings(subject, settings, count, "split"), **subject.extractor_settings(self.extractor)}
        real = None
        if self.compares:
            real = split_features(
                subject, settings, self.extractor, samples.are_binary, part_of(report, 1, 3), stop_requested, self.name
            )
            found["compared_with"] = f"{len(real)} {'binarised' if samples.are_binary else 'original'} images"
        found["binarisation"] = subject.binarisation if samples.are_binary else "none"
        compared = self.compare(samples, real, settings, part_of(report, 2, 3), stop_requested)
        report(1.0, self.name)
        found |= compared.settings
        return Measurement(self.name, compared.value, self.unit, self.better, compared.standard_error, count, found)

    @abstractmethod
    def compare(
        self,
        samples: Features,
        real: Features | None,
        settings: MetricSettings,
        report: Report,
        stop_requested: StopRequested,
    ) -> Compared:
        """The number; real is None where it looks at samples alone. Raises `StoppedError`."""


def sampled_features(
    subject: Subject,
    settings: MetricSettings,
    extractor: ExtractorName,
    report: Report,
    stop_requested: StopRequested,
    what: str,
) -> Features:
    """Features of the model's samples, drawn once for all metrics that look at as many with the same seed.

    Every extractor in use looks at them at once, as drawing may take far longer than looking.
    """
    count = settings.samples or SAMPLES
    key = f"{count} samples of seed {settings.seed}"
    known = {name: subject.recalled(key, name) for name in sorted({extractor, *subject.extractors})}
    if known[extractor] is None:
        missing = [name for name, features in known.items() if features is None]
        blocks = fixed_samples(subject, settings, count, "split", report, stop_requested, what)
        for name, features in _extracted(subject, blocks, missing).items():
            subject.remember(key, name, features)
            known[name] = features
    report(1.0, what)
    wanted = known[extractor]
    assert wanted is not None
    return wanted


def split_features(
    subject: Subject,
    settings: MetricSettings,
    extractor: ExtractorName,
    binarised: bool,
    report: Report,
    stop_requested: StopRequested,
    what: str,
) -> Features:
    """Features of the split, or of its first `settings.limit` items, which every model of these data shares."""
    key = f"split up to {settings.limit}, binarised {subject.binarisation if binarised else 'none'}"
    known = subject.recalled(key, extractor, of_model=False)
    if known is None:
        blocks = fixed_blocks(subject, settings, report, stop_requested, what, binarised=binarised)
        known = _extracted(subject, blocks, [extractor])[extractor]
        subject.remember(key, extractor, known, of_model=False)
    report(1.0, what)
    return known


def _extracted(
    subject: Subject, blocks: Iterable[Items], extractors: Sequence[ExtractorName]
) -> dict[ExtractorName, Features]:
    vectors: dict[ExtractorName, list[Tensor]] = {name: [] for name in extractors}
    logits: dict[ExtractorName, list[Tensor]] = {name: [] for name in extractors}
    are_binary = True
    for items in blocks:
        for name in extractors:
            seen = subject.extract(items.images, name)
            vectors[name].append(seen[0].float().cpu())
            logits[name].append(seen[1].float().cpu())
        are_binary = are_binary and bool(torch.isin(items.images, items.images.new_tensor([0.0, 1.0])).all())
    found = {name: Features(torch.cat(vectors[name]), torch.cat(logits[name]), are_binary) for name in extractors}
    if not all(bool(features.vectors.isfinite().all()) for features in found.values()):
        raise FailureError("Pictures of this model are no numbers, so nothing can be seen in them; choose another one.")
    return found
