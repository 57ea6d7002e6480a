"""Directions with a name and a scale, and how several of them relate to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trainers.errors import UsageError

Array = NDArray[np.float64]

# What is left of a unit vector beside others is rounding below this length.
_NOTHING_LEFT = 1e-5


@dataclass(frozen=True, eq=False)
class Direction:
    """A way through a latent space, measured in deviations of the data along it.

    name: what changes along it. method: how it was found.
    vector: (latent_size,), of length 1.
    sigma: standard deviation of the data's projections, above 0. centre: their mean.
    strength: how much a decoder reacts to it, for methods that rank directions by that: a squared singular value of
    its first layer, or a singular value of its Jacobian.
    beside: names of the directions it was made orthogonal to.
    """

    name: str
    method: str
    vector: Array
    sigma: float
    centre: float
    strength: float | None = None
    beside: tuple[str, ...] = ()

    def positions(self, codes: NDArray[np.floating]) -> Array:
        """Where codes (…, latent_size) lie along it, (…), in sigmas from the middle of the data."""
        return np.asarray((np.asarray(codes, np.float64) @ self.vector - self.centre) / self.sigma, np.float64)

    def moved(self, code: NDArray[np.floating], sigmas: NDArray[np.floating] | Sequence[float]) -> Array:
        """A code (latent_size,) moved along it by each of some sigmas (steps,): (steps, latent_size)."""
        return np.asarray(code, np.float64) + np.outer(np.asarray(sigmas, np.float64) * self.sigma, self.vector)

    def placed(self, code: NDArray[np.floating], position: float) -> Array:
        """The code (latent_size,) with its position along it, in sigmas, replaced."""
        return np.asarray(self.moved(code, [position - float(self.positions(code))])[0], np.float64)


def measured_direction(
    name: str, method: str, vector: NDArray[np.floating], codes: NDArray[np.floating], strength: float | None = None
) -> Direction:
    """A direction along a vector (latent_size,) of any length, with the scale that codes (count, latent_size) have.

    Where the codes do not vary along it, sigma is 1: the numbers of the code themselves.
    Raises `UsageError` for a vector without length, or one that is not finite.
    """
    values = np.asarray(vector, np.float64)
    length = float(np.linalg.norm(values))
    if not np.isfinite(length) or length == 0.0:
        raise UsageError(f"There is no direction for {name}: its ends have the same code; choose others.")
    unit = values / length
    projections = np.asarray(codes, np.float64) @ unit
    sigma = float(projections.std())
    # Codes of 32 bits that are all the same still differ by rounding.
    varies = sigma > 1e-7 * max(1.0, float(np.abs(projections).max(initial=0.0)))
    return Direction(name, method, unit, sigma if varies else 1.0, float(projections.mean()), strength)


def orthogonalised(direction: Direction, others: Sequence[Direction], codes: NDArray[np.floating]) -> Direction:
    """What of a direction is at right angles to all the others (Gram and Schmidt), with the scale codes have along it.

    The others need not be orthogonal to each other, nor independent. Raises `UsageError` where nothing is left.
    """
    if not others:
        return direction
    basis = _orthonormal_rows(np.stack([other.vector for other in others]))
    rest = direction.vector
    # Twice, because the first subtraction leaves rounding that is large beside a small rest.
    for _ in range(2):
        rest = rest - basis.T @ (basis @ rest)
    if float(np.linalg.norm(rest)) < _NOTHING_LEFT:
        names = " and ".join(other.name for other in others)
        raise UsageError(f"Nothing is left of {direction.name} beside {names}; choose fewer or other directions.")
    found = measured_direction(direction.name, direction.method, rest, codes, direction.strength)
    return replace(found, beside=tuple(other.name for other in others))


def cosines(directions: Sequence[Direction]) -> Array:
    """Cosines of the angles between directions, (directions, directions), 1 on the diagonal."""
    if not directions:
        return np.zeros((0, 0))
    vectors = np.stack([direction.vector for direction in directions])
    products = np.clip(vectors @ vectors.T, -1.0, 1.0)
    np.fill_diagonal(products, 1.0)
    return np.asarray(products, np.float64)


def _orthonormal_rows(vectors: Array) -> Array:
    _, lengths, rows = np.linalg.svd(vectors, full_matrices=False)
    return np.asarray(rows[lengths > _NOTHING_LEFT * lengths.max()], np.float64)
