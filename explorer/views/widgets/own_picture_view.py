"""A picture of the person's own beside what it was edited to, how they differ, and codes to choose among."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.state.own_picture import OwnCandidates, OwnComparison
from explorer.state.wording import error_text
from explorer.views.widgets.controls import SentenceLabel, enable, icon_button, push_button
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.picture_trio import PictureTrio
from explorer.views.widgets.picture_view import PictureView
from explorer.views.widgets.work_progress import WorkProgress

_NAMES = ("original", "edited", "difference")
_BACK = "Go back to the picture's own code"
_SEARCH = "Search by optimisation, from several starts, for a code that decodes to this picture"
_DIFFERENCE = "What the edited picture has brighter is blue, what it has darker is red; full at half the range"
_CANDIDATES_HEIGHT = 84


class OwnPictureView(QWidget):
    """Original, edited and difference, what is said of them, and what can be done.

    back_requested(): to the picture's own code. search_requested(): for a code by optimisation. search_cancelled().
    candidate_chosen(index). export_requested(): the strip. end_requested(): show the decoded picture alone.
    """

    back_requested = Signal()
    search_requested = Signal()
    search_cancelled = Signal()
    candidate_chosen = Signal(int)
    export_requested = Signal()
    end_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text = SentenceLabel()
        self._text.setProperty("role", "muted")
        self._problem = SentenceLabel(is_error=True)
        self._trio = PictureTrio(_NAMES, (self._name, self._text, self._problem))
        self._views, self._titles = self._trio.views, self._trio.titles
        self._progress = WorkProgress("Search no further, and keep the best so far")
        self._candidates = ImageGrid()
        self._candidates.setFixedHeight(_CANDIDATES_HEIGHT)
        self._candidates.setAccessibleName("Codes found from each start; Enter chooses one")
        self._candidates.setToolTip("Decoded from the best code of each start, with its error; a click chooses one")
        self._back = icon_button("reset", _BACK)
        self._search = push_button("", _SEARCH)
        self._export = icon_button("export", "Export original, reconstruction, edited and difference")
        self._end = icon_button("close", "Back to the decoded picture alone")
        self._is_searching, self._refusal = False, ""
        self._lay_out()
        self._connect()
        self.show_candidates(None)

    def show_comparison(self, shown: OwnComparison) -> None:
        """Show an own picture beside what is at the ring."""
        pictures = (shown.original, shown.edited, shown.difference)
        for view, name, picture in zip(self._views, _NAMES, pictures, strict=True):
            view.show_picture(picture)
            view.setAccessibleName(f"{shown.name}: {name}")
        self._name.setText(shown.name)
        self._name.setToolTip(shown.name)
        self._text.show_sentence("\n".join(shown.texts))
        self._text.setVisible(bool(shown.texts))
        self._problem.show_sentence(shown.problem)
        self._problem.setVisible(bool(shown.problem))
        has_code = shown.has_code
        self._titles[1].setText(_NAMES[1] if has_code else "best so far")
        enable(self._back, _BACK, "" if shown.is_edited and has_code else f"{_BACK} (the ring is there)")
        enable(self._export, self._export.accessibleName(), "" if has_code else "There is no code to export yet")
        self._search.setText(shown.search)
        self._search.setVisible(bool(shown.search))
        self._refusal = shown.search_refusal
        self._enable_search()

    def show_candidates(self, candidates: OwnCandidates | None) -> None:
        """Show the codes that a search found as small pictures, or none."""
        self._candidates.setVisible(candidates is not None)
        if candidates is not None:
            captions = tuple(error_text(error) for error in candidates.errors)
            self._candidates.show_pictures(candidates.pictures[:, None], captions, columns=len(captions))
            self._candidates.mark(candidates.chosen)

    def show_search(self, share: float, what: str) -> None:
        """Show how far the search is, from 0 to 1."""
        self._is_searching = True
        self._progress.show_progress(share, what)
        self._enable_search()

    def end_search(self) -> None:
        """Nothing is searched for."""
        self._is_searching = False
        self._progress.end()
        self._enable_search()

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._trio.set_smooth(smooth)
        self._candidates.set_smooth(smooth)

    def pictures(self) -> tuple[PictureView, ...]:
        """The views of original, edited and difference."""
        return self._views

    def _enable_search(self) -> None:
        enable(self._search, _SEARCH, "A search is under way" if self._is_searching else self._refusal)

    def _lay_out(self) -> None:
        self._views[2].setToolTip(_DIFFERENCE)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self._search)
        buttons.addStretch()
        for button in (self._back, self._export, self._end):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 0)
        layout.setSpacing(4)
        layout.addWidget(self._trio, stretch=1)
        layout.addWidget(self._candidates)
        layout.addWidget(self._progress)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self._back.clicked.connect(self.back_requested)
        self._search.clicked.connect(self.search_requested)
        self._export.clicked.connect(self.export_requested)
        self._end.clicked.connect(self.end_requested)
        self._progress.cancelled.connect(self.search_cancelled)
        self._candidates.item_activated.connect(self.candidate_chosen)
