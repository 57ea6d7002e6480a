"""How much of the code a model uses: KL per unit and active units."""

from dataclasses import replace
from typing import ClassVar

import torch
from torch import Tensor

from trainers.metrics.fixed_blocks import fixed_blocks, posterior_draws
from trainers.metrics.mean_over_images import mean_over_images
from trainers.metrics.metric import METRICS, Measurement, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested

ACTIVE_VARIANCE = 0.01


@METRICS.register("kl")
class KlPerUnit(Metric):
    """KL(q(z|x) || p(z)), summed over the code and for each number of it."""

    name = "kl"
    unit = "nats per image"
    better = "none"
    description = "divergence of the posterior from the prior, in all and per unit"
    needs = frozenset({"bound"})

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images of the sum; `per_unit` holds the mean of each number and adds up to the value."""
        parts, draws = [], posterior_draws(subject, settings)
        for items in fixed_blocks(subject, settings, report, stop_requested, self.name):
            parts.append(subject.bound_terms(items, draws)[1].double().cpu())
        per_image = torch.cat(parts)
        whole = mean_over_images(self, per_image.sum(dim=1))
        return replace(whole, per_unit=tuple(per_image.mean(dim=0).tolist()))


@METRICS.register("kl_per_level")
class KlPerLevel(KlPerUnit):
    """KL(q(z|x) || p(z)) of each level of a hierarchy, against the prior that the levels above it give."""

    name = "kl_per_level"
    description = "divergence of the posterior from the prior of each level, from the picture upwards"
    needs = frozenset({"bound", "levels"})

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Mean over images of the sum; `per_unit` holds that of each level, from level 0 upwards."""
        whole = super().measure(subject, settings, report, stop_requested)
        levels = [0.0] * (max(subject.unit_levels) + 1)
        for level, value in zip(subject.unit_levels, whole.per_unit, strict=True):
            levels[level] += value
        found = {f"found_level_{level}": value for level, value in enumerate(levels)}
        return replace(whole, per_unit=tuple(levels), settings={**whole.settings, **found})


@METRICS.register("active_units")
class ActiveUnits(Metric):
    """Numbers of the code whose posterior mean varies over the data by more than 0.01 (Burda et al. 2016)."""

    name = "active_units"
    unit = "units"
    better = "higher"
    description = "numbers of the code whose posterior mean has a variance above 0.01 over the data"
    needs = frozenset({"encoder"})
    weighs_binarisation: ClassVar[bool] = False

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """How many units are active; `per_unit` holds the variance of each posterior mean."""
        means: list[Tensor] = [
            subject.encode(items)[0].double().cpu()
            for items in fixed_blocks(subject, settings, report, stop_requested, self.name)
        ]
        codes = torch.cat(means)
        variances = codes.var(dim=0, correction=0)
        active = int((variances > ACTIVE_VARIANCE).sum())
        found = {"variance_above": ACTIVE_VARIANCE}
        return Measurement(
            self.name, float(active), self.unit, self.better, None, len(codes), found, tuple(variances.tolist())
        )
