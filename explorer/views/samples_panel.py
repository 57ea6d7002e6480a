"""Pictures drawn from the prior."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.session_state import SamplesChoice
from explorer.views.widgets.controls import icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.number_boxes import NumberBox, WholeNumberBox

_MOST_SAMPLES = 1024
_HIGHEST_SEED = 2_147_483_647
_HIGHEST_TEMPERATURE = 2.0


class SamplesPanel(QWidget):
    """A grid of samples with count, seed and temperature.

    choice_changed(SamplesChoice); item_activated(index): take a sample to the ring;
    copy_requested(), export_requested(); empty_action(): the button of the empty state.
    """

    choice_changed = Signal(object)
    item_activated = Signal(int)
    copy_requested = Signal()
    export_requested = Signal()
    empty_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("samples_panel")
        self._choice = SamplesChoice()
        self._count = WholeNumberBox(1, _MOST_SAMPLES)
        self._seed = WholeNumberBox(0, _HIGHEST_SEED)
        self._temperature = QSlider(Qt.Orientation.Horizontal)
        self._temperature.setRange(0, round(100 * _HIGHEST_TEMPERATURE))
        self._temperature_box = NumberBox(0.0, _HIGHEST_TEMPERATURE, decimals=2)
        self._new_seed = icon_button("randomise", "New seed: draw other samples")
        self._new_seed.setAccessibleName("New seed")
        self._copy = icon_button("copy", "Copy the samples to the clipboard as one picture")
        self._export = icon_button("export", "Export the samples as one PNG")
        self._grid = ImageGrid()
        self._grid.setAccessibleName("Samples; Enter takes one to the ring")
        self._empty = EmptyState()
        self._describe()
        self._lay_out()
        self._connect()
        self.show_choice(self._choice)
        self.show_empty("Pictures drawn from the prior appear here once a model is open.")

    def show_samples(self, samples: NDArray[np.uint8]) -> None:
        """Show samples (count, height, width, 1 or 3)."""
        self._grid.show_pictures(samples[:, None])
        self._pages.setCurrentWidget(self._grid)
        self._enable(True)

    def show_choice(self, choice: SamplesChoice) -> None:
        """Show which samples are chosen; announces nothing."""
        self._choice = choice
        editors = (self._count, self._seed, self._temperature, self._temperature_box)
        blocked = [editor.blockSignals(True) for editor in editors]
        self._count.setValue(choice.count)
        self._seed.setValue(choice.seed)
        self._temperature.setValue(round(100 * choice.temperatures[0]))
        self._temperature_box.setValue(choice.temperatures[0])
        for editor, was_blocked in zip(editors, blocked, strict=True):
            editor.blockSignals(was_blocked)

    def show_empty(self, text: str, button: str = "") -> None:
        """Say in one line why there are no samples, and offer a button."""
        self._empty.show_line(text, button)
        self._pages.setCurrentWidget(self._empty)
        self._enable(False)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._grid.set_smooth(smooth)

    def _describe(self) -> None:
        self._count.setToolTip(f"How many samples are drawn, from 1 to {_MOST_SAMPLES}")
        self._seed.setToolTip("Seed of the noise: the same seed gives the same samples")
        temperature = "Scale of the noise: 0 gives the middle of the prior, 1 the prior itself"
        self._temperature.setToolTip(temperature)
        self._temperature_box.setToolTip(temperature)
        self._count.setAccessibleName("Count")
        self._seed.setAccessibleName("Seed")
        self._temperature.setAccessibleName("Temperature")
        self._temperature_box.setAccessibleName("Temperature, exact")
        self._temperature_box.setSingleStep(0.1)

    def _lay_out(self) -> None:
        self._count.setFixedWidth(56)
        self._seed.setFixedWidth(80)
        self._temperature_box.setFixedWidth(52)
        self._temperature.setMinimumWidth(48)
        self._temperature.setMaximumWidth(160)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(4)
        for text, editors in (
            ("Count", (self._count,)),
            ("Seed", (self._seed, self._new_seed)),
            ("Temperature", (self._temperature, self._temperature_box)),
        ):
            bar.addWidget(QLabel(text))
            for editor in editors:
                bar.addWidget(editor)
            bar.addSpacing(8)
        bar.addStretch()
        bar.addWidget(self._copy)
        bar.addWidget(self._export)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._grid)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(self._pages, stretch=1)

    def _connect(self) -> None:
        self._count.valueChanged.connect(lambda count: self._choose(replace(self._choice, count=count)))
        self._seed.valueChanged.connect(lambda seed: self._choose(replace(self._choice, seed=seed)))
        self._temperature.valueChanged.connect(lambda hundredths: self._choose_temperature(hundredths / 100))
        self._temperature_box.valueChanged.connect(self._choose_temperature)
        self._new_seed.clicked.connect(self._choose_next_seed)
        self._grid.item_activated.connect(self.item_activated)
        self._copy.clicked.connect(self.copy_requested)
        self._export.clicked.connect(self.export_requested)
        self._empty.action.connect(self.empty_action)

    def _choose_temperature(self, temperature: float) -> None:
        self._choose(replace(self._choice, temperatures=(temperature,)))

    def _choose_next_seed(self) -> None:
        # Counting up keeps every grid reachable again: one step back in the box shows the one before.
        self._choose(replace(self._choice, seed=(self._choice.seed + 1) % _HIGHEST_SEED))

    def _choose(self, choice: SamplesChoice) -> None:
        self.show_choice(choice)
        self.choice_changed.emit(choice)

    def _enable(self, has_samples: bool) -> None:
        reason = "" if has_samples else " (there are no samples yet)"
        for button, tooltip in (
            (self._copy, "Copy the samples to the clipboard as one picture"),
            (self._export, "Export the samples as one PNG"),
        ):
            button.setEnabled(has_samples)
            button.setToolTip(tooltip + reason)
