"""A part of a plane drawn in layers: mosaics, points, a mark and a ring. What is under the ring is drawn only once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from explorer.state.map_contours import MapContours
from explorer.state.own_picture import OwnMarks
from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.contour_layer import ContourLayer
from explorer.views.widgets.letter_marks import draw_key_letter, draw_letter
from explorer.views.widgets.map_layers import (
    MARK_REACH,
    RING_REACH,
    MosaicLayer,
    draw_axes,
    draw_mark,
    draw_outline,
    draw_ring,
)
from explorer.views.widgets.own_picture_layer import draw_own_picture
from explorer.views.widgets.point_raster import NearestPoint, PointRaster
from explorer.views.widgets.thumbnails import SIDE, ThumbnailLayer
from explorer.views.widgets.viewport import Viewport

Rectangle = tuple[float, float, float, float]
"""(left, bottom, right, top) in coordinates of the plane."""

_MOST_ENLARGED = 1e5
_MOST_REDUCED = 1 / 8
_CONTEXT_COLOUR = "#6E6E6E"


class PlaneCanvas(QWidget):
    """Shows a rectangle of the plane at equal scales, with axes in its margins.

    viewport_changed(): another part of the plane, or another number of pixels.
    """

    viewport_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._home: Rectangle = (-3.0, -3.0, 3.0, 3.0)
        self._wanted: Rectangle = self._home
        self._plot = QRect(0, 0, 1, 1)
        self._viewport = Viewport.fitted((0, 0, 1, 1), self._home)
        self._mosaics = MosaicLayer()
        self._raster = PointRaster()
        self._thumbnails = ThumbnailLayer()
        self._pictures: NDArray[np.uint8] | None = None
        self._contours = ContourLayer()
        self._points = NearestPoint(np.empty((0, 2), dtype=np.float32))
        self._dots = (np.empty((0, 2), np.float32), np.empty(0, np.int64), tuple[QColor, ...]())
        self._chosen: NDArray[np.bool_] | None = None
        self._region: NDArray[np.float64] | None = None
        self._outlines: tuple[NDArray[np.float64], ...] = ()
        self._tiles_visible = self._points_visible = True
        self._ring: tuple[float, float] | None = None
        self._marked = -1
        self._letters: tuple[tuple[str, float, float], ...] = ()
        self._own: OwnMarks | None = None
        self._path: NDArray[np.float64] | None = None
        self._path_keys: tuple[tuple[str, float, float], ...] = ()
        self._is_blank = self._is_framed = False
        self._base: QImage | None = None

    @property
    def viewport(self) -> Viewport:
        """The mapping between the plane and the pixels of this widget."""
        return self._viewport

    @property
    def ring(self) -> tuple[float, float] | None:
        """Where the ring is on the plane; none when it is hidden."""
        return self._ring

    @property
    def marked(self) -> int:
        """Index of the marked point, -1 for none."""
        return self._marked

    def set_plot(self, plot: QRect) -> None:
        """Choose the pixels that show the plane; the part that was asked for stays in view."""
        self._plot = plot
        self._look(self._fitted())

    def set_home(self, home: Rectangle) -> None:
        """Set the whole map and go there."""
        self._home = home
        self.go_to(home)

    def go_home(self) -> None:
        """Show the whole map."""
        self.go_to(self._home)

    def shows_home(self) -> bool:
        """Whether the whole map is shown, as large as the widget allows."""
        return self._wanted == self._home

    def go_to(self, rectangle: Rectangle) -> None:
        """Show a part of the plane; nothing happens when it is already the visible part."""
        seen, reach = self._viewport.rectangle(), abs(rectangle[2] - rectangle[0]) + abs(rectangle[3] - rectangle[1])
        self._wanted = rectangle
        if any(abs(one - other) > 1e-9 * reach for one, other in zip(seen, rectangle, strict=True)):
            self._look(self._fitted())

    def pan(self, right: float, down: float) -> None:
        """Push the content by so many pixels."""
        self._look_freely(self._viewport.moved(right, down))

    def zoom(self, factor: float, place: QPointF) -> None:
        """Enlarge, with the point under a pixel staying there, within reason."""
        whole = Viewport.fitted((0, 0, self._viewport.width, self._viewport.height), self._home).scale
        scale = min(max(self._viewport.scale * factor, whole * _MOST_REDUCED), whole * _MOST_ENLARGED)
        self._look_freely(self._viewport.zoomed(scale / self._viewport.scale, place.x(), place.y()))

    def position_of(self, u: float, v: float) -> QPointF:
        """Where a point of the plane lies on this widget, in pixels."""
        return QPointF(*self._viewport.to_pixels(u, v))

    def show_outlines(self, outlines: tuple[NDArray[np.float64], ...]) -> None:
        """Draw closed curves of positions (count, 2) over everything but the ring; none to take them away."""
        if outlines or self._outlines:
            self._outlines = outlines
            self.update()

    def place_of(self, index: int) -> QPointF | None:
        """Where a point lies on this widget, in pixels; None where it is not among those that are drawn."""
        return self.position_of(*self._points.position(index)) if 0 <= index < self._raster.count else None

    def thumbnail_reach(self) -> float:
        """How far to either side of its place the picture of a point is seen, in pixels; 0 where points are dots."""
        return SIDE / 2 if self._points_visible and len(self._thumbnails.visible(self._viewport)) else 0.0

    def show_mosaics(self, mosaics: Sequence[tuple[NDArray[np.uint8], Rectangle]]) -> None:
        """Show pictures that fill rectangles of the plane; later ones lie over earlier ones."""
        self._mosaics.set_mosaics(mosaics)
        self.redraw()

    def show_dots(
        self,
        positions: NDArray[np.float32],
        colour_indices: NDArray[np.int64],
        colours: tuple[QColor, ...],
        pictures: NDArray[np.uint8] | None = None,
    ) -> None:
        """Show points (count, 2) of the plane in colours, or their pictures where few of them are seen.

        pictures: (count or more, channels, height, width), what each point is a code of.
        """
        self._pictures = pictures
        self._dots = (positions, colour_indices, colours)
        self._points = NearestPoint(positions)
        self._marked = -1
        self._colour_dots()

    def show_chosen(self, chosen: NDArray[np.bool_] | None) -> None:
        """Let all points but some (count,) stand back in grey; None for no difference between them."""
        if chosen is not None or self._chosen is not None:
            self._chosen = chosen
            self._colour_dots()

    def show_region(self, outline: NDArray[np.float64] | None) -> None:
        """Draw the region that is being marked, round positions (count, 2), or none."""
        self._region = outline
        self.update()

    def draw_contours(self, contours: MapContours | None) -> None:
        """Draw contours over the points, or none."""
        self._contours.set_contours(contours)
        self.redraw()

    def show_layers(self, *, tiles: bool, points: bool) -> None:
        """Choose which layers are drawn."""
        if (tiles, points) != (self._tiles_visible, self._points_visible):
            self._tiles_visible, self._points_visible = tiles, points
            self.redraw()

    def move_ring(self, position: tuple[float, float] | None) -> None:
        """Put the ring at a point of the plane, or take it away; only the pixels round it are painted again."""
        if position != self._ring:
            for place in (self._ring, position):
                if place is not None:
                    self._update_round(place, RING_REACH)
            self._ring = position

    def show_letters(self, letters: tuple[tuple[str, float, float], ...]) -> None:
        """Put lettered discs at places (letter, u, v) of the plane, in place of earlier ones."""
        if letters != self._letters:
            self._letters = letters
            self.update()

    def show_path(self, path: NDArray[np.float64] | None, keys: tuple[tuple[str, float, float], ...] = ()) -> None:
        """Draw a way through positions (count, 2) with its key points as (letter, u, v), or none."""
        if path is not None or self._path is not None:
            self._path, self._path_keys = path, keys
            self.update()

    def show_own_picture(self, marks: OwnMarks | None) -> None:
        """Mark the place of a picture of the person's own, or take the marks away."""
        if marks is not None or self._own is not None:
            self._own = marks
            self.update()

    def mark(self, index: int) -> bool:
        """Mark a point by its index, -1 for none; says whether another one was marked before."""
        if index == self._marked:
            return False
        for place in (self._marked, index):
            if place >= 0:
                self._update_round(self._points.position(place), MARK_REACH)
        self._marked = index
        return True

    def dot_near(self, place: QPointF, reach: float) -> int:
        """Index of the visible point nearest to a pixel within so many pixels; -1 when there is none."""
        if not self._points_visible or not self._viewport.contains(place.x(), place.y()):
            return -1
        u, v = self._viewport.to_plane(place.x(), place.y())
        return self._points.index(u, v, reach / self._viewport.scale)

    def set_blank(self, blank: bool) -> None:
        """Draw nothing at all, or everything again."""
        self._is_blank = blank
        self.redraw()

    def set_framed(self, framed: bool) -> None:
        """Draw the frame in the accent colour, to show where the keyboard goes."""
        self._is_framed = framed
        self.update()

    def redraw(self) -> None:
        """Draw everything again at the next chance."""
        self._base = None
        self.update()

    def picture(self, scale: int = 1) -> QImage:
        """What is visible of the plane, with points and ring but without axes, at so many pixels per pixel."""
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

    def _colour_dots(self) -> None:
        positions, indices, colours = self._dots
        if self._chosen is None or len(self._chosen) != len(positions):
            self._raster.set_points(positions, indices, colours)
        else:
            indices = np.where(self._chosen, indices, len(colours))
            colours = (*colours, QColor(_CONTEXT_COLOUR))
            self._raster.set_points(positions, indices, colours, ~self._chosen)
        self._thumbnails.set_points(positions, indices, colours, self._pictures)
        self.redraw()

    def _fitted(self) -> Viewport:
        plot = self._plot
        return Viewport.fitted((plot.x(), plot.y(), plot.width(), plot.height()), self._wanted)

    def _look_freely(self, viewport: Viewport) -> None:
        self._wanted = viewport.rectangle()
        self._look(viewport)

    def _look(self, viewport: Viewport) -> None:
        if viewport != self._viewport:
            self._viewport = viewport
            self.redraw()
            self.viewport_changed.emit()

    def _update_round(self, position: tuple[float, float], reach: float) -> None:
        place = self.position_of(*position)
        self.update(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach).toAlignedRect())

    def _base_image(self) -> QImage:
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._base is None or self._base.size() != size or self._base.devicePixelRatio() != ratio:
            self._base = QImage(size, QImage.Format.Format_RGB32)
            self._base.setDevicePixelRatio(ratio)
            self._base.fill(QColor(palette_of(self).window))
            if not self._is_blank:
                self._draw_base(self._base, ratio)
        return self._base

    def _draw_base(self, image: QImage, ratio: float) -> None:
        palette, viewport = palette_of(self), self._viewport
        painter = QPainter(image)
        painter.setFont(small_font(self))
        draw_axes(painter, viewport, palette)
        plot = QRectF(self._plot)
        painter.fillRect(plot, QColor(palette.canvas))
        painter.setClipRect(plot)
        self._draw_layers(painter, viewport, ratio)
        painter.end()

    def _draw_layers(self, painter: QPainter, viewport: Viewport, ratio: float) -> None:
        if self._tiles_visible:
            self._mosaics.draw(painter, viewport)
        if self._points_visible and self._raster.count and not self._thumbnails.draw(painter, viewport):
            points = self._raster.image(viewport, ratio)
            room = QRectF(viewport.x, viewport.y, points.width() / ratio, points.height() / ratio)
            painter.drawImage(room, points)
        self._contours.draw(painter, viewport)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy what is drawn already where it is needed, and put mark and ring on it."""
        painter = QPainter(self)
        painter.drawImage(QPoint(0, 0), self._base_image())
        if self._is_blank:
            return
        if self._is_framed:
            painter.setPen(QPen(QColor(palette_of(self).accent), 1))
            painter.drawRect(self._plot.adjusted(-1, -1, 0, 0))
        painter.setClipRect(self._plot, Qt.ClipOperation.IntersectClip)
        if self._marked >= 0 and self._points_visible:
            draw_mark(painter, *self._viewport.to_pixels(*self._points.position(self._marked)))
        if self._region is not None:
            draw_outline(painter, self._viewport, self._region)
        for outline in self._outlines:
            draw_outline(painter, self._viewport, outline)
        painter.setFont(small_font(self))
        if self._path is not None:
            draw_outline(painter, self._viewport, self._path, closed=False)
        for letter, u, v in self._letters:
            draw_letter(painter, *self._viewport.to_pixels(u, v), letter, palette_of(self))
        for letter, u, v in self._path_keys:
            draw_key_letter(painter, *self._viewport.to_pixels(u, v), letter)
        if self._own is not None:
            draw_own_picture(painter, self._viewport, self._own, palette_of(self))
        if self._ring is not None:
            draw_ring(painter, *self._viewport.to_pixels(*self._ring), palette_of(self))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours and fonts of another theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.redraw()
        super().changeEvent(event)
