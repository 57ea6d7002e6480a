"""A map on which near codes lie near each other as far as two dimensions allow, approximate everywhere."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainers.errors import UsageError
from trainers.latent.nearest_codes import nearest_first, squared_distances
from trainers.latent.placing import Method, missing_library, placed

if TYPE_CHECKING:
    from scipy.spatial import KDTree

NEIGHBOURS = 10
USUAL_POINTS = 5_000
_LEAST_POINTS = 3 * NEIGHBOURS
_WEIGHTED = 8
# A person who undoes a few moves comes back to the very places.
_REMEMBERED = 256
# A share of so many points is known to a hundredth, and counting more would take longer than placing.
_COUNTED = 2_000

Array = NDArray[np.float64]
Codes = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class NeighbourMap:
    """Codes (count, latent_size) at positions (count, 2); between them, the nearest weigh in by inverse distance.

    chosen: (count,) which of the codes that were given these are, rising. kept: the share of the `NEIGHBOURS` nearest
    codes that are among as many nearest on the map.
    """

    codes: Codes
    positions: Array
    chosen: NDArray[np.int64]
    kept: float
    _last: dict[bytes, Array] = field(default_factory=dict, repr=False)

    @cached_property
    def digest(self) -> bytes:
        """Equal for maps with the same places."""
        return hashlib.blake2b(self.positions.tobytes(), digest_size=16).digest()

    @cached_property
    def corners(self) -> Array:
        """The lowest and the highest coordinates (2, 2) of all places."""
        return np.stack((self.positions.min(axis=0), self.positions.max(axis=0)))

    @cached_property
    def _tree(self) -> "KDTree":
        # The window starts without what only this map needs.
        from scipy.spatial import KDTree

        return KDTree(self.positions)

    def prepare(self) -> None:
        """Find out now what would else be found out when it is first needed."""
        _ = self.digest, self.corners, self._tree

    def codes_at(self, positions: NDArray[np.floating]) -> Array:
        """Codes (count, latent_size) at positions (count, 2)."""
        count = min(_WEIGHTED, len(self.codes))
        found = self._tree.query(np.asarray(positions, np.float64), k=list(range(1, count + 1)))
        distances, nearest = np.asarray(found[0]), np.asarray(found[1])
        weights = _weights(distances)
        # One neighbour after the other, so that no table of all of them is made.
        mixed = np.zeros((len(distances), self.codes.shape[1]))
        for place in range(count):
            mixed += weights[:, place, None] * self.codes[nearest[:, place]]
        return mixed

    def moved(self, position: tuple[float, float]) -> Array:
        """The code (latent_size,) at one position, which `position_of` this code is from now on."""
        code = self.codes_at(np.array([position]))[0]
        if len(self._last) >= _REMEMBERED:
            self._last.pop(next(iter(self._last)))
        self._last[code.tobytes()] = np.array(position)
        return np.asarray(code)

    def position_of(self, code: NDArray[np.floating]) -> Array:
        """Where a code (latent_size,) belongs on the map, from the positions of those nearest to it."""
        given = np.ascontiguousarray(code, np.float64)
        known = self._last.get(given.tobytes())
        if known is not None:
            return known
        squares = squared_distances(self.codes, given)
        nearest = nearest_first(squares, _WEIGHTED)
        return np.asarray(_weights(np.sqrt(squares[nearest])[None])[0] @ self.positions[nearest])

    def lines_from(self, index: int) -> tuple[Array, ...]:
        """Lines (2, 2) on the map from one of the codes that were given to the `NEIGHBOURS` truly nearest of those that
        have a place; none where it has no place itself.
        """
        place = int(np.searchsorted(self.chosen, index))
        if place == len(self.chosen) or self.chosen[place] != index:
            return ()
        squares = squared_distances(self.codes, self.codes[place])
        squares[place] = np.inf
        return tuple(self.positions[[place, other]] for other in nearest_first(squares, NEIGHBOURS))

    def all_positions(self, count: int) -> Array:
        """Positions (count, 2) of all the codes that were given; infinite for those that have no place on the map."""
        places = np.full((count, 2), np.inf)
        places[self.chosen] = self.positions
        return places


def neighbour_map(
    codes: Codes,
    report: Callable[[float, str], None],
    stop_requested: Callable[[], bool],
    method: Method = "t-SNE",
    most: int = USUAL_POINTS,
    seed: int = 0,
) -> NeighbourMap:
    """Place codes (count, latent_size) by t-SNE (van der Maaten and Hinton, 2008) or UMAP (McInnes, Healy and Melville,
    2018).

    Of more than `most`, that many are chosen evenly; codes that are infinite or no numbers get no place. Raises
    `UsageError` for too few codes, ones that do not differ, and a library that is not installed, `FailureError` where
    the library fails, and `StoppedError`.
    """
    if problem := missing_library(method):
        raise UsageError(problem)
    usable = np.flatnonzero(np.isfinite(codes).all(axis=1))
    if len(codes) and not len(usable):
        raise UsageError("These codes are infinite or no numbers; choose another plane.")
    count = placed_count(most, len(usable))
    chosen = usable[np.linspace(0, len(usable) - 1, count).astype(np.int64)] if count else usable
    some = codes if count == len(codes) else codes[chosen]
    different = _different(some)
    if different < _LEAST_POINTS:
        raise UsageError(
            f"{method} needs {_LEAST_POINTS} points with different codes and there are {different}; "
            "choose another plane."
        )
    positions = placed(some, method, report, stop_requested, seed)
    made = NeighbourMap(some, positions, chosen, kept_neighbours(some, positions))
    made.prepare()
    return made


def placed_count(most: int, count: int) -> int:
    """How many of `count` codes get a place where `most` are asked for."""
    return min(count, max(most, _LEAST_POINTS))


def kept_neighbours(codes: Codes, positions: NDArray[np.floating]) -> float:
    """The share, from 0 to 1, of each code's `NEIGHBOURS` nearest that are among as many nearest positions.

    Of many codes some are asked. Codes as near as the last of the nearest are as good as that one.
    """
    from sklearn.neighbors import NearestNeighbors

    asked = np.linspace(0, len(codes) - 1, min(len(codes), _COUNTED)).astype(np.int64)
    near, placed_near = (
        _others(NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(values).kneighbors(values[asked])[1], asked)
        for values in (codes, positions)
    )
    reach, distances = (
        np.square(codes[asked, None].astype(np.float64) - codes[rows]).sum(axis=2) for rows in (near, placed_near)
    )
    return float(np.mean(distances <= reach.max(axis=1, keepdims=True)))


def _others(found: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    # Of several equal codes, the one that was asked for may not come first.
    is_itself = found == asked[:, None]
    is_itself[~is_itself.any(axis=1), -1] = True
    return np.asarray(found[~is_itself].reshape(len(asked), -1))


def _different(codes: Codes) -> int:
    """How many different codes there are; counted no further than is asked for."""
    seen: set[bytes] = set()
    for row in codes:
        seen.add(row.tobytes())
        if len(seen) >= _LEAST_POINTS:
            break
    return len(seen)


def _weights(distances: NDArray[np.floating]) -> Array:
    """Shares (count, neighbours) by inverse squared distance (Shepard, 1968), nearest first; all for one at 0."""
    exact = np.asarray(distances, np.float64)
    nearest = exact[:, :1]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.square(nearest / exact)
    shares[nearest[:, 0] == 0.0] = np.eye(1, exact.shape[1])
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
