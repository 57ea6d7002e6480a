"""What is drawn from the prior: pictures or points."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.scatter_values import Scatter
from explorer.state.session_state import SamplesChoice
from explorer.views.beside import Beside
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import enable, icon_button, muted_label
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.flow_layout import FlowLayout, side_by_side
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.note_line import NoteLine
from explorer.views.widgets.number_boxes import WholeNumberBox
from explorer.views.widgets.scatter_view import ScatterView
from explorer.views.widgets.temperature_controls import TemperatureControls
from explorer.views.widgets.work_progress import WorkProgress

_MOST_SAMPLES = 1024
_HIGHEST_SEED = 2_147_483_647
_WIDE = 760
_CONDITIONS: tuple[Literal["each", "current"], ...] = ("each", "current")
_COPY, _EXPORT = "Copy the samples to the clipboard as one picture", "Export the samples as one PNG"
_NEAREST = (
    "Below each sample the training item that is nearest to it, with the root of their mean squared difference: 0 is a "
    "copy of what was learned by heart"
)
_PICTURES_ONLY = "Only pictures are compared with what the model learned from"
_RISING = "Columns of rising temperature, from a tenth to all of it, with the same noise along each row"


@dataclass(frozen=True, eq=False)
class _Shown:
    """What the grid shows: samples (count, height, width, channels), and as many training items below them or none."""

    pictures: NDArray[np.uint8]
    column_titles: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()
    nearest: NDArray[np.uint8] | None = None
    captions: tuple[str, ...] = ()


class SamplesPanel(QWidget):
    """A grid or a scatter of samples, with what they are drawn from above and what there is to say of them below.

    choice_changed(SamplesChoice); item_activated(index): take a sample to the ring;
    key_point_wanted(index): let the path go on to one; copy_requested(),
    export_requested(); drawing_cancelled(), training_cancelled(), nearest_cancelled(): the buttons beside the progress
    of drawing, of training what recognises samples, and of the search for the nearest training items;
    nearest_activated(index): go to the one nearest to a sample; note_action(): the button of the note; empty_action():
    that of the empty state.
    beside: has room for the samples of a second model.
    """

    choice_changed = Signal(object)
    item_activated = Signal(int)
    key_point_wanted = Signal(int)
    copy_requested = Signal()
    export_requested = Signal()
    drawing_cancelled = Signal()
    training_cancelled = Signal()
    nearest_cancelled = Signal()
    nearest_activated = Signal(int)
    note_action = Signal()
    empty_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("samples_panel")
        self._choice = SamplesChoice()
        self._count = WholeNumberBox(1, _MOST_SAMPLES)
        self._seed = WholeNumberBox(0, _HIGHEST_SEED)
        self._new_seed = icon_button("randomise", "New seed: draw other samples")
        self._temperature = TemperatureControls()
        self._condition = ChoiceBox("Condition of the samples", "What the model is told of the samples")
        self._rising = icon_button("rising", _RISING, checkable=True)
        self._nearest = icon_button("nearest", _NEAREST, checkable=True)
        self._prior = muted_label()
        self._copy = icon_button("copy", _COPY)
        self._export = icon_button("export", _EXPORT)
        self._drawing = WorkProgress("Draw no further; the samples before stay")
        self._grid, self._scatter, self._empty = ImageGrid(), ScatterView(), EmptyState()
        self._note = NoteLine()
        self._searching = WorkProgress("Search no further for the nearest training items")
        self._nearest_note = NoteLine()
        self._shown: _Shown | None = None
        self._training = WorkProgress("Train no further; nothing of the classifier is kept")
        self._words = [QLabel("Count"), QLabel("Seed")]
        self._describe()
        self._lay_out()
        self._connect()
        self.offer((), ())
        self.show_prior("", True)
        self.show_choice(self._choice)
        self.show_empty("What a model draws from its prior appears here once one is open.")

    def offer(self, level_names: tuple[str, ...], conditions: tuple[str, ...]) -> None:
        """Offer what there is to choose for a model.

        level_names: of a hierarchy, from level 0 upwards; at most one for other models. conditions: in words what
        samples are told in turn, and the current condition; empty for a model that is told nothing.
        """
        self._temperature.offer_levels(level_names or ("",))
        self._condition.setVisible(bool(conditions))
        for place, text in enumerate(conditions):
            if place < self._condition.count():
                self._condition.setItemText(place, text)
            else:
                self._condition.addItem(text)
        self._condition.setCurrentIndex(_CONDITIONS.index(self._choice.condition))
        self._controls.updateGeometry()

    def keep_pictures_alone(self) -> None:
        """Offer no choices, for samples that are chosen elsewhere."""
        for part in (self._controls, self._copy, self._export):
            part.hide()
        # So that the pictures begin as high as those of the panel that has choices.
        self._bar.setContentsMargins(0, 0, 0, 0)

    def show_choice(self, choice: SamplesChoice) -> None:
        """Show which samples are chosen; announces nothing."""
        self._choice = choice
        for box, value in ((self._count, choice.count), (self._seed, choice.seed)):
            blocked = box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(blocked)
        self._temperature.show_temperatures(choice.temperatures)
        self._condition.setCurrentIndex(_CONDITIONS.index(choice.condition))
        self._rising.setChecked(choice.rising)
        self._nearest.setChecked(choice.nearest)

    def show_prior(self, prior: str, has_pictures: bool) -> None:
        """Say what samples are drawn from. has_pictures: False for points, which are compared with nothing."""
        self._prior.setText(f"from {prior}" if prior else "")
        self._prior.setToolTip(f"Codes of samples are drawn from {prior}")
        self._count.setToolTip(
            f"How many samples are drawn{f' from {prior}' if prior else ''}, from 1 to {_MOST_SAMPLES}"
        )
        enable(self._nearest, _NEAREST, "" if has_pictures else _PICTURES_ONLY)
        self._controls.updateGeometry()

    def show_pictures(
        self, pictures: NDArray[np.uint8], column_titles: tuple[str, ...] = (), row_titles: tuple[str, ...] = ()
    ) -> None:
        """Show pictures (count, height, width, 1 or 3), in columns of their own where these have titles."""
        self._shown = _Shown(pictures, column_titles, row_titles)
        self._draw_grid()
        self._show_page(self._grid)

    def show_nearest(
        self, pictures: NDArray[np.uint8] | None, captions: tuple[str, ...] = (), problem: str = ""
    ) -> None:
        """Show training items (count, height, width, 1 or 3) below the samples, or none with a sentence why not."""
        self._nearest_note.show_note(problem)
        if self._shown is not None and (pictures is not None or self._shown.nearest is not None):
            self._shown = replace(self._shown, nearest=pictures, captions=captions)
            self._draw_grid()

    def show_nearest_search(self, share: float, what: str) -> None:
        """Show how far the search for the nearest training items is, from 0 to 1."""
        self._searching.show_progress(share, what)

    def end_nearest_search(self) -> None:
        """Nothing is searched for."""
        self._searching.end()

    def show_points(self, scatter: Scatter) -> None:
        """Show points."""
        self._scatter.show_scatter(scatter)
        self._show_page(self._scatter)

    def show_drawing(self, share: float, what: str) -> None:
        """Show how far the drawing is, from 0 to 1; samples that are in sight stand back."""
        self._drawing.show_progress(share, what)
        self._fade(True)

    def end_drawing(self) -> None:
        """Nothing is being drawn."""
        self._drawing.end()
        self._fade(False)

    def show_note(self, text: str, button: str = "", tooltip: str = "") -> None:
        """Say something of the samples in one line, and offer a button; an empty text takes it away."""
        self._note.show_note(text, button, tooltip)

    def show_training(self, share: float, what: str) -> None:
        """Show how far the training of what recognises samples is, from 0 to 1."""
        self._training.show_progress(share, what)

    def end_training(self) -> None:
        """Nothing is being trained to recognise samples."""
        self._training.end()

    def show_empty(self, text: str, button: str = "") -> None:
        """Say in one line why there are no samples, and offer a button."""
        self._empty.show_line(text, button)
        self._show_page(self._empty)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._grid.set_smooth(smooth)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop words whose boxes can do without, and what another control does as well, where the panel is narrow."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        if self._words[0].isHidden() == is_wide:
            for word in (*self._words, self._prior):
                word.setVisible(is_wide)
            self._temperature.set_brief(not is_wide)
            self._controls.updateGeometry()

    def _draw_grid(self) -> None:
        shown = self._shown
        if shown is None:
            return
        has_nearest = shown.nearest is not None and len(shown.nearest) == len(shown.pictures)
        parts = [shown.pictures, shown.nearest] if has_nearest else [shown.pictures]
        self._grid.offer_lower(has_nearest)
        self._grid.show_pictures(
            np.stack([part for part in parts if part is not None], axis=1),
            shown.captions if has_nearest else (),
            columns=len(shown.column_titles),
            row_titles=shown.row_titles,
            column_titles=shown.column_titles,
            layer_titles=("sample", "nearest") if has_nearest and not shown.row_titles else (),
        )

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        reason = "There are no samples yet" if page is self._empty else ""
        enable(self._copy, _COPY, reason)
        enable(self._export, _EXPORT, reason)

    def _fade(self, faded: bool) -> None:
        self._grid.set_faded(faded)
        self._scatter.set_faded(faded)

    def _describe(self) -> None:
        self._count.setAccessibleName("Count")
        self._count.setFixedWidth(56)
        self._seed.setToolTip("Seed of the noise: the same seed gives the same samples")
        self._seed.setAccessibleName("Seed")
        self._seed.setFixedWidth(72)
        self._new_seed.setAccessibleName("New seed")
        self._rising.setAccessibleName("Rising temperature")
        self._nearest.setAccessibleName("Nearest training items")
        self._grid.setAccessibleName(
            "Samples; Enter takes one to the ring, P adds one to the path, N goes to the nearest training item"
        )
        self._scatter.setAccessibleName("Samples; a click takes one to the ring, a right click offers more")

    def _lay_out(self) -> None:
        self._controls = QWidget()
        flow = FlowLayout(self._controls, spacing=8)
        count, seed = self._words
        for parts in (
            (count, self._count),
            (seed, self._seed, self._new_seed),
            (self._temperature, self._rising, self._nearest),
        ):
            flow.addWidget(side_by_side(*parts))
        flow.addWidget(self._condition)
        flow.addWidget(self._prior)
        self._bar = bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(4)
        bar.addWidget(self._controls, stretch=1)
        bar.addWidget(self._copy, alignment=Qt.AlignmentFlag.AlignTop)
        bar.addWidget(self._export, alignment=Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        self._pages = QStackedLayout(content)
        for page in (self._grid, self._scatter, self._empty):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self._drawing)
        self.beside = Beside(content)
        layout.addWidget(self.beside, stretch=1)
        layout.addWidget(self._searching)
        layout.addWidget(self._note)
        layout.addWidget(self._nearest_note)
        layout.addWidget(self._training)

    def _connect(self) -> None:
        self._count.valueChanged.connect(lambda count: self._choose(replace(self._choice, count=count)))
        self._seed.valueChanged.connect(lambda seed: self._choose(replace(self._choice, seed=seed)))
        self._new_seed.clicked.connect(self._choose_next_seed)
        self._temperature.changed.connect(lambda values: self._choose(replace(self._choice, temperatures=values)))
        self._condition.activated.connect(
            lambda place: self._choose(replace(self._choice, condition=_CONDITIONS[place]))
        )
        self._nearest.clicked.connect(lambda nearest: self._choose(replace(self._choice, nearest=nearest)))
        self._grid.lower_activated.connect(self.nearest_activated)
        self._searching.cancelled.connect(self.nearest_cancelled)
        self._rising.clicked.connect(lambda rising: self._choose(replace(self._choice, rising=rising)))
        self._grid.item_activated.connect(self.item_activated)
        self._scatter.item_activated.connect(self.item_activated)
        for view in (self._grid, self._scatter):
            view.offer_key_points()
            view.key_point_wanted.connect(self.key_point_wanted)
        self._copy.clicked.connect(self.copy_requested)
        self._export.clicked.connect(self.export_requested)
        self._drawing.cancelled.connect(self.drawing_cancelled)
        self._training.cancelled.connect(self.training_cancelled)
        self._note.action.connect(self.note_action)
        self._empty.action.connect(self.empty_action)

    def _choose_next_seed(self) -> None:
        # Counting up keeps every grid reachable again: one step back in the box shows the one before.
        self._choose(replace(self._choice, seed=(self._choice.seed + 1) % _HIGHEST_SEED))

    def _choose(self, choice: SamplesChoice) -> None:
        self.show_choice(choice)
        self.choice_changed.emit(choice)
