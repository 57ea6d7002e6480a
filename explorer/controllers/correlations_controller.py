"""The diagram of how directions and attributes correlate."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.directions_controller import DirectionsController
from explorer.controllers.planner import Planner
from explorer.services.found_directions import FoundDirections
from explorer.views.correlation_dialog import CorrelationDialog

if TYPE_CHECKING:
    from explorer.services.exports import Exportable


class CorrelationsController(QObject):
    """Keeps the diagram of the directions that there are sliders for.

    export_wanted, copy_wanted: an `Exportable`, or None. told: why there is no diagram.
    """

    export_wanted = Signal(object)
    copy_wanted = Signal(object)
    told = Signal(str)

    def __init__(
        self,
        planner: Planner,
        directions: DirectionsController,
        dialog: CorrelationDialog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._planner = planner
        self._directions = directions
        self._dialog = dialog
        directions.found.connect(self._follow)
        dialog.export_requested.connect(self._export)
        dialog.copy_requested.connect(self._copy)

    @Slot()
    def open(self) -> None:
        """Show the diagram beside the window."""
        if not self._show(self._directions.directions):
            self.told.emit("A diagram needs two directions; look for some under Attributes of the sliders.")
            return
        self._dialog.show()
        self._dialog.activateWindow()

    def _show(self, found: FoundDirections | None) -> bool:
        opened, shown = self._planner.opened, found.correlations() if found is not None else None
        if shown is None or opened is None or found is None or found.table is None:
            return False
        method = found.table.directions[0].method
        self._dialog.show_correlations(shown, f"{opened.facts.title} · {method} · {found.table.count:,} items")
        return True

    @Slot(object)
    def _follow(self, found: FoundDirections | None) -> None:
        if self._dialog.isVisible() and not self._show(found):
            self._dialog.hide()

    @property
    def _diagram(self) -> "Exportable | None":
        return exportables.correlation_diagram(self._planner.plan, self._dialog.picture)

    @Slot()
    def _export(self) -> None:
        self.export_wanted.emit(self._diagram)

    @Slot()
    def _copy(self) -> None:
        self.copy_wanted.emit(self._diagram)
