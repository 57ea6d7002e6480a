"""Nearest items in code space."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from explorer.services.neighbours import nearest_items


@pytest.mark.parametrize("items", [30, 20_000])
def test_they_are_those_of_an_exact_search(items: int) -> None:
    rng = np.random.default_rng(0)
    codes, code = rng.standard_normal((items, 6)).astype(np.float32), rng.standard_normal(6)
    found = nearest_items(codes, code, 12)
    distances, indices = NearestNeighbors(n_neighbors=12, algorithm="brute").fit(codes).kneighbors(code[None])
    assert found.indices.tolist() == indices[0].tolist()
    assert found.distances == pytest.approx(distances[0], rel=1e-4)
    assert found.itself == -1


def test_an_item_is_no_neighbour_of_itself() -> None:
    codes = np.arange(10, dtype=np.float32)[:, None]
    found = nearest_items(codes, codes[4], 3)
    assert found.itself == 4
    assert sorted(found.indices.tolist()[:2]) == [3, 5]
    assert 4 not in found.indices


@pytest.mark.parametrize(("items", "expected"), [(0, 0), (1, 0), (3, 2)])
def test_of_few_items_all_others_are_given(items: int, expected: int) -> None:
    codes = np.arange(items, dtype=np.float32)[:, None]
    assert len(nearest_items(codes, np.zeros(1), 12).indices) == expected
