"""A whole run at a glance: a column of small pictures for every snapshot, and its loss below."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from explorer.state.history_values import SnapshotColumn, SnapshotMark, loss_text, mark_text
from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.column_strip import Columns, ColumnStrip
from explorer.views.widgets.pictures import picture_image, whole_scale

_SIDE, _GAP, _TITLE = 8.0, 2.0, 15.0
_NARROWEST, _LOWEST_PICTURE = 30.0, 28.0
_LOWEST_CHART, _HIGHEST_CHART = 20.0, 96.0
_DOT = 2.5


@dataclass(frozen=True)
class _Layout:
    """Pixels, while nothing is scrolled: columns, rows of pictures and their size, and the chart; 0 high is none."""

    column: float
    rows: int
    picture: QRectF
    chart: QRectF


class Filmstrip(ColumnStrip):
    """Snapshots from left to right; what stands side by side in a row is made of the same noise or the same item.

    space_pressed(): the space bar.
    """

    space_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Snapshots of the run; Enter shows one, the space bar plays")
        self._marks: tuple[SnapshotMark, ...] = ()
        self._columns: dict[int, tuple[tuple[QImage, ...], tuple[str, ...]]] = {}
        self._losses = np.empty(0)

    def show_marks(self, marks: Sequence[SnapshotMark]) -> None:
        """Show which snapshots there are; pictures of those that stay are kept."""
        self._marks = tuple(marks)
        steps = {mark.step for mark in marks}
        self._columns = {step: column for step, column in self._columns.items() if step in steps}
        losses = [np.nan if mark.loss is None else mark.loss for mark in marks]
        self._losses = np.array(losses, dtype=np.float64)
        self._hovered = -1
        self._lay_out()

    def show_pictures(self, column: SnapshotColumn) -> None:
        """Show the pictures of a snapshot."""
        images = tuple(picture_image(picture) for picture in column.pictures)
        is_first = not self._columns
        self._columns[column.step] = images, column.names
        if is_first:
            self._lay_out()
        self.viewport().update()

    def count(self) -> int:
        """How many snapshots there are."""
        return len(self._marks)

    def columns(self) -> Columns:
        """Where the columns of the snapshots lie."""
        return Columns(_SIDE, self._layout().column, _SIDE)

    def mark(self, place: int) -> None:
        """Mark the snapshot that is shown, bring it into sight, and let the keys go on from there; -1 for none."""
        if place != self._marked:
            self._current = place
        super().mark(place)

    def pictured(self) -> int:
        """How many snapshots have their pictures."""
        return len(self._columns)

    def column_rect(self, place: int) -> QRectF:
        """Where the column of a snapshot lies on the viewport, in pixels."""
        column = self._layout().column
        return QRectF(_SIDE + place * column - self._scrolled(), 0.0, column, self.viewport().height())

    def place_text(self, place: int) -> str:
        """What is known of a snapshot, in words."""
        if not 0 <= place < len(self._marks):
            return ""
        mark = self._marks[place]
        return "\n".join(filter(None, (f"Snapshot {place + 1}: {mark_text(self._marks, place)}", loss_text(mark))))

    def sizeHint(self) -> QSize:
        """Room for two rows of pictures and the chart."""
        return QSize(480, 120)

    def _layout(self) -> _Layout:
        count, room = max(len(self._marks), 1), float(self.viewport().height())
        images = next(iter(self._columns.values()), ((), ()))[0]
        needed = _LOWEST_PICTURE + _GAP if images else 0.0
        has_chart = bool(np.isfinite(self._losses).any()) and room >= needed + _TITLE + _LOWEST_CHART
        column = max(_NARROWEST, (self.viewport().width() - 2 * _SIDE) / count)
        if not images:
            chart = QRectF(0.0, _TITLE, 0.0, room - _TITLE - _GAP) if has_chart else QRectF()
            return _Layout(column, 0, QRectF(), chart)
        above = room - (_TITLE + _LOWEST_CHART + _GAP if has_chart else 0.0)
        width, height = images[0].width(), images[0].height()
        rows = max(1, min(len(images), int(above // (_LOWEST_PICTURE + _GAP))))
        each, ratio = max(above / rows - _GAP, 1.0), self.devicePixelRatioF()
        whole = whole_scale(width, height, (column - _GAP) * ratio, each * ratio) / ratio
        scale = whole or min((column - _GAP) / width, each / height)
        picture = QRectF(0.0, _GAP, scale * width, scale * height)
        below = _GAP + rows * (picture.height() + _GAP)
        high = min(_HIGHEST_CHART, room - below - _TITLE - _GAP)
        chart = QRectF(0.0, below + _TITLE, 0.0, high) if has_chart else QRectF()
        return _Layout(column, rows, picture, chart)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the columns in sight and the chart below them."""
        painter, palette = QPainter(self.viewport()), palette_of(self)
        painter.fillRect(event.rect(), QColor(palette.canvas))
        if not self._marks:
            return
        painter.setFont(small_font(self))
        layout = self._layout()
        first = max(0, self.place_at(QPoint(int(_SIDE), 0)))
        for place in range(first, len(self._marks)):
            if self.column_rect(place).left() > self.viewport().width():
                break
            self._draw_column(painter, place, layout)
        if layout.chart.height() > 0:
            self._draw_losses(painter, layout)

    def _draw_column(self, painter: QPainter, place: int, layout: _Layout) -> None:
        palette, room = palette_of(self), self.column_rect(place)
        if place in (self._marked, self._hovered):
            painter.fillRect(room, QColor(palette.selection if place == self._marked else palette.field))
        images = self._columns.get(self._marks[place].step, ((), ()))[0]
        left = round(room.center().x() - layout.picture.width() / 2)
        for row, image in enumerate(images[: layout.rows]):
            top = layout.picture.top() + row * (layout.picture.height() + _GAP)
            target = QRectF(left, top, layout.picture.width(), layout.picture.height())
            is_reduced = target.width() * self.devicePixelRatioF() < image.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_smooth or is_reduced)
            painter.drawImage(target, image, QRectF(image.rect()))
        if place == self._current and self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))

    def _draw_losses(self, painter: QPainter, layout: _Layout) -> None:
        palette, chart = palette_of(self), layout.chart
        finite = self._losses[np.isfinite(self._losses)]
        # The steep beginning must not flatten all that follows.
        low, high = float(finite.min()), float(np.quantile(finite, 0.95))
        spread = high - low or 1.0
        heights = np.clip((self._losses - low) / spread, 0.0, 1.0)
        points = [
            QPointF(self.column_rect(place).center().x(), chart.bottom() - height * chart.height())
            for place, height in enumerate(heights)
            if np.isfinite(height)
        ]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.muted), 1.5))
        painter.drawPolyline(QPolygonF(points))
        if 0 <= self._marked < len(heights) and np.isfinite(heights[self._marked]):
            across = self.column_rect(self._marked).center().x()
            painter.setPen(QPen(QColor(palette.accent), 1.0))
            painter.drawLine(QPointF(across, chart.top()), QPointF(across, chart.bottom()))
            painter.setBrush(QColor(palette.accent))
            down = chart.bottom() - heights[self._marked] * chart.height()
            painter.drawEllipse(QPointF(across, down), _DOT, _DOT)
        name = next((mark.terms[0][0] for mark in self._marks if mark.terms), "")
        value = self._losses[self._marked] if 0 <= self._marked < len(self._losses) else np.nan
        painter.setPen(QColor(palette.muted))
        title = QRectF(_SIDE, chart.top() - _TITLE, self.viewport().width(), _TITLE)
        said = name.replace("_", " ").replace("/", " ") + (f" {value:.4g}" if np.isfinite(value) else "")
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """As in every strip; the space bar plays."""
        if event.key() == Qt.Key.Key_Space:
            self.space_pressed.emit()
        else:
            super().keyPressEvent(event)
