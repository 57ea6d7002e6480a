"""One small control for each kind of setting; all have the same few parts."""

import json
import math
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from explorer.state.training_values import FormField
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox

_MOST = 2_000_000_000


class SettingControl(QWidget):
    """A control for the value of one setting.

    edited() is emitted when the person changes the value, never when it is set.
    """

    edited = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.field = field
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def value(self) -> Any:
        """The value shown."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong with the value, as a sentence; empty when nothing is."""
        return ""

    def _take(self, editor: QWidget) -> None:
        editor.setAccessibleName(self.field.name)
        editor.setToolTip(_tooltip(self.field))
        self._layout.addWidget(editor)
        self.setFocusProxy(editor)


class IntegerControl(SettingControl):
    """A whole number in its range."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        lowest = -_MOST if field.minimum is None else math.ceil(field.minimum)
        highest = _MOST if field.maximum is None else math.floor(min(field.maximum, _MOST))
        self._box = WholeNumberBox(lowest, highest)
        self._take(self._box)
        self.set_value(field.default)
        self._box.valueChanged.connect(self.edited)

    def value(self) -> int:
        """The number shown."""
        return self._box.value()

    def set_value(self, value: Any) -> None:
        """Show a number."""
        blocked = self._box.blockSignals(True)
        self._box.setValue(int(value))
        self._box.blockSignals(blocked)


class NumberControl(SettingControl):
    """A number in its range."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        lowest = -1e12 if field.minimum is None else field.minimum
        highest = 1e12 if field.maximum is None else field.maximum
        self._box = NumberBox(lowest, highest)
        self._take(self._box)
        self.set_value(field.default)
        self._box.valueChanged.connect(self.edited)

    def value(self) -> float:
        """The number shown."""
        return self._box.value()

    def set_value(self, value: Any) -> None:
        """Show a number."""
        blocked = self._box.blockSignals(True)
        self._box.setValue(float(value))
        self._box.blockSignals(blocked)


class ChoiceControl(SettingControl):
    """One of a few words."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._box = QComboBox()
        self._box.addItems(list(field.choices))
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._take(self._box)
        self.set_value(field.default)
        self._box.activated.connect(self.edited)

    def value(self) -> str:
        """The word shown."""
        return self._box.currentText()

    def set_value(self, value: Any) -> None:
        """Show one of the words."""
        self._box.setCurrentText(str(value))


class SwitchControl(SettingControl):
    """Yes or no."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._box = QCheckBox()
        self._take(self._box)
        self.set_value(field.default)
        self._box.clicked.connect(self.edited)

    def value(self) -> bool:
        """Whether it is on."""
        return self._box.isChecked()

    def set_value(self, value: Any) -> None:
        """Turn it on or off."""
        self._box.setChecked(bool(value))


class TextControl(SettingControl):
    """A line of text."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._line = QLineEdit()
        self._take(self._line)
        self.set_value(field.default)
        self._line.textEdited.connect(self.edited)

    def value(self) -> Any:
        """The text shown; no value at all when it is empty and that is the default."""
        text = self._line.text().strip()
        return None if not text and self.field.default is None else text

    def set_value(self, value: Any) -> None:
        """Show a text."""
        self._line.setText("" if value is None else str(value))


class NumbersControl(SettingControl):
    """A list of whole numbers, written with commas."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._line = QLineEdit()
        self._take(self._line)
        self.set_value(field.default)
        self._line.textEdited.connect(self._mark)

    def value(self) -> tuple[int, ...]:
        """The numbers shown; raises `ValueError` when the text is no list of whole numbers."""
        text = self._line.text().strip().strip("[]()")
        return tuple(int(part) for part in text.split(",")) if text else ()

    def set_value(self, value: Any) -> None:
        """Show numbers."""
        self._line.setText(", ".join(str(number) for number in value))
        self._show_problem()

    def problem(self) -> str:
        """What is wrong with the text."""
        try:
            self.value()
        except ValueError:
            return f"{self.field.name} must be whole numbers with commas between them, such as 64, 32."
        return ""

    def _mark(self) -> None:
        self._show_problem()
        self.edited.emit()

    def _show_problem(self) -> None:
        problem = self.problem()
        self._line.setProperty("wrong", bool(problem))
        self._line.setToolTip(problem or _tooltip(self.field))
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)


_CONTROLS: dict[str, type[SettingControl]] = {
    "integer": IntegerControl,
    "number": NumberControl,
    "choice": ChoiceControl,
    "switch": SwitchControl,
    "numbers": NumbersControl,
    "text": TextControl,
}


def setting_control(field: FormField) -> SettingControl:
    """The control for a setting."""
    return _CONTROLS[field.kind](field)


def setting_text(value: Any) -> str:
    """A value as it is written after `name=`."""
    return value if isinstance(value, str) else json.dumps(value)


def setting_value(field: FormField, text: str) -> Any:
    """The value that a text means for a setting; raises `ValueError` when it means none."""
    return text if field.kind in ("choice", "text") else json.loads(text)


def _tooltip(field: FormField) -> str:
    parts = [f"{field.name}: {field.description}" if field.description else field.name]
    if field.minimum is not None and field.maximum is not None:
        parts.append(f"From {field.minimum:g} to {field.maximum:g}.")
    elif field.minimum is not None:
        parts.append(f"At least {field.minimum:g}.")
    elif field.maximum is not None:
        parts.append(f"At most {field.maximum:g}.")
    parts.append(f"Default: {setting_text(field.default)}.")
    return "\n".join(parts)
