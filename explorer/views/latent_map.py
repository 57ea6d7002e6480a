"""The map: decoded tiles, encoded points over them, and the ring that is dragged through the latent space."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from superqt import QElidingLabel

from explorer.state.map_values import MapView, PointCloud, TileMosaic
from explorer.views.theme import CLASS_COLOURS, NO_CLASS_COLOUR, class_colour, palette_of, small_font
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.group_legend import GroupLegend
from explorer.views.widgets.map_layers import MARK_RADIUS, RING_REACH, MosaicLayer, draw_axes, draw_mark, draw_ring
from explorer.views.widgets.point_raster import NearestPoint, PointRaster
from explorer.views.widgets.viewport import Viewport

Rectangle = tuple[float, float, float, float]

_FRAME_MS = 16
_HOVER_REACH = 14.0
_AXIS_ROOM = 44
_NUDGE_STEPS = 200
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class LatentMap(QWidget):
    """Tiles, points and ring on a plane with equal scales.

    drag_started(), latent_dragged(u, v), drag_finished(): the person moves the ring, by mouse or arrow keys.
    view_changed(MapView): the visible rectangle or its pixels changed; at most once a frame.
    point_activated(index): double click on a point; point_hovered(index): the point under the cursor, -1 for none.
    empty_action(): the button of the empty state.
    """

    drag_started = Signal()
    latent_dragged = Signal(float, float)
    drag_finished = Signal()
    view_changed = Signal(object)
    point_activated = Signal(int)
    point_hovered = Signal(int)
    empty_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("latent_map")
        self.setAccessibleName("Latent map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 200)
        self._home: Rectangle = (-3.0, -3.0, 3.0, 3.0)
        self._wanted: Rectangle = self._home
        self._viewport = Viewport.fitted((0, 0, 1, 1), self._home)
        self._mosaics = MosaicLayer()
        self._raster = PointRaster()
        self._cloud: PointCloud | None = None
        self._nearest: NearestPoint | None = None
        self._tiles_visible = self._points_visible = True
        self._ring: tuple[float, float] | None = None
        self._hovered = -1
        self._is_dragging = self._is_nudging = self._space_held = False
        self._pan_from: QPointF | None = None
        self._base: QImage | None = None
        self._last_view: MapView | None = None
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._announce_view)
        self._caption = QElidingLabel("", self)
        self._caption.setProperty("role", "muted")
        self._legend = GroupLegend(self)
        self._legend.hide()
        self._empty = EmptyState(self)
        self._empty.action.connect(self.empty_action)
        self._empty.hide()

    def show_extent(self, left: float, bottom: float, right: float, top: float) -> None:
        """Set the whole map, in plane coordinates, and go there."""
        self._home = (left, bottom, right, top)
        self._go_to(self._home)

    def set_view(self, left: float, bottom: float, right: float, top: float) -> None:
        """Show a part of the plane; nothing happens when it is already the visible part."""
        seen, reach = self._viewport.rectangle(), abs(right - left) + abs(top - bottom)
        wanted = (left, bottom, right, top)
        if any(abs(one - other) > 1e-9 * reach for one, other in zip(seen, wanted, strict=True)):
            self._go_to(wanted)

    def show_tiles(self, mosaics: tuple[TileMosaic, ...]) -> None:
        """Show decoded tiles, finer levels over coarser ones."""
        ordered = sorted(mosaics, key=lambda mosaic: mosaic.level)
        self._mosaics.set_mosaics([(tile.picture, (tile.left, tile.bottom, tile.right, tile.top)) for tile in ordered])
        self._redraw()

    def show_points(self, cloud: PointCloud | None) -> None:
        """Show encoded items in the colours of their groups, or none."""
        self._cloud = cloud
        self._nearest = None if cloud is None else NearestPoint(cloud.positions)
        if cloud is not None:
            colours = tuple(QColor(name) for name in (*CLASS_COLOURS, NO_CLASS_COLOUR))
            indices = cloud.groups % len(CLASS_COLOURS)
            indices[cloud.groups < 0] = len(CLASS_COLOURS)
            self._raster.set_points(cloud.positions, indices, colours)
        self._set_hovered(-1)
        self._show_legend()
        self._redraw()

    def set_points_visible(self, visible: bool) -> None:
        """Show or hide the points and their legend."""
        if visible != self._points_visible:
            self._points_visible = visible
            self._set_hovered(-1)
            self._show_legend()
            self._redraw()

    def set_tiles_visible(self, visible: bool) -> None:
        """Show or hide the tiles."""
        if visible != self._tiles_visible:
            self._tiles_visible = visible
            self._redraw()

    def show_ring(self, u: float, v: float) -> None:
        """Put the ring at a point of the plane."""
        if self._ring != (u, v):
            self._update_round(self._ring, RING_REACH)
            self._ring = (u, v)
            self._update_round(self._ring, RING_REACH)

    def hide_ring(self) -> None:
        """Take the ring away."""
        self._update_round(self._ring, RING_REACH)
        self._ring = None

    def show_caption(self, text: str) -> None:
        """Say which plane this is."""
        self._caption.setText(text)
        self._caption.setToolTip(text)
        self.setAccessibleDescription(text)

    def show_empty(self, text: str, button: str = "") -> None:
        """Say that there is no map yet, and offer a button; an empty text brings the map back."""
        self._empty.show_line(text, button)
        self._empty.setVisible(bool(text))
        self._lay_out()

    def view(self) -> MapView:
        """The visible rectangle and the device pixels it fills."""
        ratio = self.devicePixelRatioF()
        size = round(self._viewport.width * ratio), round(self._viewport.height * ratio)
        return MapView(*self._viewport.rectangle(), *size)

    def position_of(self, u: float, v: float) -> QPointF:
        """Where a point of the plane lies on this widget, in pixels."""
        return QPointF(*self._viewport.to_pixels(u, v))

    def picture(self, scale: int = 1) -> QImage:
        """The visible map with points and ring but without axes and legend, at so many pixels per pixel."""
        plain = self._viewport.enlarged(1.0)
        image = QImage(round(plain.width * scale), round(plain.height * scale), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(QColor(palette_of(self).canvas))
        painter = QPainter(image)
        self._draw_layers(painter, plain, float(scale))
        if self._ring is not None:
            draw_ring(painter, *plain.to_pixels(*self._ring), palette_of(self))
        painter.end()
        image.setDevicePixelRatio(1.0)
        return image

    def _go_to(self, rectangle: Rectangle) -> None:
        self._wanted = rectangle
        self._set_viewport(self._fitted())

    def _fitted(self) -> Viewport:
        plot = self._plot_rect()
        return Viewport.fitted((plot.x(), plot.y(), plot.width(), plot.height()), self._wanted)

    def _set_viewport(self, viewport: Viewport) -> None:
        if viewport != self._viewport:
            self._viewport = viewport
            self._redraw()
        if not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _announce_view(self) -> None:
        view = self.view()
        if view != self._last_view:
            self._last_view = view
            self.view_changed.emit(view)

    def _redraw(self) -> None:
        self._base = None
        self.update()

    def _update_round(self, position: tuple[float, float] | None, reach: float) -> None:
        if position is not None:
            x, y = self._viewport.to_pixels(*position)
            self.update(QRectF(x - reach, y - reach, 2 * reach, 2 * reach).toAlignedRect())

    def _show_legend(self) -> None:
        cloud = self._cloud if self._points_visible else None
        names = cloud.group_names if cloud is not None else ()
        colours = tuple(class_colour(group) for group in range(len(names)))
        self._legend.show_groups(names, colours, cloud.note if cloud is not None else "")
        self._legend.setVisible(not self._legend.is_empty)
        self._lay_out()

    def _plot_rect(self) -> QRect:
        top = self._caption.height()
        beside = self._legend.width() if not self._legend.isHidden() else 8
        return QRect(_AXIS_ROOM, top, self.width() - _AXIS_ROOM - beside, self.height() - top - 24)

    def _lay_out(self) -> None:
        self._caption.setGeometry(8, 0, self.width() - 16, 24)
        wide = self._legend.sizeHint().width()
        self._legend.setGeometry(self.width() - wide, 24, wide, self.height() - 48)
        self._empty.setGeometry(self.rect())
        self._set_viewport(self._fitted())

    def _base_image(self) -> QImage:
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._base is None or self._base.size() != size or self._base.devicePixelRatio() != ratio:
            self._base = QImage(size, QImage.Format.Format_RGB32)
            self._base.setDevicePixelRatio(ratio)
            self._draw_base(self._base, ratio)
        return self._base

    def _draw_base(self, image: QImage, ratio: float) -> None:
        palette, viewport = palette_of(self), self._viewport
        image.fill(QColor(palette.window))
        painter = QPainter(image)
        painter.setFont(small_font(self))
        if self._empty.isHidden():
            draw_axes(painter, viewport, palette)
            plot = QRectF(viewport.x, viewport.y, viewport.width, viewport.height)
            painter.fillRect(plot, QColor(palette.canvas))
            painter.setClipRect(plot)
            self._draw_layers(painter, viewport, ratio)
        painter.end()

    def _draw_layers(self, painter: QPainter, viewport: Viewport, ratio: float) -> None:
        if self._tiles_visible:
            self._mosaics.draw(painter, viewport)
        if self._points_visible and self._cloud is not None:
            points = self._raster.image(viewport, ratio)
            room = QRectF(viewport.x, viewport.y, points.width() / ratio, points.height() / ratio)
            painter.drawImage(room, points)

    def _move_ring_to(self, position: QPointF) -> None:
        plot = self._plot_rect()
        x = min(max(position.x(), plot.left()), plot.right() + 1.0)
        y = min(max(position.y(), plot.top()), plot.bottom() + 1.0)
        u, v = self._viewport.to_plane(x, y)
        self.show_ring(u, v)
        self.latent_dragged.emit(u, v)

    def _point_under(self, position: QPointF) -> int:
        if self._nearest is None or not self._points_visible:
            return -1
        if not self._viewport.contains(position.x(), position.y()):
            return -1
        u, v = self._viewport.to_plane(position.x(), position.y())
        return self._nearest.index(u, v, _HOVER_REACH / self._viewport.scale)

    def _set_hovered(self, index: int) -> None:
        if index != self._hovered:
            self._update_round(self._place_of_point(self._hovered), MARK_RADIUS + 3)
            self._hovered = index
            self._update_round(self._place_of_point(index), MARK_RADIUS + 3)
            self.point_hovered.emit(index)

    def _place_of_point(self, index: int) -> tuple[float, float] | None:
        if self._cloud is None or not 0 <= index < len(self._cloud.positions):
            return None
        return float(self._cloud.positions[index, 0]), float(self._cloud.positions[index, 1])

    def _nudge(self, across: int, up: int) -> None:
        if self._ring is None:
            return
        if not self._is_nudging:
            self._is_nudging = True
            self.drag_started.emit()
        step = min(self._viewport.width, self._viewport.height) / self._viewport.scale / _NUDGE_STEPS
        u, v = self._ring[0] + across * step, self._ring[1] + up * step
        self.show_ring(u, v)
        self.latent_dragged.emit(u, v)

    def _finish_nudge(self) -> None:
        if self._is_nudging:
            self._is_nudging = False
            self.drag_finished.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the drawn map where it is needed and put the ring on it."""
        painter = QPainter(self)
        painter.drawImage(QPoint(0, 0), self._base_image())
        if not self._empty.isHidden():
            return
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette_of(self).accent), 1))
            painter.drawRect(self._plot_rect().adjusted(-1, -1, 0, 0))
        painter.setClipRect(self._plot_rect(), Qt.ClipOperation.IntersectClip)
        marked = self._place_of_point(self._hovered)
        if marked is not None:
            draw_mark(painter, *self._viewport.to_pixels(*marked))
        if self._ring is not None:
            draw_ring(painter, *self._viewport.to_pixels(*self._ring), palette_of(self))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep showing the same part of the plane."""
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours and fonts of another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._redraw()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left takes the ring here, right and middle take hold of the plane."""
        inside = self._viewport.contains(event.position().x(), event.position().y())
        if not inside or not self._empty.isHidden():
            return
        if event.button() == Qt.MouseButton.LeftButton and not self._space_held:
            self._is_dragging = True
            self._set_hovered(-1)
            self.drag_started.emit()
            self._move_ring_to(event.position())
        else:
            self._pan_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the ring, pan, or mark the point under the cursor."""
        if self._is_dragging:
            self._move_ring_to(event.position())
        elif self._pan_from is not None:
            step = event.position() - self._pan_from
            self._pan_from = event.position()
            self._take_view(self._viewport.moved(step.x(), step.y()))
        else:
            self._set_hovered(self._point_under(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag of ring or plane."""
        if self._is_dragging and event.button() == Qt.MouseButton.LeftButton:
            self._is_dragging = False
            self.drag_finished.emit()
        elif self._pan_from is not None:
            self._pan_from = None
            self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Activate the point here; where there is none, show the whole map."""
        index = self._point_under(event.position())
        if index >= 0:
            self.point_activated.emit(index)
        elif self._viewport.contains(event.position().x(), event.position().y()):
            self._go_to(self._home)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with the point under the cursor staying where it is."""
        place = event.position()
        if self._viewport.contains(place.x(), place.y()) and self._pan_from is None:
            self._zoom(1.0015 ** event.angleDelta().y(), place.x(), place.y())
        event.accept()

    def _zoom(self, factor: float, x: float, y: float) -> None:
        whole = Viewport.fitted((0, 0, self._viewport.width, self._viewport.height), self._home).scale
        scale = min(max(self._viewport.scale * factor, whole / 8), whole * 1e5)
        self._take_view(self._viewport.zoomed(scale / self._viewport.scale, x, y))

    def _take_view(self, viewport: Viewport) -> None:
        self._wanted = viewport.rectangle()
        self._set_viewport(viewport)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the ring, ten times as far with Shift; Home shows the whole map; + and − zoom."""
        key, middle = Qt.Key(event.key()), self._plot_rect().center()
        if key in _ARROWS:
            factor = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._nudge(_ARROWS[key][0] * factor, _ARROWS[key][1] * factor)
        elif key == Qt.Key.Key_Home:
            self._go_to(self._home)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(1.25, middle.x(), middle.y())
        elif key == Qt.Key.Key_Minus:
            self._zoom(0.8, middle.x(), middle.y())
        elif key == Qt.Key.Key_Space:
            self._space_held = True
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A released arrow key ends the move."""
        if event.isAutoRepeat():
            return
        if Qt.Key(event.key()) in _ARROWS:
            self._finish_nudge()
        elif Qt.Key(event.key()) == Qt.Key.Key_Space:
            self._space_held = False
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the arrow keys work here."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing stays held when the keyboard goes elsewhere."""
        self._space_held = False
        self._finish_nudge()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No point is under a cursor that has left."""
        self._set_hovered(-1)
