"""Boxes for numbers that show only the digits a number has and ignore the wheel of a passing mouse."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget


class WholeNumberBox(QSpinBox):
    """A box for a whole number; what is typed counts when it is complete."""

    def __init__(self, minimum: int, maximum: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(minimum, maximum)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(4, 0, 4, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only the box that has the keyboard; otherwise let the panel scroll."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberBox(QDoubleSpinBox):
    """A box for a number of any size, shown without needless digits."""

    def __init__(self, minimum: float, maximum: float, decimals: int = 9, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(decimals)
        self.setRange(minimum, maximum)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(4, 0, 4, 0)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def textFromValue(self, value: float) -> str:
        """The number with at most nine significant digits."""
        # Adding zero makes the two zeros one.
        text = f"{round(value, self.decimals()) + 0.0:.{self.decimals()}f}"
        return text.rstrip("0").rstrip(".") if self.decimals() == 9 else text

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only the box that has the keyboard; otherwise let the panel scroll."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
