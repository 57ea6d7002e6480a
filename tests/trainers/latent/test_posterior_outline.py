"""Outlines of posteriors on planes."""

import numpy as np
import pytest
from scipy.special import ndtr

from trainers.latent.plane import Plane, dimension_plane
from trainers.latent.posterior_outline import posterior_outline

MEAN = np.array([0.5, -1.0, 2.0])
LOG_VARIANCE = np.log(np.array([0.25, 1.0, 4.0]))


def _plane(first: int, second: int, spacing: str = "even") -> Plane:
    return dimension_plane(np.zeros(3), first, second, np.zeros(3), np.ones(3), spacing)  # type: ignore[arg-type]


@pytest.mark.parametrize("sigmas", [1.0, 2.0])
def test_along_two_dimensions_the_half_axes_are_the_deviations(sigmas: float) -> None:
    outline = posterior_outline(_plane(0, 2), MEAN, LOG_VARIANCE, sigmas)
    offsets = (outline - [0.5, 2.0]) / [0.5, 2.0]
    np.testing.assert_allclose(np.hypot(*offsets.T), sigmas)


def test_along_any_axes_it_is_the_ellipse_of_the_covariance_there() -> None:
    axes = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 2)))[0].T
    plane = Plane(np.zeros(3), axes, np.zeros(2), np.ones(2))
    outline = posterior_outline(plane, MEAN, LOG_VARIANCE, 1.0)
    draws = MEAN + np.random.default_rng(1).standard_normal((200_000, 3)) * np.exp(0.5 * LOG_VARIANCE)
    covariance = np.cov((draws @ axes.T).T)
    offsets = outline - axes @ MEAN
    squares = np.einsum("ni,ij,nj->n", offsets, np.linalg.inv(covariance), offsets)
    np.testing.assert_allclose(squares, 1.0, atol=0.03)


def test_evenly_in_probability_it_is_bent_like_the_plane() -> None:
    bent = posterior_outline(_plane(0, 1, "probability"), MEAN, LOG_VARIANCE, 2.0)
    np.testing.assert_allclose(bent, ndtr(posterior_outline(_plane(0, 1), MEAN, LOG_VARIANCE, 2.0)))


def test_a_single_dimension_has_a_line() -> None:
    plane = dimension_plane(np.zeros(1), 0, 0, np.zeros(1), np.ones(1))
    outline = posterior_outline(plane, np.array([1.0]), np.zeros(1), 1.0)
    np.testing.assert_array_equal(outline[:, 1], 0.0)
    np.testing.assert_allclose([outline[:, 0].min(), outline[:, 0].max()], [0.0, 2.0], atol=1e-2)
