"""Two named groups of the map between which a direction leads."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.state.slider_choices import GroupPair
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import icon_button

_OTHERS = "others"


class GroupPairBoxes(QWidget):
    """Where a direction begins and ends, and a button that adds it, or takes it away again where it is there.

    pairs_chosen(tuple of GroupPair): the person added or removed one.
    """

    pairs_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[str, ...] = ()
        self._pairs: tuple[GroupPair, ...] = ()
        self._start = ChoiceBox("Groups from", "Group of the map that the direction begins at")
        self._end = ChoiceBox("Groups to", "Group of the map that the direction leads to")
        self._button = icon_button("add", "Add")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 4)
        layout.setSpacing(4)
        layout.addWidget(self._start, stretch=1)
        layout.addWidget(QLabel("→"))
        layout.addWidget(self._end, stretch=1)
        layout.addWidget(self._button)
        self._start.activated.connect(self._describe)
        self._end.activated.connect(self._describe)
        self._button.clicked.connect(self._tell)

    def show_groups(self, groups: tuple[str, ...], pairs: tuple[GroupPair, ...]) -> None:
        """Show the named groups that there are, and the pairs that are chosen; announces nothing."""
        # A pair whose group is gone can still be chosen, to be taken away.
        gone = (name for pair in pairs for name in (pair.start, pair.end) if name and name not in groups)
        names = (*groups, *dict.fromkeys(gone))
        is_new = names != self._groups
        self._groups, self._pairs = names, pairs
        self._start.set_choices((_OTHERS, *names))
        self._end.set_choices(names)
        if is_new and len(groups) > 1:
            self._start.setCurrentIndex(1)
            self._end.setCurrentIndex(1)
        self._describe()

    def _pair(self) -> GroupPair | None:
        start, end = self._start.currentIndex(), self._end.currentIndex()
        if end < 0:
            return None
        return GroupPair(self._groups[start - 1] if start > 0 else "", self._groups[end])

    def _describe(self) -> None:
        pair = self._pair()
        is_there = pair in self._pairs
        text = "Choose a group" if pair is None else f"{'Remove' if is_there else 'Add'} the direction {pair.name}"
        is_same = pair is not None and pair.start == pair.end
        self._button.setIcon(icon_button("close" if is_there else "add", "").icon())
        self._button.setEnabled(pair is not None and not is_same)
        self._button.setToolTip("A direction from a group to itself leads nowhere" if is_same else text)
        self._button.setAccessibleName("Remove the pair" if is_there else "Add the pair")

    def _tell(self) -> None:
        pair = self._pair()
        if pair is None:
            return
        others = tuple(other for other in self._pairs if other != pair)
        self.pairs_chosen.emit(others if pair in self._pairs else (*self._pairs, pair))
