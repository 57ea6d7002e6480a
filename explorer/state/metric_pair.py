"""What was measured of A and of B, metric by metric, and which of them is better."""

import math
from dataclasses import dataclass

from explorer.state.metric_values import MetricCell, MetricColumn, MetricTable
from explorer.state.wording import signed

_COMPARED = ("value", "best")
_APART = "not comparable"


@dataclass(frozen=True)
class MetricPair:
    """Two models beside each other in the Metrics panel.

    titles: of A and B. table: its two rows are A and B; None while nothing is known. problem: why, as a sentence.
    """

    titles: tuple[str, str]
    table: MetricTable | None = None
    problem: str = ""


@dataclass(frozen=True)
class PairRow:
    """One metric of both.

    difference: B − A, empty where the values cannot be compared. verdict: "A" or "B", the better one, with what is to
    be said of it in a few words; empty where there is nothing to say. explanation: the same in sentences.
    """

    column: MetricColumn
    first: MetricCell
    second: MetricCell
    difference: str = ""
    verdict: str = ""
    explanation: str = ""


def pair_rows(table: MetricTable) -> tuple[PairRow, ...]:
    """A row for each metric of a table of two rows, A and B."""
    one, other = (row.path for row in table.rows)
    return tuple(_row(column, table.cell(one, column.name), table.cell(other, column.name)) for column in table.columns)


def _row(column: MetricColumn, first: MetricCell, second: MetricCell) -> PairRow:
    differing = next((cell for cell in (first, second) if cell.kind == "differing"), None)
    if differing is not None and first.value is not None and second.value is not None:
        return PairRow(column, first, second, "", _APART, differing.explanation)
    if first.kind not in _COMPARED or second.kind not in _COMPARED or first.value is None or second.value is None:
        return PairRow(column, first, second)
    apart, error = second.value - first.value, _error_of_difference(first, second)
    difference = signed(apart, error)
    verdict, explanation = _verdict(first, second, apart, error)
    return PairRow(column, first, second, difference, verdict, explanation)


def _verdict(first: MetricCell, second: MetricCell, apart: float, error: float) -> tuple[str, str]:
    is_best = first.kind == "best", second.kind == "best"
    if not any(is_best):
        return "", "Neither direction is better."
    if all(is_best):
        return "equal", "Both have the same value."
    better = "A" if is_best[0] else "B"
    if error and abs(apart) < error:
        return f"{better}, within the error", (
            f"{better} is better by less than the error of the difference, ± {error:.2g} if the values had nothing to "
            "do with each other; on the same items the true one is mostly smaller."
        )
    return better, f"{better} is better."


def _error_of_difference(first: MetricCell, second: MetricCell) -> float:
    return 0.0 if first.error is None or second.error is None else math.hypot(first.error, second.error)
