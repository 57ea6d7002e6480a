"""A few names of which one is chosen, as buttons side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QWidget

from explorer.views.theme import class_colour
from explorer.views.widgets.flow_layout import FlowLayout

_DOT = 8


class NameButtons(QWidget):
    """Buttons of which one is down; arrow keys go from one to the next.

    chosen(place): the person chose a name, counted from 0; nothing is announced when one is shown.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self.chosen)
        self._layout = FlowLayout(self)
        self._offered: object = None

    def show_names(self, names: Sequence[str], what: str, *, are_coloured: bool) -> None:
        """Offer names; `what` they are in one word. Coloured ones wear the dots that the legend of the map has."""
        offered = tuple(names), what, are_coloured
        if offered == self._offered:
            return
        self._offered = offered
        # While it is seen, the whole window would be laid out anew for every button.
        was_hidden = self.isHidden()
        self.hide()
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.setParent(None)
            button.deleteLater()
        for place, name in enumerate(names):
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setProperty("role", "name")
            button.setAccessibleName(f"{what} {name}")
            button.setToolTip(f"{what[:1].upper()}{what[1:]} {name}; arrow keys go to the next")
            if are_coloured:
                button.setIcon(_dot(place, self.devicePixelRatioF()))
                button.setIconSize(QSize(_DOT, _DOT))
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._group.addButton(button, place)
            self._layout.addWidget(button)
        self.setVisible(not was_hidden)

    def show_chosen(self, place: int) -> None:
        """Show which name is chosen, -1 for none."""
        # While it is exclusive, the group lets no button up without another going down.
        self._group.setExclusive(False)
        for number, button in enumerate(self._group.buttons()):
            button.setChecked(number == place)
        self._group.setExclusive(True)

    def buttons(self) -> tuple[QWidget, ...]:
        """The buttons in order."""
        return tuple(self._group.buttons())

    def hasHeightForWidth(self) -> bool:
        """Narrower means more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows."""
        return self._layout.heightForWidth(width)

    def sizeHint(self) -> QSize:
        """As high as its rows are at the width it has; those of the narrowest width would hold a window too high."""
        return QSize(self._layout.minimumSize().width(), self._layout.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell when the buttons go into other rows."""
        if self.heightForWidth(event.size().width()) != self.heightForWidth(event.oldSize().width()):
            self.updateGeometry()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs another number of rows."""
        self.updateGeometry()
        super().changeEvent(event)


def _dot(place: int, ratio: float) -> QIcon:
    pixmap = QPixmap(round(_DOT * ratio), round(_DOT * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(class_colour(place))
    painter.drawEllipse(0, 0, _DOT, _DOT)
    painter.end()
    return QIcon(pixmap)
