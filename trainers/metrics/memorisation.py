"""How far samples are from the nearest training items, beside how far unseen items are."""

from typing import ClassVar

import torch

from trainers.errors import UsageError
from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.fixed_samples import SampleMetric, fixed_samples, sampling_settings
from trainers.metrics.metric import METRICS, Capability, Measurement, MetricSettings, Resource, Subject
from trainers.metrics.nearest_training_items import nearest_training_items
from trainers.reporting import Report, StopRequested, part_of

SAMPLES = 1000


@METRICS.register("nearest_training_distance")
class NearestTrainingDistance(SampleMetric):
    """Mean distance of samples to the nearest training item; far below that of unseen items, samples are copies."""

    name = "nearest_training_distance"
    unit = "root mean square difference"
    better = "none"
    description = "distance of samples to the nearest training item, beside that of as many items of the split"
    needs: ClassVar[frozenset[Capability]] = frozenset()
    resources: ClassVar[frozenset[Resource]] = frozenset({"training_items"})
    weighs_binarisation: ClassVar[bool] = False

    @classmethod
    def check(cls, subject: Subject, settings: MetricSettings) -> None:
        """Raise `UsageError` also for the training split, whose items are at no distance from themselves."""
        super().check(subject, settings)
        if subject.split == "train":
            raise UsageError(f"{cls.name} compares with items that the model has not seen; choose the test split.")

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """The mean with its standard error; the settings say the same of items of the split, and how many are copies.

        A sample counts as a copy where it is nearer to a training item than 99 of 100 items of the split are.
        """
        count = settings.samples or SAMPLES
        blocks = fixed_samples(
            subject, settings, count, "split", part_of(report, 0, 3), stop_requested, self.name
        )  # fmt: skip
        samples = torch.cat([items.images.float().cpu() for items in blocks])
        limited = settings.model_copy(update={"limit": min(settings.limit or count, count)})
        unseen = torch.cat(
            [
                items.images.float().cpu()
                for items in fixed_blocks(
                    subject, limited, part_of(report, 1, 3), stop_requested, self.name, binarised=False
                )
            ]
        )
        items = subject.training_items
        found = nearest_training_items(
            torch.cat([samples, unseen]), items, part_of(report, 2, 3), stop_requested
        ).distances.double()
        report(1.0, self.name)
        of_samples, of_unseen = found[:count], found[count:]
        copies = float((of_samples < of_unseen.quantile(0.01)).double().mean())
        error = float(of_samples.std(correction=1)) / count**0.5
        said: dict[str, str | int | float] = {
            **sampling_settings(subject, settings, count, "split"),
            "training_items": len(items),
            "found_of_unseen_items": float(of_unseen.mean()),
            "found_share_of_copies": copies,
        }
        del said["extractor"]
        return Measurement(self.name, float(of_samples.mean()), self.unit, self.better, error, count, said)
