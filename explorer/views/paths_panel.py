"""A path from key point to key point: what it goes through, what is on it, and how real that is."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.path_values import MOST_STEPS, PATH_KINDS, PathChoice, ShownKey, ShownPath
from explorer.views.icons import icon
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import enable, icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.flow_layout import FlowLayout, side_by_side
from explorer.views.widgets.key_point_list import KeyPointList
from explorer.views.widgets.note_line import NoteLine
from explorer.views.widgets.number_boxes import WholeNumberBox
from explorer.views.widgets.path_strip import PathStrip
from explorer.views.widgets.work_progress import WorkProgress

_KINDS = ("Linear", "Spherical", "Through neighbours", "Geodesic")
_KIND_TIP = (
    "How the path leads from one key point to the next: on a straight line; on an arc round 0; from item to nearby "
    "item; or where pictures change least, the geodesic of the decoder's metric"
)
_SPEEDS = (2, 5, 10, 20, 40)
_USUAL_SPEED = 10
_PLAY, _PAUSE = "Let the ring walk along the path and back", "Let the ring stand where it is"
_ADD = "Let the path go on to where the ring is"
_EXPORT, _COPY = "Export the path as a strip or a film", "Copy the pictures of the path to the clipboard"
_EARLIER, _LATER, _REMOVE = "Move the key point up", "Move the key point down", "Take the key point off the path"
_NO_KEY, _NO_PATH = "No key point is chosen in the list", "There is no path yet"
_LIST_WIDTH, _KIND_WIDTH = 176, 152


class PathsPanel(QWidget):
    """The key points at the left, and beside them the steps of the path with its charts.

    ring_wanted(): add the ring's place; key_taken(place), key_removed(place), key_moved(place, to): of a key point;
    choice_changed(PathChoice): kind, steps, closed or on_map; step_activated(place); play_toggled(bool);
    speed_changed(steps per second); copy_requested(), export_requested(); search_cancelled(): the button beside the
    progress; note_action(), empty_action(): the buttons there; seen_changed(bool): the panel comes into sight or goes.
    """

    ring_wanted = Signal()
    key_taken = Signal(int)
    key_removed = Signal(int)
    key_moved = Signal(int, int)
    choice_changed = Signal(object)
    step_activated = Signal(int)
    play_toggled = Signal(bool)
    speed_changed = Signal(int)
    copy_requested = Signal()
    export_requested = Signal()
    search_cancelled = Signal()
    note_action = Signal()
    empty_action = Signal()
    seen_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paths_panel")
        self._choice = PathChoice()
        self._has_path = False
        self._add = icon_button("add", _ADD, text="Ring's place")
        self._earlier, self._later = icon_button("up", _EARLIER), icon_button("down", _LATER)
        self._remove = icon_button("remove", _REMOVE)
        self._kind = ChoiceBox("Kind of path", _KIND_TIP, _KINDS)
        self._steps = WholeNumberBox(2, MOST_STEPS)
        self._closed = icon_button("loop", "Closed: end where the path begins", checkable=True)
        self._on_map = icon_button("path", "Draw the path on the map", checkable=True)
        self._play = icon_button("play", _PLAY, checkable=True)
        self._speed = ChoiceBox("Speed", "How many steps the ring takes in a second", [f"{n} / s" for n in _SPEEDS])
        self._copy, self._export = icon_button("copy", _COPY), icon_button("export", _EXPORT)
        self._keys, self._strip, self._empty = KeyPointList(), PathStrip(), EmptyState()
        self._progress = WorkProgress("Search no further; the path before stays")
        self._note = NoteLine()
        self._describe()
        self._lay_out()
        self._connect()
        self.show_choice(self._choice, 2)
        self.show_keys(())
        self.show_empty("A path from one point to another appears here once a model is open.")

    def show_choice(self, choice: PathChoice, fewest: int) -> None:
        """Show how the path is chosen, with at least `fewest` steps; announces nothing."""
        self._choice = choice
        blocked = self._steps.blockSignals(True)
        self._steps.setMinimum(fewest)
        self._steps.setValue(choice.steps)
        self._steps.blockSignals(blocked)
        self._kind.setCurrentIndex(PATH_KINDS.index(choice.kind))
        self._closed.setChecked(choice.closed)
        self._on_map.setChecked(choice.on_map)

    def show_keys(self, keys: Sequence[ShownKey]) -> None:
        """Show the key points in their order."""
        self._keys.show_keys(keys)
        self._keys.setVisible(bool(keys))

    def show_path(self, path: ShownPath) -> None:
        """Show the steps of the path."""
        self._strip.show_path(path)
        self._show_page(self._strip)

    def mark_step(self, place: int) -> None:
        """Frame the step at which the ring is, -1 for none."""
        self._strip.mark(place)

    def show_playing(self, is_playing: bool) -> None:
        """Show whether the ring walks."""
        self._play.setChecked(is_playing)
        self._play.setIcon(icon("pause" if is_playing else "play"))
        enable(self._play, _PAUSE if is_playing else _PLAY, "" if self._has_path else _NO_PATH)

    def show_progress(self, share: float, what: str) -> None:
        """Show how far the search for the path is, from 0 to 1; a path that is in sight stands back."""
        # One line for both, so that the pictures above do not move.
        self._note.hide()
        self._progress.show_progress(share, what)
        self._strip.set_faded(True)

    def end_progress(self) -> None:
        """Nothing is being searched for."""
        self._progress.end()
        self._note.setVisible(bool(self._note.text()))
        self._strip.set_faded(False)

    def show_note(self, text: str, button: str = "", tooltip: str = "") -> None:
        """Say something of the path in one line, and offer a button; an empty text takes it away."""
        self._note.show_note(text, button, tooltip)

    def show_empty(self, text: str, button: str = "") -> None:
        """Say in one line why there is no path, and offer a button."""
        self._strip.show_path(None)
        self._empty.show_line(text, button)
        self.show_note("")
        self._show_page(self._empty)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._strip.set_smooth(smooth)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self._has_path = page is self._strip
        reason = "" if self._has_path else _NO_PATH
        enable(self._copy, _COPY, reason)
        enable(self._export, _EXPORT, reason)
        self.show_playing(self._play.isChecked() and self._has_path)

    def _describe(self) -> None:
        self._steps.setToolTip(f"How many steps the path has, key points among them, up to {MOST_STEPS}")
        self._steps.setAccessibleName("Steps")
        self._steps.setFixedWidth(56)
        self._kind.setFixedWidth(_KIND_WIDTH)
        names = (
            (self._earlier, "Earlier"),
            (self._later, "Later"),
            (self._remove, "Remove"),
            (self._closed, "Closed"),
            (self._on_map, "On the map"),
            (self._play, "Play"),
            (self._copy, "Copy the path"),
            (self._export, "Export the path"),
        )
        for button, name in names:
            button.setAccessibleName(name)
        self._speed.setCurrentIndex(_SPEEDS.index(_USUAL_SPEED))

    def _lay_out(self) -> None:
        controls = QWidget()
        flow = FlowLayout(controls, spacing=8)
        groups = (
            (self._add, self._earlier, self._later, self._remove),
            (self._kind,),
            (QLabel("Steps"), self._steps, self._closed),
            (self._play, self._speed, self._on_map),
        )
        for group in groups:
            flow.addWidget(side_by_side(*group))
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(4)
        bar.addWidget(controls, stretch=1)
        bar.addWidget(self._copy, alignment=Qt.AlignmentFlag.AlignTop)
        bar.addWidget(self._export, alignment=Qt.AlignmentFlag.AlignTop)
        self._keys.setMaximumWidth(_LIST_WIDTH)
        self._keys.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._keys, stretch=1)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._strip)
        self._pages.addWidget(self._empty)
        body.addLayout(self._pages, stretch=3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(body, stretch=1)
        layout.addWidget(self._progress)
        layout.addWidget(self._note)

    def _connect(self) -> None:
        self._add.clicked.connect(self.ring_wanted)
        self._earlier.clicked.connect(lambda: self._move(-1))
        self._later.clicked.connect(lambda: self._move(1))
        self._remove.clicked.connect(lambda: self.key_removed.emit(self._keys.currentRow()))
        self._keys.taken.connect(self.key_taken)
        self._keys.removed.connect(self.key_removed)
        self._keys.moved.connect(self.key_moved)
        self._keys.chosen.connect(self._offer_moves)
        self._kind.activated.connect(lambda place: self._choose(replace(self._choice, kind=PATH_KINDS[place])))
        self._steps.valueChanged.connect(lambda steps: self._choose(replace(self._choice, steps=steps)))
        self._closed.clicked.connect(lambda closed: self._choose(replace(self._choice, closed=closed)))
        self._on_map.clicked.connect(lambda shown: self._choose(replace(self._choice, on_map=shown)))
        self._play.clicked.connect(self.play_toggled)
        self._speed.activated.connect(lambda place: self.speed_changed.emit(_SPEEDS[place]))
        self._strip.place_activated.connect(self.step_activated)
        self._copy.clicked.connect(self.copy_requested)
        self._export.clicked.connect(self.export_requested)
        self._progress.cancelled.connect(self.search_cancelled)
        self._note.action.connect(self.note_action)
        self._empty.action.connect(self.empty_action)

    def _choose(self, choice: PathChoice) -> None:
        self._choice = choice
        self.choice_changed.emit(choice)

    def _move(self, by: int) -> None:
        row = self._keys.currentRow()
        self._keys.setCurrentRow(row + by)
        self.key_moved.emit(row, row + by)

    @Slot(int)
    def _offer_moves(self, row: int) -> None:
        enable(self._remove, _REMOVE, "" if row >= 0 else _NO_KEY)
        enable(self._earlier, _EARLIER, "" if row > 0 else "The chosen key point is the first" if row == 0 else _NO_KEY)
        is_last = row == self._keys.count() - 1
        enable(self._later, _LATER, _NO_KEY if row < 0 else "The chosen key point is the last" if is_last else "")

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the panel can be seen."""
        super().showEvent(event)
        self.seen_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it cannot."""
        super().hideEvent(event)
        self.seen_changed.emit(False)
