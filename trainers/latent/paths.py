"""Ways through a latent space from one key point to the next, and how real they are."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from trainers.errors import UsageError
from trainers.latent.nearest_codes import squared_distances

# between(start (latent_size,), end (latent_size,), count) gives codes (count, latent_size), both ends among them.
Between = Callable[["Array", "Array", int], "Array"]
Array = NDArray[np.float64]

NEIGHBOURS = 10
_FEWEST = 2
_LEAST_ANGLE = 1e-6
_ITEMS_FOR_RADIUS = 200


def path_through(keys: NDArray[np.floating], steps: int, between: Between) -> Array:
    """Codes (steps, latent_size) through all key points (keys, latent_size), each of which is one of the steps.

    The steps are shared among the parts as evenly as whole numbers allow.
    Raises `UsageError` for fewer than two key points or fewer steps than key points.
    """
    points = np.asarray(keys, np.float64)
    if len(points) < _FEWEST:
        raise UsageError("A path needs at least two key points; choose another one.")
    places = key_places(len(points), steps)
    parts = [
        between(start, end, int(last - first) + 1)
        for start, end, first, last in zip(points, points[1:], places, places[1:], strict=False)
    ]
    path = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
    # What lies between may be rounded; a key point is what was chosen.
    path[places] = points
    return path


def key_places(keys: int, steps: int) -> NDArray[np.int64]:
    """Which steps (keys,) of a path are its key points; raises `UsageError` for fewer steps than key points."""
    if steps < keys:
        raise UsageError(f"A path through {keys} key points needs at least {keys} steps, not {steps}.")
    return np.linspace(0, steps - 1, keys).round().astype(np.int64)


def linear(start: Array, end: Array, count: int) -> Array:
    """Codes (count, latent_size) evenly along the straight line."""
    share = np.linspace(0.0, 1.0, count)[:, None]
    codes: Array = (1.0 - share) * start + share * end
    return codes


def spherical(start: Array, end: Array, count: int) -> Array:
    """Codes (count, latent_size) along the arc round the origin, which keeps to lengths that a wide prior has.

    Codes in the same direction are joined by a line. Raises `UsageError` for codes exactly opposite each other, which
    many arcs join. Source: White, Sampling Generative Networks, 2016.
    """
    lengths = float(np.linalg.norm(start)) * float(np.linalg.norm(end))
    angle = float(np.arccos(np.clip(start @ end / lengths, -1.0, 1.0))) if lengths > 0.0 else 0.0
    if angle < _LEAST_ANGLE:
        return linear(start, end, count)
    if np.pi - angle < _LEAST_ANGLE:
        raise UsageError("No single arc joins key points that lie opposite each other; choose a linear path.")
    share = np.linspace(0.0, 1.0, count)[:, None]
    codes: Array = (np.sin((1.0 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)
    return codes


class NeighbourGraph:
    """Codes of data, each joined to its nearest, so that a way leads from item to item (as Isomap, Tenenbaum 2000).

    Raises `UsageError` for fewer codes than a code has neighbours.
    """

    def __init__(self, codes: NDArray[np.floating]) -> None:
        from sklearn.neighbors import NearestNeighbors

        self._codes = np.asarray(codes, np.float64)
        if len(self._codes) <= NEIGHBOURS:
            raise UsageError(
                f"A path through neighbours needs more than {NEIGHBOURS} encoded items and there are "
                f"{len(self._codes)}; choose a linear path."
            )
        self._search = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(self._codes)
        self._graph = self._search.kneighbors_graph(mode="distance")

    def between(self, start: Array, end: Array, count: int) -> Array:
        """Codes (count, latent_size) at even distances along the shortest way over items between two codes.

        Raises `UsageError` where the items fall apart into groups and no way leads from one to the other.
        """
        from scipy.sparse import csr_array, hstack, vstack
        from scipy.sparse.csgraph import dijkstra

        distances, nearest = self._search.kneighbors(np.stack([start, end]))
        items = len(self._codes)
        # What has no length would be no edge at all in a sparse table.
        lengths = np.maximum(distances, np.finfo(np.float64).tiny).ravel()
        ends = csr_array((lengths, (np.repeat([0, 1], NEIGHBOURS), nearest.ravel())), shape=(2, items + 2))
        graph = csr_array(vstack([hstack([self._graph, csr_array((items, 2))]), ends]))
        _, (before,) = dijkstra(graph, directed=False, indices=[items], return_predecessors=True)
        stops = [items + 1]
        while stops[-1] != items:
            previous = int(before[stops[-1]])
            if previous < 0:
                raise UsageError(
                    "No way over neighbouring items joins these key points, as the data lie in separate groups; choose "
                    "a linear path."
                )
            stops.append(previous)
        way = np.stack([start, *(self._codes[stop] for stop in reversed(stops[1:-1])), end])
        return evenly_along(way, count)


def evenly_along(way: NDArray[np.floating], count: int) -> Array:
    """Points (count, size) at even distances along the line through points (corners, size), from end to end."""
    corners = np.asarray(way, np.float64)
    reached = np.concatenate([[0.0], np.linalg.norm(np.diff(corners, axis=0), axis=1).cumsum()])
    wanted = np.linspace(0.0, reached[-1], count)
    return np.stack([np.interp(wanted, reached, column) for column in corners.T], axis=1)


def step_lengths(pictures: NDArray[np.floating]) -> Array:
    """How far each item (steps, …) of a path is from the one before, (steps - 1,): the root of the summed squares."""
    flat = np.asarray(pictures, np.float64).reshape(len(pictures), -1)
    lengths: Array = np.linalg.norm(np.diff(flat, axis=0), axis=1)
    return lengths


def support(codes: NDArray[np.floating], path: NDArray[np.floating], near: float | None = None) -> NDArray[np.int64]:
    """How many items (count, latent_size) lie near each step (steps, latent_size) of a path, (steps,).

    near: what is still near; where none is given, `near_distance` of the items.
    """
    within = near_distance(codes) if near is None else near
    return np.array([np.count_nonzero(squared_distances(codes, step) <= within**2) for step in path], np.int64)


def near_distance(codes: NDArray[np.floating]) -> float:
    """The distance within which half of the codes (count, latent_size) have `NEIGHBOURS` others, or all there are."""
    if len(codes) < _FEWEST:
        return 0.0
    values = np.asarray(codes, np.float64)
    neighbours = min(NEIGHBOURS, len(values) - 1)
    asked = values[:: -(-len(values) // _ITEMS_FOR_RADIUS)]
    # An item's first neighbour is itself.
    squares = [np.partition(squared_distances(values, item), neighbours)[neighbours] for item in asked]
    return float(np.sqrt(np.median(squares)))
