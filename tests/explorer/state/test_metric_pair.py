"""Metrics of A and B beside each other: their difference, and which of them is better."""

import math

import pytest

from explorer.state.metric_pair import PairRow, pair_rows
from explorer.state.metric_values import MetricCell, MetricColumn, MetricRow, MetricTable
from explorer.state.wording import signed


def row(first: MetricCell, second: MetricCell) -> PairRow:
    cells = {("/a", "fid"): first, ("/b", "fid"): second}
    table = MetricTable((MetricRow("/a", "A"), MetricRow("/b", "B")), (MetricColumn("fid", "fid ↓"),), cells)
    (found,) = pair_rows(table)
    return found


def best(value: float, error: float | None = None) -> MetricCell:
    return MetricCell("best", str(value), "", value, error)


def worse(value: float, error: float | None = None) -> MetricCell:
    return MetricCell("value", str(value), "", value, error)


def test_the_better_one_is_named_with_how_far_they_are_apart() -> None:
    assert (row(best(2.0), worse(5.5)).difference, row(best(2.0), worse(5.5)).verdict) == ("+3.5", "A")
    assert (row(worse(5.5), best(2.0)).difference, row(worse(5.5), best(2.0)).verdict) == ("−3.5", "B")


def test_where_no_direction_is_better_there_is_a_difference_and_no_winner() -> None:
    found = row(worse(1.0), worse(3.0))
    assert (found.difference, found.verdict) == ("+2", "")
    assert row(best(3.0), best(3.0)).verdict == "equal"


@pytest.mark.parametrize(("apart", "verdict"), [(0.4, "A, within the error"), (0.6, "A")])
def test_what_is_smaller_than_its_error_is_said_to_be(apart: float, verdict: str) -> None:
    # The errors 0.3 and 0.4 make 0.5 together.
    assert row(best(2.0, 0.3), worse(2.0 + apart, 0.4)).verdict == verdict


def test_what_was_measured_otherwise_is_not_compared() -> None:
    differing = MetricCell("differing", "2 *", "count 5 instead of 9", 2.0)
    found = row(worse(1.0), differing)
    assert (found.difference, found.verdict, found.explanation) == ("", "not comparable", "count 5 instead of 9")


@pytest.mark.parametrize(
    "cell",
    [MetricCell(), MetricCell("other", "2 at epoch 5"), MetricCell("measuring"), MetricCell("differing", "2", "", 2.0)],
)
def test_beside_nothing_a_value_stands_alone(cell: MetricCell) -> None:
    other = MetricCell() if cell.value is not None else worse(1.0)
    assert row(other, cell) == PairRow(MetricColumn("fid", "fid ↓"), other, cell)


def test_differences_have_a_sign_and_the_digits_that_are_certain() -> None:
    texts = [signed(3.21987, 0.0123), signed(-0.5), signed(12345.0, 20.0), signed(-1e-9, 1e-9), signed(0.0)]
    assert texts == ["+3.220", "−0.5", "+12345", "−1e−09", "0"]
    assert signed(math.nan) == ""
