"""Flat slices through a latent space, with coordinates in which they are drawn and dragged."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.latent.principal_directions import principal_directions

Spacing = Literal["even", "probability"]
Array = NDArray[np.float64]
Rectangle = tuple[float, float, float, float]

# Positions this near to 0 or 1 are 4.75 deviations out; anything nearer would run off to infinity.
_OUTERMOST = 1e-6
_HOME_DEVIATIONS = 3.0


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through a latent space, and two coordinates for the points on it.

    Even spacing: a position is the code's component along each axis. Probability spacing: it is the share of the
    prior below that component, from 0 to 1, as in the figure of Kingma and Welling, 2014.

    origin: (latent_size,), any code on the plane.
    axes: (2, latent_size), orthonormal; the second is zero where a latent space has a single dimension.
    means, deviations: (2,), of the prior or of the data along the axes.
    """

    origin: Array
    axes: Array
    means: Array
    deviations: Array
    spacing: Spacing = "even"

    def codes(self, positions: NDArray[np.floating]) -> Array:
        """Codes (count, latent_size) at positions (count, 2)."""
        return self._off_plane(self.origin) + self._components(positions) @ self.axes

    def positions(self, codes: NDArray[np.floating]) -> Array:
        """Positions (count, 2) of codes (count, latent_size), projected at right angles onto the plane."""
        components: Array = np.asarray(codes, np.float64) @ self.axes.T
        if self.spacing == "even":
            return components
        return _normal_share((components - self.means) / self.deviations)

    def moved(self, code: NDArray[np.floating], position: NDArray[np.floating]) -> Array:
        """The code (latent_size,) with its part in the plane replaced by that of position (2,)."""
        return self._off_plane(np.asarray(code, np.float64)) + self._components(position) @ self.axes

    def home(self) -> Rectangle:
        """Left, bottom, right and top of the part worth seeing first: a square of ±3 deviations, or all."""
        if self.spacing == "probability":
            return (0.0, 0.0, 1.0, 1.0)
        reach = _HOME_DEVIATIONS * float(self.deviations.max())
        (left, bottom), (right, top) = self.means - reach, self.means + reach
        return (float(left), float(bottom), float(right), float(top))

    def _components(self, positions: NDArray[np.floating]) -> Array:
        given = np.asarray(positions, np.float64)
        if self.spacing == "even":
            return given
        return self.means + self.deviations * _normal_quantile(np.clip(given, _OUTERMOST, 1.0 - _OUTERMOST))

    def _off_plane(self, code: Array) -> Array:
        return code - (self.axes @ code) @ self.axes


def dimension_plane(
    code: NDArray[np.floating],
    first: int,
    second: int,
    means: NDArray[np.floating],
    deviations: NDArray[np.floating],
    spacing: Spacing = "even",
) -> Plane:
    """The plane of two dimensions, counted from 0, through a code; even positions are the two numbers themselves.

    means, deviations: (latent_size,), of the prior. A single dimension may be given twice where there is only one.
    Raises `ValueError` for equal dimensions of a larger space.
    """
    origin = np.asarray(code, np.float64)
    axes = np.zeros((2, len(origin)))
    axes[0, first] = 1.0
    if len(origin) > 1:
        if first == second:
            raise ValueError(f"a plane needs two different dimensions, not {first} twice")
        axes[1, second] = 1.0
    scales = np.abs(axes) @ np.asarray(deviations, np.float64)
    return Plane(origin, axes, axes @ np.asarray(means, np.float64), _positive(scales), spacing)


def principal_plane(
    code: NDArray[np.floating], codes_of_data: NDArray[np.floating], spacing: Spacing = "even"
) -> Plane:
    """The plane of the first two principal directions of codes (count, latent_size), through the current code.

    Its means and deviations are those of the data along the axes.
    """
    axes = principal_directions(codes_of_data, 2)
    components = np.asarray(codes_of_data, np.float64) @ axes.T
    return Plane(
        np.asarray(code, np.float64), axes, components.mean(axis=0), _positive(components.std(axis=0)), spacing
    )


def _positive(deviations: Array) -> Array:
    # An axis along which nothing varies still needs an extent to be drawn.
    return np.where(deviations > 1e-6, deviations, 1.0)


def _normal_share(values: Array) -> Array:
    return np.asarray(torch.special.ndtr(torch.from_numpy(values)), np.float64)


def _normal_quantile(shares: Array) -> Array:
    return np.asarray(torch.special.ndtri(torch.from_numpy(shares)), np.float64)
