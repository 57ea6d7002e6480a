"""The outline of a posterior on a plane through the latent space."""

import numpy as np
from numpy.typing import NDArray

from trainers.latent.plane import Array, Plane


def posterior_outline(
    plane: Plane, mean: NDArray[np.floating], log_variance: NDArray[np.floating], sigmas: float, count: int = 72
) -> Array:
    """Positions (count, 2) round the ellipse so many sigmas from the mean of a factorised Gaussian.

    The ellipse is that of the Gaussian's part along the axes of the plane; where positions are spaced evenly in
    probability it is bent like everything else there. With a single dimension it is a line.
    mean, log_variance: (latent_size,).
    """
    variances = np.exp(np.asarray(log_variance, np.float64))
    # The root of the covariance by eigenvectors, which also exists where one of the two directions is empty.
    spreads, directions = np.linalg.eigh((plane.axes * variances) @ plane.axes.T)
    angles = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    offsets = sigmas * circle * np.sqrt(np.maximum(spreads, 0.0)) @ directions.T
    return plane.positions(np.asarray(mean, np.float64) + offsets @ plane.axes)
