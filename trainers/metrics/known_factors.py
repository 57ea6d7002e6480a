"""Codes beside the factors that their items were made from."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.errors import UsageError
from trainers.metrics.fixed_blocks import fixed_blocks
from trainers.metrics.metric import Capability, Measurement, Metric, MetricSettings, Subject
from trainers.reporting import Report, StopRequested, part_of

Array = NDArray[np.float64]

BINS = 20
FEWEST = 100


@dataclass(frozen=True)
class FactorScore:
    """A score from 0 to 1, the part that each factor or number of the code has in it, and what else was found."""

    value: float
    parts: tuple[float, ...]
    settings: Mapping[str, str | int | float] = field(default_factory=dict)


class FactorMetric(Metric):
    """How far single numbers of the code stand for single known factors; codes are posterior means."""

    unit = "score from 0 to 1"
    better = "higher"
    needs: ClassVar[frozenset[Capability]] = frozenset({"encoder", "factors"})
    weighs_binarisation: ClassVar[bool] = False

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Never: only where somebody asks how codes and factors hang together."""
        return False

    @classmethod
    def check(cls, subject: Subject, settings: MetricSettings) -> None:
        """Raise `UsageError` also for too few items to see how codes and factors hang together."""
        super().check(subject, settings)
        count = subject.count if settings.limit is None else min(subject.count, settings.limit)
        if 0 < count < FEWEST:
            raise UsageError(f"{cls.name} needs at least {FEWEST} items, and these are {count}; choose more.")

    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """The score; `per_unit` holds its parts. Items without a number for every factor are left out."""
        means = [
            subject.encode(items)[0].double().cpu()
            for items in fixed_blocks(subject, settings, part_of(report, 0, 2), stop_requested, self.name)
        ]
        codes = torch.cat(means).numpy()
        factors = subject.factors[: len(codes)].double().cpu().numpy()
        known = np.isfinite(factors).all(axis=1)
        varied = factors[known].std(axis=0) > 0.0 if known.any() else np.zeros(factors.shape[1], bool)
        if known.sum() < FEWEST or not varied.any():
            raise UsageError(f"{self.name} needs {FEWEST} items with numbers for all factors, and factors that vary.")
        score = self.score(
            codes[known], factors[known][:, varied], settings.seed, part_of(report, 1, 2), stop_requested
        )
        names = ", ".join(name for name, is_varied in zip(subject.factor_names, varied, strict=True) if is_varied)
        said = {"split": subject.split, "factors": names, **score.settings}
        report(1.0, self.name)
        return Measurement(
            self.name, score.value, self.unit, self.better, None, int(known.sum()), said, score.parts
        )  # fmt: skip

    @abstractmethod
    def score(
        self, codes: Array, factors: Array, seed: int, report: Report, stop_requested: StopRequested
    ) -> FactorScore:
        """The score of codes (count, latent_size) and factors (count, factors), both finite; raises `StoppedError`."""


def binned(values: Array, bins: int = BINS) -> NDArray[np.int64]:
    """Columns as numbers of equally wide bins over their range; a column of fewer values than bins keeps them."""
    columns = []
    for column in values.T:
        distinct, places = np.unique(column, return_inverse=True)
        if len(distinct) > bins:
            edges = np.linspace(distinct[0], distinct[-1], bins + 1)[1:-1]
            places = np.searchsorted(edges, column, side="right")
        columns.append(places.astype(np.int64))
    return np.stack(columns, axis=1)


def has_few_values(column: Array) -> bool:
    """Whether a factor is one of two kinds rather than a number."""
    return len(np.unique(column)) <= 2
