"""The picture of the current point."""

import time

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Code, Plan
from explorer.controllers.planner import Planner
from explorer.services.decoder import DecodedPicture, Decoder
from explorer.services.nearest_items import ItemCode
from explorer.state.session_store import SessionStore
from explorer.views.decoded_panel import DecodedPanel

_NUMBERS_SHOWN = 4


class CodeController(QObject):
    """Keeps the picture at the current point.

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
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._decoded = decoded
        self._asked = 0.0
        self._picture: DecodedPicture | None = None
        planner.planned.connect(self._apply)
        decoder.picture_decoded.connect(self._show_picture)
        decoder.item_encoded.connect(self._take_item)

    @property
    def picture(self) -> DecodedPicture | None:
        """The picture that is shown."""
        return self._picture

    @Slot(object)
    def _take_item(self, found: ItemCode) -> None:
        self._store.update(code=found.code, condition=found.condition)

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        if new.picture != old.picture:
            # Another model brings a new picture, too, but nobody waits for that with a hand on the ring.
            is_moved = (new.code, new.told) != (old.code, old.told)
            self._asked = time.perf_counter() if old.opened is not None and is_moved else 0.0
            self._decoder.decode(new.code, new.told)

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
