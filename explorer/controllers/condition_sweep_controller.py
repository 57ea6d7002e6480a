"""The current code under every condition."""

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedSweep, Decoder
from explorer.state.condition_sweep import condition_sweep
from explorer.state.session_store import SessionStore
from explorer.views.conditions_panel import ConditionsPanel

_NO_CONDITION = "This model takes no class and no attributes, so there are no conditions to compare."
_ONLY_SAMPLES = "What this model decodes does not depend on the condition; only its samples do."
_NO_CONTROLS = "This model is told something that is neither a class nor attributes, which cannot be swept."


class ConditionSweepController(QObject):
    """Keeps the panel of conditions at the current code; while nobody sees the panel, nothing is decoded for it.

    export_wanted: what the panel shows, as an `Exportable`, or None, or a sentence why there can be nothing.
    """

    export_wanted = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        panel: ConditionsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._panel = panel
        self._is_seen = False
        self._asked: object = None
        self._shown: DecodedSweep | None = None
        planner.planned.connect(self._apply)
        decoder.sweep_decoded.connect(self._show)
        panel.item_activated.connect(self._take_item)
        panel.seen_changed.connect(self._see)

    @Slot()
    def export(self) -> None:
        """Ask where the pictures of all conditions go."""
        plan = self._planner.plan
        nothing = empty_sentence(plan) if plan.opened is not None and plan.sweep is None else None
        self.export_wanted.emit(exportables.condition_sweep(plan, self._shown) or nothing)

    @Slot(bool)
    def _see(self, is_seen: bool) -> None:
        self._is_seen = is_seen
        self._ask(self._planner.plan)

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        if new.sweep is None and (old.opened is None or old.opened.facts.condition != new.opened.facts.condition):
            self._shown = self._asked = None
            self._panel.show_empty(empty_sentence(new))
        self._ask(new)

    def _ask(self, plan: Plan) -> None:
        if plan.sweep is None or plan.opened is None or not self._is_seen or plan.sweep == self._asked:
            return
        self._asked = plan.sweep
        self._decoder.decode_sweep(plan.code, condition_sweep(plan.opened.facts.condition, plan.condition))

    @Slot(object)
    def _show(self, decoded: DecodedSweep) -> None:
        self._shown = decoded
        self._panel.show_sweep(decoded.sweep, decoded.pictures)

    @Slot(int)
    def _take_item(self, index: int) -> None:
        if self._shown is not None and 0 <= index < len(self._shown.sweep.conditions):
            self._store.update(condition=self._shown.sweep.conditions[index])


def empty_sentence(plan: Plan) -> str:
    """Why a model has no conditions to compare."""
    facts = plan.opened.facts.condition if plan.opened is not None else None
    if facts is None or facts.kind == "none":
        return _NO_CONDITION
    return _NO_CONTROLS if facts.decodes else _ONLY_SAMPLES
