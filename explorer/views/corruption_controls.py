"""What is done to items before a model sees them."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from explorer.state.reconstruction_choices import CorruptionChoice, CorruptionKind
from explorer.state.reconstruction_values import StrengthRange
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import NO_LIMIT, icon_button
from explorer.views.widgets.number_boxes import NumberBox

_NAMES: dict[CorruptionKind, str] = {
    "none": "No corruption",
    "gaussian_noise": "Gaussian noise",
    "salt_and_pepper": "Salt and pepper",
    "missing_rectangle": "Missing rectangle",
    "painted_mask": "Painted mask",
    "down_scaling": "Fewer pixels",
    "gaussian_blur": "Blur",
    "mix": "A mix of them",
}
_STEPS = 100
_NARROW = 104
_TOOLTIP = "What is done to the items before the model sees them; it is to restore what they were"
_RESEED = "Draw the corruption anew: other noise, other places"


class CorruptionControls(QWidget):
    """A list of kinds, how strong the chosen one is, and a button that draws it anew.

    changed(CorruptionChoice): the person chose.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice, self._range = CorruptionChoice(), StrengthRange(0.0, 1.0, "")
        self._has_strength = self._is_brief = False
        self._kinds: tuple[CorruptionKind, ...] = ()
        self._kind = ChoiceBox("Corruption", _TOOLTIP)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName("Strength of the corruption")
        self._slider.setFixedWidth(72)
        self._box = NumberBox(0.0, 1.0, decimals=2)
        self._box.setAccessibleName("Strength of the corruption, exact")
        self._box.setFixedWidth(52)
        self._reseed = icon_button("randomise", _RESEED)
        self._reseed.setAccessibleName("Other corruption")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self._kind, self._slider, self._box, self._reseed):
            layout.addWidget(part)
        self._kind.activated.connect(self._choose_kind)
        self._slider.valueChanged.connect(self._move)
        self._box.valueChanged.connect(lambda strength: self._choose(replace(self._choice, strength=strength)))
        self._reseed.clicked.connect(lambda: self._choose(replace(self._choice, seed=self._choice.seed + 1)))
        self.show_choice(self._choice, CorruptionChoice("none"), None)

    def show_choice(
        self, choice: CorruptionChoice, fitting: CorruptionChoice, bounds: StrengthRange | None, trained: str = ""
    ) -> None:
        """Show what is chosen; announces nothing.

        fitting: the same in full. bounds: of its strength, None where it has none. trained: kind that the model was
        trained to undo, empty for none.
        """
        self._choice = choice
        names = {"usual": f"As trained: {_NAMES.get(trained, trained).lower()}", **_NAMES}  # type: ignore[call-overload]
        self._kinds = tuple(names) if trained else tuple(_NAMES)
        self._kind.set_choices(names[kind] for kind in self._kinds)
        shown = choice.kind if trained or choice.kind != "usual" else "none"
        self._kind.setCurrentIndex(self._kinds.index(shown))
        self._has_strength = bounds is not None
        self._show_parts()
        self._reseed.setVisible(fitting.kind in ("gaussian_noise", "salt_and_pepper", "missing_rectangle", "mix"))
        if bounds is not None:
            self._show_strength(fitting.strength, bounds)

    def set_brief(self, is_brief: bool) -> None:
        """Choose whether the list is narrow, and the box stands for the slider, too."""
        self._is_brief = is_brief
        self._kind.setMaximumWidth(_NARROW if is_brief else NO_LIMIT)
        self._show_parts()

    def _show_parts(self) -> None:
        self._slider.setVisible(self._has_strength and not self._is_brief)
        self._box.setVisible(self._has_strength)

    def _show_strength(self, strength: float, bounds: StrengthRange) -> None:
        self._range = bounds
        blocked = [part.blockSignals(True) for part in (self._slider, self._box)]
        steps = round(bounds.highest - bounds.lowest) if bounds.is_whole else _STEPS
        self._slider.setRange(0, steps)
        self._slider.setValue(round(steps * (strength - bounds.lowest) / (bounds.highest - bounds.lowest)))
        self._box.setDecimals(0 if bounds.is_whole else 2)
        self._box.setRange(bounds.lowest, bounds.highest)
        self._box.setValue(strength)
        for part, was in zip((self._slider, self._box), blocked, strict=True):
            part.blockSignals(was)
            part.setToolTip(bounds.what[:1].upper() + bounds.what[1:])

    def _move(self, step: int) -> None:
        bounds = self._range
        strength = bounds.lowest + (bounds.highest - bounds.lowest) * step / self._slider.maximum()
        self._choose(replace(self._choice, strength=round(strength, 4)))

    def _choose_kind(self, place: int) -> None:
        # The strength of one kind means nothing to another.
        self._choose(replace(self._choice, kind=self._kinds[place], strength=0.0))

    def _choose(self, choice: CorruptionChoice) -> None:
        if choice != self._choice:
            self._choice = choice
            self.changed.emit(choice)
