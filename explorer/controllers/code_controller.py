"""The current point: its picture and its sliders."""

import time
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Code, Plan, resting_code
from explorer.controllers.planner import Planner
from explorer.controllers.slider_groups import slider_groups
from explorer.services.decoder import DecodedPicture, Decoder
from explorer.services.nearest_items import ItemCode
from explorer.services.opening import Opened
from explorer.state.session_store import SessionStore
from explorer.state.slider_values import CategorySpec
from explorer.views.decoded_panel import DecodedPanel
from explorer.views.sliders_panel import SlidersPanel

_NUMBERS_SHOWN = 4


class CodeController(QObject):
    """Keeps picture and sliders at the current point, and moves the point as the sliders say.

    picture_shown: milliseconds of the network, and from the change of the point to its picture being shown; 0 where
    the point stayed and the model changed.
    """

    picture_shown = Signal(float, float)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        decoded: DecodedPanel,
        sliders: SlidersPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._decoded = decoded
        self._sliders = sliders
        self._asked = 0.0
        self._picture: DecodedPicture | None = None
        planner.planned.connect(self._apply)
        decoder.picture_decoded.connect(self._show_picture)
        decoder.code_drawn.connect(self._take_code)
        decoder.item_encoded.connect(self._take_item)
        sliders.drag_started.connect(store.begin_gesture)
        sliders.drag_finished.connect(store.end_gesture)
        sliders.dimension_moved.connect(self._move)
        sliders.category_chosen.connect(self._choose_category)
        sliders.reset_requested.connect(self._reset)
        sliders.randomise_requested.connect(self._randomise)
        sliders.lock_requested.connect(self._lock)
        sliders.show_empty("The numbers of the current point appear here once a model is open.")

    @property
    def picture(self) -> DecodedPicture | None:
        """The picture that is shown."""
        return self._picture

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

    @Slot(object)
    def _take_item(self, found: ItemCode) -> None:
        self._store.update(code=found.code, condition=found.condition)

    @Slot(int, bool)
    def _lock(self, dimension: int, locked: bool) -> None:
        choice = self._store.state.sliders
        kept = (self._planner.plan.locked - {dimension}) | ({dimension} if locked else set())
        self._store.update(sliders=replace(choice, locked=tuple(sorted(kept))))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        if new.picture != old.picture:
            # Another model brings a new picture, too, but nobody waits for that with a hand on the ring.
            is_moved = (new.code, new.told) != (old.code, old.told)
            self._asked = time.perf_counter() if old.opened is not None and is_moved else 0.0
            self._decoder.decode(new.code, new.told)
        if old.opened is None or new.opened.facts != old.opened.facts or new.locked != old.locked:
            self._show_sliders(old, new.opened)
        if new.code != old.code or old.opened is None or old.opened.opening != new.opened.opening:
            self._sliders.show_values(new.code)

    def _show_sliders(self, old: Plan, opened: Opened) -> None:
        groups = slider_groups(opened, self._planner.plan.locked)
        if old.opened is None or groups != slider_groups(old.opened, old.locked):
            self._sliders.show_groups(groups, self._planner.plan.code)

    @Slot(object)
    def _show_picture(self, decoded: DecodedPicture) -> None:
        self._picture = decoded
        self._decoded.show_picture(decoded.picture)
        self._decoded.show_caption(self._caption(decoded))
        waited = (time.perf_counter() - self._asked) * 1e3 if self._asked else 0.0
        self.picture_shown.emit(decoded.milliseconds, waited)

    def _caption(self, decoded: DecodedPicture) -> str:
        opened = self._planner.opened
        condition = opened.facts.condition.text(decoded.condition) if opened is not None and decoded.condition else ""
        return " · ".join(part for part in (condition, code_caption(decoded.code)) if part)


def code_caption(code: Code) -> str:
    """The code in words, the first numbers of a long one."""
    # Adding zero makes the two zeros one: there is no minus in front of what is shown as nothing.
    numbers = ", ".join(f"{round(value, 2) + 0.0:.2f}".replace("-", "−") for value in code[:_NUMBERS_SHOWN])
    more = f", … ({len(code)} numbers)" if len(code) > _NUMBERS_SHOWN else ""
    return f"z = ({numbers}{more})"
