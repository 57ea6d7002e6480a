"""What the model is told beside the code: a class, or attributes."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.state.condition_facts import Condition, ConditionFacts
from explorer.state.slider_values import SliderGroup, SliderSpec
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import hairline, icon_button, muted_label
from explorer.views.widgets.name_buttons import NameButtons
from explorer.views.widgets.slider_list import SliderList
from explorer.views.widgets.slider_row import ROW_HEIGHT, SliderRow

_ALL = -1
# More names than these are a list to choose from, and more attributes are scrolled.
_MOST_BUTTONS = 24
_MOST_ROWS = 5
_TITLES = {"classes": "Class", "identity": "Identity", "attributes": "Attributes"}


class ConditionControls(QWidget):
    """Buttons for classes, sliders for attributes; not there for a model that takes neither.

    name_chosen(place): a class or identity, from 0. drag_started(), attribute_moved(place, value), drag_finished().
    reset_requested(place): of an attribute, -1 for the whole condition.
    """

    name_chosen = Signal(int)
    drag_started = Signal()
    attribute_moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("condition_controls")
        self._facts = ConditionFacts()
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._note = muted_label()
        self._reset = icon_button("reset", "Back to the usual condition")
        self._buttons = NameButtons()
        self._box = ChoiceBox("Condition")
        self._sliders = SliderList()
        self._lay_out()
        self._connect()
        self.show_facts(self._facts)

    def show_facts(self, facts: ConditionFacts) -> None:
        """Offer what a model can be told, at what is usual for it."""
        self._facts = facts
        self.setVisible(facts.can_be_set)
        title = _TITLES.get(facts.kind, "")
        self._title.setText(title)
        self._note.setText("" if facts.decodes else "of samples")
        self._note.setToolTip("" if facts.decodes else "Decoding does not depend on it, drawing samples does")
        is_short = len(facts.names) <= _MOST_BUTTONS
        self._buttons.setVisible(facts.is_choice and is_short)
        self._box.setVisible(facts.is_choice and not is_short)
        self._sliders.setVisible(facts.kind == "attributes")
        if facts.is_choice and is_short:
            self._buttons.show_names(facts.names, title.lower(), are_coloured=facts.kind == "classes")
        elif facts.is_choice:
            self._box.setAccessibleName(title)
            self._box.setToolTip(f"{title} that the model is told")
            self._box.set_choices(facts.names)
        elif facts.kind == "attributes":
            self._sliders.show_groups((SliderGroup("attributes", _attribute_specs(facts)),), facts.usual)
            self._sliders.setFixedHeight(min(len(facts.names), _MOST_ROWS) * ROW_HEIGHT)
        self.show_condition(facts.usual)

    def show_condition(self, condition: Condition) -> None:
        """Show a condition in full; announces nothing."""
        if self._facts.kind == "attributes":
            self._sliders.show_code(condition)
        else:
            place = self._facts.place(condition)
            self._buttons.show_chosen(place)
            self._box.setCurrentIndex(place)
        is_usual = condition == self._facts.usual
        self._reset.setEnabled(not is_usual)
        self._reset.setToolTip("This is the usual condition" if is_usual else "Back to the usual condition")

    def rows(self) -> tuple[SliderRow, ...]:
        """The sliders of attributes that are on screen."""
        return self._sliders.rows()

    def scroll_to(self, first: int) -> None:
        """Show the attribute at this place first, as far as the list allows."""
        self._sliders.scroll_to(first)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 0)
        bar.setSpacing(8)
        bar.addWidget(self._title)
        bar.addWidget(self._note)
        bar.addStretch()
        bar.addWidget(self._reset)
        names = QVBoxLayout()
        names.setContentsMargins(8, 0, 8, 6)
        names.addWidget(self._buttons)
        names.addWidget(self._box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(bar)
        layout.addLayout(names)
        layout.addWidget(self._sliders)
        layout.addWidget(hairline())
        self._sliders.follow(self._reset)

    def _connect(self) -> None:
        self._buttons.chosen.connect(self.name_chosen)
        self._box.activated.connect(self.name_chosen)
        self._sliders.drag_started.connect(self.drag_started)
        self._sliders.moved.connect(self.attribute_moved)
        self._sliders.drag_finished.connect(self.drag_finished)
        self._sliders.reset_requested.connect(self.reset_requested)
        self._reset.clicked.connect(lambda: self.reset_requested.emit(_ALL))


def _attribute_specs(facts: ConditionFacts) -> tuple[SliderSpec, ...]:
    # An attribute that was the same in all the data still needs a slider of some length.
    ranges = (
        (low, high) if high > low else (low - 1.0, high + 1.0)
        for low, high in zip(facts.minima, facts.maxima, strict=True)
    )
    return tuple(
        SliderSpec(place, name, low, high, facts.usual[place], (high - low) / 2, prior="none")
        for place, (name, (low, high)) in enumerate(zip(facts.names, ranges, strict=True))
    )
