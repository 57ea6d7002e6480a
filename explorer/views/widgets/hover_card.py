"""A small card beside a point of the map: its pictures and a few words."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from explorer.state.item_card import ItemCard
from explorer.views.theme import palette_of, small_font
from explorer.views.widgets.controls import muted_label
from explorer.views.widgets.picture_view import PictureView

_SIDE = 88
_BESIDE = 16
_MOST_REACH = 120.0


class HoverCard(QWidget):
    """Original and reconstruction of one item; the mouse goes through it, so it is never in the way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hover_card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._note = muted_label(wraps=True)
        self._original, self._decoded = PictureView(), PictureView()
        self._names = QLabel("original"), QLabel("reconstruction")
        self._lay_out()
        self.hide()

    def show_item(self, card: ItemCard) -> None:
        """Show an item; without an original there is only what is decoded from its code."""
        self._title.setText(card.title)
        self._note.setText("decoding …" if card.decoded is None else card.note)
        self._note.setVisible(bool(self._note.text()))
        has_original = card.original is not None
        self._original.show_picture(card.original)
        self._original.setVisible(has_original)
        self._names[0].setVisible(has_original)
        self._names[1].setText("reconstruction" if has_original else "decoded")
        self._decoded.show_picture(card.decoded)
        self._note.setFixedWidth((2 if has_original else 1) * (_SIDE + 8) + 24)
        self.setAccessibleName(f"{card.title}; {self._note.text()}")
        self.adjustSize()

    def put_beside(self, place: QPoint, reach: float, room: QRect) -> None:
        """Stand beside a place, on the side where there is room, without leaving the room where that is possible.

        reach: how far to either side there is something to be seen, in pixels; within reason it stays free.
        """
        size, beside = self.size(), _BESIDE + round(min(reach, _MOST_REACH))
        left = place.x() + beside
        if left + size.width() > room.right():
            left = place.x() - beside - size.width()
        top = min(max(place.y() - size.height() // 2, room.top() + 4), room.bottom() - size.height() - 4)
        self.move(max(left, room.left()), max(top, room.top()))
        self.show()
        self.raise_()

    def _lay_out(self) -> None:
        pictures = QGridLayout()
        pictures.setSpacing(4)
        pictures.setHorizontalSpacing(8)
        for column, (name, picture) in enumerate(zip(self._names, (self._original, self._decoded), strict=True)):
            picture.setFixedSize(_SIDE, _SIDE)
            name.setFont(small_font(name))
            name.setProperty("role", "muted")
            pictures.addWidget(picture, 0, column)
            pictures.addWidget(name, 1, column)
        pictures.setColumnStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addLayout(pictures)
        layout.addWidget(self._note)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and a hairline round it."""
        painter, palette = QPainter(self), palette_of(self)
        painter.setPen(QColor(palette.outline))
        painter.setBrush(QColor(palette.raised))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
