"""Directions from one group of codes to another, by three methods, and for attributes that are numbers."""

import numpy as np
from numpy.typing import NDArray

from trainers.errors import UsageError
from trainers.latent.direction import Direction, measured_direction
from trainers.latent.direction_methods import GroupMethod
from trainers.latent.directions import Members, low_and_high, mean_difference

Array = NDArray[np.float64]

_NAMED = 3
# Below this share of the mean variance a direction of the covariance counts as having that much.
_LEAST_VARIANCE = 1e-6


def group_values(
    start: Members, end: Members, names: tuple[str, str] = ("the first group", "the second group")
) -> Array:
    """Two groups as an attribute (count,): 0 at the start, 1 at the end, NaN for items in neither.

    start, end: (count,), who belongs to each. Raises `UsageError` for a group without items, or items in both.
    """
    for members, name in zip((start, end), names, strict=True):
        if not members.any():
            raise UsageError(f"There are no items in {name}; a direction needs at least one item at each end.")
    both = np.flatnonzero(start & end)
    if len(both):
        listed = ", ".join(f"#{place}" for place in both[:_NAMED])
        more = f" and {len(both) - _NAMED} more" if len(both) > _NAMED else ""
        raise UsageError(f"Items are in {names[0]} and in {names[1]}: {listed}{more}; take them out of one of the two.")
    return np.where(end, 1.0, np.where(start, 0.0, np.nan))


def groups_of(name: str, values: NDArray[np.floating]) -> tuple[Members, Members]:
    """Who lies below the mean of an attribute (count,), and who above; the two values where there are only two.

    Items without a number are in neither. Raises `UsageError` for an attribute that has no or only one value.
    """
    groups = low_and_high(values)
    if groups is None:
        known = np.asarray(values, np.float64)
        known = known[np.isfinite(known)]
        found = f"is {known[0]:g} for every item" if len(known) else "has no number for any item"
        raise UsageError(f"{name} {found}, so nothing leads from one group to another; choose another attribute.")
    return groups


def attribute_direction(
    name: str, codes: NDArray[np.floating], values: NDArray[np.floating], method: GroupMethod
) -> Direction:
    """The direction along which an attribute (count,) rises among codes (count, latent_size).

    An attribute of numbers becomes two groups by `groups_of`; items without a number count only for the scale.
    Raises `UsageError` for an attribute with one value, or groups between which no direction leads.
    """
    start, end = groups_of(name, values)
    return measured_direction(name, method, group_vector(codes, start, end, method), codes)


def group_vector(codes: NDArray[np.floating], start: Members, end: Members, method: GroupMethod) -> Array:
    """A vector (latent_size,) of any length from one group of codes (count, latent_size) to another.

    means: the difference of the means.
    logistic: the normal of the boundary that logistic regression finds, each group counting the same; a penalty on
    its weights, in deviations of each number of the code, keeps it defined where the groups can be told apart exactly.
    discriminant: the inverse of the covariance within the groups times the difference of the means (Fisher 1936); the
    covariance is shrunk towards a multiple of the identity by as much as Ledoit and Wolf (2004) find best, and none of
    its variances is taken for less than a millionth of their mean, so that it has an inverse also where codes are few
    or vary in fewer directions than they have numbers. Groups without any variance give the difference of the means.
    """
    if method == "logistic":
        return _logistic_normal(codes, start, end)
    difference = mean_difference(codes, start, end)
    return difference if method == "means" else _discriminant(codes, start, end, difference)


def _logistic_normal(codes: NDArray[np.floating], start: Members, end: Members) -> Array:
    from sklearn.linear_model import LogisticRegression

    chosen = start | end
    part = np.asarray(codes[chosen], np.float64)
    deviations = part.std(axis=0)
    scales = np.where(deviations > 0.0, deviations, 1.0)
    model = LogisticRegression(max_iter=2000, class_weight="balanced")
    model.fit((part - part.mean(axis=0)) / scales, end[chosen])
    return np.asarray(model.coef_[0] / scales, np.float64)


def _discriminant(codes: NDArray[np.floating], start: Members, end: Members, difference: Array) -> Array:
    from sklearn.covariance import ledoit_wolf

    groups = [np.asarray(codes[members], np.float64) for members in (start, end)]
    within = np.concatenate([group - group.mean(axis=0) for group in groups])
    if not within.any():
        return difference
    covariance, _ = ledoit_wolf(within, assume_centered=True)
    variances, axes = np.linalg.eigh(covariance)
    variances = np.maximum(variances, _LEAST_VARIANCE * variances.mean())
    return np.asarray(axes @ (axes.T @ difference / variances), np.float64)
