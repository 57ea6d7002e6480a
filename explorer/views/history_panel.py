"""Going through the snapshots of a run: a slider, a strip of pictures, and playing."""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.history_values import RunSnapshots, SnapshotColumn
from explorer.views.icons import icon
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import elided_label, enable, icon_button, push_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.filmstrip import Filmstrip
from explorer.views.widgets.note_line import NoteLine
from explorer.views.widgets.scrub_slider import ScrubSlider

FilmKind = Literal["samples", "reconstructions", "map"]
_FILM_KINDS: tuple[FilmKind, ...] = ("samples", "reconstructions", "map")
_FILMS = ("Film: samples", "Film: reconstructions", "Film: map")
_FILM_TIP = "What every picture of the exported film shows: samples, test items, or the part of the map in sight"
_SPEEDS = (2, 5, 10, 20)
_USUAL_SPEED = 10
_PLAY, _PAUSE = "Show the snapshots one after the other", "Stay at this snapshot"
_LOOP = "Begin again at the end"
_LIVE, _IS_LIVE = "Go to the newest snapshot and follow the training", "The newest snapshot is shown as the run trains"
_EXPORT = "Export the history as a film, or as a sheet"
_FILM_WIDTH = 136
_FEW = "There is only one snapshot"
_NONE = "There are no snapshots"


class HistoryPanel(QWidget):
    """Controls above, the slider below them, and under it the strip.

    place_chosen(place): show this snapshot; drag_started(), drag_finished(): of the slider's handle;
    play_toggled(); speed_changed(snapshots per second); loop_toggled(bool); live_requested(): the newest one, and
    those to come; export_requested(); empty_action(): the button of the empty state.
    """

    place_chosen = Signal(int)
    drag_started = Signal()
    drag_finished = Signal()
    play_toggled = Signal()
    speed_changed = Signal(int)
    loop_toggled = Signal(bool)
    live_requested = Signal()
    export_requested = Signal()
    empty_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history_panel")
        self._count = 0
        self._live: tuple[bool, bool] | None = None
        self._play = icon_button("play", _PLAY, checkable=True)
        self._loop = icon_button("loop", _LOOP, checkable=True)
        self._speed = ChoiceBox("Speed", "How many snapshots are shown in a second", [f"{n} / s" for n in _SPEEDS])
        self._label = elided_label()
        self._go_live = push_button("Live", _LIVE)
        self._film = ChoiceBox("Film", _FILM_TIP, _FILMS)
        self._export = icon_button("export", _EXPORT)
        self._slider, self._strip, self._empty = ScrubSlider(), Filmstrip(), EmptyState()
        self._note, self._strip_note = NoteLine(), NoteLine()
        self._describe()
        self._lay_out()
        self._connect()
        self.show_history(RunSnapshots())
        self.show_live(False, False)
        self.show_empty("The snapshots of a run appear here once one is open.")

    @property
    def film_kind(self) -> FilmKind:
        """What every picture of the film shows."""
        return _FILM_KINDS[max(self._film.currentIndex(), 0)]

    def show_history(self, history: RunSnapshots) -> None:
        """Show which snapshots there are."""
        self._count = len(history.marks)
        self._strip.show_marks(history.marks)
        if self._count:
            self._pages.setCurrentWidget(self._shown)
        few = _NONE if not self._count else _FEW if self._count == 1 else ""
        enable(self._play, _PAUSE if self._play.isChecked() else _PLAY, few)
        enable(self._export, _EXPORT, _NONE if not self._count else "")
        self._slider.setEnabled(self._count > 1)

    def show_place(self, place: int, text: str) -> None:
        """Stand at a snapshot, and say which it is."""
        self._slider.show_place(max(place, 0), self._count)
        self._strip.mark(place)
        if text != self._label.text():
            self._label.setText(text)
            self._slider.setAccessibleDescription(text)

    def place_text(self) -> str:
        """Which snapshot is shown, in words."""
        return str(self._label.text())

    def show_pictures(self, column: SnapshotColumn) -> None:
        """Show the pictures of a snapshot in the strip."""
        self._strip.show_pictures(column)

    def show_playing(self, is_playing: bool) -> None:
        """Show whether the snapshots follow each other by themselves."""
        self._play.setChecked(is_playing)
        self._play.setIcon(icon("pause" if is_playing else "play"))
        enable(self._play, _PAUSE if is_playing else _PLAY, "" if self._count > 1 else _FEW)

    def show_live(self, is_trained: bool, is_newest: bool) -> None:
        """Show whether the run trains now, and whether its newest snapshot is shown."""
        if (is_trained, is_newest) != self._live:
            self._live = (is_trained, is_newest)
            self._go_live.setVisible(is_trained)
            enable(self._go_live, _LIVE, _IS_LIVE if is_newest else "")

    def show_note(self, text: str) -> None:
        """Say something of the snapshot in one line; an empty text takes it away."""
        if text != self._note.text():
            self._note.show_note(text)

    def show_strip_note(self, text: str) -> None:
        """Say why the strip has no pictures; an empty text takes it away."""
        if text != self._strip_note.text():
            self._strip_note.show_note(text)

    def show_empty(self, text: str, button: str = "") -> None:
        """Say in one line why there are no snapshots, and offer a button."""
        self.show_note("")
        self.show_strip_note("")
        self._empty.show_line(text, button)
        self._pages.setCurrentWidget(self._empty)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._strip.set_smooth(smooth)

    def _describe(self) -> None:
        names = ((self._play, "Play"), (self._loop, "Loop"), (self._export, "Export the history"))
        for button, name in names:
            button.setAccessibleName(name)
        self._film.setFixedWidth(_FILM_WIDTH)
        self._loop.setChecked(True)
        self._speed.setCurrentIndex(_SPEEDS.index(_USUAL_SPEED))
        self._slider.setAccessibleName("Snapshot")
        self._slider.setToolTip("Drag, or use Left, Right, Home and End, to go through the run; the space bar plays")
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._label.setAccessibleName("Shown snapshot")
        self._label.setProperty("role", "")

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 0)
        bar.setSpacing(4)
        for part in (self._play, self._loop, self._speed):
            bar.addWidget(part)
        bar.addSpacing(4)
        bar.addWidget(self._label, stretch=1)
        bar.addWidget(self._go_live)
        scrub = QHBoxLayout()
        scrub.setContentsMargins(8, 0, 8, 2)
        scrub.setSpacing(4)
        scrub.addWidget(self._slider, stretch=1)
        scrub.addSpacing(4)
        scrub.addWidget(self._film)
        scrub.addWidget(self._export)
        self._shown = QWidget()
        below = QVBoxLayout(self._shown)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addLayout(bar)
        below.addLayout(scrub)
        below.addWidget(self._strip, stretch=1)
        below.addWidget(self._note)
        below.addWidget(self._strip_note)
        self._slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._shown)
        self._pages.addWidget(self._empty)

    def _connect(self) -> None:
        self._play.clicked.connect(self.play_toggled)
        self._loop.clicked.connect(self.loop_toggled)
        self._speed.activated.connect(lambda place: self.speed_changed.emit(_SPEEDS[place]))
        self._go_live.clicked.connect(self.live_requested)
        self._export.clicked.connect(self.export_requested)
        self._slider.grabbed.connect(self.drag_started)
        self._slider.place_chosen.connect(self.place_chosen)
        self._slider.let_go.connect(self.drag_finished)
        self._strip.place_activated.connect(self.place_chosen)
        self._empty.action.connect(self.empty_action)
        for part in (self._slider, self._strip):
            part.space_pressed.connect(self.play_toggled)
