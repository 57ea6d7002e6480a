"""The choice of one direction through the data: between classes or named groups, or along an attribute."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.state.session_state import DirectionChoice
from explorer.views.widgets.choice_box import ChoiceBox

_OTHERS = "others"
# So that two boxes stand side by side in a narrow window, however long the name of a group is.
_WIDEST = 168
# A place among classes and attributes, or the name of a group.
_End = int | str


class DirectionBoxes(QWidget):
    """Where a direction begins and where it leads; an attribute leads from low to high and needs no beginning.

    direction_chosen(DirectionChoice): the person chose.
    """

    direction_chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes = self._attributes = 0
        self._groups: tuple[str, ...] = ()
        self._direction = DirectionChoice()
        self._start = ChoiceBox(f"{name} from", f"Class or group from whose mean the direction {name.lower()} leads")
        self._arrow = QLabel("→")
        self._end = ChoiceBox(f"{name} to", f"Class, attribute or group to which the direction {name.lower()} leads")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self._start, self._arrow, self._end):
            layout.addWidget(part)
        for box in (self._start, self._end):
            box.setSizeAdjustPolicy(box.SizeAdjustPolicy.AdjustToContents)
            box.setMaximumWidth(_WIDEST)
        self._start.activated.connect(self._choose_start)
        self._end.activated.connect(self._choose_end)

    def show_direction(
        self,
        direction: DirectionChoice,
        class_names: tuple[str, ...],
        attribute_names: tuple[str, ...],
        group_names: tuple[str, ...] = (),
    ) -> None:
        """Show a direction among the classes and attributes of the data and the person's groups; announces nothing."""
        self._direction, self._groups = direction, group_names
        self._classes, self._attributes = len(class_names), len(attribute_names)
        groups = tuple(f"group {name}" for name in group_names)
        attributes = (f"{name}, low to high" for name in attribute_names)
        self._start.set_choices((_OTHERS, *class_names, *groups))
        self._end.set_choices((*class_names, *attributes, *groups))
        for box, ends, end in ((self._start, self._starts(), self._begun()), (self._end, self._ends(), self._ended())):
            box.setPlaceholderText(f"group {end}, gone" if isinstance(end, str) else "")
            box.setCurrentIndex(ends.index(end) if end in ends else -1)
        for part in (self._start, self._arrow):
            part.setVisible(not self._is_attribute(self._ended()))

    def possible(self, direction: DirectionChoice, taken: DirectionChoice | None = None) -> DirectionChoice:
        """A direction if it can be chosen here, else the first that can and is not taken."""
        ends, end = self._ends(), direction.end_group or direction.end
        if end in ends and (direction.start_group or direction.start) in self._starts():
            return direction
        offered = (self._made(-1, other) for other in ends)
        return next((made for made in offered if made != taken), direction)

    def _starts(self) -> tuple[_End, ...]:
        return (*range(-1, self._classes), *self._groups)

    def _ends(self) -> tuple[_End, ...]:
        return (*range(self._classes + self._attributes), *self._groups)

    def _begun(self) -> _End:
        return self._direction.start_group or self._direction.start

    def _ended(self) -> _End:
        return self._direction.end_group or self._direction.end

    def _is_attribute(self, end: _End) -> bool:
        return isinstance(end, int) and end >= self._classes

    def _choose_start(self, place: int) -> None:
        start, before, end = self._starts()[place], self._begun(), self._ended()
        if start == end:
            # Two ends that are the same change places, as far as that goes.
            end, start = (before, start) if before != -1 else (end, -1)
        self._choose(start, end)

    def _choose_end(self, place: int) -> None:
        end, start, before = self._ends()[place], self._begun(), self._ended()
        if start == end:
            start = -1 if self._is_attribute(before) else before
        self._choose(start, end)

    def _choose(self, start: _End, end: _End) -> None:
        direction = self._made(start, end)
        if direction != self._direction:
            self._direction = direction
            self.direction_chosen.emit(direction)

    @staticmethod
    def _made(start: _End, end: _End) -> DirectionChoice:
        return DirectionChoice(
            start if isinstance(start, int) else -1,
            end if isinstance(end, int) else 0,
            start if isinstance(start, str) else "",
            end if isinstance(end, str) else "",
        )
