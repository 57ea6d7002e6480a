"""The sheet of traversals through the current point."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.controllers.slider_groups import most_active
from explorer.services.code_sheets import DecodedSheet, SheetWish, TraversalSteps, traversal_steps, traversal_wish
from explorer.services.decoder import Decoder
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.state.slider_choices import TraversalChoice
from explorer.views.traversal_dialog import TraversalDialog

if TYPE_CHECKING:
    from collections.abc import Hashable

    from explorer.services.exports import Exportable

_NO_DATA = "There are no encoded data whose quantiles there could be"


class TraversalController(QObject):
    """Keeps the sheet at the current point while it is seen.

    export_wanted, copy_wanted: an `Exportable`, or None.
    """

    export_wanted = Signal(object)
    copy_wanted = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        dialog: TraversalDialog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._dialog = dialog
        self._wish: SheetWish | None = None
        self._shown: DecodedSheet | None = None
        self._steps: tuple[Hashable, TraversalSteps] | None = None
        self._is_seen = False
        planner.planned.connect(self._apply)
        store.changed.connect(self._follow_state)
        decoder.sheet_decoded.connect(self._show)
        dialog.seen.connect(self._see)
        dialog.choice_changed.connect(self._choose)
        dialog.item_activated.connect(self._go)
        dialog.export_requested.connect(self._export)
        dialog.copy_requested.connect(self._copy)

    @property
    def sheet(self) -> "Exportable | None":
        """The sheet that is shown, to be exported."""
        return exportables.code_sheet(self._planner.plan, self._shown, "sheet of traversals", "traversals")

    @Slot()
    def open(self) -> None:
        """Show the sheet beside the window."""
        self._dialog.show()
        self._dialog.activateWindow()

    @Slot(bool)
    def _see(self, seen: bool) -> None:
        self._is_seen = seen
        if seen:
            self._ask()
        else:
            self._wish = None
            self._decoder.cancel_sheet()

    @Slot(object)
    def _choose(self, choice: TraversalChoice) -> None:
        self._store.update(sliders=replace(self._store.state.sliders, traversal=choice))

    @Slot(int)
    def _go(self, index: int) -> None:
        shown = self._shown
        if shown is not None and 0 <= index < len(shown.wish.codes):
            self._store.update(code=tuple(shown.wish.codes[index].tolist()))

    @Slot()
    def _export(self) -> None:
        self.export_wanted.emit(self.sheet)

    @Slot()
    def _copy(self) -> None:
        self.copy_wanted.emit(self.sheet)

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if old.sliders.traversal != new.sliders.traversal:
            self._ask()

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        is_other = (old.opened is None) != (new.opened is None) or old.picture != new.picture
        is_ordered = new.opened is not None and old.opened is not None and old.opened.encoded is not new.opened.encoded
        if is_other or is_ordered:
            self._ask()

    def _ask(self) -> None:
        plan = self._planner.plan
        if not self._is_seen or plan.opened is None:
            return
        facts, encoded = plan.opened.facts, plan.opened.encoded
        choice = self._store.state.sliders.traversal.fitting()
        self._dialog.show_choice(choice, "" if encoded is not None else _NO_DATA)
        dimensions = most_active(facts, choice.rows)
        names = tuple(facts.dimension_names[dimension] for dimension in dimensions)
        # Quantiles are sorted for once and not at every step of a drag.
        key = choice, dimensions, facts.means, facts.deviations, encoded
        if self._steps is None or self._steps[0] != key:
            self._steps = key, traversal_steps(choice, dimensions, (facts.means, facts.deviations), encoded)
        self._wish = traversal_wish(self._steps[1], plan.code, dimensions, names, plan.told)
        self._dialog.set_waiting()
        self._decoder.decode_sheet(self._wish)

    @Slot(object)
    def _show(self, decoded: DecodedSheet) -> None:
        if decoded.wish is self._wish:
            self._shown = decoded
            self._dialog.show_sheet(decoded.pictures, decoded.wish.row_titles, decoded.wish.column_titles)
