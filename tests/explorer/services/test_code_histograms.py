"""Histograms along dimensions, and the posterior of one item."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.services.code_histograms import BINS, bin_counts, histograms_in_steps, posterior_of
from explorer.services.data_items import load_data_items
from explorer.services.encodings import encode_in_steps, encoded_items
from explorer.services.network import open_model
from trainers.reporting import no_report


def test_values_fall_into_bins_of_equal_width_and_what_lies_beyond_into_the_outermost() -> None:
    values = np.array([[-3.0, 0.05], [2.99, -9.0], [0.0, 9.0], [np.nan, 0.0]])
    counts = bin_counts(values, np.array([-3.0, -1.0]), np.array([3.0, 1.0]))
    assert counts.shape == (2, BINS)
    assert {place: int(counts[0, place]) for place in np.flatnonzero(counts[0])} == {0: 1, BINS // 2: 1, BINS - 1: 1}
    assert {place: int(counts[1, place]) for place in np.flatnonzero(counts[1])} == {
        0: 1,
        BINS // 2 + 1: 1,
        BINS - 1: 1,
    }


@pytest.mark.parametrize("size", [2, 784])
def test_many_codes_are_counted_in_parts_as_numpy_counts_them(size: int) -> None:
    codes = np.random.default_rng(0).standard_normal((4000, size)).astype(np.float32)
    encoded = encoded_items(1, codes, None, None, (), "items")
    low, high = np.full(size, -4.0), np.full(size, 4.0)
    steps = list(histograms_in_steps(encoded, low, high))
    last = steps[-1]
    assert last is not None
    assert len(steps) > (2 if size == 784 else 1)
    expected = np.histogram(np.clip(codes[:, 1], -4.0, 4.0 - 1e-6), BINS, (-4.0, 4.0))[0]
    assert np.abs(last.shares[1] * expected.max() - expected).max() < 1.5


def test_the_posterior_of_an_item_is_what_the_encoder_says_of_it(digits_run: Path) -> None:
    model = open_model(str(digits_run), 1)
    items = load_data_items(model.header.data, no_report)
    encoded = [found for found in encode_in_steps(model, items, 100) if found is not None][-1]
    (found,) = posterior_of(model, encoded, items, 7)
    assert found.mean == pytest.approx(encoded.codes[7], abs=1e-5)
    assert found.deviation is not None
    assert (found.deviation > 0).all()
    assert list(posterior_of(model, encoded, None, 7)) == []
    assert list(posterior_of(model, encoded, items, 100_000)) == []
    assert list(posterior_of(model, replace(encoded, source="samples"), items, 7)) == []
