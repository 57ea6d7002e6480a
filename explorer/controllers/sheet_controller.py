"""What every dialog with a sheet of codes does: go to a code of it, copy it and export it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.planner import Planner
from explorer.services.code_sheets import DecodedSheet
from explorer.services.decoder import Decoder
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from explorer.services.exports import Exportable
    from explorer.views.arithmetic_dialog import ArithmeticDialog
    from explorer.views.traversal_dialog import TraversalDialog


class SheetController(QObject):
    """Holds the sheet that a dialog shows.

    title, file: what the sheet is called in words, and as a file.
    export_wanted, copy_wanted: an `Exportable`, or None.
    """

    export_wanted = Signal(object)
    copy_wanted = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        dialog: "ArithmeticDialog | TraversalDialog",
        title: str,
        file: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._names = title, file
        self._shown: DecodedSheet | None = None
        self._is_seen = False
        decoder.sheet_decoded.connect(self._show)
        dialog.seen.connect(self._see)
        dialog.item_activated.connect(self._go)
        dialog.export_requested.connect(self._export)
        dialog.copy_requested.connect(self._copy)

    @property
    def sheet(self) -> "Exportable | None":
        """The sheet that is shown, to be exported; None without one."""
        return exportables.code_sheet(self._planner.plan, self._shown, *self._names)

    @Slot(bool)
    def _see(self, seen: bool) -> None:
        self._is_seen = seen

    @Slot(int)
    def _go(self, index: int) -> None:
        shown = self._shown
        if shown is not None and 0 <= index < len(shown.wish.codes):
            self._store.update(code=tuple(shown.wish.codes[index].tolist()))

    @Slot(object)
    def _show(self, decoded: DecodedSheet) -> None:
        self._shown = decoded

    @Slot()
    def _export(self) -> None:
        self.export_wanted.emit(self.sheet)

    @Slot()
    def _copy(self) -> None:
        self.copy_wanted.emit(self.sheet)
