"""What data say along every slider: how they are spread, and where the encoder sees one item."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.controllers.slider_groups import slider_ends
from explorer.services.code_histograms import CodeHistograms, ItemPosterior
from explorer.services.decoder import Decoder
from explorer.views.latent_map import LatentMap
from explorer.views.sliders_panel import SlidersPanel

if TYPE_CHECKING:
    from explorer.services.encodings import EncodedItems


class SliderDataController(QObject):
    """Keeps histograms on the sliders, and the posterior of the item under the cursor, else of that taken last."""

    def __init__(
        self,
        planner: Planner,
        decoder: Decoder,
        sliders: SlidersPanel,
        latent_map: LatentMap,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._planner = planner
        self._decoder = decoder
        self._sliders = sliders
        self._counted: EncodedItems | None = None
        self._taken = self._hovered = -1
        planner.planned.connect(self._apply)
        decoder.histograms_counted.connect(self._show_histograms)
        decoder.posterior_found.connect(self._show_posterior)
        latent_map.point_hovered.connect(self._hover)
        latent_map.point_activated.connect(self._take)

    @property
    def _wanted(self) -> int:
        return self._hovered if self._hovered >= 0 else self._taken

    @Slot(int)
    def _hover(self, index: int) -> None:
        self._hovered = index
        self._ask()

    @Slot(int)
    def _take(self, index: int) -> None:
        self._taken = index
        self._ask()

    def _ask(self) -> None:
        opened = self._planner.opened
        if self._wanted < 0 or opened is None or opened.encoded is None:
            self._sliders.show_mark(None)
        else:
            self._decoder.find_posterior(opened.encoded, opened.items, self._wanted)

    @Slot(object)
    def _show_posterior(self, found: ItemPosterior) -> None:
        if found.index == self._wanted:
            deviations = [0.0] * len(found.mean) if found.deviation is None else found.deviation.tolist()
            self._sliders.show_mark((found.mean.tolist(), deviations))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        encoded = new.opened.encoded
        is_other = old.opened is None or old.opened.opening != new.opened.opening
        if is_other or encoded is None or old.opened is None or _source(old) != _source(new):
            self._taken = self._hovered = -1
            self._sliders.show_mark(None)
        elif encoded is not old.opened.encoded and self._taken >= 0:
            self._ask()
        if is_other and self._counted is not None:
            self._counted = None
            self._sliders.show_histograms(None)
        if encoded is not None and encoded is not self._counted:
            self._counted = encoded
            self._decoder.count_codes(encoded, *slider_ends(new.opened.facts))

    @Slot(object)
    def _show_histograms(self, counted: CodeHistograms) -> None:
        if counted.encoded is self._counted:
            self._sliders.show_histograms(counted.shares)


def _source(plan: Plan) -> str:
    encoded = plan.opened.encoded if plan.opened is not None else None
    return "" if encoded is None else encoded.source
