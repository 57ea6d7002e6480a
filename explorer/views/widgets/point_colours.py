"""The colours of points: of their classes, or of a number in a palette that is safe for colour-blind eyes."""

from functools import cache

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from explorer.state.map_values import PointCloud, PointValues
from explorer.views.theme import ALL_CLASS_COLOURS, NO_CLASS_COLOUR
from explorer.views.widgets.colour_bar import ColourScale
from explorer.views.widgets.point_raster import MOST_COLOURS

# Viridis (Smith and van der Walt, 2015), and a diverging map for colour-blind eyes (Kovesi, 2015).
_SEQUENTIAL, _DIVERGING = "viridis", "CET-CBD1"
# Below it viridis is hardly seen on the black of many pictures.
_DARKEST = 0.15
_STEPS = MOST_COLOURS - 2

_CLASS_COLOURS = tuple(QColor(name) for name in (*ALL_CLASS_COLOURS, NO_CLASS_COLOUR))


def point_colours(cloud: PointCloud) -> tuple[NDArray[np.int64], tuple[QColor, ...]]:
    """The place (count,) of each point's colour among some colours, and those; grey for what has no class or number."""
    if cloud.values is not None:
        return _places(cloud.values), (*palette_colours(cloud.values.is_diverging), QColor(NO_CLASS_COLOUR))
    indices = cloud.groups % len(ALL_CLASS_COLOURS)
    indices[cloud.groups < 0] = len(ALL_CLASS_COLOURS)
    return indices, _CLASS_COLOURS


@cache
def palette_colours(is_diverging: bool) -> tuple[QColor, ...]:
    """The colours of a palette from its lowest to its highest end."""
    name, start = (_DIVERGING, 0.0) if is_diverging else (_SEQUENTIAL, _DARKEST)
    colours = pyqtgraph.colormap.get(name).getLookupTable(start, 1.0, _STEPS)
    return tuple(QColor(*(int(part) for part in colour[:3])) for colour in colours)


def scale_of(values: PointValues) -> ColourScale:
    """What the legend says of numbers."""
    has_missing = not bool(np.isfinite(values.values).all())
    colours = palette_colours(values.is_diverging)
    return ColourScale(values.name, values.lowest, values.highest, values.unit, colours, has_missing)


def _places(values: PointValues) -> NDArray[np.int64]:
    share = (values.values - values.lowest) / max(values.highest - values.lowest, 1e-30)
    places: NDArray[np.int64] = np.clip(np.nan_to_num(share * _STEPS), 0, _STEPS - 1).astype(np.int64)
    places[np.isnan(values.values)] = _STEPS
    return places
