"""Sums of classes, groups and items."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.plane_controller import features
from explorer.controllers.planner import Planner
from explorer.controllers.sheet_controller import SheetController
from explorer.services.code_sheets import DecodedSheet
from explorer.services.code_sums import SumJob, SummedCodes
from explorer.services.decoder import Decoder
from explorer.services.item_cards import original_items
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.selection import groups_here
from explorer.state.session_store import SessionStore
from explorer.state.wording import attribute_title
from explorer.views.arithmetic_dialog import ArithmeticDialog

_NO_MODEL = "Open a model first, so that there are codes to add."


class ArithmeticController(SheetController):
    """Computes the sum that the person types, shows its terms, and puts the ring there.

    told: what was done to pictures so that they fit.
    """

    told = Signal(str)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        jobs: JobRunner,
        dialog: ArithmeticDialog,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(store, planner, decoder, dialog, "sum", "sum", parent)
        self._jobs = jobs
        self._dialog = dialog
        self._job: Job | None = None
        self._summed: SummedCodes | None = None
        planner.planned.connect(self._apply)
        dialog.sum_requested.connect(self._compute)
        dialog.go_requested.connect(self._go_to_sum)
        dialog.cancelled.connect(self._cancel)

    @Slot()
    def open(self) -> None:
        """Show the line to type in, beside the window."""
        self._dialog.show_text(self._store.state.sliders.expression)
        self._dialog.show()
        self._dialog.activateWindow()

    @Slot(bool)
    def _see(self, seen: bool) -> None:
        super()._see(seen)
        if seen:
            self._offer_names()

    def _offer_names(self) -> None:
        opened = self._planner.opened
        if opened is None:
            return
        classes, attributes = features(opened)
        groups = (group.name for group in groups_here(self._store.state.selection.groups, opened))
        count = 0 if opened.encoded is None else len(opened.encoded.codes)
        self._dialog.show_names((*attributes, *map(attribute_title, classes), *groups), count)

    @Slot(str)
    def _compute(self, text: str) -> None:
        plan = self._planner.plan
        if plan.opened is None:
            self._dialog.show_problem(_NO_MODEL)
            return
        self._cancel()
        self._store.update(undoable=False, sliders=replace(self._store.state.sliders, expression=text))
        encoded = plan.opened.encoded
        items = None if encoded is None else original_items(encoded, plan.opened.items)
        groups = groups_here(self._store.state.selection.groups, plan.opened)
        self._job = self._jobs.start(
            SumJob(plan.opened.facts.path, text, encoded, items, groups, plan.told), self._take
        )
        self._job.progressed.connect(self._show_progress)

    @Slot(object)
    def _take(self, outcome: Outcome[SummedCodes]) -> None:
        if self.sender() is not None and self.sender() is not self._job:
            # It was given up for another one.
            return
        self._job = None
        self._dialog.end_progress()
        summed = outcome.value
        if outcome.cancelled or summed is None:
            self._dialog.show_problem("" if outcome.cancelled else outcome.error)
        elif summed.wish is None or summed.wish.codes.shape[1] != len(self._planner.plan.code):
            self._dialog.show_problem(summed.problem)
        else:
            self._summed = summed
            self._decoder.decode_sheet(summed.wish)
            if summed.notes:
                self.told.emit(summed.notes)

    @Slot(object)
    def _show(self, decoded: DecodedSheet) -> None:
        if self._summed is not None and decoded.wish is self._summed.wish:
            super()._show(decoded)
            self._dialog.show_terms(decoded.pictures, decoded.wish.column_titles)

    @Slot()
    def _go_to_sum(self) -> None:
        if self._shown is not None:
            self._go(len(self._shown.wish.codes) - 1)

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._dialog.end_progress()

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        if self.sender() is self._job:
            self._dialog.show_progress(share, what or "finding codes")

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None or old.opened is new.opened:
            return
        if old.opened is None or old.opened.facts.generation != new.opened.facts.generation:
            # Codes of another model are not to be gone to.
            self._cancel()
            self._summed = self._shown = None
            self._dialog.show_empty("Compute the sum again for this model.")
        if self._is_seen:
            self._offer_names()
