"""Points of the plane over a ground of colour, for models whose items are points instead of pictures."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.state.scatter_values import Ground, Rectangle, Scatter
from explorer.views.theme import Palette, class_colour, palette_of, small_font
from explorer.views.widgets.controls import came_by_tab
from explorer.views.widgets.item_menu import open_item_menu
from explorer.views.widgets.map_layers import MosaicLayer, draw_axes, draw_mark
from explorer.views.widgets.pictures import draw_veil
from explorer.views.widgets.point_raster import NearestPoint, PointRaster
from explorer.views.widgets.viewport import Viewport

_AXIS_ROOM = 40
_TICK_ROOM = 24
_TOP = 24
_REACH_PX = 14.0
_MOST_LINES = 2_000
_COLOURS = 10
# From the canvas to a blue that stands out from it, through even steps of lightness.
_RAMPS = {
    True: ("#191919", "#1d2b3a", "#234562", "#2d638f", "#4787bd", "#84b6e0"),
    False: ("#e6e6e6", "#cfdbe6", "#a9c4dc", "#78a6cc", "#4784b4", "#1c5d90"),
}


_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_WAYS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}


class ScatterView(QWidget):
    """A scatter with axes of the same scale; nothing while it has none.

    Without a mouse, arrow keys go from a point to the next that lies that way, and Enter activates it.

    item_activated(index): a point was clicked. item_hovered(index): -1 when none. key_point_wanted(index): the menu of
    a point, or the key P, lets the path go on to it.
    """

    item_activated = Signal(int)
    item_hovered = Signal(int)
    key_point_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scatter: Scatter | None = None
        self._ground = MosaicLayer()
        self._context, self._points = PointRaster(), PointRaster()
        self._nearest = NearestPoint(np.empty((0, 2), dtype=np.float32))
        self._hovered = self._marked = self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._is_faded = self._offers_key_points = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 64)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def offer_key_points(self) -> None:
        """Let every point be added to the path."""
        self._offers_key_points = True

    def show_scatter(self, scatter: Scatter | None) -> None:
        """Show points, or that there are none."""
        self._scatter = scatter
        self._marked = -1
        self._current = min(self._current, -1 if scatter is None else len(scatter.points) - 1)
        self._set_hovered(-1)
        if scatter is not None:
            groups = scatter.groups if len(scatter.groups) else np.zeros(len(scatter.points), dtype=np.int64)
            colours = tuple(class_colour(group) for group in range(-1, _COLOURS))
            shown = np.where(groups < 0, 0, groups % _COLOURS + 1)
            self._points.set_points(scatter.points, shown, colours)
            self._context.set_points(scatter.context, np.zeros(len(scatter.context), dtype=np.int64), colours[:1])
            self._nearest = NearestPoint(scatter.points)
        self._colour_ground()
        self.update()

    def set_faded(self, faded: bool) -> None:
        """Choose whether the points stand back, as those that others are about to replace."""
        self._is_faded = faded
        self.update()

    def mark_item(self, index: int) -> None:
        """Draw a circle round a point; -1 for none."""
        self._marked = index
        self.update()

    def item_at(self, x: float, y: float) -> int:
        """Index of the point under a pixel or near to it, -1 where there is none."""
        shown = self._viewport()
        if self._scatter is None or not shown.contains(x, y):
            return -1
        return self._nearest.index(*shown.to_plane(x, y), _REACH_PX / shown.scale)

    def place_of(self, index: int) -> tuple[float, float]:
        """Where a point lies on this widget, in pixels."""
        return self._viewport().to_pixels(*self._nearest.position(index))

    def sizeHint(self) -> QSize:
        """Room for a picture that can be looked at."""
        return QSize(280, 280)

    def _viewport(self) -> Viewport:
        width, height = self.width() - _AXIS_ROOM - 8, self.height() - _TOP - _TICK_ROOM
        frame = self._scatter.frame if self._scatter is not None else (-1.0, -1.0, 1.0, 1.0)
        return Viewport.fitted((_AXIS_ROOM, _TOP, width, height), frame)

    def _colour_ground(self) -> None:
        ground = self._scatter.ground if self._scatter is not None else None
        if ground is None or self._scatter is None:
            self._ground.set_mosaics(())
        else:
            self._ground.set_mosaics([(coloured(ground.values, palette_of(self)), self._scatter.frame)])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, context, lines, points and axes."""
        painter, palette = QPainter(self), palette_of(self)
        painter.fillRect(event.rect(), QColor(palette.canvas))
        painter.setFont(small_font(self))
        if self._scatter is None:
            return
        shown, ratio = self._viewport(), self.devicePixelRatioF()
        painter.save()
        painter.setClipRect(QRectF(shown.x, shown.y, shown.width, shown.height))
        self._ground.draw(painter, shown)
        self._draw_points(painter, self._context, shown, ratio, opacity=0.45)
        self._draw_lines(painter, self._scatter, shown)
        self._draw_points(painter, self._points, shown, ratio, opacity=1.0)
        for index in {self._hovered, self._marked, self._current if self.hasFocus() else -1} - {-1}:
            draw_mark(painter, *self.place_of(index))
        painter.restore()
        draw_axes(painter, shown, palette)
        if self._scatter.ground is not None:
            painter.setPen(QColor(palette.muted))
            room = QRectF(_AXIS_ROOM, 0, self.width() - _AXIS_ROOM, _TOP)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _ground_text(self._scatter.ground))
        if self._is_faded:
            draw_veil(painter, event.rect(), palette)

    def _draw_points(
        self, painter: QPainter, raster: PointRaster, shown: Viewport, ratio: float, opacity: float
    ) -> None:
        if raster.count:
            painter.setOpacity(opacity)
            painter.drawImage(QRectF(shown.x, shown.y, shown.width, shown.height), raster.image(shown, ratio))
            painter.setOpacity(1.0)

    def _draw_lines(self, painter: QPainter, scatter: Scatter, shown: Viewport) -> None:
        painter.setPen(QPen(QColor(palette_of(self).muted), 1))
        ends = zip(scatter.originals[:_MOST_LINES], scatter.points[:_MOST_LINES], strict=False)
        painter.drawLines(
            [QLineF(*shown.to_pixels(*start.tolist()), *shown.to_pixels(*end.tolist())) for start, end in ends]
        )

    def _set_hovered(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()
            self.item_hovered.emit(index)

    def _item_under(self, place: QPointF) -> int:
        return self.item_at(place.x(), place.y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the point under the cursor."""
        self._set_hovered(self._item_under(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Activate the point under the cursor."""
        index = self._item_under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.item_activated.emit(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a point."""
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._current if by_keyboard else self._item_under(QPointF(event.pos()))
        if index >= 0 and self._offers_key_points:
            take, add = self.item_activated, self.key_point_wanted
            place = QPointF(*self.place_of(index)).toPoint() if by_keyboard else event.pos()
            open_item_menu(self, place, lambda: take.emit(index), lambda: add.emit(index))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the point nearest to the middle."""
        if self._current < 0 and self._scatter is not None and came_by_tab(event):
            left, bottom, right, top = self._scatter.frame
            self._go_to(self._nearest.index((left + right) / 2, (bottom + top) / 2, np.inf))
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from point to point, and take the one reached."""
        key = Qt.Key(event.key())
        if key in _WAYS and self._scatter is not None and self._current >= 0:
            self._go_to(_next_point(self._scatter.points, self._current, _WAYS[key]))
        elif key in _ENTER and self._current >= 0:
            self.item_activated.emit(self._current)
        elif key == Qt.Key.Key_P and self._offers_key_points and max(self._current, self._hovered) >= 0:
            self.key_point_wanted.emit(self._hovered if self._hovered >= 0 else self._current)
        else:
            super().keyPressEvent(event)

    def _go_to(self, index: int) -> None:
        self._current = index
        if index >= 0:
            x, y = self._nearest.position(index)
            self.setAccessibleDescription(f"point at {x:.3g}, {y:.3g}")
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No point is under a cursor that has left."""
        self._set_hovered(-1)

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        self._colour_ground()
        self.update()
        super().changeEvent(event)


def _next_point(points: NDArray[np.floating], current: int, way: tuple[float, float]) -> int:
    """The nearest of the points (count, 2) that lie more that way than aside; the same one where there is none."""
    steps = np.asarray(points, np.float64) - points[current]
    along, aside = steps @ np.array(way), np.abs(steps @ np.array((way[1], way[0])))
    lengths = np.where((along > 0.0) & (along >= aside), np.hypot(along, aside), np.inf)
    nearest = int(np.argmin(lengths))
    return nearest if np.isfinite(lengths[nearest]) else current


def coloured(values: NDArray[np.floating], palette: Palette) -> NDArray[np.uint8]:
    """Numbers (rows, columns) as colours (rows, columns, 3) of the theme's ramp, from the lowest to the highest."""
    finite = np.nan_to_num(np.asarray(values, np.float64), posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    shares = (finite - low) / max(high - low, 1e-12)
    colours = [QColor(name) for name in _RAMPS[palette.is_dark]]
    ramp = np.array([(colour.red(), colour.green(), colour.blue()) for colour in colours], np.float64)
    steps = np.linspace(0.0, 1.0, len(ramp))
    return np.stack([np.interp(shares, steps, channel) for channel in ramp.T], axis=-1).round().astype(np.uint8)


def frame_around(points: NDArray[np.floating], margin: float = 0.08) -> Rectangle:
    """A square around points (count, 2), wider by a share of its side on every side."""
    low, high = points.min(axis=0), points.max(axis=0)
    (u, v), half = (low + high) / 2, (0.5 + margin) * max(float((high - low).max()), 1e-6)
    return float(u) - half, float(v) - half, float(u) + half, float(v) + half


def _ground_text(ground: Ground) -> str:
    low, high = float(np.nanmin(ground.values)), float(np.nanmax(ground.values))
    return f"ground: {ground.name}, {low:.3g} to {high:.3g}".replace("-", "−")
