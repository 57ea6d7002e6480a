"""Where the prior expects codes on a plane, and where those of the items lie: the aggregate posterior."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.planes import MapPlane
from explorer.state.map_contours import MapContours
from explorer.state.model_facts import ModelFacts
from trainers.latent.posterior_outline import posterior_outline

_SIGMAS = (1.0, 2.0, 3.0)
_LEAST_POINTS = 50
_BINS = 64
_PERCENT_BEYOND = 0.1
_MARGIN = 0.15
# Less than Scott's rule (1992), which smooths one heap of points best and melts those of a latent space together.
_SHARE_OF_SCOTT = 0.7
_LEAST_BLUR = 1.5


def contours_in_steps(
    plane: MapPlane, facts: ModelFacts, encoded: EncodedItems | None, hidden: frozenset[str]
) -> Iterator[MapContours | None]:
    """The contours on a plane, of the encoded items that belong to no hidden class; None first."""
    prior = prior_outlines(plane, facts)
    yield None
    positions = np.empty((0, 2)) if encoded is None else _shown(plane, encoded, hidden)
    placed = positions[np.isfinite(positions).all(axis=1)]
    density, extent = point_density(placed, plane.bounds)
    levels = () if density is None else mass_levels(density)
    notes = (
        "dashed: 1, 2, 3 sigma of the prior" if prior else _no_sigmas(plane),
        "lines: as much of the points" if levels else "too few points for lines of their density",
        f"{len(positions) - len(placed):,} without a place left out" if len(placed) < len(positions) else "",
    )
    yield MapContours(prior, density, extent, levels, "; ".join(note for note in notes if note))


def prior_outlines(plane: MapPlane, facts: ModelFacts) -> tuple[NDArray[np.float64], ...]:
    """Closed curves (count, 2) at 1, 2 and 3 sigma of a normal prior; none for another prior, nor off a plane."""
    if plane.neighbours is not None or any(block.prior != "normal" for block in facts.blocks):
        return ()
    log_variances = 2.0 * np.log(np.maximum(facts.deviations, 1e-30))
    return tuple(posterior_outline(plane.plane, np.array(facts.means), log_variances, sigmas) for sigmas in _SIGMAS)


def _no_sigmas(plane: MapPlane) -> str:
    if plane.neighbours is not None:
        return "the prior has no sigmas on a map of neighbours"
    return "the prior is not normal, so it has no sigmas to draw"


def point_density(
    positions: NDArray[np.floating], bounds: tuple[float, float, float, float] | None
) -> tuple[NDArray[np.float64] | None, tuple[float, float, float, float]]:
    """A smoothed histogram (columns, rows) of finite positions (count, 2), and the rectangle it covers.

    bounds: the rectangle where there is one already. None for fewer than 50 points, or points on one spot.
    """
    # Loading it takes a moment, which nobody waits for here.
    from scipy.ndimage import gaussian_filter

    if len(positions) < _LEAST_POINTS:
        return None, bounds or (0.0, 0.0, 1.0, 1.0)
    low, high = np.percentile(positions, (_PERCENT_BEYOND, 100.0 - _PERCENT_BEYOND), axis=0)
    room = _MARGIN * (high - low)
    left, bottom, right, top = bounds or (*(low - room).tolist(), *(high + room).tolist())
    sides = np.array([right - left, top - bottom])
    if not (np.isfinite(sides).all() and (sides > 0.0).all()):
        return None, (left, bottom, right, top)
    ends = [[left, right], [bottom, top]]
    counts, _, _ = np.histogram2d(positions[:, 0], positions[:, 1], bins=_BINS, range=ends)
    blur = _SHARE_OF_SCOTT * len(positions) ** (-1 / 6) * positions.std(axis=0) / (sides / _BINS)
    density = gaussian_filter(counts, np.maximum(blur, _LEAST_BLUR), mode="constant")
    return density / density.sum(), (left, bottom, right, top)


def mass_levels(density: NDArray[np.float64]) -> tuple[float, ...]:
    """Heights above which a density has the share of its mass that a plane normal one has within 1, 2 and 3 sigma."""
    heights = np.sort(density, axis=None)[::-1]
    shares = 1.0 - np.exp(-0.5 * np.square(_SIGMAS))
    places = np.searchsorted(np.cumsum(heights) / heights.sum(), shares)
    return tuple(float(height) for height in heights[np.minimum(places, len(heights) - 1)])


def _shown(plane: MapPlane, encoded: EncodedItems, hidden: frozenset[str]) -> NDArray[np.float32]:
    cloud = plane.points(encoded, coloured=True)
    places = [place for place, name in enumerate(cloud.group_names) if name in hidden]
    return cloud.positions[~np.isin(cloud.groups, places)]
