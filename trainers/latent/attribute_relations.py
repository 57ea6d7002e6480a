"""How attributes move along directions, and with each other."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from trainers.latent.direction import Direction

Array = NDArray[np.float64]

# Directions in which codes vary by less than this share of the largest deviation say nothing about an attribute.
_LEAST_DEVIATION = 1e-6


def leakage(directions: Sequence[Direction], codes: NDArray[np.floating], values: NDArray[np.floating]) -> Array:
    """How many of its own sigmas each attribute moves per sigma along each direction, (directions, attributes).

    For attribute a with deviation s_a, and the least squares fit a ≈ b + w · z over codes z, moving by one sigma σ_d
    along the unit vector d changes what the code says of the attribute by (w · d) σ_d / s_a of its sigmas.

    codes: (count, latent_size). values: (count, attributes), NaN where not known; those items are left out of the fit
    of that attribute. NaN for an attribute without two different values. With fewer items than numbers in a code the
    fit is exact whatever they are, and says nothing of other items.
    """
    moved = np.full((len(directions), values.shape[1]), np.nan)
    if not directions:
        return moved
    steps = np.stack([direction.vector * direction.sigma for direction in directions])
    for columns, known in _columns_by_known_items(values):
        part = np.asarray(values[known][:, columns], np.float64)
        varies = part.min(axis=0) < part.max(axis=0)
        scaled = (part - part.mean(axis=0))[:, varies] / part[:, varies].std(axis=0)
        inputs = np.asarray(codes[known], np.float64)
        inputs = inputs - inputs.mean(axis=0)
        weights = np.linalg.lstsq(inputs, scaled, rcond=_LEAST_DEVIATION)[0]
        moved[:, np.asarray(columns)[varies]] = steps @ weights
    return moved


def attribute_correlations(values: NDArray[np.floating]) -> Array:
    """Pearson's correlation of each two attributes (count, attributes) over the items that have both.

    NaN where one of them has no two different values there.
    """
    count = values.shape[1]
    found = np.full((count, count), np.nan)
    for first in range(count):
        for second in range(first, count):
            both = np.isfinite(values[:, first]) & np.isfinite(values[:, second])
            found[first, second] = found[second, first] = _correlation(values[both, first], values[both, second])
    return found


def _columns_by_known_items(values: NDArray[np.floating]) -> Iterator[tuple[list[int], NDArray[np.intp]]]:
    """Attributes that are known of the same items, together with these; those known of none are left out."""
    known = np.isfinite(values)
    columns: dict[bytes, list[int]] = {}
    for column in range(values.shape[1]):
        columns.setdefault(np.packbits(known[:, column]).tobytes(), []).append(column)
    for alike in columns.values():
        places = np.flatnonzero(known[:, alike[0]])
        if len(places):
            yield alike, places


def _correlation(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    if len(first) < 2 or first.min() == first.max() or second.min() == second.max():
        return float("nan")
    left, right = (np.asarray(part, np.float64) - part.mean(dtype=np.float64) for part in (first, second))
    return float(np.clip(left @ right / np.sqrt((left @ left) * (right @ right)), -1.0, 1.0))
