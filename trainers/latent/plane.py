"""Flat slices through a latent space, with coordinates in which they are drawn and dragged."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.errors import UsageError
from trainers.latent.principal_directions import principal_directions

Spacing = Literal["even", "probability"]
Array = NDArray[np.float64]
Rectangle = tuple[float, float, float, float]

# Positions this near to 0 or 1 are 4.75 deviations out; anything nearer would run off to infinity.
_OUTERMOST = 1e-6
_HOME_DEVIATIONS = 3.0
# Beside a direction a million times as long, what is left of another is rounding of 32-bit codes.
_LEAST_ANGLE = 1e-5


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


def plane_through(
    corners: NDArray[np.floating],
    means: NDArray[np.floating],
    deviations: NDArray[np.floating],
    spacing: Spacing = "even",
) -> Plane:
    """The plane through three codes: across from the first to the second, upwards to the side of the third.

    corners: (3, latent_size). means, deviations: (latent_size,), of the prior. Raises `UsageError` for codes that are
    infinite or no numbers, two that are equal, and three on a line.
    """
    first, second, third = _finite(corners)
    sides = {"A and B": second - first, "A and C": third - first, "B and C": third - second}
    lengths = {names: float(np.linalg.norm(side)) for names, side in sides.items()}
    shortest = min(lengths, key=lengths.__getitem__)
    if lengths[shortest] <= _LEAST_ANGLE * max(lengths.values()):
        raise UsageError(f"{shortest} have the same code; choose another image for one of them.")
    axes = _orthonormal(second - first, third - first)
    if axes is None:
        raise UsageError("A, B and C lie on a line; choose another image for one of them.")
    spread = np.sqrt(axes**2 @ np.asarray(deviations, np.float64) ** 2)
    return Plane(first, axes, axes @ np.asarray(means, np.float64), _positive(spread), spacing)


def direction_plane(
    across: NDArray[np.floating], upwards: NDArray[np.floating], codes_of_data: NDArray[np.floating]
) -> Plane:
    """The plane of two directions (latent_size,) through the origin; upwards is what of the second is beside the first.

    Its means and deviations are those of the data (count, latent_size) along the axes. Raises `UsageError` where there
    is no such plane.
    """
    axes = _orthonormal(*_finite(np.stack((across, upwards))))
    if axes is None:
        raise UsageError("The two directions are the same line through the codes; choose another one for one of them.")
    components = np.asarray(codes_of_data, np.float64) @ axes.T
    return Plane(np.zeros(axes.shape[1]), axes, components.mean(axis=0), _positive(components.std(axis=0)))


def _finite(codes: NDArray[np.floating]) -> Array:
    values = np.asarray(codes, np.float64)
    if not np.isfinite(values).all():
        raise UsageError("These codes are infinite or no numbers; choose other ones.")
    return values


def _orthonormal(first: Array, second: Array) -> Array | None:
    # None where the two are parallel or one of them is nothing.
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) == 0.0:
        return None
    across, beside = first / lengths[0], second / lengths[1]
    # Twice, because the first subtraction leaves rounding that is large beside a small rest.
    rest = beside - (across @ beside) * across
    rest -= (across @ rest) * across
    length = np.linalg.norm(rest)
    return None if length < _LEAST_ANGLE else np.stack((across, rest / length))


def _positive(deviations: Array) -> Array:
    # An axis along which nothing varies still needs an extent to be drawn.
    return np.where(deviations > 1e-6, deviations, 1.0)


def _normal_share(values: Array) -> Array:
    return np.asarray(torch.special.ndtr(torch.from_numpy(values)), np.float64)


def _normal_quantile(shares: Array) -> Array:
    return np.asarray(torch.special.ndtri(torch.from_numpy(shares)), np.float64)
