"""Pictures drawn from the prior."""

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Plan, fitting_samples
from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.services.samples import DrawnSamples, SamplesWish
from explorer.state.session_state import SamplesChoice
from explorer.state.session_store import SessionStore
from explorer.views.samples_panel import SamplesPanel


class SamplesController(QObject):
    """Keeps the samples as the plan says."""

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        panel: SamplesPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._decoder = decoder
        self._panel = panel
        self._shown: DrawnSamples | None = None
        planner.planned.connect(self._apply)
        decoder.samples_drawn.connect(self._show)
        panel.choice_changed.connect(self._choose)
        panel.item_activated.connect(self._take_item)
        panel.show_empty("Samples from the prior appear here once a model is open.")

    @property
    def samples(self) -> DrawnSamples | None:
        """The samples that are shown."""
        return self._shown

    @Slot(object)
    def _choose(self, choice: SamplesChoice) -> None:
        self._store.update(samples=choice)

    @Slot(int)
    def _take_item(self, index: int) -> None:
        drawn = self._shown
        if drawn is not None and 0 <= index < len(drawn.codes):
            code, condition = drawn.codes[index].tolist(), drawn.conditions[index].tolist()
            self._store.update(code=tuple(code), condition=tuple(condition))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None or new.samples == old.samples:
            return
        choice = fitting_samples(self._store.state.samples, new.opened.facts)
        self._panel.show_choice(choice)
        condition = new.condition if choice.condition == "current" else ()
        wish = SamplesWish(choice.count, choice.seed, choice.temperatures, condition, choice.rising)
        self._decoder.draw_samples(wish)

    @Slot(object)
    def _show(self, drawn: DrawnSamples) -> None:
        self._shown = drawn
        self._panel.show_samples(drawn.pictures)
