"""The codebook of a model that rounds its codes: the grid of entries at the current point, and the entries."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.codebook_values import CellEdit, CodebookFacts
from explorer.state.scatter_values import Scatter
from explorer.views.widgets.choice_box import ChoiceBox
from explorer.views.widgets.controls import SentenceLabel, elided_label
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.index_grid import IndexGrid
from explorer.views.widgets.scatter_view import ScatterView, frame_around


class CodebookPanel(QWidget):
    """Left the grid, whose cells can be given other entries; right the entries on their principal plane.

    A cell is chosen in the grid; its entry is typed, or clicked among the entries.
    cell_edited(CellEdit); block_chosen(str): another block of the code, where there are several.
    """

    cell_edited = Signal(object)
    block_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codebook_panel")
        self._facts: CodebookFacts | None = None
        self._indices = np.empty((0, 0), dtype=np.int64)
        self._colours: tuple[QColor, ...] = ()
        self._blocks = ChoiceBox("Block", "Which block of the code is shown")
        self._cell = QLabel()
        self._entry = QLineEdit()
        self._entry.setFixedWidth(64)
        self._entry.setAccessibleName("Entry of the chosen cell")
        self._usage = elided_label()
        self._problem = SentenceLabel(is_error=True)
        self._grid = IndexGrid()
        self._grid.setAccessibleName("Entries of the codebook at the current point")
        self._map = ScatterView()
        self._map.setAccessibleName("Entries of the codebook; a click puts one into the chosen cell")
        self._empty = EmptyState()
        self._lay_out()
        self._connect()
        self.show_empty("A model with a codebook shows here which entry lies where.")

    def show_blocks(self, names: tuple[str, ...], chosen: str) -> None:
        """Offer the blocks that are rounded; the choice is there only where there are several."""
        self._blocks.set_choices(names)
        self._blocks.setCurrentText(chosen)
        self._blocks.setVisible(len(names) > 1)

    def show_codebook(self, facts: CodebookFacts) -> None:
        """Show the entries of a block: grey what no encoded item uses."""
        self._facts = facts
        self._colours = entry_colours(facts.positions)
        used = facts.usage > 0 if len(facts.usage) else np.ones(facts.entries, dtype=bool)
        groups = np.where(used, 0, -1).astype(np.int64)
        self._map.show_scatter(Scatter(facts.positions, frame_around(facts.positions), groups))
        self._usage.setText(_usage_text(facts))
        self._usage.setToolTip(self._usage.text())
        self._entry.setToolTip(f"A number from 0 to {facts.entries - 1}, then Enter")
        self._pages.setCurrentIndex(0)
        self._show_grid()

    def show_indices(self, indices: NDArray[np.int64]) -> None:
        """Show the entries (rows, columns) at the current point."""
        self._indices = indices
        self._show_grid()

    def show_empty(self, text: str) -> None:
        """Say in one line why there is no codebook."""
        self._facts = None
        self._empty.show_line(text)
        self._pages.setCurrentIndex(1)

    def _show_grid(self) -> None:
        if self._facts is None or not self._indices.size or self._indices.max() >= self._facts.entries:
            return
        self._grid.show_indices(self._indices, self._colours)
        self._show_cell()

    def _show_cell(self) -> None:
        row, column = self._grid.chosen
        entry = int(self._indices[row, column])
        self._cell.setText(f"Row {row + 1}, column {column + 1}: entry")
        self._entry.setText(str(entry))
        self._map.mark_item(entry)
        self._say("")

    def _say(self, sentence: str) -> None:
        self._problem.show_sentence(sentence)
        self._problem.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(8)
        for widget in (self._blocks, self._cell, self._entry, self._problem):
            bar.addWidget(widget)
        bar.addWidget(self._usage, stretch=1)
        sides = QHBoxLayout()
        sides.setSpacing(1)
        sides.addWidget(self._grid, stretch=1)
        sides.addWidget(self._map, stretch=1)
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addLayout(sides, stretch=1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(shown)
        self._pages.addWidget(self._empty)

    def _connect(self) -> None:
        self._blocks.textActivated.connect(self.block_chosen)
        self._grid.cell_chosen.connect(self._choose_cell)
        self._entry.returnPressed.connect(self._take_typed)
        self._map.item_activated.connect(self._put)

    @Slot(int, int)
    def _choose_cell(self, _row: int, _column: int) -> None:
        self._show_cell()

    @Slot()
    def _take_typed(self) -> None:
        text = self._entry.text().strip()
        if self._facts is None:
            return
        if not text.isdecimal() or int(text) >= self._facts.entries:
            self._say(f"The codebook has entries 0 to {self._facts.entries - 1}; “{text}” is none of them.")
            return
        self._put(int(text))

    @Slot(int)
    def _put(self, entry: int) -> None:
        row, column = self._grid.chosen
        self._say("")
        if self._facts is not None and self._indices.size and self._indices[row, column] != entry:
            self.cell_edited.emit(CellEdit(self._facts.block, row, column, entry))


def entry_colours(positions: NDArray[np.float32]) -> tuple[QColor, ...]:
    """A colour for every entry (entries, 2): the direction from the middle is its hue, the distance its strength."""
    centred = positions - positions.mean(axis=0)
    reach = float(np.abs(centred).max()) or 1.0
    return tuple(
        QColor.fromHslF(
            (math.atan2(v, u) / (2 * math.pi)) % 1.0,
            min(1.0, 0.25 + 0.6 * math.hypot(u, v) / reach),
            0.35 + 0.25 * u * u,
        )
        for u, v in (centred / reach).tolist()
    )


def _usage_text(facts: CodebookFacts) -> str:
    perplexity = facts.perplexity
    if perplexity is None:
        return f"{facts.entries} entries"
    used = int((facts.usage > 0).sum())
    return f"{used} of {facts.entries} entries used, perplexity {perplexity:.0f}, {facts.note}"
