"""The history of a run as a film: samples, reconstructions or the map as they are shown, at every snapshot."""

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.export_controller import ExportController
from explorer.controllers.history_controller import HistoryController
from explorer.controllers.reconstructions_controller import ReconstructionsController
from explorer.views.history_panel import HistoryPanel

_NO_RUN = "There are no snapshots to make a film of; open a run folder."
_NOTHING = {
    "samples": "There are no samples to make a film of yet; wait until they are drawn.",
    "reconstructions": "There are no reconstructions to make a film of yet; see the Reconstructions panel.",
    "map": "There is no map to make a film of yet; open a model.",
}
_NO_TILES = "This map is no plane with tiles of its own; choose dimensions or principal directions under Plane."
_BOTH_SPLITS = "Items of both splits at once cannot be looked up again; choose test or training items."


class HistoryFilms(QObject):
    """Asks where a film of the history goes, and how it is to look.

    export_wanted: an `Exportable`. failed: a sentence why there is none.
    """

    export_wanted = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        history: HistoryController,
        export: ExportController,
        reconstructions: ReconstructionsController,
        panel: HistoryPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._panel = panel
        self._shown = {
            "samples": export.samples_shown,
            "reconstructions": reconstructions.shown,
            "map": export.map_shown,
        }
        panel.export_requested.connect(self.ask)

    @Slot()
    def ask(self) -> None:
        """Ask where the film goes."""
        kind = self._panel.film_kind
        inner, steps = self._shown[kind](), [mark.step for mark in self._history.history.marks]
        thing = None if inner is None else exportables.history(inner, steps)
        if not steps:
            self.failed.emit(_NO_RUN)
        elif inner is None:
            self.failed.emit(_NOTHING[kind])
        elif thing is None:
            self.failed.emit(_NO_TILES if kind == "map" else _BOTH_SPLITS)
        else:
            self.export_wanted.emit(thing)
