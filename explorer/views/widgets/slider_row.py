"""One row of the slider list: name, activity, slider, exact value, reset."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.state.slider_values import SliderSpec
from explorer.views.widgets.controls import icon_button, muted_label
from explorer.views.widgets.number_boxes import NumberBox
from explorer.views.widgets.prior_slider import PriorSlider

ROW_HEIGHT = 32


class SliderRow(QWidget):
    """Shows one slider after another without being built anew.

    drag_started(), moved(dimension, value), drag_finished(), reset_requested(dimension).
    """

    drag_started = Signal()
    moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec: SliderSpec | None = None
        self._name = QElidingLabel("")
        # The index at the end tells the numbers of one block apart.
        self._name.setElideMode(Qt.TextElideMode.ElideLeft)
        self._activity = muted_label()
        self._activity.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._slider = PriorSlider()
        self._box = NumberBox(-1e6, 1e6, decimals=3)
        self._reset = icon_button("reset", "Back to the mean")
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
        return self._slider, self._box, self._reset

    def show_slider(self, spec: SliderSpec, value: float, *, has_activity: bool, name_width: int) -> None:
        """Show a dimension and its value; announces nothing."""
        if spec is not self._spec:
            self._spec = spec
            self._name.setText(spec.name)
            self._name.setFixedWidth(name_width)
            self._slider.set_range(spec.minimum, spec.maximum, spec.mean, spec.deviation, spec.prior)
            self._box.setSingleStep((spec.maximum - spec.minimum) / 100)
            self._describe(spec)
        self._activity.setVisible(has_activity)
        self._activity.setText("" if spec.activity is None else _activity_text(spec.activity))
        self.show_value(value)

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
        span = f"{spec.name}: slider from {spec.minimum:.3g} to {spec.maximum:.3g}"
        prior = f", prior {spec.mean:.3g} ± {spec.deviation:.3g}" if spec.prior == "normal" else ""
        goal = "what is usual" if spec.prior == "none" else "the mean"
        self._slider.setToolTip(f"{span}{prior}{activity}\nDouble click goes back to {goal}")
        self._reset.setToolTip(f"Back to {goal}")
        self._name.setToolTip(f"{spec.name}{activity}")
        self._activity.setToolTip(activity.strip())
        self._slider.setAccessibleName(spec.name)
        self._box.setAccessibleName(f"{spec.name}, exact value")
        self._box.setToolTip(f"Exact value of {spec.name}; it may lie beyond the slider")
        self._reset.setAccessibleName(f"Reset {spec.name}")

    def _lay_out(self) -> None:
        self._box.setFixedWidth(66)
        self._box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._activity.setFixedWidth(42)
        self.setFixedHeight(ROW_HEIGHT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 4, 0)
        layout.setSpacing(4)
        layout.addWidget(self._name)
        layout.addWidget(self._activity)
        layout.addWidget(self._slider, stretch=1)
        layout.addWidget(self._box)
        layout.addWidget(self._reset)

    def _connect(self) -> None:
        self._slider.pressed.connect(self.drag_started)
        self._slider.moved.connect(self._tell_moved)
        self._slider.released.connect(self.drag_finished)
        self._slider.reset.connect(self._tell_reset)
        self._box.valueChanged.connect(self._tell_typed)
        self._reset.clicked.connect(self._tell_reset)

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


def _activity_text(activity: float) -> str:
    # A dimension that does little is told from one that does nothing.
    return f"{activity:.2f}" if activity >= 0.1 or activity < 1e-4 else f"{activity:.1g}"
