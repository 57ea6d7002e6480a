"""Principal directions, also where the codes hardly vary."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainers.latent.principal_directions import principal_directions


@settings(deadline=None)
@given(items=st.integers(1, 12), size=st.integers(1, 12), rank=st.integers(0, 4), seed=st.integers(0, 2**32 - 1))
def test_directions_are_orthonormal_whatever_the_codes(items: int, size: int, rank: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    codes = random.normal(size=(items, rank)) @ random.normal(size=(rank, size)) + random.normal(size=size)

    directions = principal_directions(codes, 2)

    expected = np.diag([1.0, 1.0 if size > 1 else 0.0])
    np.testing.assert_allclose(directions @ directions.T, expected, atol=1e-8)


@pytest.mark.parametrize("shape", [(200, 6), (5, 9)])
def test_directions_are_those_of_a_singular_value_decomposition(shape: tuple[int, int]) -> None:
    codes = np.random.default_rng(3).normal(size=shape) * np.linspace(1.0, 4.0, shape[1])

    directions = principal_directions(codes, 2)

    expected = np.linalg.svd(codes - codes.mean(axis=0), full_matrices=False)[2][:2]
    np.testing.assert_allclose(np.abs(np.sum(directions * expected, axis=1)), 1.0, atol=1e-9)


def test_the_largest_component_is_positive() -> None:
    codes = np.random.default_rng(4).normal(size=(100, 5)) * np.array([1.0, 5.0, 1.0, 3.0, 1.0])

    for sign in (1.0, -1.0):
        directions = principal_directions(sign * codes, 2)
        assert directions[0, 1] > 0.9
        assert directions[1, 3] > 0.9


def test_constant_codes_give_the_first_coordinate_axes() -> None:
    assert principal_directions(np.full((20, 4), 2.5), 2).tolist() == [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]


def test_codes_on_a_line_are_completed_by_an_axis_at_right_angles() -> None:
    codes = np.outer(np.linspace(-1.0, 1.0, 9), [0.0, 0.0, 2.0])

    assert principal_directions(codes, 2).tolist() == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]


@pytest.mark.parametrize("codes", [np.empty((0, 3)), np.array([[1.0, np.nan]]), np.ones(3)])
def test_unusable_codes_are_refused(codes: np.ndarray) -> None:
    with pytest.raises(ValueError, match="finite codes"):
        principal_directions(codes, 2)
