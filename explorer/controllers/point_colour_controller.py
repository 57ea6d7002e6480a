"""The colours of the map's points: what they can mean, and the numbers that take a while."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.colour_options import colour_options
from explorer.services.decoder import Decoder
from explorer.services.item_cards import original_items
from explorer.services.opening import Opened
from explorer.services.point_values import MeasuredItems, attribute_values
from explorer.state.point_colour import PointColour
from explorer.state.session_store import SessionStore
from explorer.views.map_bar import MapBar

if TYPE_CHECKING:
    from explorer.services.encodings import EncodedItems


class PointColourController(QObject):
    """Offers what the model and its data allow, and has the shown items measured when that is chosen."""

    def __init__(
        self, store: SessionStore, planner: Planner, decoder: Decoder, bar: MapBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._bar = bar
        self._wanted: tuple[EncodedItems, PointColour] | None = None
        bar.colour_chosen.connect(self._choose)
        planner.planned.connect(self._apply)
        decoder.items_measured.connect(self._take)

    @Slot(object)
    def _choose(self, colour: PointColour) -> None:
        choice = replace(self._store.state.map, colour_by=colour.kind, colour_attribute=colour.attribute)
        self._store.update(map=choice)

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        opened = new.opened
        if opened is None:
            return
        if opened is not old.opened or new.colour != old.colour:
            self._bar.show_colours(colour_options(opened), new.colour)
            self._measure(opened, new.colour)

    def _measure(self, opened: Opened, colour: PointColour) -> None:
        encoded = opened.encoded
        items = original_items(encoded, opened.items) if encoded is not None else None
        if not colour.is_number or encoded is None or items is None or not encoded.complete:
            self._give_up()
        elif colour.kind == "attribute":
            self._give_up()
            if opened.measured is None or (opened.measured.encoded, opened.measured.colour) != (encoded, colour):
                self._take(attribute_values(encoded, items, colour))
        elif self._wanted != (encoded, colour):
            self._wanted = encoded, colour
            self._decoder.measure(encoded, items, colour)

    def _give_up(self) -> None:
        if self._wanted is not None:
            self._wanted = None
            self._decoder.cancel_measuring()

    @Slot(object)
    def _take(self, measured: MeasuredItems | None) -> None:
        opened = self._planner.opened
        if opened is not None and measured is not None and measured.encoded is opened.encoded:
            self._planner.set_opened(replace(opened, measured=measured))
