"""Directions through a latent space that data give: between two groups of items, and beside a direction."""

import numpy as np
from numpy.typing import NDArray

from trainers.errors import UsageError
from trainers.latent.principal_directions import principal_directions

Array = NDArray[np.float64]
Members = NDArray[np.bool_]

# Of a spread this much smaller than the whole, only rounding is left.
_NEGLIGIBLE = 1e-6


def mean_difference(codes: NDArray[np.floating], start: Members, end: Members) -> Array:
    """The direction (latent_size,) from the mean of some codes (count, latent_size) to that of others.

    start, end: (count,), who belongs to each group; codes that are infinite or no numbers are left out. Raises
    `ValueError` for a group without members, and `UsageError` for one without codes.
    """
    if not start.any() or not end.any():
        raise ValueError("a direction needs at least one item at its start and one at its end")
    difference: Array = _mean_of(codes[end]) - _mean_of(codes[start])
    return difference


def _mean_of(codes: NDArray[np.floating]) -> Array:
    known = codes[np.isfinite(codes).all(axis=1)]
    if not len(known):
        raise UsageError("No item at one end of this direction has a code; choose another one.")
    mean: Array = known.mean(axis=0, dtype=np.float64)
    return mean


def low_and_high(values: NDArray[np.floating]) -> tuple[Members, Members] | None:
    """Who lies below the mean of an attribute (count,) and who above; those without a number in neither.

    None for an attribute that is the same for all.
    """
    numbers = np.asarray(values, np.float64)
    known = np.isfinite(numbers)
    if not known.any() or numbers[known].min() == numbers[known].max():
        return None
    middle = (numbers[known] - numbers[known].min()).mean() + numbers[known].min()
    # Rounding may put the mean on the largest number, which belongs above it all the same.
    above = known & ((numbers > middle) | (numbers == numbers[known].max()))
    return known & ~above, above


def varying_along(codes: NDArray[np.floating], directions: NDArray[np.floating]) -> int:
    """Along how many of some directions (directions, latent_size) codes (count, latent_size) vary beyond rounding."""
    centred = np.asarray(codes, np.float64) - codes.mean(axis=0, dtype=np.float64)
    spread = (centred @ np.asarray(directions, np.float64).T).std(axis=0)
    # Of equal 32-bit codes the mean is not always exactly their value.
    least = max(_NEGLIGIBLE * float(spread.max()), 8 * float(np.finfo(np.float32).eps) * float(np.abs(codes).max()))
    return int((spread > least).sum())


def strongest_beside(codes: NDArray[np.floating], direction: NDArray[np.floating]) -> Array:
    """The direction (latent_size,) at right angles to another in which codes (count, latent_size) vary most.

    Raises `UsageError` for a direction of no length, and where they vary in no other direction.
    """
    if not np.linalg.norm(direction) > 0.0:
        raise UsageError("Both ends of this direction have the same mean, so it leads nowhere; choose another one.")
    along = np.asarray(direction, np.float64) / np.linalg.norm(direction)
    centred = np.asarray(codes, np.float64) - codes.mean(axis=0, dtype=np.float64)
    beside = centred - np.outer(centred @ along, along)
    strongest: Array = principal_directions(beside, 1)[0]
    if float((beside @ strongest).std()) <= _NEGLIGIBLE * max(float(centred.std()), np.finfo(np.float64).tiny):
        raise UsageError("The codes vary only along this direction; choose another plane.")
    return strongest
