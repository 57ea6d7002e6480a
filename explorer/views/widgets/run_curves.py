"""The curves of a run, one quantity at a time."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.state.curve_groups import CurveGroup, curve_groups
from explorer.state.training_values import Curve
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.curve_plot import CurvePlot


class RunCurves(QWidget):
    """A plot of the curves that share an axis, and a list of the others where there are several quantities."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[CurveGroup, ...] = ()
        self._choice = ChoiceBox("Curves", "What the curves show")
        self._choice.activated.connect(self._change)
        self._plot = CurvePlot("step", "value")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._choice)
        layout.addWidget(self._plot)

    def show_curves(self, curves: tuple[Curve, ...]) -> None:
        """Show curves over steps; those not given are taken away, and with the last of them all of this."""
        self._groups = curve_groups(curves)
        self._choice.set_choices(group.title for group in self._groups)
        self._choice.setVisible(len(self._groups) > 1)
        self.setVisible(bool(curves))
        self._show()

    def mark_step(self, step: int) -> None:
        """Draw a line at the step that the rest of the window shows; -1 for none."""
        self._plot.mark_step(step)

    def _change(self) -> None:
        # Another quantity has another range, whatever the person zoomed to in the one before.
        self._plot.show_curves(())
        self._show()

    def _show(self) -> None:
        if not self._groups:
            self._plot.show_curves(())
            return
        group = self._groups[max(self._choice.currentIndex(), 0)]
        self._plot.name_values(group.unit)
        self._plot.show_curves([(curve.name, curve.steps, curve.values) for curve in group.curves])
