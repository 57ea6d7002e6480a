"""The map: decoded tiles, encoded points over them, and the ring that is dragged through the latent space."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from superqt import QElidingLabel

from explorer.state.item_card import ItemCard
from explorer.state.map_contours import MapContours
from explorer.state.map_values import MapView, PointCloud, TileMosaic
from explorer.views.theme import class_colour
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.group_legend import GroupLegend
from explorer.views.widgets.hover_card import HoverCard
from explorer.views.widgets.plane_canvas import PlaneCanvas
from explorer.views.widgets.point_colours import point_colours, scale_of
from explorer.views.widgets.points_inside import points_inside
from explorer.views.widgets.region_gesture import RegionGesture
from explorer.views.widgets.ring_keys import RingKeys
from explorer.views.widgets.selection_tools import SelectionTools

_FRAME_MS = 16
_REACH = 14.0
_CAPTION_HEIGHT = 24
_TICK_ROOM = 24
_AXIS_ROOM = 44
_CORNERS = (Qt.Key.Key_A, Qt.Key.Key_B, Qt.Key.Key_C)
_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class LatentMap(PlaneCanvas):
    """Tiles, points and ring, and the gestures on them.

    drag_started(), latent_dragged(u, v), drag_finished(): the person moves the ring, by mouse or arrow keys.
    view_changed(MapView): the visible rectangle or its pixels changed; at most once a frame.
    point_activated(index): double click on a point; point_hovered(index): the point under the cursor, -1 for none.
    hidden_classes_chosen(frozenset): names of the classes that the person wants hidden.
    corner_wanted(corner, index): key A, B or C, for the point under the cursor or -1 for the ring.
    key_point_wanted(index): key P, for the same.
    points_chosen(indices, mode): the drawn points in a region, as an array, are to "replace" what is selected, to "add"
    to it, or to "remove" from it. selection_cleared(): select nothing.
    empty_action(): the button of the empty state.
    """

    drag_started = Signal()
    latent_dragged = Signal(float, float)
    drag_finished = Signal()
    view_changed = Signal(object)
    point_activated = Signal(int)
    point_hovered = Signal(int)
    hidden_classes_chosen = Signal(object)
    corner_wanted = Signal(int, int)
    key_point_wanted = Signal(int)
    points_chosen = Signal(object, str)
    selection_cleared = Signal()
    empty_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("latent_map")
        self.setAccessibleName("Latent map: arrow keys move the ring")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 200)
        self._cloud: PointCloud | None = None
        self._contour_note = ""
        self._shown_layers = [True, True]
        self._has_legend = True
        self._is_dragging = self._space_held = False
        self._pan_from: QPointF | None = None
        self._last_view: MapView | None = None
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._announce_view)
        self.viewport_changed.connect(self._wait_for_frame)
        self._caption = QElidingLabel("", self)
        self._caption.setProperty("role", "muted")
        self._legend = GroupLegend(self)
        self._legend.hide()
        self._legend.hidden_chosen.connect(self.hidden_classes_chosen)
        self._keys = RingKeys(self)
        self._keys.started.connect(self.drag_started)
        self._keys.moved.connect(self._move_to)
        self._keys.finished.connect(self.drag_finished)
        self._region_gesture = RegionGesture(self)
        self._tools = SelectionTools(self)
        self._region_gesture.drawn.connect(self._choose_inside)
        self._region_gesture.cleared.connect(self.selection_cleared)
        self._region_gesture.tool_changed.connect(self._tools.show_tool)
        self._tools.tool_chosen.connect(self._region_gesture.choose_tool)
        self._tools.cleared.connect(self.selection_cleared)
        self._card = HoverCard(self)
        self._looked_at: ItemCard | None = None
        self.viewport_changed.connect(self._place_card)
        self._empty = EmptyState(self)
        self._empty.action.connect(self.empty_action)
        self.show_empty("The map of the latent space appears here once a model is open.")

    def show_extent(self, left: float, bottom: float, right: float, top: float) -> None:
        """Set the whole map, in plane coordinates, and go there; ends the empty state."""
        self.show_empty("")
        self.set_home((left, bottom, right, top))

    def set_view(self, left: float, bottom: float, right: float, top: float) -> None:
        """Show a part of the plane; nothing happens when it is already the visible part."""
        self.go_to((left, bottom, right, top))

    def show_tiles(self, mosaics: tuple[TileMosaic, ...]) -> None:
        """Show decoded tiles, finer levels over coarser ones."""
        ordered = sorted(mosaics, key=lambda mosaic: mosaic.level)
        self.show_mosaics([(tile.picture, (tile.left, tile.bottom, tile.right, tile.top)) for tile in ordered])

    def show_points(self, cloud: PointCloud | None) -> None:
        """Show encoded items in the colours of their groups, or none."""
        self._cloud = cloud
        drawn = PointCloud(np.empty((0, 2), np.float32), np.empty(0, np.int64), ()) if cloud is None else cloud
        # Where nothing is, nothing is drawn, nor found by the cursor.
        places = np.where(drawn.shown()[:, None], drawn.positions, np.float32(np.inf))
        # More points, or other colours, do not end the look at one that is where it was.
        looked_at = self.marked if self._is_still_there(self.marked, places) else -1
        self._hover(looked_at)
        self.show_dots(places, *point_colours(drawn), drawn.pictures)
        self.mark(looked_at)
        self._show_legend()

    def show_selection(self, chosen: NDArray[np.bool_] | None) -> None:
        """Let all points but the selected ones (count,) stand back in grey; None where none are selected."""
        self.show_chosen(chosen)
        self._tools.show_count(0 if chosen is None else int(chosen.sum()))
        self._lay_out()

    def show_contours(self, contours: MapContours | None) -> None:
        """Draw the contours of prior and points and say what they are, or take them away."""
        self._contour_note = "" if contours is None else contours.note
        self.draw_contours(contours)
        self._show_legend()

    def set_tiles_visible(self, visible: bool) -> None:
        """Show or hide the tiles."""
        self._shown_layers[0] = visible
        self.show_layers(tiles=visible, points=self._shown_layers[1])

    def set_points_visible(self, visible: bool) -> None:
        """Show or hide the points and their legend."""
        if not visible:
            self._hover(-1)
        self._shown_layers[1] = visible
        self.show_layers(tiles=self._shown_layers[0], points=visible)
        self._show_legend()

    def set_legend_shown(self, shown: bool) -> None:
        """Show the legend, or leave it to another map."""
        if shown != self._has_legend:
            self._has_legend = shown
            self._show_legend()

    def show_ring(self, u: float, v: float) -> None:
        """Put the ring at a point of the plane."""
        self.move_ring((u, v))

    def hide_ring(self) -> None:
        """Take the ring away."""
        self.move_ring(None)

    def show_card(self, card: ItemCard | None) -> None:
        """Show a card beside the point it is about, with the outlines round that; or take it away."""
        self._looked_at = card
        self.show_outlines(() if card is None else card.outlines)
        if card is not None:
            self._card.show_item(card)
        self._place_card()

    def look_closely(self) -> None:
        """Look at the point nearest to the ring, as if the cursor were there; a ring out of sight is brought back."""
        if self.ring is None:
            return
        place, shown = self.position_of(*self.ring), self.viewport
        if not shown.contains(place.x(), place.y()):
            self.pan(shown.x + shown.width / 2 - place.x(), shown.y + shown.height / 2 - place.y())
        self._hover(self.dot_near(self.position_of(*self.ring), float(self.width() + self.height())))

    def zoom_in(self) -> None:
        """Zoom in by one step."""
        self._keys.zoom(inwards=True)

    def zoom_out(self) -> None:
        """Zoom out by one step."""
        self._keys.zoom(inwards=False)

    def take_keyboard(self) -> None:
        """Put the keyboard into the map."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go_to_legend(self) -> None:
        """Put the keyboard into the legend, where there is one."""
        self._legend.take_keyboard()

    def look_away(self) -> None:
        """Look at no point any longer, until the cursor moves."""
        self._hover(-1)

    def show_caption(self, text: str) -> None:
        """Say which plane this is."""
        self._caption.setText(text)
        self._caption.setToolTip(text)
        self.setAccessibleDescription(text)

    def show_empty(self, text: str, button: str = "") -> None:
        """Say that there is no map yet, and offer a button; an empty text brings the map back."""
        self._empty.show_line(text, button)
        self._empty.setVisible(bool(text))
        self._caption.setVisible(not text)
        self._tools.setVisible(not text)
        self.set_blank(bool(text))
        self._show_legend()

    def view(self) -> MapView:
        """The visible rectangle and the device pixels it fills."""
        ratio, shown = self.devicePixelRatioF(), self.viewport
        return MapView(*shown.rectangle(), round(shown.width * ratio), round(shown.height * ratio))

    def _show_legend(self) -> None:
        cloud = self._cloud if self._shown_layers[1] and self._empty.isHidden() else None
        names = cloud.group_names if cloud is not None else ()
        note, hidden = (cloud.note, cloud.hidden) if cloud is not None else ("", frozenset[str]())
        if self._empty.isHidden() and self._contour_note:
            note = "\n".join(part for part in (note, self._contour_note) if part)
        if cloud is not None and cloud.values is not None:
            self._legend.show_scale(scale_of(cloud.values), note)
        else:
            self._legend.show_groups(names, tuple(class_colour(group) for group in range(len(names))), note, hidden)
        self._legend.setVisible(self._has_legend and not self._legend.is_empty)
        self._lay_out()

    def _lay_out(self) -> None:
        wide = self._legend.sizeHint().width()
        beside = 8 if self._legend.isHidden() else wide
        height = self.height() - _CAPTION_HEIGHT - _TICK_ROOM
        tools = self._tools.sizeHint().width()
        self._tools.setGeometry(self.width() - 8 - tools, 0, tools, _CAPTION_HEIGHT)
        self._caption.setGeometry(8, 0, self.width() - 24 - tools, _CAPTION_HEIGHT)
        self._legend.setGeometry(self.width() - wide, _CAPTION_HEIGHT, wide, height)
        self._empty.setGeometry(self.rect())
        self.set_plot(QRect(_AXIS_ROOM, _CAPTION_HEIGHT, self.width() - _AXIS_ROOM - beside, height))

    @Slot(object, str)
    def _choose_inside(self, outline: NDArray[np.float64], mode: str) -> None:
        cloud = self._cloud if self._shown_layers[1] else None
        inside = cloud.shown() & points_inside(cloud.positions, outline) if cloud is not None else np.zeros(0, bool)
        self.points_chosen.emit(np.flatnonzero(inside), mode)

    @Slot()
    def _wait_for_frame(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    @Slot()
    def _announce_view(self) -> None:
        view = self.view()
        if view != self._last_view:
            self._last_view = view
            self.view_changed.emit(view)

    def _drag_to(self, place: QPointF) -> None:
        shown = self.viewport
        x = min(max(place.x(), shown.x), shown.x + shown.width)
        y = min(max(place.y(), shown.y), shown.y + shown.height)
        self._move_to(*shown.to_plane(x, y))

    @Slot(float, float)
    def _move_to(self, u: float, v: float) -> None:
        self.show_ring(u, v)
        self.latent_dragged.emit(u, v)

    def _hover(self, index: int) -> None:
        if self.mark(index):
            self.point_hovered.emit(index)

    def _is_still_there(self, index: int, places: NDArray[np.float32]) -> bool:
        before = self.place_of(index)
        if before is None or index >= len(places) or not np.isfinite(places[index]).all():
            return False
        return (self.position_of(*places[index].tolist()) - before).manhattanLength() < 1.0

    @Slot()
    def _place_card(self) -> None:
        card = self._looked_at
        place = None if card is None else self.place_of(card.index)
        if card is None or place is None or not self.viewport.contains(place.x(), place.y()):
            self._card.hide()
            return
        edges = [self.viewport.pixels_of(outline)[0] for outline in card.outlines]
        beside = self.thumbnail_reach()
        reach = max((float(np.abs(columns - place.x()).max()) for columns in edges), default=beside)
        self._card.put_beside(place.toPoint(), reach, self.rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep showing the same part of the plane."""
        self._lay_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left takes the ring here; right, middle, or left with the space bar take hold of the plane."""
        place = event.position()
        if not self._empty.isHidden() or not self.viewport.contains(place.x(), place.y()):
            return
        if not self._space_held and self._region_gesture.press(event):
            self._hover(-1)
        elif event.button() == Qt.MouseButton.LeftButton and not self._space_held:
            self._is_dragging = True
            self._hover(-1)
            self.drag_started.emit()
            self._drag_to(place)
        elif not self._is_dragging:
            self._pan_from = place
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the ring, push the plane, or mark the point under the cursor."""
        place = event.position()
        if self._region_gesture.move(event):
            return
        if self._is_dragging:
            self._drag_to(place)
        elif self._pan_from is not None:
            step, self._pan_from = place - self._pan_from, place
            self.pan(step.x(), step.y())
        else:
            self._hover(self.dot_near(place, _REACH))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag of ring or plane."""
        if self._region_gesture.release(event):
            return
        if self._is_dragging and event.button() == Qt.MouseButton.LeftButton:
            self._is_dragging = False
            self.drag_finished.emit()
        elif self._pan_from is not None:
            self._pan_from = None
            self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Activate the point here; where there is none, show the whole map."""
        index = self.dot_near(event.position(), _REACH)
        if index >= 0:
            self.point_activated.emit(index)
        elif self.viewport.contains(event.position().x(), event.position().y()):
            self.go_home()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with the point under the cursor staying where it is."""
        place = event.position()
        if self.viewport.contains(place.x(), place.y()) and self._pan_from is None and self._empty.isHidden():
            self.zoom(1.0015 ** event.angleDelta().y(), place)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home, + and − are those of `RingKeys`; A, B and C choose corners of a plane.

        P lets the path go on to the point under the cursor or the ring, I looks closely at the point nearest to the
        ring, L held draws round points, and Escape selects none.
        """
        key = event.key()
        if self._keys.press(event):
            return
        if key == Qt.Key.Key_Space:
            self._space_held = True
        elif key in _CORNERS and self._empty.isHidden():
            self.corner_wanted.emit(_CORNERS.index(Qt.Key(key)), self.marked)
        elif key == Qt.Key.Key_P and self._empty.isHidden():
            self.key_point_wanted.emit(self.marked)
        elif key == Qt.Key.Key_I:
            self.look_closely()
        elif not self._region_gesture.press_key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A released arrow key ends the move."""
        if event.isAutoRepeat() or self._keys.release(event):
            return
        if event.key() == Qt.Key.Key_Space:
            self._space_held = False
        elif not self._region_gesture.release_key(event):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the arrow keys work here, to a person who came by keyboard."""
        self.set_framed(event.reason() in _KEYBOARD)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing stays held when the keyboard goes elsewhere."""
        self._space_held = False
        self._region_gesture.let_go()
        self._keys.let_go()
        self.set_framed(False)

    def leaveEvent(self, event: QEvent) -> None:
        """No point is under a cursor that has left."""
        self._hover(-1)
