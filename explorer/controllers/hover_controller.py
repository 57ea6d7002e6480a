"""The card of the point under the cursor."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.services.encodings import EncodedItems
from explorer.services.item_cards import CardWish
from explorer.state.item_card import ItemCard
from explorer.views.latent_map import LatentMap

_CARD_AFTER_MS = 125


class HoverController(QObject):
    """Shows a card once the cursor has rested on a point, and drops answers about points it has left."""

    def __init__(
        self, planner: Planner, decoder: Decoder, latent_map: LatentMap, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._planner = planner
        self._decoder = decoder
        self._map = latent_map
        self._index = -1
        self._timer = QTimer(self, singleShot=True, interval=_CARD_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        latent_map.point_hovered.connect(self._hover)
        decoder.card_made.connect(self._show)
        planner.planned.connect(self._apply)

    @Slot(int)
    def _hover(self, index: int) -> None:
        if self._index >= 0:
            self._decoder.cancel_card()
        self._index = index
        self._map.show_card(None)
        if index >= 0:
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _ask(self) -> None:
        plan = self._planner.plan
        encoded = plan.opened.encoded if plan.opened is not None else None
        if plan.opened is not None and plan.plane is not None and encoded is not None:
            if 0 <= self._index < len(encoded.codes):
                self._decoder.make_card(CardWish(self._index, encoded, plan.opened.items, plan.plane))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if self._index >= 0 and not _is_same_point(self._index, old, new):
            self._map.look_away()
            self._hover(-1)

    @Slot(object)
    def _show(self, card: ItemCard) -> None:
        if card.index == self._index:
            self._map.show_card(card)


def _is_same_point(index: int, old: Plan, new: Plan) -> bool:
    # Points of another model, or on another plane, are others; when only more of them come, those there stay.
    if old.plane is None or new.plane is None or old.plane.choice != new.plane.choice:
        return False
    before, now = (plan.opened.encoded if plan.opened is not None else None for plan in (old, new))
    if before is None or now is None or before is now:
        return before is now
    is_of_same = (before.generation, before.source) == (now.generation, now.source)
    return is_of_same and index < min(len(before.codes), len(now.codes)) and _agree(before, now, index)


def _agree(before: EncodedItems, now: EncodedItems, index: int) -> bool:
    # Other batches, other rounding.
    return np.allclose(before.codes[index], now.codes[index], rtol=1e-3, atol=1e-3)
