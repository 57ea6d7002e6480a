"""How strong the noise of samples is, in all or level by level."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.number_boxes import NumberBox

_HIGHEST = 2.0
_ALL = 0
_TOOLTIP = "Temperature, the scale of the noise: 0 gives the middle of the prior, 1 the prior itself"


class TemperatureControls(QWidget):
    """A slider with a box, and for a hierarchy a list of its levels that says which one they move.

    All levels together keep their proportions: what is shown and moved is the hottest.

    changed(tuple): a temperature per level, from level 0 upwards.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._temperatures: tuple[float, ...] = (1.0,)
        self._names: tuple[str, ...] = ("",)
        self._level = ChoiceBox("Level", "Which level of the hierarchy the temperature is of")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, round(100 * _HIGHEST))
        self._slider.setAccessibleName("Temperature")
        self._slider.setToolTip(_TOOLTIP)
        self._slider.setFixedWidth(72)
        self._box = NumberBox(0.0, _HIGHEST, decimals=2)
        self._box.setAccessibleName("Temperature, exact")
        self._box.setToolTip(_TOOLTIP)
        self._box.setSingleStep(0.1)
        self._box.setFixedWidth(52)
        self._lay_out()
        self._slider.valueChanged.connect(lambda hundredths: self._move(hundredths / 100))
        self._box.valueChanged.connect(self._move)
        self._level.activated.connect(self._show)
        self.offer_levels(self._names)

    def offer_levels(self, names: tuple[str, ...]) -> None:
        """Say which levels there are, from level 0 upwards; with one level there is nothing to choose."""
        if names != self._names:
            self._names, self._temperatures = names, (1.0,) * len(names)
            self._level.clear()
            self._level.addItems(["All levels", *reversed(names)])
        self._level.setVisible(len(names) > 1)
        self._show()

    def show_temperatures(self, temperatures: tuple[float, ...]) -> None:
        """Show one temperature per level, or one for all; announces nothing."""
        self._temperatures = temperatures * len(self._names) if len(temperatures) == 1 else temperatures
        self._show()

    def set_brief(self, is_brief: bool) -> None:
        """Choose whether the box, which says in its tooltip what it is of, stands for word and slider, too."""
        for part in (self._word, self._slider):
            part.setVisible(not is_brief)

    def _place(self) -> int:
        # The list begins with all levels and goes on from the top, which is drawn first.
        return len(self._names) - self._level.currentIndex() if self._level.currentIndex() > _ALL else -1

    def _show(self) -> None:
        place = self._place()
        shown = max(self._temperatures) if place < 0 else self._temperatures[place]
        for editor, value in ((self._slider, round(100 * shown)), (self._box, shown)):
            blocked = editor.blockSignals(True)
            editor.setValue(value)  # type: ignore[arg-type]
            editor.blockSignals(blocked)
        if len(self._names) > 1:
            for place, (name, temperature) in enumerate(zip(self._names, self._temperatures, strict=True)):
                self._level.setItemText(len(self._names) - place, f"{name} · {temperature:.2f}")

    def _move(self, temperature: float) -> None:
        place, old = self._place(), self._temperatures
        if place >= 0:
            new = (*old[:place], temperature, *old[place + 1 :])
        elif max(old) > 0.0:
            new = tuple(round(value * temperature / max(old), 4) for value in old)
        else:
            new = (temperature,) * len(old)
        self._temperatures = new
        self._show()
        self.changed.emit(new)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._word = QLabel("Temperature")
        layout.addWidget(self._word)
        for editor in (self._level, self._slider, self._box):
            layout.addWidget(editor)
