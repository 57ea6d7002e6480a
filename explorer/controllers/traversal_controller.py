"""The sheet of traversals through the current point."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.controllers.sheet_controller import SheetController
from explorer.controllers.slider_groups import most_active
from explorer.services.code_sheets import DecodedSheet, SheetWish, TraversalSteps, traversal_steps, traversal_wish
from explorer.services.decoder import Decoder
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.state.slider_choices import TraversalChoice
from explorer.views.traversal_dialog import TraversalDialog

if TYPE_CHECKING:
    from collections.abc import Hashable

_NO_DATA = "There are no encoded data whose quantiles there could be"


class TraversalController(SheetController):
    """Keeps the sheet at the current point while it is seen."""

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        dialog: TraversalDialog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(store, planner, decoder, dialog, "sheet of traversals", "traversals", parent)
        self._dialog = dialog
        self._wish: SheetWish | None = None
        self._steps: tuple[Hashable, TraversalSteps] | None = None
        planner.planned.connect(self._apply)
        store.changed.connect(self._follow_state)
        dialog.choice_changed.connect(self._choose)

    @Slot()
    def open(self) -> None:
        """Show the sheet beside the window."""
        self._dialog.show()
        self._dialog.activateWindow()

    @Slot(bool)
    def _see(self, seen: bool) -> None:
        super()._see(seen)
        if seen:
            self._ask()
        else:
            self._wish = None
            self._decoder.cancel_sheet()

    @Slot(object)
    def _choose(self, choice: TraversalChoice) -> None:
        self._store.update(sliders=replace(self._store.state.sliders, traversal=choice))

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
            super()._show(decoded)
            self._dialog.show_sheet(decoded.pictures, decoded.wish.row_titles, decoded.wish.column_titles)
