"""The codebook of a model that rounds its codes, and edits of single cells."""

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.codebooks import CodeGrid
from explorer.services.decoder import Decoder
from explorer.state.codebook_values import CellEdit, CodebookFacts
from explorer.views.codebook_panel import CodebookPanel

_EMPTY = "A model that rounds its codes to a codebook shows here which entry lies where."
_NOTHING = "This model does not round its codes, so it has no codebook to show."


class CodebookController(QObject):
    """Keeps the grid at the current point, and asks for the code of an edited grid, which is one step of undo."""

    def __init__(self, planner: Planner, decoder: Decoder, panel: CodebookPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._planner = planner
        self._decoder = decoder
        self._panel = panel
        self._block = ""
        planner.planned.connect(self._apply)
        decoder.codebook_read.connect(self._show_codebook)
        decoder.grid_read.connect(self._show_grid)
        panel.cell_edited.connect(self._edit)
        panel.block_chosen.connect(self._choose_block)
        panel.show_empty(_EMPTY)

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        blocks = new.opened.facts.quantized_blocks
        if not blocks:
            if old.opened is not new.opened:
                self._panel.show_empty(_NOTHING)
            return
        if self._block not in blocks:
            self._block = blocks[0]
        if old.opened is not new.opened:
            self._panel.show_blocks(blocks, self._block)
            self._decoder.read_codebook(self._block, new.opened.encoded)
        if old.opened is not new.opened or old.code != new.code:
            self._decoder.read_grid(new.code, self._block)

    @Slot(str)
    def _choose_block(self, block: str) -> None:
        plan = self._planner.plan
        if plan.opened is not None and block in plan.opened.facts.quantized_blocks:
            self._block = block
            self._decoder.read_codebook(block, plan.opened.encoded)
            self._decoder.read_grid(plan.code, block)

    @Slot(object)
    def _edit(self, edit: CellEdit) -> None:
        self._decoder.edit_grid(self._planner.plan.code, edit)

    @Slot(object)
    def _show_codebook(self, facts: CodebookFacts) -> None:
        if facts.block == self._block:
            self._panel.show_codebook(facts)

    @Slot(object)
    def _show_grid(self, grid: CodeGrid) -> None:
        if grid.block == self._block:
            self._panel.show_indices(grid.indices)
