"""Contours over the map: dashed for the prior, solid for the density of the points."""

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import isocurve
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from explorer.state.map_contours import LevelledDensity, MapContours
from explorer.views.widgets.viewport import Viewport

Curves = tuple[NDArray[np.float64], ...]

_SHADE = QColor(0, 0, 0, 170)
_PRIOR, _POINTS = QColor("#FFFFFF"), QColor("#FFB000")
_DASHES = (5.0, 4.0)


class ContourLayer:
    """Curves in plane coordinates, made once for each density."""

    def __init__(self) -> None:
        self._prior: Curves = ()
        self._points: Curves = ()

    def set_contours(self, contours: MapContours | None) -> None:
        """Take over what is to be drawn; None for nothing."""
        if contours is None:
            self._prior, self._points = (), ()
            return
        outlines = tuple(np.vstack([curve, curve[:1]]) for curve in contours.outlines)
        self._prior = outlines + density_curves(contours.fitted)
        self._points = density_curves(contours.points)

    def draw(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the curves, each light on a dark shade so that it shows on any picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for curves, colour, is_dashed in ((self._points, _POINTS, False), (self._prior, _PRIOR, True)):
            for curve in curves:
                columns, rows = viewport.pixels_of(curve)
                line = QPolygonF([QPointF(x, y) for x, y in zip(columns.tolist(), rows.tolist(), strict=True)])
                for shade, width in ((_SHADE, 3.5), (colour, 1.5)):
                    pen = QPen(shade, width)
                    if is_dashed:
                        # In units of the pen's width: the same pixels for both.
                        pen.setDashPattern([1.5 * dash / width for dash in _DASHES])
                        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                    painter.setPen(pen)
                    painter.drawPolyline(line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def density_curves(density: LevelledDensity | None) -> Curves:
    """The curves (count, 2) in plane coordinates on which a density has its levels; they end where they begin."""
    if density is None:
        return ()
    left, bottom, right, top = density.extent
    columns, rows = density.heights.shape
    # A rim of nothing closes the curves that would leave the rectangle.
    padded = np.pad(density.heights, 1)
    side = np.array([(right - left) / columns, (top - bottom) / rows])
    # Curves count from the corner of the first cell of the rim.
    return tuple(
        np.array([left, bottom]) + (np.array(curve) - 1.0) * side
        for level in density.levels
        for curve in isocurve(padded, level, connected=True)
    )
