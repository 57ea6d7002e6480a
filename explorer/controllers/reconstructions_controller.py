"""Test items beside what the model makes of them."""

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Plan, chosen_items
from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.services.reconstructions import Reconstructions
from explorer.state.session_state import ReconstructionsChoice
from explorer.state.session_store import SessionStore
from explorer.views.reconstructions_panel import ReconstructionsPanel

_NO_ENCODER = "This model has no encoder, so there is nothing to reconstruct."
_LOADING = "The test pictures are being read."


class ReconstructionsController(QObject):
    """Keeps the reconstructions as the plan says.

    data_wanted: the button beside the sentence that there are no data was pressed.
    """

    data_wanted = Signal()

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        panel: ReconstructionsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._panel = panel
        self._shown: Reconstructions | None = None
        planner.planned.connect(self._apply)
        decoder.reconstructed.connect(self._show)
        panel.choice_changed.connect(self._choose)
        panel.item_activated.connect(self._take_item)
        panel.empty_action.connect(self.data_wanted)

    @Slot(object)
    def _choose(self, choice: ReconstructionsChoice) -> None:
        self._store.update(reconstructions=choice)

    @Slot(int)
    def _take_item(self, index: int) -> None:
        if self._shown is not None and 0 <= index < len(self._shown.codes):
            self._store.update(code=tuple(self._shown.codes[index].tolist()))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        if new.reconstructions is None:
            if new.opened is not old.opened:
                self._explain(new)
            return
        if new.reconstructions != old.reconstructions:
            choice = self._store.state.reconstructions
            self._panel.show_choice(choice)
            items = new.opened.items
            if items is not None:
                self._decoder.reconstruct(items, chosen_items(choice, len(items)))

    def _explain(self, plan: Plan) -> None:
        if plan.opened is None:
            return
        if "encoder" not in plan.opened.facts.capabilities:
            self._panel.show_empty(_NO_ENCODER)
        elif plan.opened.items_problem:
            self._panel.show_empty(plan.opened.items_problem, "Look again")
        else:
            self._panel.show_empty(_LOADING)

    @Slot(object)
    def _show(self, made: Reconstructions) -> None:
        self._shown = made
        self._panel.show_pairs(
            made.originals, made.reconstructions, made.errors.tolist(), made.class_names, float(made.errors.mean())
        )
