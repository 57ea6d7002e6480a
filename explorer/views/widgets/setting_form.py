"""A form with one row for each setting."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from explorer.state.training_values import FormField
from explorer.views.widgets.controls import row_label
from explorer.views.widgets.setting_controls import SettingControl, setting_control


class SettingForm(QWidget):
    """Rows of label and control; a changed setting has its label in bold.

    edited() is emitted when the person changes a value.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(8)
        self._rows.setVerticalSpacing(6)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._controls: dict[str, SettingControl] = {}
        self._labels: dict[str, QLabel] = {}

    def show_fields(self, fields: tuple[FormField, ...]) -> None:
        """Build the rows anew, with the defaults in them."""
        while self._rows.rowCount():
            self._rows.removeRow(0)
        self._controls.clear()
        self._labels.clear()
        for field in fields:
            control = setting_control(field)
            control.edited.connect(self._mark_and_tell)
            label = row_label(field.name.replace("_", " "), control.editor)
            label.setToolTip(field.description)
            self._rows.addRow(label, control)
            self._controls[field.name], self._labels[field.name] = control, label

    def set_values(self, settings: tuple[tuple[str, str], ...]) -> None:
        """Show texts as they are written after `name=`; settings not named go back to their defaults."""
        given = dict(settings)
        for name, control in self._controls.items():
            if name in given:
                control.set_text(given[name])
            else:
                control.reset()
        self._mark()

    def values(self) -> tuple[tuple[str, str], ...]:
        """Names and texts of the settings that differ from their defaults."""
        return tuple((name, control.text()) for name, control in self._controls.items() if control.is_changed())

    def problem(self) -> str:
        """The first thing wrong with a value; empty when all are right."""
        return next((problem for control in self._controls.values() if (problem := control.problem())), "")

    def follow(self, before: QWidget) -> QWidget:
        """Take the place in the tab order after another control; gives the last control of the form."""
        for control in self._controls.values():
            QWidget.setTabOrder(before, control.editor)
            before = control.editor
        return before

    def control(self, name: str) -> SettingControl:
        """The control of a setting."""
        return self._controls[name]

    def _mark_and_tell(self) -> None:
        self._mark()
        self.edited.emit()

    def _mark(self) -> None:
        for name, label in self._labels.items():
            font = label.font()
            font.setBold(self._controls[name].is_changed())
            label.setFont(font)
