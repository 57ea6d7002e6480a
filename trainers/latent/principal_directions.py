"""Directions in which codes vary most."""

import numpy as np
from numpy.typing import NDArray

_NEGLIGIBLE = 1e-10


def principal_directions(codes: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Orthonormal directions (count, latent_size) of falling variance of codes (items, latent_size).

    The largest component of each is positive, so that the same codes give the same directions. Where the codes vary
    in fewer directions, the rest are the coordinate axes, in order, made orthogonal to those found; rows beyond
    latent_size are zero. Raises `ValueError` for an empty set of codes or one that is not finite.
    """
    values = np.asarray(codes, np.float64)
    if values.ndim != 2 or len(values) == 0 or not np.isfinite(values).all():
        raise ValueError("principal directions need a table of finite codes with at least one row")
    size = values.shape[1]
    directions = np.zeros((count, size))
    found = _varying_directions(values - values.mean(axis=0))[: min(count, size)]
    directions[: len(found)] = found
    for place in range(len(found), min(count, size)):
        directions[place] = _next_axis(directions[:place])
    return directions


def _varying_directions(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    few_items = len(centred) < centred.shape[1]
    squares = centred @ centred.T if few_items else centred.T @ centred
    variances, vectors = np.linalg.eigh(squares)
    order = np.argsort(variances)[::-1]
    kept = order[variances[order] > _NEGLIGIBLE * max(float(variances.max()), np.finfo(np.float64).tiny)]
    rows = vectors[:, kept].T
    if few_items:
        rows = rows @ centred
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    largest = np.abs(rows).argmax(axis=1)
    signs = np.sign(rows[np.arange(len(rows)), largest])
    return np.asarray(rows * signs[:, None], np.float64)


def _next_axis(directions: NDArray[np.float64]) -> NDArray[np.float64]:
    # The coordinate axis with the largest part outside the span; the first of them, so that the choice is stable.
    outside = np.eye(directions.shape[1]) - directions.T @ directions
    lengths = np.linalg.norm(outside, axis=1)
    chosen = int(np.argmax(lengths > lengths.max() - 1e-9))
    return np.asarray(outside[chosen] / lengths[chosen], np.float64)
