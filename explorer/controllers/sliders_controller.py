"""The sliders of the numbers of the code."""

import time
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Code, Plan, resting_code
from explorer.controllers.planner import Planner
from explorer.controllers.slider_groups import slider_groups
from explorer.services.decoder import Decoder
from explorer.services.opening import Opened
from explorer.state.session_store import SessionStore
from explorer.state.slider_values import CategorySpec
from explorer.views.sliders_panel import SlidersPanel


class SlidersController(QObject):
    """Keeps the sliders at the current point while they are seen, and moves the point as they say."""

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        sliders: SlidersPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._planner, self._decoder, self._sliders = store, planner, decoder, sliders
        # What the sliders show, with nothing open before they show anything.
        self._shown = Plan()
        planner.planned.connect(self._apply)
        sliders.seen.connect(self._see)
        decoder.code_drawn.connect(self._take_code)
        sliders.drag_started.connect(store.begin_gesture)
        sliders.drag_finished.connect(store.end_gesture)
        sliders.dimension_moved.connect(self._move)
        sliders.category_chosen.connect(self._choose_category)
        sliders.reset_requested.connect(self._reset)
        sliders.randomise_requested.connect(self._randomise)
        sliders.lock_requested.connect(self._lock)
        sliders.show_empty("The numbers of the current point appear here once a model is open.")

    @Slot(int, float)
    def _move(self, dimension: int, value: float) -> None:
        code = list(self._planner.plan.code)
        if 0 <= dimension < len(code):
            code[dimension] = value
            self._store.update(code=tuple(code))

    @Slot(object, int)
    def _choose_category(self, spec: CategorySpec, place: int) -> None:
        code, last = list(self._planner.plan.code), spec.first + len(spec.choices)
        if last <= len(code):
            code[spec.first : last] = [float(index == place) for index in range(len(spec.choices))]
            self._store.update(code=tuple(code))

    @Slot(int)
    def _reset(self, dimension: int) -> None:
        opened = self._planner.opened
        if opened is None:
            return
        if dimension < 0:
            self._store.update(code=self._planner.plan.held(resting_code(opened.facts)))
        else:
            self._move(dimension, opened.facts.means[dimension])

    @Slot()
    def _randomise(self) -> None:
        if self._planner.opened is not None:
            self._decoder.draw_code(time.monotonic_ns() % 2**31, self._planner.plan.condition)

    @Slot(object)
    def _take_code(self, code: Code) -> None:
        self._store.update(code=self._planner.plan.held(code))

    @Slot(int, bool)
    def _lock(self, dimension: int, locked: bool) -> None:
        choice = self._store.state.sliders
        kept = (self._planner.plan.locked - {dimension}) | ({dimension} if locked else set())
        self._store.update(sliders=replace(choice, locked=tuple(sorted(kept))))

    @Slot(object, object)
    def _apply(self, _old: Plan, new: Plan) -> None:
        if new.opened is None:
            self._shown = new
        elif self._sliders.isVisible():
            self._show(new, new.opened)

    @Slot()
    def _see(self) -> None:
        self._apply(self._shown, self._planner.plan)

    def _show(self, new: Plan, opened: Opened) -> None:
        old, self._shown = self._shown, new
        if old.opened is None or opened.facts != old.opened.facts or new.locked != old.locked:
            groups = slider_groups(opened, new.locked)
            if old.opened is None or groups != slider_groups(old.opened, old.locked):
                self._sliders.show_groups(groups, new.code)
        if new.code != old.code or old.opened is None or old.opened.opening != opened.opening:
            self._sliders.show_values(new.code)
