"""Selected items and the neighbours of the current point as pictures."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.controllers.selection_controller import SelectionController
from explorer.services.decoder import Decoder
from explorer.services.item_cards import item_title
from explorer.services.pictured_items import PicturedItems, PicturesWish, Purpose
from explorer.views.selection_panel import SelectionPanel

_NEIGHBOURS = 24
_MOST_SHOWN = 200
_REST_MS = 150


class ItemPicturesController(QObject):
    """Shows pictures while the panel is in front, and once the point has come to rest.

    key_point_wanted: index of the encoded item that a path is to go on to.
    """

    key_point_wanted = Signal(int)

    def __init__(
        self,
        planner: Planner,
        decoder: Decoder,
        selection: SelectionController,
        panel: SelectionPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._planner, self._decoder, self._selection = planner, decoder, selection
        self._panel = panel
        self._shown: Purpose = "nearest"
        self._made: PicturedItems | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        planner.planned.connect(self._apply)
        selection.changed.connect(self._wait)
        decoder.items_pictured.connect(self._take)
        panel.shown_at_last.connect(self._wait)
        panel.shown_chosen.connect(self._choose)
        panel.item_activated.connect(self._go_to)
        panel.key_point_wanted.connect(self._offer_key_point)

    @Slot()
    def show_nearest(self) -> None:
        """Show the items nearest to the current point, and put the keyboard there."""
        self._panel.go_to_pictures()
        self._panel.show_chosen("nearest")
        self._choose("nearest")

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is not None and (old.opened is not new.opened or old.code != new.code):
            self._wait()

    @Slot()
    def _wait(self) -> None:
        if self._panel.isVisible():
            self._rest.start()

    @Slot(str)
    def _choose(self, shown: str) -> None:
        self._shown = "selected" if shown == "selected" else "nearest"
        self._ask()

    @Slot()
    def _ask(self) -> None:
        wish = self._wish(self._shown)
        if wish is None:
            self._panel.show_nothing("Pictures of items appear here once the data are encoded.")
        elif wish.indices is not None and not len(wish.indices):
            self._panel.show_nothing("Select points on the map to see them here.")
        else:
            self._decoder.picture_items(wish)

    def _wish(self, purpose: Purpose) -> PicturesWish | None:
        plan = self._planner.plan
        encoded = plan.opened.encoded if plan.opened is not None else None
        if plan.opened is None or encoded is None:
            return None
        if purpose == "nearest":
            return PicturesWish(purpose, encoded, plan.opened.items, None, plan.code, _NEIGHBOURS)
        selected = self._selection.selected
        return PicturesWish(purpose, encoded, plan.opened.items, selected[:_MOST_SHOWN])

    @Slot(object)
    def _take(self, made: PicturedItems) -> None:
        opened = self._planner.opened
        if opened is None or made.encoded is not opened.encoded:
            return
        if made.purpose == self._shown:
            self._made = made
            self._panel.show_pictures(made.pictures, _captions(made), self._note(made))

    def _note(self, made: PicturedItems) -> str:
        count = len(made.indices)
        if made.purpose == "nearest":
            what = item_title(made.encoded, made.itself) if made.itself >= 0 else "the current point"
            return f"{count} nearest to {what}, with the distance between codes"
        total = len(self._selection.selected)
        return f"the first {count:,} of {total:,}" if total > count else f"{count:,} items"

    @Slot(int)
    def _go_to(self, place: int) -> None:
        if self._made is not None and 0 <= place < len(self._made.indices):
            self._selection.go_to(int(self._made.indices[place]))

    @Slot(int)
    def _offer_key_point(self, place: int) -> None:
        if self._made is not None and 0 <= place < len(self._made.indices):
            self.key_point_wanted.emit(int(self._made.indices[place]))


def _captions(made: PicturedItems) -> tuple[str, ...]:
    distances = made.distances if made.distances is not None else np.full(len(made.indices), np.nan)
    texts = []
    for index, distance in zip(made.indices.tolist(), distances.tolist(), strict=True):
        parts = (made.encoded.class_name_of(index), f"{distance:.3g}" if made.distances is not None else str(index))
        texts.append("  ".join(part for part in parts if part))
    return tuple(texts)
