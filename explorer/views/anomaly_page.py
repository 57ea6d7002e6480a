"""How unusual the model finds test items, and how well that tells a class from the others."""

from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.anomaly_values import AnomalyFacts
from explorer.state.reconstruction_choices import AnomalyChoice
from explorer.views.widgets.anomaly_plots import RocPlot, ScoreHistogram
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import enable, icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.flow_layout import FlowLayout, side_by_side
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.widget_picture import widget_picture
from explorer.views.widgets.work_progress import WorkProgress

_SCORES: dict[Literal["auto", "likelihood", "error"], str] = {
    "auto": "What the model can best",
    "likelihood": "Likelihood",
    "error": "Squared error",
}
_EXPORT, _SAVE = "Export the plots as a picture", "Save the score of every item as comma-separated values"
_WIDE = 120
_PLOTS = ((ScoreHistogram, 3), (RocPlot, 2))


class AnomalyPage(QWidget):
    """Histogram of scores, the curve that follows from them, and the items with the highest scores.

    controls: which class counts as anomalous and what a score is; to be placed above.
    choice_changed(AnomalyChoice); item_activated(index): take one of the items with the highest scores to the ring;
    cancelled(): score no further; empty_action(): the button of the empty state; export_requested(): the plots;
    save_requested(): the scores.
    """

    choice_changed = Signal(object)
    item_activated = Signal(int)
    cancelled = Signal()
    empty_action = Signal()
    export_requested = Signal()
    save_requested = Signal()
    # Of both plots in a picture, whatever the shape of the page.
    picture_size = QSize(960, 320)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice, self._names = AnomalyChoice(), tuple[str, ...]()
        self._class = ChoiceBox("Anomalous class", "Which class counts as anomalous; best one held out of training")
        self._class.setMinimumWidth(_WIDE)
        self._class.setPlaceholderText("choose one")
        self._score = ChoiceBox("Score", "What makes an item unusual to the model", _SCORES.values())
        self.controls = QWidget()
        flow = FlowLayout(self.controls, spacing=8)
        self._classes = side_by_side(QLabel("Anomalous"), self._class)
        flow.addWidget(self._classes)
        flow.addWidget(side_by_side(QLabel("by"), self._score))
        self._export, self._save = icon_button("export", _EXPORT), icon_button("save", _SAVE)
        self._export.setAccessibleName("Export the plots")
        self._save.setAccessibleName("Save the scores")
        flow.addWidget(side_by_side(self._export, self._save))
        self._facts: AnomalyFacts | None = None
        self._drawn: list[ScoreHistogram | RocPlot] = []
        self._highest = ImageGrid()
        self._highest.setAccessibleName("Items with the highest scores; Enter takes one to the ring")
        self._highest.setToolTip("Items with the highest scores; a click takes one to the ring")
        self._empty = EmptyState()
        self._work = WorkProgress("Score no further items")
        self._classes.hide()
        self._lay_out()
        self._class.activated.connect(lambda place: self._choose(class_name=self._names[place]))
        self._score.activated.connect(lambda place: self._choose(score=list(_SCORES)[place]))
        self._highest.item_activated.connect(self.item_activated)
        self._work.cancelled.connect(self.cancelled)
        self._empty.action.connect(self.empty_action)
        self._export.clicked.connect(self.export_requested)
        self._save.clicked.connect(self.save_requested)
        self._show_page(self._empty)

    def show_choice(self, choice: AnomalyChoice) -> None:
        """Show what is chosen; announces nothing."""
        self._choice = choice
        self._score.setCurrentIndex(list(_SCORES).index(choice.score))
        if choice.class_name in self._names:
            self._class.setCurrentIndex(self._names.index(choice.class_name))

    def offer_classes(self, names: tuple[str, ...], held_out: str, chosen: str) -> None:
        """Offer the classes of the items.

        held_out: the one kept out of training, empty for none. chosen: where it is none of them, none is shown.
        """
        self._names = names
        self._class.set_choices(f"{name} (held out)" if name == held_out else name for name in names)
        if chosen:
            self._class.setCurrentIndex(names.index(chosen) if chosen in names else -1)
        self._classes.setVisible(bool(names))
        self.controls.updateGeometry()

    def show_facts(self, facts: AnomalyFacts) -> None:
        """Show scores and what they tell of the class."""
        self._facts = facts
        for plot in self._drawn:
            plot.show_facts(facts)
        self._highest.setVisible(len(facts.pictures) > 0)
        self._highest.show_pictures(facts.pictures[:, None], facts.captions)
        self._show_page(self._plots)
        self._build_next()

    def show_progress(self, share: float, what: str) -> None:
        """Show how far the scoring is, from 0 to 1."""
        self._work.show_progress(share, what)

    def end_progress(self) -> None:
        """Nothing is scored."""
        self._work.end()

    def show_empty(self, text: str, button: str = "") -> None:
        """Say in one line why there are no scores, and offer a button."""
        self._empty.show_line(text, button)
        self._show_page(self._empty)

    def picture(self, scale: int) -> QImage:
        """The plots beside each other, each pixel of them `scale` wide and high."""
        size = QSize(self.picture_size.width() // len(_PLOTS), self.picture_size.height())
        joined = QImage(self.picture_size * scale, QImage.Format.Format_RGB32)
        painter = QPainter(joined)
        for place, plot in enumerate(self._drawn):
            image = widget_picture(plot, size, scale)
            image.setDevicePixelRatio(1.0)
            painter.drawImage(place * size.width() * scale, 0, image)
        painter.end()
        return joined

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._highest.set_smooth(smooth)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        for button, tooltip in ((self._export, _EXPORT), (self._save, _SAVE)):
            enable(button, tooltip, "" if page is self._plots else "There are no scores yet")

    @Slot()
    def _build_next(self) -> None:
        # Each takes some 20 ms, so they are made when there is something to draw, in turns of their own.
        missing = _PLOTS[len(self._drawn) :]
        if missing and self._facts is not None:
            kind, share = missing[0]
            plot = kind()
            plot.show_facts(self._facts)
            self._beside.insertWidget(len(self._drawn), plot, stretch=share)
            self._drawn.append(plot)
            QTimer.singleShot(0, self._build_next)

    def _choose(self, **changes: object) -> None:
        choice = replace(self._choice, **changes)  # type: ignore[arg-type]
        if choice != self._choice:
            self._choice = choice
            self.choice_changed.emit(choice)

    def _lay_out(self) -> None:
        self._plots = QWidget()
        self._beside = QHBoxLayout(self._plots)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(1)
        self._beside.addWidget(self._highest, stretch=3)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._plots)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._work)
        layout.addLayout(self._pages, stretch=1)
