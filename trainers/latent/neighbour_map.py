"""A map on which near codes lie near each other as far as two dimensions allow: t-SNE, approximate everywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trainers.errors import StoppedError, UsageError

NEIGHBOURS = 10
MOST_POINTS = 1_500
_LEAST_POINTS = 3 * NEIGHBOURS
_PERPLEXITY = 30.0
# Each stage is as short as the library allows; between two of them the work can be given up.
_STAGES, _STEPS_OF_A_STAGE = 4, 250
_WEIGHTED = 8

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NeighbourMap:
    """Codes (count, latent_size) at positions (count, 2); between them, the nearest weigh in by inverse distance.

    chosen: (count,) which of the codes that were given these are. kept: the share of the `NEIGHBOURS` nearest codes
    that are among as many nearest on the map.
    """

    codes: Array
    positions: Array
    chosen: NDArray[np.int64]
    kept: float
    _last: dict[bytes, Array] = field(default_factory=dict, repr=False)

    def codes_at(self, positions: NDArray[np.floating]) -> Array:
        """Codes (count, latent_size) at positions (count, 2)."""
        return np.stack([_weighted(place, self.positions, self.codes) for place in np.asarray(positions, np.float64)])

    def moved(self, position: tuple[float, float]) -> Array:
        """The code (latent_size,) at one position, which `position_of` this code is from now on."""
        code = _weighted(np.array(position), self.positions, self.codes)
        self._last.clear()
        self._last[code.tobytes()] = np.array(position)
        return code

    def position_of(self, code: NDArray[np.floating]) -> Array:
        """Where a code (latent_size,) belongs on the map, from the positions of those nearest to it."""
        given = np.ascontiguousarray(code, np.float64)
        known = self._last.get(given.tobytes())
        return known if known is not None else _weighted(given, self.codes, self.positions)

    def lines_from(self, index: int) -> tuple[Array, ...]:
        """Lines (2, 2) on the map from one of the codes that were given to the `NEIGHBOURS` truly nearest of those that
        have a place; none where it has no place itself.
        """
        place = int(np.searchsorted(self.chosen, index))
        if place == len(self.chosen) or self.chosen[place] != index:
            return ()
        squares = ((self.codes - self.codes[place]) ** 2).sum(axis=1)
        squares[place] = np.inf
        nearest = np.argsort(squares)[:NEIGHBOURS]
        return tuple(self.positions[[place, other]] for other in nearest)

    def all_positions(self, count: int) -> Array:
        """Positions (count, 2) of all the codes that were given; infinite for those that have no place on the map."""
        places = np.full((count, 2), np.inf)
        places[self.chosen] = self.positions
        return places


def neighbour_map(
    codes: NDArray[np.floating], report: Callable[[float, str], None], stop_requested: Callable[[], bool], seed: int = 0
) -> NeighbourMap:
    """Place codes (count, latent_size), evenly chosen where there are many, by t-SNE (van der Maaten and Hinton, 2008).

    Raises `UsageError` for too few codes or ones that do not differ, and `StoppedError`.
    """
    chosen = np.unique(np.linspace(0, len(codes) - 1, min(len(codes), MOST_POINTS)).astype(np.int64))
    some = np.asarray(codes[chosen], np.float64)
    if not np.isfinite(some).all():
        raise UsageError("These codes are infinite or no numbers; choose another plane.")
    different = len(np.unique(some, axis=0))
    if different < _LEAST_POINTS:
        raise UsageError(
            f"t-SNE needs {_LEAST_POINTS} points with different codes and there are {different}; choose another plane."
        )
    positions = _placed(some, report, stop_requested, seed)
    return NeighbourMap(some, positions, chosen, kept_neighbours(some, positions))


def kept_neighbours(codes: NDArray[np.floating], positions: NDArray[np.floating]) -> float:
    """The share, from 0 to 1, of each code's `NEIGHBOURS` nearest that are among as many nearest positions."""
    from sklearn.neighbors import NearestNeighbors

    one, other = (
        NearestNeighbors(n_neighbors=NEIGHBOURS).fit(values).kneighbors(return_distance=False)
        for values in (codes, positions)
    )
    return float(np.mean([len(np.intersect1d(*rows)) for rows in zip(one, other, strict=True)])) / NEIGHBOURS


def _placed(codes: Array, report: Callable[[float, str], None], stop_requested: Callable[[], bool], seed: int) -> Array:
    from sklearn.manifold import TSNE

    positions: Array | str = "pca"
    for stage in range(_STAGES):
        report(stage / _STAGES, f"t-SNE of {len(codes):,} points")
        if stop_requested():
            raise StoppedError
        stage_of_it = TSNE(
            perplexity=min(_PERPLEXITY, (len(codes) - 1) / 3),
            init=positions,
            early_exaggeration=12.0 if stage == 0 else 1.0,
            max_iter=_STEPS_OF_A_STAGE,
            random_state=seed,
        )
        positions = np.asarray(stage_of_it.fit_transform(codes), np.float64)
    return np.asarray(positions, np.float64)


def _weighted(place: Array, places: Array, values: Array) -> Array:
    squares = ((places - place) ** 2).sum(axis=1)
    nearest = np.argpartition(squares, _WEIGHTED)[:_WEIGHTED]
    if squares[nearest].min() == 0.0:
        return np.asarray(values[squares.argmin()])
    weights = 1.0 / squares[nearest]
    return np.asarray(weights @ values[nearest] / weights.sum())
