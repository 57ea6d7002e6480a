"""Where a picture of the person's own lies on the map, drawn with a painter."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from explorer.state.own_picture import OwnMarks
from explorer.views.theme import Palette
from explorer.views.widgets.map_layers import draw_outline
from explorer.views.widgets.viewport import Viewport

_ARM = 7.0


def draw_own_picture(painter: QPainter, viewport: Viewport, marks: OwnMarks, palette: Palette) -> None:
    """The outlines of its posterior, the trail of the search for its code, and a cross at the code."""
    for outline in marks.outlines:
        draw_outline(painter, viewport, outline)
    if marks.trail is not None:
        _draw_trail(painter, viewport, marks.trail)
    x, y = viewport.to_pixels(*marks.place)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor(0, 0, 0, 210), 7.0), (QColor(255, 255, 255), 5.0), (QColor(palette.accent), 2.5)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(x - _ARM, y - _ARM), QPointF(x + _ARM, y + _ARM))
        painter.drawLine(QPointF(x - _ARM, y + _ARM), QPointF(x + _ARM, y - _ARM))


def _draw_trail(painter: QPainter, viewport: Viewport, trail: NDArray[np.float64]) -> None:
    """A line with a dot at every mark: where dots lie close together the search went slowly."""
    columns, rows = viewport.pixels_of(trail)
    places = [QPointF(x, y) for x, y in zip(columns.tolist(), rows.tolist(), strict=True)]
    # Line by line: Qt takes several times as long over one that may cross itself.
    lines = [QLineF(start, end) for start, end in pairwise(places)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, line_width, dot_width in ((QColor(0, 0, 0), 3.5, 6.0), (QColor(255, 255, 255), 1.5, 4.0)):
        painter.setPen(QPen(colour, line_width))
        painter.drawLines(lines)
        painter.setPen(QPen(colour, dot_width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(places)
