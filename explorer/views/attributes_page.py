"""Sliders along directions: of attributes, of groups, and the decoder's own."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.state.direction_values import DirectionFacts
from explorer.state.slider_choices import DIRECTION_METHODS, GROUP_METHODS, DirectionMethod, DirectionsChoice
from explorer.state.slider_values import SliderGroup
from explorer.views.group_pair_boxes import GroupPairBoxes
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import SentenceLabel, enable, icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.leakage_bars import LeakageBars
from explorer.views.widgets.slider_list import SliderList
from explorer.views.widgets.slider_row import SliderRow
from explorer.views.widgets.work_progress import WorkProgress

_ALL = -1
_METHODS: Mapping[DirectionMethod, tuple[str, str]] = {
    "means": ("Difference of means", "From the mean of one group of items to that of the other"),
    "logistic": ("Logistic regression", "At right angles to the boundary that tells the groups apart best"),
    "discriminant": ("Linear discriminant", "The difference of means, less what varies within the groups"),
    "principal": ("Principal directions", "Where the codes vary most; needs no attributes"),
    "first-layer": ("Decoder's first layer", "What the decoder's first layer reacts to most; needs no data"),
    "jacobian": ("Decoder at this point", "What changes the picture most at the current point; needs no data"),
}
_RESET, _CORRELATE = "Back to the middle of the data along every direction", "How the directions correlate"
_ARITHMETIC = "Sums of classes, groups and items"


class AttributesPage(QWidget):
    """A slider for each direction, in sigmas of the data, with its score; and on demand what moves with it.

    drag_started(), moved(place, sigmas), drag_finished(); reset_requested(place), -1 for all; method_chosen(method);
    orthogonal_chosen(names); pairs_chosen(pairs); about_requested(place): what moves with a direction;
    correlations_requested(), arithmetic_requested(), again_requested(): find them at the point where it is now;
    cancelled(): the search; empty_action(): the button of the empty state.
    """

    drag_started = Signal()
    moved = Signal(int, float)
    drag_finished = Signal()
    reset_requested = Signal(int)
    method_chosen = Signal(str)
    orthogonal_chosen = Signal(object)
    pairs_chosen = Signal(object)
    about_requested = Signal(int)
    correlations_requested = Signal()
    arithmetic_requested = Signal()
    again_requested = Signal()
    cancelled = Signal()
    empty_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._method = ChoiceBox("Method", "How directions are found", (text for text, _ in _METHODS.values()))
        self._orthogonal = QToolButton()
        self._menu = QMenu(self._orthogonal)
        self._again = icon_button("refresh", "Find them again at the current point")
        self._correlate, self._reset = icon_button("circles", _CORRELATE), icon_button("reset", _RESET)
        self._arithmetic = icon_button("arithmetic", _ARITHMETIC)
        self._heading = QElidingLabel("")
        self._heading.setProperty("role", "muted")
        self._pairs = GroupPairBoxes()
        self._progress = WorkProgress("Look no further; the directions stay as they were")
        self._list, self._empty = SliderList(), EmptyState()
        self._note, self._about, self._leakage = SentenceLabel(), QElidingLabel(""), LeakageBars()
        self._describe()
        self._lay_out()
        self._connect()
        self.show_about(None)
        self.show_empty("A slider for each attribute appears here once a model is open.")

    def show_choice(
        self,
        choice: DirectionsChoice,
        names: Sequence[tuple[str, str]],
        groups: tuple[str, ...],
        impossible: Mapping[DirectionMethod, str],
    ) -> None:
        """Show how directions are found; announces nothing.

        names: of the directions, with their titles. groups: named ones of the map. impossible: methods that the model
        cannot have, with the reason.
        """
        self._method.setCurrentIndex(DIRECTION_METHODS.index(choice.method))
        model = self._method.model()
        for place, method in enumerate(DIRECTION_METHODS):
            reason = impossible.get(method, "")
            if isinstance(model, QStandardItemModel):
                model.item(place).setEnabled(not reason)
                model.item(place).setToolTip(reason or _METHODS[method][1])
        self._method.setToolTip(_METHODS[choice.method][1])
        self._again.setVisible(choice.method == "jacobian")
        is_of_groups = choice.method in GROUP_METHODS
        self._pairs.setVisible(is_of_groups and bool(groups or choice.pairs))
        self._pairs.show_groups(groups, choice.pairs)
        self._offer_orthogonal(choice.orthogonal_to, names)

    def show_directions(
        self, group: SliderGroup, positions: Sequence[float], shares: NDArray[np.floating] | None, heading: str
    ) -> None:
        """Show a slider for each direction, and how the data (directions, bins) are spread along it."""
        self._list.show_groups((group,), positions)
        self._list.show_histograms(shares)
        self._heading.setText(heading)
        self._heading.setToolTip(heading)
        self._pages.setCurrentWidget(self._list)
        self._enable(len(positions))

    def keep_sliders_alone(self) -> None:
        """Take away the buttons of other windows; for the second of two models."""
        self._correlate.hide()
        self._arithmetic.hide()

    def show_positions(self, positions: Sequence[float]) -> None:
        """Show where the current point lies along each direction; announces nothing."""
        self._list.show_code(positions)

    def show_about(self, facts: DirectionFacts | None) -> None:
        """Say how good a direction is and what moves with it; None to say nothing."""
        self._about.setVisible(facts is not None)
        others = () if facts is None else tuple(pair for pair in facts.moved if pair[0] != facts.title)
        self._leakage.setVisible(bool(others))
        self._leakage.show_moved(others)
        if facts is not None:
            what = "what moves with it, in sigmas per sigma" if others else "nothing else is known of these items"
            self._about.setText(f"{facts.title}: {what}")
            self._about.setToolTip(self._about.text())

    def show_note(self, text: str) -> None:
        """Say something of the directions; an empty text takes it away."""
        self._note.show_sentence(text)
        self._note.setVisible(bool(text))

    def show_progress(self, share: float, what: str) -> None:
        """Show how far the search is, from 0 to 1."""
        self._progress.show_progress(share, what)

    def end_progress(self) -> None:
        """Nothing is being looked for."""
        self._progress.end()

    def show_empty(self, text: str, button: str = "") -> None:
        """Say in one line why there are no directions, and offer a button."""
        self._heading.setText("")
        self._empty.show_line(text, button)
        self._pages.setCurrentWidget(self._empty)
        self.show_about(None)
        self._enable(0)

    def rows(self) -> tuple[SliderRow, ...]:
        """The sliders that are on screen."""
        return self._list.rows() if self._pages.currentWidget() is self._list else ()

    def _offer_orthogonal(self, chosen: tuple[str, ...], names: Sequence[tuple[str, str]]) -> None:
        titles = dict(names)
        shown = [titles.get(name, name) for name in chosen if name in titles]
        self._orthogonal.setText(f"⟂ {', '.join(shown)}" if shown else "⟂ none")
        self._orthogonal.setEnabled(bool(names))
        self._orthogonal.setToolTip(
            f"Orthogonal to {' and '.join(shown)}" if shown else "Make directions orthogonal to others"
        )
        offered = [(action.data(), action.text()) for action in self._menu.actions()]
        if offered != list(names):
            self._menu.clear()
            for name, title in names:
                action = QAction(title, self._menu, checkable=True)
                action.setData(name)
                self._menu.addAction(action)
        for action in self._menu.actions():
            action.setChecked(action.data() in chosen)

    def _enable(self, count: int) -> None:
        enable(self._reset, _RESET, "" if count else "There are no directions yet")
        enable(self._correlate, _CORRELATE, "" if count > 1 else "There are no two directions yet")

    def _describe(self) -> None:
        self._orthogonal.setAccessibleName("Orthogonal to")
        self._orthogonal.setProperty("role", "name")
        self._orthogonal.setMenu(self._menu)
        self._orthogonal.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._orthogonal.setMaximumWidth(120)
        self._about.setProperty("role", "muted")
        self._about.setContentsMargins(8, 4, 8, 0)
        self._note.setContentsMargins(8, 2, 8, 4)
        self._note.setProperty("role", "muted")
        self._note.hide()

    def _lay_out(self) -> None:
        choice, bar = QHBoxLayout(), QHBoxLayout()
        for row in (choice, bar):
            row.setContentsMargins(8, 4, 8, 0)
            row.setSpacing(4)
        choice.addWidget(self._method, stretch=1)
        choice.addWidget(self._again)
        choice.addWidget(self._orthogonal)
        bar.addWidget(self._heading, stretch=1)
        for button in (self._correlate, self._arithmetic, self._reset):
            bar.addWidget(button)
        self._pages = QStackedLayout()
        for page in (self._list, self._empty):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(choice)
        layout.addLayout(bar)
        layout.addWidget(self._pairs)
        layout.addWidget(self._progress)
        layout.addLayout(self._pages, stretch=1)
        for part in (self._about, self._leakage, self._note):
            layout.addWidget(part)
        self._list.follow(self._reset)

    def _connect(self) -> None:
        for name in ("drag_started", "moved", "drag_finished", "reset_requested", "about_requested"):
            getattr(self._list, name).connect(getattr(self, name))
        self._reset.clicked.connect(lambda: self.reset_requested.emit(_ALL))
        self._method.activated.connect(lambda place: self.method_chosen.emit(DIRECTION_METHODS[place]))
        self._menu.triggered.connect(self._tell_orthogonal)
        self._pairs.pairs_chosen.connect(self.pairs_chosen)
        self._again.clicked.connect(self.again_requested)
        self._correlate.clicked.connect(self.correlations_requested)
        self._arithmetic.clicked.connect(self.arithmetic_requested)
        self._progress.cancelled.connect(self.cancelled)
        self._empty.action.connect(self.empty_action)

    def _tell_orthogonal(self) -> None:
        self.orthogonal_chosen.emit(tuple(action.data() for action in self._menu.actions() if action.isChecked()))
