"""How much better corrupted pictures become by being restored."""

from dataclasses import replace
from typing import ClassVar

import torch
from torch import Tensor

from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.mean_over_images import mean_over_images
from trainers.metrics.metric import METRICS, Capability, Measurement, Metric, MetricSettings, Subject
from trainers.metrics.picture_quality import psnr
from trainers.reporting import Report, StopRequested


@METRICS.register("psnr_restored")
class RestoredPsnr(Metric):
    """Peak signal-to-noise ratio of restored pictures, after the corruption that the model has learned to undo.

    Every item of the split is corrupted by a draw that the seed and its place decide. Beside the value stand the
    ratios of the corrupted pictures and of a classical restoration, and all three for each kind of corruption.
    """

    name = "psnr_restored"
    unit = "dB"
    better = "higher"
    description = "peak signal-to-noise ratio of pictures that were corrupted and restored"
    needs: ClassVar[frozenset[Capability]] = frozenset({"restorer"})

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images; `per_unit` holds that of the items of each kind, in the order of the settings."""
        ratios, kinds, done = [], [], 0
        for items in fixed_blocks(subject, settings, report, stop_requested, self.name):
            trial = subject.restore(items, done, settings.seed)
            shown = (trial.restored, trial.corrupted, trial.classical)
            ratios.append(torch.stack([psnr(items.images, images) for images in shown]).cpu())
            kinds.append(trial.kinds.cpu())
            done += len(items)
        of_items, of_kinds = torch.cat(ratios, dim=1), torch.cat(kinds)
        said: dict[str, str | int | float] = {**subject.corruption, "seed": settings.seed}
        said |= _named(of_items, "restored", "corrupted", "classical")
        means = []
        for number, (kind, classical) in enumerate(subject.corruption_kinds.items()):
            chosen = of_items[:, of_kinds == number]
            if chosen.shape[1] > 0:
                said |= _named(chosen, f"{kind} restored", f"{kind} corrupted", f"{kind} {classical}")
                means.append(float(chosen[0].mean()))
        return replace(mean_over_images(self, of_items[0], said), per_unit=tuple(means))


def _named(ratios: Tensor, *names: str) -> dict[str, float]:
    """The means of rows of ratios, rounded to what is worth telling."""
    return {name: round(float(row.mean()), 3) for name, row in zip(names, ratios, strict=True)}
