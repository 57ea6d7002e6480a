"""The choice of one direction through the data: from one class to another, or along an attribute."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.state.session_state import DirectionChoice
from explorer.views.widgets.choice_box import ChoiceBox

_OTHERS = "others"


class DirectionBoxes(QWidget):
    """Where a direction begins and where it leads; an attribute leads from low to high and needs no beginning.

    direction_chosen(DirectionChoice): the person chose.
    """

    direction_chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes = 0
        self._direction = DirectionChoice()
        self._start = ChoiceBox(f"{name} from", f"Class from whose mean the direction {name.lower()} leads")
        self._arrow = QLabel("→")
        self._end = ChoiceBox(f"{name} to", f"Class or attribute to which the direction {name.lower()} leads")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self._start, self._arrow, self._end):
            layout.addWidget(part)
        self._start.activated.connect(self._choose_start)
        self._end.activated.connect(self._choose_end)

    def show_direction(
        self, direction: DirectionChoice, class_names: tuple[str, ...], attribute_names: tuple[str, ...]
    ) -> None:
        """Show a direction among the classes and attributes of the data; announces nothing."""
        self._direction, self._classes = direction, len(class_names)
        self._start.set_choices((_OTHERS, *class_names))
        self._start.setCurrentIndex(direction.start + 1)
        self._end.set_choices((*class_names, *(f"{name}, low to high" for name in attribute_names)))
        self._end.setCurrentIndex(direction.end)
        is_class = direction.end < len(class_names)
        for part in (self._start, self._arrow):
            part.setVisible(is_class)

    def _choose_start(self, place: int) -> None:
        start, earlier = place - 1, self._direction
        end = earlier.start if start == earlier.end and earlier.start >= 0 else earlier.end
        self._choose(DirectionChoice(-1 if start == end else start, end))

    def _choose_end(self, end: int) -> None:
        earlier = self._direction
        start = earlier.end if end == earlier.start and earlier.end < self._classes else earlier.start
        self._choose(DirectionChoice(start, end))

    def _choose(self, direction: DirectionChoice) -> None:
        if direction != self._direction:
            self._direction = direction
            self.direction_chosen.emit(direction)
