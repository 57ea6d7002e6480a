"""What the Metrics panel shows and asks for: a table of runs and metrics, curves, and how much each unit is used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.state.training_values import Curve

MetricsPage = Literal["table", "curves", "units", "scatter", "pair"]
CellKind = Literal["missing", "value", "best", "differing", "other", "impossible", "waiting", "measuring", "failed"]
TableFormat = Literal["csv", "markdown", "latex"]


@dataclass(frozen=True)
class MetricsChoice:
    """What the Metrics panel shows of which runs.

    page: "pair" is A | B, and without a second model the table.
    runs: paths of the chosen ones; without any, the open one. quantity: which curves are drawn, empty for the first.
    by_epoch: the curves' axis counts epochs instead of steps. logarithmic: that of their values is logarithmic.
    by_activity: units are sorted by how much they are used, instead of by their index.
    across, upwards: metrics of the scatter, empty for the first and the second. sorted_by: a column, empty for none.
    """

    page: MetricsPage = "table"
    runs: tuple[str, ...] = ()
    quantity: str = ""
    by_epoch: bool = False
    logarithmic: bool = False
    by_activity: bool = False
    across: str = ""
    upwards: str = ""
    sorted_by: str = ""
    descending: bool = False


@dataclass(frozen=True)
class MetricRow:
    """One run, checkpoint file or shipped model; detail: its model, data and epoch, or why it cannot be read."""

    path: str
    title: str
    detail: str = ""
    is_open: bool = False
    is_training: bool = False


@dataclass(frozen=True)
class MetricColumn:
    """One metric; title: its name with an arrow to where it is better.

    conditions: the most telling ones under which most of its values were measured, in a few words.
    explanation: all of them, with its unit and direction.
    """

    name: str
    title: str
    unit: str = ""
    conditions: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class MetricCell:
    """What stands in one place of the table; value, error: None where there is none."""

    kind: CellKind = "missing"
    text: str = ""
    explanation: str = ""
    value: float | None = None
    error: float | None = None


@dataclass(frozen=True)
class MetricTable:
    """Rows × columns; cells by path and metric. sentences: what a reader must know of all of it."""

    rows: tuple[MetricRow, ...] = ()
    columns: tuple[MetricColumn, ...] = ()
    cells: Mapping[tuple[str, str], MetricCell] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()

    def cell(self, path: str, metric: str) -> MetricCell:
        """What stands in a place."""
        return self.cells.get((path, metric), MetricCell())

    def values(self, metric: str) -> set[str]:
        """Paths of the runs that have a value of a metric."""
        return {path for (path, name), cell in self.cells.items() if name == metric and cell.value is not None}

    def usual_axes(self, across: str = "", upwards: str = "") -> tuple[str, str]:
        """Two metrics for a scatter: those wished for, where there are such, else those that most runs have both of.

        Empty without any column.
        """
        names = [column.name for column in self.columns]
        known = {name: self.values(name) for name in names}
        first = across if across in names else max(names, key=lambda name: len(known[name]), default="")
        others = [name for name in names if name != first]
        most = max(others, key=lambda name: len(known[name] & known[first]), default=first)
        return first, upwards if upwards in names else most


@dataclass(frozen=True, eq=False)
class UnitHistory:
    """How much each number of the code was used at some epochs of a run.

    name: "kl" or "code_variance". epochs: (times,), rising. values: (times, units), none below zero.
    """

    name: str
    epochs: NDArray[np.float64]
    values: NDArray[np.float64]

    @property
    def quantity(self) -> str:
        """What the values are, in words."""
        return "KL" if self.name == "kl" else "variance of the codes"

    @property
    def unit(self) -> str:
        """The unit of the values, empty for the square of one that codes do not have."""
        return "nats" if self.name == "kl" else ""

    def order(self, *, by_activity: bool) -> NDArray[np.int64]:
        """The units in the order in which they are shown: by index, or those most used at the end first."""
        if not by_activity:
            return np.arange(self.values.shape[1])
        return np.argsort(-self.values[-1], kind="stable")


@dataclass(frozen=True, eq=False)
class RunHistory:
    """What a run has told so far; steps_per_epoch: 0 where it did not tell. problem: why nothing can be shown."""

    path: str
    title: str
    curves: tuple[Curve, ...] = ()
    steps_per_epoch: int = 0
    units: UnitHistory | None = None
    problem: str = ""


@dataclass(frozen=True)
class MeasureWish:
    """What is to be measured of which runs; None for a metric's usual number, or all items of the split.

    inception_weights: file of the weights of Inception-v3, empty for where they usually lie.
    """

    paths: tuple[str, ...]
    metrics: tuple[str, ...]
    importance_samples: int = 100
    samples: int | None = None
    limit: int | None = None
    split: Literal["test", "train"] = "test"
    inception_weights: str = ""


@dataclass(frozen=True)
class MetricOffer:
    """A metric that can be chosen; reason: why none of the chosen runs can have it, empty where one can."""

    name: str
    description: str
    is_usual: bool = False
    reason: str = ""
