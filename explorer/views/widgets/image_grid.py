"""Many small pictures in a grid, crisp, with a line of text under each."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.controls import came_by_tab
from explorer.views.widgets.item_menu import open_item_menu
from explorer.views.widgets.pictures import draw_veil, picture_image

_GAP = 6
_SMALLEST, _REDUCED = 40, 18
_LINE = 16
_WIDEST_TITLE = 112.0


@dataclass(frozen=True)
class _Layout:
    """Columns and sizes in pixels; `picture_width` and `picture_height` are those of one picture as drawn.

    left, top: of the first cell, while nothing is scrolled.
    """

    columns: int
    cell_width: float
    cell_height: float
    picture_width: float
    picture_height: float
    left: float
    top: float


class ImageGrid(QAbstractScrollArea):
    """A grid of cells, each a stack of pictures of one size.

    item_activated(index): a cell was clicked or chosen with Enter; item_hovered(index): -1 when none;
    lower_activated(index): where `offer_lower` allows it, a lower picture of a cell was clicked or chosen with N;
    key_point_wanted(index): key P or the menu of a cell, where `offer_key_points` allows it.
    """

    item_activated = Signal(int)
    item_hovered = Signal(int)
    lower_activated = Signal(int)
    key_point_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(96, 64)
        self._images: tuple[QImage, ...] = ()
        self._count = self._height = self._width = 0
        self._captions: tuple[str, ...] = ()
        self._caption_width = 0.0
        self._columns = 0
        self._row_titles: tuple[str, ...] = ()
        self._column_titles: tuple[str, ...] = ()
        self._layer_titles: tuple[str, ...] = ()
        self._title_width = 0.0
        self._marked = -1
        self._is_smooth = self._is_faded = False
        self._hovered = self._current = -1
        self._offers_key_points = self._offers_lower = False

    def offer_key_points(self) -> None:
        """Let every cell be added to the path."""
        self._offers_key_points = True

    def offer_lower(self, offered: bool) -> None:
        """Choose whether the pictures below the first of a cell stand for something of their own."""
        self._offers_lower = offered

    def show_pictures(
        self,
        stacks: NDArray[np.uint8],
        captions: tuple[str, ...] = (),
        *,
        columns: int = 0,
        row_titles: tuple[str, ...] = (),
        column_titles: tuple[str, ...] = (),
        layer_titles: tuple[str, ...] = (),
    ) -> None:
        """Show cells; stacks: (count, pictures per cell, height, width, 1 or 3); captions: none or one per cell.

        columns: how many there must be, 0 for as many as fit. row_titles, column_titles: none, or one for each row to
        its left and for each column over it. layer_titles: none, or one for each picture of a cell, to the left of
        every row.
        """
        self._columns, self._row_titles, self._column_titles = columns, row_titles, column_titles
        self._layer_titles = layer_titles
        self._count, layers, self._height, self._width = stacks.shape[:4]
        self._images = tuple(_sheet(stacks[:, layer]) for layer in range(layers)) if self._count else ()
        self._captions = captions
        metrics = QFontMetricsF(small_font(self))
        self._caption_width = max((metrics.horizontalAdvance(caption) + 2 for caption in captions), default=0.0)
        beside = (*row_titles, *layer_titles)
        widest = max((metrics.horizontalAdvance(title) for title in beside), default=-2.0 * _GAP)
        self._title_width = min(widest + 2 * _GAP, _WIDEST_TITLE)
        self._current = min(self._current, self._count - 1)
        self._set_hovered(-1)
        self._lay_out()

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        if smooth != self._is_smooth:
            self._is_smooth = smooth
            self.viewport().update()

    def set_faded(self, faded: bool) -> None:
        """Choose whether the pictures stand back, as those that others are about to replace."""
        self._is_faded = faded
        self.viewport().update()

    def mark(self, index: int) -> None:
        """Frame the cell that is chosen, -1 for none."""
        self._marked = index
        self.viewport().update()

    def item_at(self, position: QPoint) -> int:
        """Index of the cell at a place of the viewport, -1 where there is none."""
        if not self._count:
            return -1
        layout = self._layout()
        column = int(position.x() - layout.left) // int(layout.cell_width)
        row = int(position.y() + self.verticalScrollBar().value() - layout.top + _GAP / 2) // int(layout.cell_height)
        index = row * layout.columns + column
        is_inside = position.x() >= layout.left and 0 <= column < layout.columns and row >= 0
        return index if is_inside and index < self._count else -1

    def item_rect(self, index: int) -> QRectF:
        """Where the pictures of a cell lie on the viewport, in pixels."""
        layout = self._layout()
        row, column = divmod(index, layout.columns)
        left = layout.left + column * layout.cell_width + (layout.cell_width - layout.picture_width) // 2
        top = layout.top + row * layout.cell_height - self.verticalScrollBar().value()
        layers = len(self._images)
        return QRectF(left, top, layout.picture_width, layers * layout.picture_height + 2 * (layers - 1))

    def sizeHint(self) -> QSize:
        """Room for a few rows."""
        return QSize(320, 160)

    def _layout(self) -> _Layout:
        ratio = self.devicePixelRatioF()
        smallest = self._smallest_scale(ratio)
        if self._columns:
            return self._layout_in_columns(smallest, ratio)
        best = self._layout_at(smallest, ratio)
        for scale in range(int(smallest) + 1, 64):
            layout = self._layout_at(scale, ratio)
            if self._content_height(layout) > self.viewport().height() or layout.cell_width > self.viewport().width():
                break
            best = layout
        return best

    def _smallest_scale(self, ratio: float) -> float:
        smallest = max(1, math.ceil(_SMALLEST * ratio / max(self._width, 1)))
        layers = len(self._images)
        if layers <= 1:
            return smallest
        room = self.viewport().height() - 2 * _GAP - _LINE - 2 * (layers - 1)
        fitting = room * ratio / max(layers * self._height, 1)
        # Rather small pictures, or even reduced ones, than a cell of which one has to scroll to see the rest.
        if fitting < 1.0 and fitting * self._width >= _REDUCED * ratio:
            return fitting
        return min(smallest, max(1, int(fitting)))

    def _layout_in_columns(self, smallest: float, ratio: float) -> _Layout:
        room = (self.viewport().width() - self._title_width - _GAP) / self._columns - _GAP
        largest = int(max(room, 1.0) * ratio / max(self._width, 1))
        if largest < 1:
            # Reduced rather than cut off: the columns belong beside one another.
            return self._layout_at(max(room, 1.0) * ratio / max(self._width, 1), ratio)
        best = self._layout_at(min(smallest, largest), ratio)
        for scale in range(int(min(smallest, largest)) + 1, largest + 1):
            layout = self._layout_at(scale, ratio)
            if self._content_height(layout) > self.viewport().height():
                break
            best = layout
        return best

    def _layout_at(self, scale: float, ratio: float) -> _Layout:
        width, height = self._width * scale / ratio, self._height * scale / ratio
        room = self.viewport().width() - self._title_width - _GAP
        widest_caption = min(self._caption_width, room / self._columns - _GAP) if self._columns else self._caption_width
        cell_width = float(int(max(width, widest_caption)) + _GAP)
        layers = max(len(self._images), 1)
        below = _LINE if self._captions else 0
        cell_height = float(int(layers * height + 2 * (layers - 1)) + _GAP + below)
        columns = self._columns or min(max(1, int(room // cell_width)), max(self._count, 1))
        left = self._title_width + max(0, int(room + _GAP - columns * cell_width) // 2)
        top = _GAP + (_LINE if self._column_titles else 0)
        return _Layout(columns, cell_width, cell_height, width, height, float(left), float(top))

    def _content_height(self, layout: _Layout) -> float:
        return -(-self._count // layout.columns) * layout.cell_height + layout.top

    def _lay_out(self) -> None:
        layout = self._layout()
        beyond = self._content_height(layout) - self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, int(beyond + 0.999)))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(int(layout.cell_height))
        self.viewport().update()

    def _set_hovered(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor)
            self.viewport().update()
            self.item_hovered.emit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible cells."""
        painter, palette = QPainter(self.viewport()), palette_of(self)
        painter.fillRect(event.rect(), QColor(palette.canvas))
        painter.setFont(small_font(self))
        if not self._count:
            return
        layout = self._layout()
        is_reduced = layout.picture_width * self.devicePixelRatioF() < self._width
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_smooth or is_reduced)
        scrolled = self.verticalScrollBar().value()
        first = max(0, int((scrolled - layout.top) // layout.cell_height)) * layout.columns
        last = (int((scrolled + self.viewport().height()) // layout.cell_height) + 1) * layout.columns
        for index in range(first, min(last, self._count)):
            self._draw_cell(painter, index, layout)
        self._draw_titles(painter, layout)
        if self._is_faded:
            draw_veil(painter, event.rect(), palette)

    def _draw_titles(self, painter: QPainter, layout: _Layout) -> None:
        palette, metrics = palette_of(self), QFontMetricsF(painter.font())
        painter.setPen(QColor(palette.muted))
        left = layout.left - self._title_width + _GAP
        for title, top, height in self._titles_beside(layout):
            room = QRectF(left, top, self._title_width - 2 * _GAP, height)
            text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        if self._column_titles:
            painter.fillRect(QRectF(0, 0, self.viewport().width(), layout.top - 2), QColor(palette.canvas))
        for column, title in enumerate(self._column_titles):
            room = QRectF(layout.left + column * layout.cell_width, 0, layout.cell_width, layout.top - 2)
            text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width() - 2)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _titles_beside(self, layout: _Layout) -> Iterator[tuple[str, float, float]]:
        for row, title in enumerate(self._row_titles):
            beside = self.item_rect(row * layout.columns)
            yield title, beside.top(), beside.height()
        for row in range(-(-self._count // layout.columns) if self._layer_titles else 0):
            top = self.item_rect(row * layout.columns).top()
            if not -self.viewport().height() < top < self.viewport().height():
                continue
            for layer, title in enumerate(self._layer_titles):
                yield title, top + layer * (layout.picture_height + 2), layout.picture_height

    def _draw_cell(self, painter: QPainter, index: int, layout: _Layout) -> None:
        palette, room = palette_of(self), self.item_rect(index)
        row, column = divmod(index, _sheet_columns(self._count))
        source = QRectF(column * self._width, row * self._height, self._width, self._height)
        for layer, image in enumerate(self._images):
            top = room.top() + layer * (layout.picture_height + 2)
            painter.drawImage(QRectF(room.left(), top, room.width(), layout.picture_height), image, source)
        if self._captions:
            painter.setPen(QColor(palette.muted))
            below = QRectF(room.center().x() - layout.cell_width / 2, room.bottom() + 1, layout.cell_width, _LINE)
            text = self._captions[index]
            if self._columns:
                text = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, layout.cell_width)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
        if index in (self._hovered, self._marked) or (index == self._current and self.hasFocus()):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawRect(room.adjusted(-2, -2, 2, 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose columns and scale anew."""
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        self.viewport().update()
        super().changeEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the cell under the cursor."""
        self._set_hovered(self.item_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Activate the cell under the cursor."""
        index = self.item_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self.viewport().update()
            first = self.item_rect(index).top() + self._layout().picture_height + 1
            is_lower = self._offers_lower and event.position().y() > first
            (self.lower_activated if is_lower else self.item_activated).emit(index)

    def leaveEvent(self, event: QEvent) -> None:
        """No cell is under a cursor that has left."""
        self._set_hovered(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let the keyboard begin at the first cell, so that it is seen where it is."""
        if self._current < 0 and self._count and came_by_tab(event):
            self._current = 0
        super().focusInEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys choose a cell, Enter activates it."""
        columns = self._layout().columns
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        key = Qt.Key(event.key())
        if key in steps and self._count:
            self._current = min(max(max(self._current, 0) + steps[key], 0), self._count - 1)
            self._scroll_to(self._current)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.item_activated.emit(self._current)
        elif key == Qt.Key.Key_N and self._offers_lower and self._current >= 0:
            self.lower_activated.emit(self._current)
        elif key == Qt.Key.Key_P and self._offers_key_points and max(self._current, self._hovered) >= 0:
            self.key_point_wanted.emit(self._hovered if self._hovered >= 0 else self._current)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a cell."""
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._current if by_keyboard else self.item_at(event.pos())
        if index < 0 or not self._offers_key_points:
            return
        open_item_menu(
            self,
            self.item_rect(index).center().toPoint() if by_keyboard else event.pos(),
            lambda: self.item_activated.emit(index),
            lambda: self.key_point_wanted.emit(index),
        )

    def _scroll_to(self, index: int) -> None:
        room, bar, top = self.item_rect(index), self.verticalScrollBar(), self._layout().top
        if room.top() < top:
            bar.setValue(int(bar.value() + room.top() - top))
        elif room.bottom() > self.viewport().height():
            bar.setValue(int(bar.value() + room.bottom() - self.viewport().height() + _GAP + _LINE))
        self.viewport().update()


def _sheet_columns(count: int) -> int:
    return max(1, int(np.ceil(np.sqrt(count))))


def _sheet(pictures: NDArray[np.uint8]) -> QImage:
    # One image about as wide as high: painting from one source is fast, and no side grows past what Qt can address.
    count, height, width, channels = pictures.shape
    columns = _sheet_columns(count)
    rows = -(-count // columns)
    cells = np.zeros((rows * columns, height, width, channels), dtype=np.uint8)
    cells[:count] = pictures
    joined = cells.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return picture_image(joined.reshape(rows * height, columns * width, channels))
