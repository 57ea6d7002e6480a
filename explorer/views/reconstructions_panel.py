"""Test pictures over what the model makes of them."""

from dataclasses import replace
from typing import Any, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.reconstruction_choices import CorruptionChoice, ReconstructionsChoice
from explorer.state.reconstruction_values import ComparedPictures, DifferenceScale, StrengthRange
from explorer.state.scatter_values import Scatter
from explorer.views.anomaly_page import AnomalyPage
from explorer.views.beside import Beside
from explorer.views.mask_editor import MaskEditor
from explorer.views.reconstruction_controls import ReconstructionControls
from explorer.views.widgets.controls import icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.scatter_view import ScatterView
from explorer.views.widgets.summary_line import SummaryLine
from explorer.views.widgets.work_progress import WorkProgress

_ANOMALIES = "How unusual the model finds the test items, and how well that tells a class from the others"


class ReconstructionsPanel(QWidget):
    """A grid of items, in each cell the original over its reconstruction and how they differ; behind it `anomalies`.

    choice_changed(ReconstructionsChoice); item_activated(index): take an item to the ring;
    search_cancelled(): look no further for codes, or measure no further; empty_action(): the button of the empty state.
    beside: has room for the reconstructions of a second model.
    """

    choice_changed = Signal(object)
    item_activated = Signal(int)
    search_cancelled = Signal()
    empty_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reconstructions_panel")
        self._choice = ReconstructionsChoice()
        self._offers_choices = True
        self._controls = ReconstructionControls()
        self._mask = MaskEditor()
        self._mask.hide()
        self.anomalies = AnomalyPage()
        self._switch = icon_button("anomalies", _ANOMALIES, checkable=True)
        self._switch.setAccessibleName("Anomalies")
        self._grid = ImageGrid()
        self._grid.setAccessibleName("Originals over reconstructions; Enter takes one to the ring")
        self._scatter = ScatterView()
        self._scatter.setAccessibleName("Reconstructed points, a line to each from its original; a click takes one")
        self._search = WorkProgress("Look no further, and keep the best so far")
        self._empty = EmptyState()
        self._summary = SummaryLine()
        self._lay_out()
        self._controls.changed.connect(self.choice_changed)
        self._mask.changed.connect(self._take_mask)
        self._switch.clicked.connect(self._choose_page)
        self._grid.item_activated.connect(self.item_activated)
        self._scatter.item_activated.connect(self.item_activated)
        self._search.cancelled.connect(self.search_cancelled)
        self._empty.action.connect(self.empty_action)
        self.show_choice(self._choice)
        self.show_empty("Test pictures and their reconstructions appear here once a model is open.")

    def show_choice(self, choice: ReconstructionsChoice) -> None:
        """Show what is chosen; announces nothing."""
        self._choice = choice
        self._controls.show_choice(choice)
        self._switch.setChecked(choice.page == "anomalies")
        self._show_side(choice.page)

    def show_corruption(
        self, fitting: CorruptionChoice, bounds: StrengthRange | None, trained: str, is_possible: bool
    ) -> None:
        """Show what is done to the items first, in full; announces nothing.

        bounds: of its strength, None where it has none. trained: kind that the model was trained to undo, empty for
        none. is_possible: False for points, which cannot be corrupted and have an error alone.
        """
        self._controls.show_corruption(fitting, bounds, trained, is_possible)
        self._mask.setVisible(fitting.kind == "painted_mask" and self._offers_choices)
        self._mask.show_mask(self._choice.corruption)

    def show_pictures(self, shown: ComparedPictures) -> None:
        """Show pictures of items below each other."""
        titles = tuple(name for name, _ in shown.rows)
        self._grid.show_pictures(shown.stacks(), shown.captions, layer_titles=titles)
        self._mask.show_picture(shown.rows[0][1][0])
        self._mask.show_mask(self._choice.corruption)
        self._summary.show_summary(shown.summary, shown.has_differences)
        self._pages.setCurrentWidget(self._grid)

    def show_points(self, scatter: Scatter, summary: str) -> None:
        """Show reconstructed points with lines from their originals."""
        self._scatter.show_scatter(scatter)
        self._summary.show_summary(summary)
        self._pages.setCurrentWidget(self._scatter)

    def show_scale(self, scale: DifferenceScale) -> None:
        """Say what the colours of differences mean."""
        self._summary.show_scale(scale)

    def show_search(self, share: float, what: str) -> None:
        """Show how far the search for codes is, from 0 to 1."""
        self._search.show_progress(share, what)

    def show_measuring(self, share: float, what: str) -> None:
        """Show how far the measuring of all items is, from 0 to 1; what is in sight stands back until it is done."""
        self._search.show_progress(share, what)
        self._fade(True)

    def end_search(self) -> None:
        """Nothing is being searched for or measured."""
        self._search.end()
        self._fade(False)

    def show_empty(self, text: str, button: str = "") -> None:
        """Say in one line why there are no reconstructions, and offer a button."""
        self._empty.show_line(text, button)
        self._summary.show_summary("")
        self.end_search()
        self._pages.setCurrentWidget(self._empty)

    def keep_pictures_alone(self) -> None:
        """Offer no choices, for items that are chosen elsewhere."""
        self._offers_choices = False
        for part in (self._controls, self.anomalies.controls, self._switch):
            part.hide()
        # So that the pictures begin as high as those of the panel that has choices.
        self._bar.setContentsMargins(0, 0, 0, 0)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._grid.set_smooth(smooth)
        self.anomalies.set_smooth(smooth)

    def _choose_page(self, shows_anomalies: bool) -> None:
        self.choice_changed.emit(replace(self._choice, page="anomalies" if shows_anomalies else "items"))

    def _show_side(self, page: Literal["items", "anomalies"]) -> None:
        is_items = page == "items"
        for part, shown in ((self._controls, is_items), (self.anomalies.controls, not is_items)):
            if part.isHidden() == shown and self._offers_choices:
                part.setVisible(shown)
        self._sides.setCurrentWidget(self._pictures if is_items else self.anomalies)

    def _take_mask(self, changes: dict[str, Any]) -> None:
        corruption = replace(self._choice.corruption, **changes)
        self.choice_changed.emit(replace(self._choice, corruption=corruption))

    def _fade(self, faded: bool) -> None:
        self._grid.set_faded(faded)
        self._scatter.set_faded(faded)

    def _lay_out(self) -> None:
        self._bar = bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.addWidget(self._controls, stretch=1)
        bar.addWidget(self.anomalies.controls, stretch=1)
        bar.addWidget(self._switch, alignment=Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        pictures = _column(content)
        self._pages = QStackedLayout()
        pictures.addLayout(self._pages, stretch=1)
        pictures.addWidget(self._summary)
        for page in (self._grid, self._scatter, self._empty):
            self._pages.addWidget(page)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._mask)
        self.beside = Beside(content)
        middle.addWidget(self.beside, stretch=1)
        self._pictures = QWidget()
        column = _column(self._pictures)
        column.addWidget(self._search)
        column.addLayout(middle, stretch=1)
        self._sides = QStackedLayout()
        for side in (self._pictures, self.anomalies):
            self._sides.addWidget(side)
        layout = _column(self)
        layout.addLayout(bar)
        layout.addLayout(self._sides, stretch=1)


def _column(parent: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return layout
