"""The summary of codes: the same in parts as at once, and silent about items without a code."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.services.code_summary import CodeSummary


def _codes(count: int, seed: int) -> "tuple[np.ndarray, np.ndarray]":
    random = np.random.default_rng(seed)
    offset = 1000.0 * (seed % 3)
    codes = (random.standard_normal((count, 4)) + offset).astype(np.float32)
    codes[:, 3] = 7.0
    return codes, random.standard_normal((count, 4)).astype(np.float32)


@given(seed=st.integers(0, 1000), cuts=st.lists(st.integers(0, 60), max_size=4), spread=st.booleans())
def test_parts_say_what_the_whole_says(seed: int, cuts: list[int], spread: bool) -> None:
    codes, log_variances = _codes(60, seed)
    codes[seed % 60] = np.nan
    summary = CodeSummary()
    ends = sorted({0, 60, *cuts})
    for start, end in pairwise(ends):
        summary.add(codes[start:end], log_variances[start:end] if spread else None)
    known = np.isfinite(codes).all(axis=1)
    exact, variances = codes[known].astype(np.float64), log_variances[known].astype(np.float64)
    divergence = 0.5 * (exact**2 + np.exp(variances) - 1.0 - variances)
    expected = divergence.mean(axis=0) if spread else exact.var(axis=0)
    activity, unit = summary.activity
    assert activity == pytest.approx(expected.tolist(), rel=1e-6, abs=1e-9)
    assert unit == ("nats" if spread else "variance")
    assert summary.constant == {3}
    assert (summary.count, summary.missing) == (59, 1)
    assert summary.has_code is not None
    assert summary.has_code.tolist() == known.tolist()


def test_rows_with_any_lost_number_are_lost_as_a_whole() -> None:
    given_codes = np.array([[1.0, np.inf], [2.0, 3.0], [np.nan, 1.0]], np.float32)
    known = CodeSummary().add(given_codes, None)
    assert np.isnan(known).tolist() == [[True, True], [False, False], [True, True]]
    assert np.isinf(given_codes[0, 1])


def test_one_item_alone_is_not_said_to_be_the_same_everywhere() -> None:
    summary = CodeSummary()
    summary.add(np.zeros((1, 2), np.float32), None)
    assert summary.constant == frozenset()
    assert summary.has_code is None
