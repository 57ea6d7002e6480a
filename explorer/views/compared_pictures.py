"""The pictures of two models side by side, how they differ, and what links them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.state.comparison_values import PicturePair
from explorer.state.reconstruction_values import DifferenceScale
from explorer.views.widgets.controls import SentenceLabel
from explorer.views.widgets.difference_legend import DifferenceLegend
from explorer.views.widgets.picture_trio import PictureTrio
from explorer.views.widgets.picture_view import PictureView
from explorer.views.widgets.work_progress import WorkProgress

_NAMES = ("A", "B", "difference, B − A")
_DIFFERENCE = "What B has brighter is blue, what it has darker is red; full at half the range"


class ComparedPictures(QWidget):
    """A, B and their difference, with what is said of them.

    search_cancelled(): the code of B is searched for no further.
    """

    search_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = SentenceLabel()
        self._text.setProperty("role", "muted")
        self._problem = SentenceLabel(is_error=True)
        self._trio = PictureTrio(_NAMES, (self._text, self._problem))
        self._trio.views[2].setToolTip(_DIFFERENCE)
        self._legend = DifferenceLegend()
        self._progress = WorkProgress("Search no further, and keep the best so far")
        self._progress.cancelled.connect(self.search_cancelled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 0)
        layout.setSpacing(4)
        layout.addWidget(self._trio, stretch=1)
        layout.addWidget(self._legend)
        layout.addWidget(self._progress)

    def show_scale(self, scale: DifferenceScale) -> None:
        """Say what the colours of the difference mean."""
        self._legend.show_scale(scale)
        self._legend.setToolTip(_DIFFERENCE)

    def show_pair(self, pair: PicturePair) -> None:
        """Show both pictures and what is said of them."""
        pictures = (pair.first, pair.second, pair.difference)
        for view, picture in zip(self._trio.views, pictures, strict=True):
            view.show_picture(picture)
        if self._trio.titles[0].toolTip() != pair.titles[0] or self._trio.titles[1].toolTip() != pair.titles[1]:
            self._name_pictures(pair.titles)
        if (pair.difference is None) != self._legend.isHidden():
            self._legend.setVisible(pair.difference is not None)
        text = "\n".join(pair.texts)
        if text != self._text.sentence():
            self._text.show_sentence(text)
        if pair.problem != self._problem.sentence():
            self._problem.show_sentence(pair.problem)
            self._problem.setVisible(bool(pair.problem))
        if pair.progress is not None:
            self._progress.show_progress(*pair.progress)
        elif not self._progress.isHidden():
            self._progress.end()

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._trio.set_smooth(smooth)

    def pictures(self) -> tuple[PictureView, ...]:
        """The views of A, B and the difference."""
        return self._trio.views

    def words(self) -> str:
        """What is said of the pictures."""
        return "\n".join(filter(None, (self._text.sentence(), self._problem.sentence())))

    def _name_pictures(self, titles: tuple[str, str]) -> None:
        for label, view, title in zip(self._trio.titles, self._trio.views, titles, strict=False):
            label.setText(title)
            label.setToolTip(title)
            view.setAccessibleName(f"Decoded picture of {title}")
        self._trio.views[2].setAccessibleName("Difference, B minus A")
