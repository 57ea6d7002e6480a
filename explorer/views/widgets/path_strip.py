"""The steps of a path as a row of pictures, with how far they are apart and what lies near them below."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from explorer.state.path_values import ShownPath
from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.column_strip import Columns, ColumnStrip
from explorer.views.widgets.pictures import draw_veil, picture_image, whole_scale

_GUTTER = 48.0
_RIGHT = 8.0
_LETTERS, _TITLE, _GAP = 16.0, 15.0, 2.0
_NARROWEST = 26.0
_LOWEST_CHART, _HIGHEST_CHART = 22.0, 72.0
_LOWEST_PICTURE = 28.0
_WRITTEN_OUT = 1000.0


@dataclass(frozen=True)
class _Layout:
    """Pixels, while nothing is scrolled: the columns, and the tops and heights of the rows; 0 high is not drawn.

    left: of the first column, which leaves room for the numbers of the charts.
    """

    left: float
    column: float
    picture: QRectF
    lengths: QRectF
    support: QRectF


class PathStrip(ColumnStrip):
    """A picture of every step in a column of its own; the charts below have the same columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Steps of the path; Enter takes the ring to one")
        self._path: ShownPath | None = None
        self._images: tuple[QImage, ...] = ()
        self._is_faded = False

    def show_path(self, path: ShownPath | None) -> None:
        """Show the steps of a path, or none."""
        self._path = path
        self._images = () if path is None else tuple(picture_image(picture) for picture in path.pictures)
        self._hovered = -1
        self._lay_out()

    def count(self) -> int:
        """How many steps there are."""
        return len(self._images)

    def columns(self) -> Columns:
        """Where the columns of the steps lie."""
        layout = self._layout()
        return Columns(layout.left, layout.column, _RIGHT)

    def set_faded(self, faded: bool) -> None:
        """Choose whether the steps stand back, as those that others are about to replace."""
        if faded != self._is_faded:
            self._is_faded = faded
            self.viewport().update()

    def step_rect(self, place: int) -> QRectF:
        """Where the picture of a step lies on the viewport, in pixels."""
        layout = self._layout()
        left = layout.left + (place + 0.5) * layout.column - layout.picture.width() / 2
        return QRectF(
            round(left) - self._scrolled(), layout.picture.top(), layout.picture.width(), layout.picture.height()
        )

    def place_text(self, place: int) -> str:
        """What is known of a step, in words."""
        path = self._path
        if path is None or not 0 <= place < len(self._images):
            return ""
        parts = [f"Step {place + 1} of {len(self._images)}"]
        parts += [f"key point {path.letters[place]}"] if path.letters[place] else []
        parts += [f"{_number(path.lengths[place - 1])} from the step before"] if place else []
        if path.support is not None:
            parts.append(f"{path.support[place]:,} {path.support_unit}")
        return " · ".join(parts)

    def sizeHint(self) -> QSize:
        """Room for a row of small pictures and both charts."""
        return QSize(480, 168)

    def _layout(self) -> _Layout:
        steps, room = max(len(self._images), 1), self.viewport().height()
        charts = self._charts(room - _LETTERS - _LOWEST_PICTURE)
        begin = _GUTTER if charts else _RIGHT
        column = max(_NARROWEST, (self.viewport().width() - begin - _RIGHT) / steps)
        height, width = self._path.pictures.shape[1:3] if self._path is not None else (1, 1)
        above = _LETTERS if room >= _LETTERS + _LOWEST_PICTURE else _GAP
        below = charts * (_TITLE + _LOWEST_CHART + _GAP)
        high = max(_LOWEST_PICTURE, room - above - below - _GAP)
        ratio = self.devicePixelRatioF()
        whole = whole_scale(width, height, (column - 2) * ratio, high * ratio) / ratio
        scale = whole or min((column - 2) / width, high / height)
        picture = QRectF(0.0, above, scale * width, scale * height)
        left = room - picture.bottom() - _GAP - charts * (_TITLE + _GAP)
        each = min(_HIGHEST_CHART, left / charts) if charts else 0.0
        lengths = QRectF(0.0, picture.bottom() + _GAP + _TITLE, 0.0, each)
        has_support = charts > 1
        support = QRectF(0.0, lengths.bottom() + _GAP + _TITLE, 0.0, each if has_support else 0.0)
        return _Layout(begin, column, picture, lengths, support)

    def _charts(self, room: float) -> int:
        wanted = 0 if self._path is None else 1 if self._path.support is None else 2
        return max(0, min(wanted, int((room - _GAP) // (_TITLE + _LOWEST_CHART + _GAP))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible steps and the charts below them."""
        painter, palette = QPainter(self.viewport()), palette_of(self)
        painter.fillRect(event.rect(), QColor(palette.canvas))
        path = self._path
        if path is None:
            return
        painter.setFont(small_font(self))
        layout = self._layout()
        first, last = max(0, self.place_at(QPoint(int(layout.left), 0))), len(self._images)
        painter.setClipRect(QRectF(layout.left, 0, self.viewport().width() - layout.left, self.viewport().height()))
        for place in range(first, last):
            if self.step_rect(place).left() > self.viewport().width():
                break
            self._draw_step(painter, place, layout)
        if layout.lengths.height() > 0:
            self._draw_lengths(painter, path.lengths, layout)
        if layout.support.height() > 0 and path.support is not None:
            self._draw_support(painter, path.support, layout)
        painter.setClipping(False)
        if layout.lengths.height() > 0:
            self._draw_scale(painter, layout.lengths, _most(path.lengths), f"Step length, {path.length_unit}")
        if layout.support.height() > 0 and path.support is not None:
            self._draw_scale(painter, layout.support, _most(path.support), path.support_unit.capitalize())
        if self._is_faded:
            draw_veil(painter, event.rect(), palette)

    def _draw_step(self, painter: QPainter, place: int, layout: _Layout) -> None:
        palette, room, image = palette_of(self), self.step_rect(place), self._images[place]
        is_reduced = room.width() * self.devicePixelRatioF() < image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_smooth or is_reduced)
        painter.drawImage(room, image, QRectF(image.rect()))
        letter = self._path.letters[place] if self._path is not None else ""
        if letter and room.top() >= _LETTERS:
            font = QFont(painter.font())
            bold = QFont(font)
            bold.setBold(True)
            painter.setFont(bold)
            painter.setPen(QColor(palette.text))
            above = QRectF(room.center().x() - layout.column / 2, 0.0, layout.column, _LETTERS)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, letter)
            painter.setFont(font)
        if place in (self._marked, self._hovered) or (place == self._current and self.hasFocus()):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawRect(room.adjusted(-1, -1, 1, 1))

    def _draw_lengths(self, painter: QPainter, lengths: NDArray[np.float64], layout: _Layout) -> None:
        # Each length belongs between two steps, so the curve stands over the edges of the columns.
        shares = np.nan_to_num(lengths / _most(lengths), nan=0.0, posinf=1.0)
        left, room = layout.left - self._scrolled(), layout.lengths
        points = [
            QPointF(left + (place + 1) * layout.column, room.bottom() - share * room.height())
            for place, share in enumerate(shares.tolist())
        ]
        colour = QColor(palette_of(self).text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(colour, 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(QPolygonF(points))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_support(self, painter: QPainter, support: NDArray[np.int64], layout: _Layout) -> None:
        shares, room = support / _most(support), layout.support
        wide = max(2.0, min(layout.column - 6, 28.0))
        for place, share in enumerate(shares.tolist()):
            middle = layout.left - self._scrolled() + (place + 0.5) * layout.column
            high = max(1.0, share * room.height())
            painter.fillRect(
                QRectF(middle - wide / 2, room.bottom() - high, wide, high), QColor(palette_of(self).muted)
            )

    def _draw_scale(self, painter: QPainter, room: QRectF, most: float, title: str) -> None:
        palette, metrics = palette_of(self), QFontMetricsF(painter.font())
        painter.setPen(QPen(QColor(palette.hairline), 1))
        painter.drawLine(QLineF(_GUTTER, room.bottom() + 0.5, self.viewport().width(), room.bottom() + 0.5))
        painter.setPen(QColor(palette.muted))
        beside = QRectF(0.0, room.top() - metrics.height() / 2, _GUTTER - 6, metrics.height())
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _number(most))
        beside.moveTop(room.bottom() - metrics.height() + 2)
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "0")
        wide = self.viewport().width() - _GUTTER - _RIGHT
        text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(QRectF(_GUTTER, room.top() - _TITLE, wide, _TITLE), Qt.AlignmentFlag.AlignVCenter, text)


def _most(values: NDArray[np.floating] | NDArray[np.int64]) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max(initial=0.0)) or 1.0


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "not a number"
    return f"{value:,.0f}" if value >= _WRITTEN_OUT else f"{value:.3g}"
