"""Planes: positions and codes are each other's inverse, and a plane goes where it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from trainers.errors import UsageError
from trainers.latent.plane import Plane, Spacing, dimension_plane, direction_plane, plane_through, principal_plane

SPACINGS: tuple[Spacing, ...] = ("even", "probability")


def _random_plane(size: int, spacing: Spacing, seed: int) -> Plane:
    random = np.random.default_rng(seed)
    axes = np.linalg.qr(random.normal(size=(size, 2)))[0].T
    return Plane(random.normal(size=size), axes, random.normal(size=2), random.uniform(0.1, 5.0, 2), spacing)


@settings(deadline=None)
@given(size=st.integers(2, 40), spacing=st.sampled_from(SPACINGS), seed=st.integers(0, 2**32 - 1))
def test_positions_and_codes_are_inverse_on_the_plane(size: int, spacing: Spacing, seed: int) -> None:
    plane = _random_plane(size, spacing, seed)
    positions = np.random.default_rng(seed).uniform(0.001, 0.999, (20, 2))

    codes = plane.codes(positions)

    np.testing.assert_allclose(plane.positions(codes), positions, atol=1e-9)
    np.testing.assert_allclose(plane.codes(plane.positions(codes)), codes, atol=1e-8)


@settings(deadline=None)
@given(size=st.integers(2, 40), seed=st.integers(0, 2**32 - 1))
def test_moving_keeps_what_is_off_the_plane(size: int, seed: int) -> None:
    plane = _random_plane(size, "even", seed)
    code = np.random.default_rng(seed + 1).normal(size=size)

    moved = plane.moved(code, np.array([0.5, -2.0]))

    np.testing.assert_allclose(plane.positions(moved[None]), [[0.5, -2.0]], atol=1e-9)
    difference = moved - code
    np.testing.assert_allclose(difference, plane.axes.T @ (plane.axes @ difference), atol=1e-9)


def test_a_plane_of_dimensions_has_the_two_numbers_as_positions() -> None:
    code = np.array([0.1, 0.2, 0.3, 0.7])
    plane = dimension_plane(code, 3, 1, np.zeros(4), np.ones(4))

    assert plane.codes(np.array([[1.5, -0.3]])).tolist() == [[0.1, -0.3, 0.3, 1.5]]
    assert plane.positions(code[None]).tolist() == [[0.7, 0.2]]
    assert plane.home() == (-3.0, -3.0, 3.0, 3.0)


def test_probability_spacing_is_the_inverse_of_the_normal_distribution() -> None:
    plane = dimension_plane(np.zeros(2), 0, 1, np.array([1.0, 0.0]), np.array([2.0, 1.0]), "probability")

    codes = plane.codes(np.array([[0.5, 0.5], [0.975, 0.025]]))

    np.testing.assert_allclose(codes, [[1.0, 0.0], [1.0 + 2.0 * 1.959963984540054, -1.959963984540054]], rtol=1e-12)
    assert plane.home() == (0.0, 0.0, 1.0, 1.0)


def test_probability_spacing_stays_finite_at_and_beyond_its_edge() -> None:
    plane = dimension_plane(np.zeros(2), 0, 1, np.zeros(2), np.ones(2), "probability")

    codes = plane.codes(np.array([[0.0, 1.0], [-3.0, 4.0]]))

    assert np.isfinite(codes).all()
    np.testing.assert_allclose(codes[0], codes[1])


def test_home_is_square_with_the_wider_deviation() -> None:
    plane = dimension_plane(np.zeros(2), 0, 1, np.array([10.0, 0.0]), np.array([1.0, 4.0]))

    assert plane.home() == (-2.0, -12.0, 22.0, 12.0)


def test_a_single_dimension_is_a_line_along_the_first_axis() -> None:
    plane = dimension_plane(np.array([0.4]), 0, 0, np.zeros(1), np.ones(1))

    assert plane.codes(np.array([[2.0, 5.0]])).tolist() == [[2.0]]
    assert plane.positions(np.array([[2.0]])).tolist() == [[2.0, 0.0]]


def test_the_same_dimension_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="two different dimensions"):
        dimension_plane(np.zeros(3), 1, 1, np.zeros(3), np.ones(3))


def _stretched_codes() -> NDArray[np.float64]:
    random = np.random.default_rng(0)
    return np.asarray(random.normal(size=(500, 5)) * np.array([0.1, 3.0, 0.2, 1.0, 0.1]) + 7.0)


def test_principal_plane_lies_along_the_widest_directions_through_the_code() -> None:
    data = _stretched_codes()
    code = np.arange(5.0)

    plane = principal_plane(code, data)

    assert np.abs(plane.axes[0]).argmax() == 1
    assert np.abs(plane.axes[1]).argmax() == 3
    np.testing.assert_allclose(plane.deviations, (data @ plane.axes.T).std(axis=0))
    np.testing.assert_allclose(plane.means, (data @ plane.axes.T).mean(axis=0))
    np.testing.assert_allclose(plane.codes(plane.positions(code[None])), code[None], atol=1e-12)


def test_principal_plane_of_codes_that_do_not_vary_still_has_an_extent() -> None:
    plane = principal_plane(np.zeros(3), np.ones((10, 3)))

    assert plane.home() == (-2.0, -2.0, 4.0, 4.0)


@settings(deadline=None)
@given(
    size=st.integers(2, 40),
    scale=st.floats(1e-3, 1e3),
    spacing=st.sampled_from(SPACINGS),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_plane_through_three_codes_holds_them_at_their_distances(
    size: int, scale: float, spacing: Spacing, seed: int
) -> None:
    random = np.random.default_rng(seed)
    corners = random.normal(size=(3, size)) * scale
    plane = plane_through(corners, random.normal(size=size) * scale, random.uniform(0.5, 2.0, size) * scale, spacing)

    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-9)
    positions = plane.positions(corners)
    if spacing == "even":
        np.testing.assert_allclose(plane.codes(positions), corners, atol=1e-8 * scale)
        assert positions[1, 0] > positions[0, 0]
        assert positions[1, 1] == pytest.approx(positions[0, 1], abs=1e-6 * scale)
        assert positions[2, 1] > positions[0, 1]
    else:
        inside = random.uniform(0.001, 0.999, (20, 2))
        np.testing.assert_allclose(plane.positions(plane.codes(inside)), inside, atol=1e-9)


@pytest.mark.parametrize(
    ("corners", "sentence"),
    [
        ([[0, 0, 0], [1, 2, 3], [2, 4, 6]], "lie on a line"),
        ([[1, 1, 1], [0, 0, 0], [1, 1, 1]], "A and C have the same code"),
        ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], "have the same code"),
        ([[1, 1, 1], [0, 0, 0], [np.nan, 1, 1]], "no numbers"),
        ([[1, 1, 1], [0, 0, 0], [np.inf, 1, 1]], "no numbers"),
    ],
)
def test_three_codes_without_a_plane_are_told_in_a_sentence(corners: list[list[float]], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        plane_through(np.array(corners, np.float32), np.zeros(3), np.ones(3))


def test_nearly_straight_corners_still_span_an_exact_plane() -> None:
    corners = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [2.0, 2.0, 2.001]])
    plane = plane_through(corners, np.zeros(3), np.ones(3))

    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(plane.codes(plane.positions(corners)), corners, atol=1e-12)


@settings(deadline=None)
@given(size=st.integers(2, 40), seed=st.integers(0, 2**32 - 1))
def test_a_plane_of_directions_goes_across_along_the_first_and_spans_both(size: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    across, upwards, data = random.normal(size=size), random.normal(size=size), random.normal(size=(30, size)) + 2.0
    plane = direction_plane(across, upwards, data)

    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-9)
    np.testing.assert_allclose(plane.axes[0], across / np.linalg.norm(across), atol=1e-12)
    np.testing.assert_allclose((plane.axes @ upwards) @ plane.axes, upwards, atol=1e-8)
    assert plane.axes[1] @ upwards > 0
    np.testing.assert_allclose(plane.means, plane.axes @ data.mean(axis=0), atol=1e-9)


def test_parallel_directions_are_told_in_a_sentence() -> None:
    with pytest.raises(UsageError, match="same line"):
        direction_plane(np.array([1.0, 2.0]), np.array([-2.0, -4.0]), np.ones((3, 2)))
    with pytest.raises(UsageError, match="same line"):
        direction_plane(np.array([1.0, 2.0]), np.zeros(2), np.ones((3, 2)))
