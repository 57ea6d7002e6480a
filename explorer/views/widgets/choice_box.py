"""A drop-down list that leaves the wheel to the panel it stands in."""

from collections.abc import Iterable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QIcon, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from explorer.views.icons import icon


class ChoiceBox(QComboBox):
    """A drop-down list that may be narrower than its longest text.

    `activated` is emitted when the person chooses, never when a choice is set.
    """

    def __init__(
        self, name: str, tooltip: str = "", choices: Iterable[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setToolTip(tooltip)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(56)
        self.addItems(list(choices))

    def set_choices(self, choices: Iterable[str]) -> None:
        """Offer other choices; the chosen one stays chosen when it is still there."""
        texts, chosen = list(choices), self.currentText()
        if texts != [self.itemText(place) for place in range(self.count())]:
            self.clear()
            self.addItems(texts)
            self.setCurrentText(chosen)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box with as much of the text as there is room for, and the arrow that says it opens."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        text = option.currentText if self.currentIndex() >= 0 else self.placeholderText()
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        room = QRect(self.width() - 18, (self.height() - 12) // 2, 12, 12)
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        icon("chevron_down").paint(painter, room, mode=mode)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only the box that has the keyboard; otherwise let the panel scroll."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
