"""The pictures of the filmstrip: asked for once each, and only while somebody can see them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.snapshot_pictures import Probe
from explorer.services.snapshot_reader import SnapshotReader
from explorer.state.history_values import RunSnapshots, SnapshotColumn
from explorer.views.history_panel import HistoryPanel

if TYPE_CHECKING:
    from explorer.services.data_items import DataItems


class HistoryStrip(QObject):
    """Keeps the filmstrip of the panel complete."""

    def __init__(
        self, planner: Planner, reader: SnapshotReader, panel: HistoryPanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._panel = panel
        self._history = RunSnapshots()
        self._items: DataItems | None = None
        self._pictured: set[int] = set()
        self._is_seen = False
        planner.planned.connect(self._apply)
        reader.listed.connect(self.show_list)
        reader.pictured.connect(self._show_pictures)
        reader.strip_ended.connect(panel.show_strip_note)

    @Slot(bool)
    def set_seen(self, is_seen: bool) -> None:
        """The panel has come into sight or gone; its pictures cost too much to be drawn unseen."""
        if is_seen != self._is_seen:
            self._is_seen = is_seen
            self._draw()

    @Slot(object)
    def show_list(self, history: RunSnapshots) -> None:
        """Draw what is not drawn yet of the snapshots there are now."""
        if history.run != self._history.run:
            self._pictured = set()
        self._history = history
        self._draw()

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if old.opened is not new.opened and new.opened is not None and new.opened.items is not self._items:
            self._items, self._pictured = new.opened.items, set()
            self._draw()

    def _draw(self) -> None:
        steps = tuple(mark.step for mark in self._history.marks if mark.step not in self._pictured)
        if not self._is_seen:
            self._reader.draw_no_strip()
        elif steps:
            self._reader.draw_strip(steps, Probe(self._items))

    @Slot(object)
    def _show_pictures(self, column: SnapshotColumn) -> None:
        self._pictured.add(column.step)
        self._panel.show_pictures(column)
