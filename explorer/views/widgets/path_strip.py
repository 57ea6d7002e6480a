"""The steps of a path as a row of pictures, with how far they are apart and what lies near them below."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from explorer.state.path_values import ShownPath
from explorer.views.theme import palette_of, small_font
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


class PathStrip(QAbstractScrollArea):
    """A picture of every step in a column of its own; the charts below have the same columns.

    step_activated(place): a step was clicked, or chosen with Enter.
    """

    step_activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Steps of the path; Enter takes the ring to one")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # So little that no sentence below it ever makes the map smaller.
        self.setMinimumSize(160, 30)
        self.viewport().setMouseTracking(True)
        self._path: ShownPath | None = None
        self._images: tuple[QImage, ...] = ()
        self._marked = self._hovered = self._current = -1
        self._is_smooth = self._is_faded = False

    def show_path(self, path: ShownPath | None) -> None:
        """Show the steps of a path, or none."""
        self._path = path
        self._images = () if path is None else tuple(picture_image(picture) for picture in path.pictures)
        self._current = min(self._current, len(self._images) - 1)
        self._hovered = -1
        self._lay_out()

    def mark(self, place: int) -> None:
        """Frame the step at which the ring is, -1 for none, and bring it into sight."""
        if place != self._marked:
            self._marked = place
            if place >= 0:
                self._scroll_to(place)
            self.setAccessibleDescription(self.step_text(place))
            self.viewport().update()

    def set_faded(self, faded: bool) -> None:
        """Choose whether the steps stand back, as those that others are about to replace."""
        if faded != self._is_faded:
            self._is_faded = faded
            self.viewport().update()

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        if smooth != self._is_smooth:
            self._is_smooth = smooth
            self.viewport().update()

    def step_rect(self, place: int) -> QRectF:
        """Where the picture of a step lies on the viewport, in pixels."""
        layout = self._layout()
        left = layout.left + (place + 0.5) * layout.column - layout.picture.width() / 2
        return QRectF(
            round(left) - self._scrolled(), layout.picture.top(), layout.picture.width(), layout.picture.height()
        )

    def step_at(self, place: QPoint) -> int:
        """The step in whose column a pixel of the viewport lies, -1 for none."""
        layout = self._layout()
        column = int((place.x() + self._scrolled() - layout.left) // layout.column)
        return column if place.x() >= layout.left and 0 <= column < len(self._images) else -1

    def step_text(self, place: int) -> str:
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

    def _scrolled(self) -> int:
        return self.horizontalScrollBar().value()

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

    def _lay_out(self) -> None:
        layout, bar = self._layout(), self.horizontalScrollBar()
        beyond = layout.left + len(self._images) * layout.column + _RIGHT - self.viewport().width()
        bar.setRange(0, max(0, round(beyond)))
        bar.setPageStep(self.viewport().width())
        bar.setSingleStep(round(layout.column))
        self.viewport().update()

    def _scroll_to(self, place: int) -> None:
        layout, bar = self._layout(), self.horizontalScrollBar()
        before = round(place * layout.column)
        beyond = layout.left + before + layout.column + _RIGHT - self.viewport().width()
        if before < bar.value():
            bar.setValue(before)
        elif beyond > bar.value():
            bar.setValue(round(beyond))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible steps and the charts below them."""
        painter, palette = QPainter(self.viewport()), palette_of(self)
        painter.fillRect(event.rect(), QColor(palette.canvas))
        path = self._path
        if path is None:
            return
        painter.setFont(small_font(self))
        layout = self._layout()
        first, last = max(0, self.step_at(QPoint(int(layout.left), 0))), len(self._images)
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

    def _set_hovered(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def _set_current(self, place: int) -> None:
        self._current = min(max(place, 0), len(self._images) - 1)
        self.setAccessibleDescription(self.step_text(self._current))
        self._scroll_to(self._current)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose columns and sizes anew."""
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        self.viewport().update()
        super().changeEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say in a tooltip what is known of the step under the cursor."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.step_text(self.step_at(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the step under the cursor."""
        self._set_hovered(self.step_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Activate the step under the cursor."""
        place = self.step_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._set_current(place)
            self.step_activated.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        """No step is under a cursor that has left."""
        self._set_hovered(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, Right, Home and End choose a step, Enter activates it."""
        start = self._current if self._current >= 0 else self._marked
        goals = {
            Qt.Key.Key_Left: start - 1,
            Qt.Key.Key_Right: start + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._images) - 1,
        }
        key = Qt.Key(event.key())
        if key in goals and self._images:
            self._set_current(goals[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.step_activated.emit(self._current)
        else:
            super().keyPressEvent(event)


def _most(values: NDArray[np.floating] | NDArray[np.int64]) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max(initial=0.0)) or 1.0


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "not a number"
    return f"{value:,.0f}" if value >= _WRITTEN_OUT else f"{value:.3g}"
