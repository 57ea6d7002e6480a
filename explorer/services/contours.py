"""Where the prior expects codes on a plane, and where those of the items lie: the aggregate posterior."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.planes import MapPlane
from explorer.services.tensors import MixtureLaw
from explorer.services.tiles import Rectangle
from explorer.state.map_contours import LevelledDensity, MapContours
from explorer.state.model_facts import ModelFacts
from trainers.latent.posterior_outline import posterior_outline

PriorAlong = Callable[[NDArray[np.float64]], MixtureLaw | None]

_SIGMAS = (1.0, 2.0, 3.0)
_LEAST_POINTS = 50
_BINS = 64
_PERCENT_BEYOND = 0.1
_MARGIN = 0.15
# Less than Scott's rule (1992), which smooths one heap of points best and melts those of a latent space together.
_SHARE_OF_SCOTT = 0.7
_LEAST_BLUR = 1.5
# Deviations to each side of every component: beyond lies less than one in ten thousand.
_REACH = 4.0
_FITTED_BINS = 160


def contours_in_steps(
    plane: MapPlane,
    facts: ModelFacts,
    encoded: EncodedItems | None,
    hidden: frozenset[str],
    prior_along: PriorAlong = lambda _axes: None,
) -> Iterator[MapContours | None]:
    """The contours on a plane, of the encoded items that belong to no hidden class; None first.

    prior_along: gives the prior along axes (2, latent_size) where it was fitted to codes, else None.
    """
    outlines = prior_outlines(plane, facts)
    fitted = None if outlines else fitted_density(plane, prior_along)
    yield None
    positions = np.empty((0, 2)) if encoded is None else _shown(plane, encoded, hidden)
    placed = positions[np.isfinite(positions).all(axis=1)]
    points = point_density(placed, plane.bounds)
    notes = (
        _prior_note(plane, bool(outlines), fitted),
        "too few points for lines of their density" if points is None else "lines: as much of the points",
        f"{len(positions) - len(placed):,} without a place left out" if len(placed) < len(positions) else "",
    )
    yield MapContours(outlines, points, "; ".join(note for note in notes if note), fitted)


def prior_outlines(plane: MapPlane, facts: ModelFacts) -> tuple[NDArray[np.float64], ...]:
    """Closed curves (count, 2) at 1, 2 and 3 sigma of a normal prior; none for another prior, nor off a plane."""
    if plane.neighbours is not None or any(block.prior != "normal" for block in facts.blocks):
        return ()
    log_variances = 2.0 * np.log(np.maximum(facts.deviations, 1e-30))
    return tuple(posterior_outline(plane.plane, np.array(facts.means), log_variances, sigmas) for sigmas in _SIGMAS)


def fitted_density(plane: MapPlane, prior_along: PriorAlong) -> LevelledDensity | None:
    """The density of a fitted prior on a plane; None without one, on a line, and off a plane."""
    axes = plane.plane.axes
    law = None if plane.neighbours is not None or not axes.any(axis=1).all() else prior_along(axes)
    if law is None:
        return None
    low = (law.means - _REACH * law.deviations).min(axis=0)
    high = (law.means + _REACH * law.deviations).max(axis=0)
    extent = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    logarithms = law.log_density(_cell_centres(extent))
    # Only the shape counts, and the density itself may be too high for a number.
    highest = logarithms.max()
    heights = np.exp(logarithms - highest).reshape(_FITTED_BINS, _FITTED_BINS)
    levels = mass_levels(heights)
    if plane.bounds is None:
        return LevelledDensity(heights, extent, levels)
    # Where positions are bent, the same curves are looked for at bent places.
    components = plane.plane.codes(_cell_centres(plane.bounds)) @ axes.T
    bent = np.exp(law.log_density(components) - highest)
    return LevelledDensity(bent.reshape(_FITTED_BINS, _FITTED_BINS), plane.bounds, levels)


def _cell_centres(extent: Rectangle) -> NDArray[np.float64]:
    left, bottom, right, top = extent
    shares = (np.arange(_FITTED_BINS) + 0.5) / _FITTED_BINS
    grid = np.meshgrid(left + shares * (right - left), bottom + shares * (top - bottom), indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, 2)


def _prior_note(plane: MapPlane, is_normal: bool, fitted: LevelledDensity | None) -> str:
    if is_normal:
        return "dashed: 1, 2, 3 sigma of the prior"
    if fitted is not None:
        return "dashed: 39, 86, 99 % of the fitted prior"
    if plane.neighbours is not None:
        return "the prior has no sigmas on a map of neighbours"
    return "the prior is not normal, so it has no sigmas to draw"


def point_density(positions: NDArray[np.floating], bounds: Rectangle | None) -> LevelledDensity | None:
    """A smoothed histogram of finite positions (count, 2); None for fewer than 50 points, or points on one spot.

    bounds: the rectangle it covers where there is one already.
    """
    # Loading it takes a moment, which nobody waits for here.
    from scipy.ndimage import gaussian_filter

    if len(positions) < _LEAST_POINTS:
        return None
    low, high = np.percentile(positions, (_PERCENT_BEYOND, 100.0 - _PERCENT_BEYOND), axis=0)
    room = _MARGIN * (high - low)
    left, bottom, right, top = bounds or (*(low - room).tolist(), *(high + room).tolist())
    sides = np.array([right - left, top - bottom])
    if not (np.isfinite(sides).all() and (sides > 0.0).all()):
        return None
    ends = [[left, right], [bottom, top]]
    counts, _, _ = np.histogram2d(positions[:, 0], positions[:, 1], bins=_BINS, range=ends)
    blur = _SHARE_OF_SCOTT * len(positions) ** (-1 / 6) * positions.std(axis=0) / (sides / _BINS)
    density = gaussian_filter(counts, np.maximum(blur, _LEAST_BLUR), mode="constant")
    heights = density / density.sum()
    return LevelledDensity(heights, (left, bottom, right, top), mass_levels(heights))


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
