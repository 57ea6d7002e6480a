"""Nearest codes, against an exact search."""

import numpy as np
import pytest

from trainers.latent.nearest_codes import nearest_first, squared_distances


@pytest.mark.parametrize("shape", [(7, 3), (5_000, 40), (3, 70_000)])
def test_distances_are_those_of_the_formula_however_many_parts_they_come_in(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    codes, code = rng.normal(size=shape).astype(np.float32), rng.normal(size=shape[1])
    exact = np.square(codes.astype(np.float64) - code).sum(axis=1)
    np.testing.assert_allclose(squared_distances(codes, code), exact, rtol=1e-4)


def test_a_code_is_at_no_distance_from_itself_however_far_from_zero() -> None:
    codes = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32) + 1e6
    assert squared_distances(codes, codes[7])[7] == 0.0


def test_what_is_no_number_is_infinitely_far() -> None:
    codes = np.array([[0.0, 1.0], [np.nan, 0.0], [2.0, 2.0]], np.float32)
    assert squared_distances(codes, np.zeros(2)).tolist() == [1.0, np.inf, 8.0]


def test_the_nearest_come_first_and_equal_ones_in_their_order() -> None:
    squares = np.array([3.0, 1.0, 2.0, 1.0, 3.0, np.inf])
    assert nearest_first(squares, 4).tolist() == [1, 3, 2, 0]
    assert nearest_first(squares, 99).tolist() == [1, 3, 2, 0, 4, 5]
    assert nearest_first(squares, 0).tolist() == nearest_first(np.empty(0), 3).tolist() == []
