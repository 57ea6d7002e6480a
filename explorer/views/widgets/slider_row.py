"""One row of the slider list: name, activity, slider, exact value, reset."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.state.slider_values import SliderSpec
from explorer.views.icons import icon
from explorer.views.widgets.controls import icon_button, muted_label
from explorer.views.widgets.number_boxes import NumberBox
from explorer.views.widgets.prior_slider import PriorSlider

ROW_HEIGHT = 32
_NARROW, _LEAST = 280, 200
_NAME_SHARE = 0.28
_LOCK = "keeps its value when a code is drawn, reset, or moved on the map or along an attribute"


class SliderRow(QWidget):
    """Shows one slider after another without being built anew.

    drag_started(), moved(dimension, value), drag_finished(), reset_requested(dimension);
    lock_requested(dimension, locked); about_requested(dimension): the person wants to know more of it.
    """

    drag_started = Signal()
    moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)
    lock_requested = Signal(int, bool)
    about_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec: SliderSpec | None = None
        self._name_width = 40
        self._name = QElidingLabel("")
        self._activity = muted_label()
        self._activity.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._slider = PriorSlider()
        self._box = NumberBox(-1e6, 1e6, decimals=3)
        self._reset = icon_button("reset", "Back to the mean")
        self._button = icon_button("unlock", "Lock")
        self._button.hide()
        self._lay_out()
        self._connect()

    @property
    def slider(self) -> PriorSlider:
        """The slider of the row."""
        return self._slider

    @property
    def box(self) -> NumberBox:
        """The box for the exact value."""
        return self._box

    @property
    def reset_button(self) -> QWidget:
        """The button that goes back to the mean."""
        return self._reset

    def controls(self) -> tuple[QWidget, ...]:
        """What takes the keyboard, in order."""
        return self._slider, self._box, self._reset, self._button

    def show_slider(self, spec: SliderSpec, value: float, *, has_activity: bool, name_width: int) -> None:
        """Show a dimension and its value; announces nothing."""
        if spec is not self._spec:
            self._spec = spec
            self._name_width = name_width
            # The index at the end tells the numbers of one block apart; words begin with what they mean.
            is_word = bool(spec.note or spec.about)
            self._name.setElideMode(Qt.TextElideMode.ElideRight if is_word else Qt.TextElideMode.ElideLeft)
            self._name.setText(spec.name)
            self._slider.set_range(spec.minimum, spec.maximum, spec.mean, spec.deviation, spec.prior)
            self._slider.set_usual(spec.usual)
            self._box.setSingleStep((spec.maximum - spec.minimum) / 100)
            self._describe(spec)
            self._show_button(spec)
        self._activity.setVisible(has_activity)
        self._share_room()
        self.show_value(value)

    def show_data(self, histogram: NDArray[np.floating] | None, mark: tuple[float, float] | None) -> None:
        """Draw how data are spread along the slider, and the posterior of one item."""
        self._slider.set_histogram(histogram)
        self._slider.set_mark(mark)

    def show_nothing(self) -> None:
        """Belong to no dimension, and so have nothing to announce."""
        self._spec = None

    def show_value(self, value: float) -> None:
        """Show a value; announces nothing."""
        self._slider.set_exact(value)
        blocked = self._box.blockSignals(True)
        self._box.setValue(value)
        self._box.blockSignals(blocked)

    def _describe(self, spec: SliderSpec) -> None:
        activity = "" if spec.activity is None else f"\nActivity {spec.activity:.3g} {spec.activity_unit}".rstrip()
        about = f"\n{spec.about}" if spec.about else activity
        span = f"{spec.name}: slider from {spec.minimum:.3g} to {spec.maximum:.3g}"
        prior = f", prior {spec.mean:.3g} ± {spec.deviation:.3g}" if spec.prior == "normal" and not spec.about else ""
        goal = "what is usual" if spec.prior == "none" else "the mean"
        locked = "\nLocked" if spec.is_locked else ""
        self._slider.setToolTip(f"{span}{prior}{about}{locked}\nDouble click goes back to {goal}")
        self._reset.setToolTip(f"Back to {goal}")
        self._name.setToolTip(f"{spec.name}{about}")
        self._activity.setToolTip(about.strip())
        self._slider.setAccessibleName(spec.name)
        self._box.setAccessibleName(f"{spec.name}, exact value")
        self._box.setToolTip(f"Exact value of {spec.name}; it may lie beyond the slider")
        self._reset.setAccessibleName(f"Reset {spec.name}")

    def _show_button(self, spec: SliderSpec) -> None:
        for control in (self._slider, self._box, self._reset):
            control.setEnabled(not spec.is_locked)
        self._button.setVisible(bool(spec.button))
        if spec.button == "lock":
            self._button.setIcon(icon("lock" if spec.is_locked else "unlock"))
            self._button.setToolTip(f"Unlock {spec.name}" if spec.is_locked else f"Lock: {spec.name} {_LOCK}")
            self._button.setAccessibleName(f"{'Unlock' if spec.is_locked else 'Lock'} {spec.name}")
        elif spec.button == "about":
            self._button.setIcon(icon("info"))
            self._button.setToolTip(f"What moves with {spec.name}")
            self._button.setAccessibleName(f"What moves with {spec.name}")

    def _share_room(self) -> None:
        spec = self._spec
        if spec is None:
            return
        is_narrow, has_note = self.width() < _NARROW, bool(spec.note or spec.about)
        self._name.setFixedWidth(min(self._name_width, max(28, round(_NAME_SHARE * self.width()))))
        note = spec.note.split(" ")[0] if is_narrow else spec.note
        self._activity.setFixedWidth(60 if " " in note else 38)
        self._box.setFixedWidth(50 if is_narrow else 58)
        self._activity.setText(note if spec.activity is None else _activity_text(spec.activity))
        self._reset.setVisible(not (is_narrow and has_note))

    def _lay_out(self) -> None:
        self._box.setFixedWidth(58)
        for button in (self._reset, self._button):
            button.setFixedWidth(22)
        self._box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedHeight(ROW_HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 4, 0)
        layout.setSpacing(3)
        for part in (self._name, self._activity):
            layout.addWidget(part)
        layout.addWidget(self._slider, stretch=1)
        for control in (self._box, self._reset, self._button):
            layout.addWidget(control)

    def _connect(self) -> None:
        self._slider.pressed.connect(self.drag_started)
        self._slider.moved.connect(self._tell_moved)
        self._slider.released.connect(self.drag_finished)
        self._slider.reset.connect(self._tell_reset)
        self._box.valueChanged.connect(self._tell_typed)
        self._reset.clicked.connect(self._tell_reset)
        self._button.clicked.connect(self._tell_button)

    def _tell_moved(self, value: float) -> None:
        if self._spec is not None:
            blocked = self._box.blockSignals(True)
            self._box.setValue(value)
            self._box.blockSignals(blocked)
            self.moved.emit(self._spec.dimension, value)

    def _tell_typed(self, value: float) -> None:
        if self._spec is not None:
            self._slider.set_exact(value)
            self.drag_started.emit()
            self.moved.emit(self._spec.dimension, value)
            self.drag_finished.emit()

    def _tell_reset(self) -> None:
        if self._spec is not None:
            self.reset_requested.emit(self._spec.dimension)

    def _tell_button(self) -> None:
        if self._spec is not None and self._spec.button == "lock":
            self.lock_requested.emit(self._spec.dimension, not self._spec.is_locked)
        elif self._spec is not None:
            self.about_requested.emit(self._spec.dimension)

    def minimumSizeHint(self) -> QSize:
        """Narrower than all its parts at their widest, as names are cut."""
        return QSize(_LEAST, ROW_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        self._share_room()


def _activity_text(activity: float) -> str:
    # A dimension that does little is told from one that does nothing.
    return f"{activity:.2f}" if activity >= 0.1 or activity < 1e-4 else f"{activity:.1g}"
