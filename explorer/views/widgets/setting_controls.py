"""One small control for each kind of setting; all speak in texts as they are written after `name=`."""

import json
import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from explorer.state.training_values import FormField
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox

_MOST = 2_000_000_000
_NOTHING = "null"


class SettingControl(QWidget):
    """A control for one setting, with its default in it at first.

    edited() is emitted when the person changes the value, never when it is set.
    """

    edited = Signal()

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.field = field
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def text(self) -> str:
        """The value shown, as it is written after `name=`."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """Show a value; raises `ValueError` for a text that means none."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong with the value, as a sentence; empty when nothing is."""
        return ""

    def is_changed(self) -> bool:
        """Whether the value is another than the default."""
        return self.text() != self._default

    def reset(self) -> None:
        """Show the default."""
        self.set_text(_text_of(self.field.default))

    def _take(self, editor: QWidget) -> None:
        self.editor = editor
        editor.setAccessibleName(self.field.name)
        editor.setToolTip(_tooltip(self.field))
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layout.addWidget(editor)
        self.setFocusProxy(editor)
        self.reset()
        self._default = self.text()


class IntegerControl(SettingControl):
    """A whole number in its range."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        lowest = -_MOST if field.minimum is None else math.ceil(field.minimum)
        highest = _MOST if field.maximum is None else math.floor(min(field.maximum, _MOST))
        self._box = WholeNumberBox(lowest, highest)
        self._take(self._box)
        self._box.valueChanged.connect(self.edited)

    def text(self) -> str:
        """The number shown."""
        return str(self._box.value())

    def set_text(self, text: str) -> None:
        """Show a number."""
        blocked = self._box.blockSignals(True)
        self._box.setValue(int(text))
        self._box.blockSignals(blocked)


class NumberControl(SettingControl):
    """A number in its range."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        lowest = -1e12 if field.minimum is None else field.minimum
        highest = 1e12 if field.maximum is None else field.maximum
        self._box = NumberBox(lowest, highest)
        self._take(self._box)
        self._box.valueChanged.connect(self.edited)

    def text(self) -> str:
        """The number shown."""
        return json.dumps(self._box.value())

    def set_text(self, text: str) -> None:
        """Show a number."""
        blocked = self._box.blockSignals(True)
        self._box.setValue(float(text))
        self._box.blockSignals(blocked)


class ChoiceControl(SettingControl):
    """One of a few words."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._box = ChoiceBox(field.name, choices=field.choices)
        self._take(self._box)
        self._box.activated.connect(self.edited)

    def text(self) -> str:
        """The word shown."""
        return self._box.currentText()

    def set_text(self, text: str) -> None:
        """Show one of the words."""
        self._box.setCurrentIndex(self.field.choices.index(text))


class SwitchControl(SettingControl):
    """Yes or no."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._box = QCheckBox()
        self._take(self._box)
        self._box.clicked.connect(self.edited)

    def text(self) -> str:
        """Whether it is on: true or false."""
        return json.dumps(self._box.isChecked())

    def set_text(self, text: str) -> None:
        """Turn it on or off."""
        self._box.setChecked(bool(json.loads(text)))


class TextControl(SettingControl):
    """A line of text; an empty one means nothing where nothing is the default."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._line = QLineEdit()
        self._take(self._line)
        self._line.textEdited.connect(self.edited)

    def text(self) -> str:
        """The text shown."""
        text = self._line.text().strip()
        return _NOTHING if not text and self.field.default is None else text

    def set_text(self, text: str) -> None:
        """Show a text."""
        self._line.setText("" if text == _NOTHING else text)


class NumbersControl(SettingControl):
    """A list of whole numbers, written with commas."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._line = QLineEdit()
        self._take(self._line)
        self._line.textEdited.connect(self._mark)

    def text(self) -> str:
        """The numbers shown, in brackets; what was typed when that is no list of whole numbers."""
        typed = self._line.text().strip()
        return typed if self.problem() else json.dumps(_whole_numbers(typed))

    def set_text(self, text: str) -> None:
        """Show numbers."""
        self._line.setText(", ".join(str(number) for number in _whole_numbers(text)))
        self._show_problem()

    def problem(self) -> str:
        """What is wrong with the text."""
        try:
            _whole_numbers(self._line.text())
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


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _whole_numbers(text: str) -> list[int]:
    inner = text.strip().strip("[]()")
    return [int(part) for part in inner.split(",")] if inner.strip() else []


def _tooltip(field: FormField) -> str:
    parts = [f"{field.name}: {field.description}" if field.description else field.name]
    if field.minimum is not None and field.maximum is not None:
        parts.append(f"From {field.minimum:g} to {field.maximum:g}.")
    elif field.minimum is not None:
        parts.append(f"At least {field.minimum:g}.")
    elif field.maximum is not None:
        parts.append(f"At most {field.maximum:g}.")
    if field.default is not None:
        parts.append(f"Default: {_text_of(field.default)}.")
    return "\n".join(parts)
