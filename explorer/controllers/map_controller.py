"""The map: which plane, what part of it, tiles, points and the ring."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.services.item_cards import encoded_pictures
from explorer.services.opening import items_fixed
from explorer.services.planes import MapPlane
from explorer.services.point_values import in_levels
from explorer.services.tile_decoding import DecodedTiles
from explorer.services.tiles import Rectangle
from explorer.state.map_values import MapView
from explorer.state.session_store import SessionStore
from explorer.views.latent_map import LatentMap
from explorer.views.map_bar import MapBar

_EMPTY = "Open a model, or train one, to see the map of what it learned."


class MapController(QObject):
    """Keeps the map and the bar above it as the plan says, and turns what the person does there into state.

    help_wanted: the button of the empty map was pressed.
    """

    help_wanted = Signal()

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        latent_map: LatentMap,
        bar: MapBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._map = latent_map
        self._bar = bar
        self._tiles: DecodedTiles | None = None
        self._bar_shown: object = None
        self._connect_views()
        planner.planned.connect(self._apply)
        decoder.tiles_decoded.connect(self._show_tiles)
        latent_map.show_empty(_EMPTY, "Open the shipped model")

    @property
    def tiles_complete(self) -> bool:
        """Whether the finest tiles of what is seen are all there."""
        return self._tiles is not None and self._tiles.complete

    @property
    def finest_level(self) -> int:
        """Level of the finest tiles shown; one more halves the side of a tile. 0 without tiles."""
        return max((mosaic.level for mosaic in self._tiles.mosaics), default=0) if self._tiles is not None else 0

    @Slot()
    def go_home(self) -> None:
        """Show the whole map."""
        self._change(view=None)

    @Slot(bool)
    def set_tiles_shown(self, shown: bool) -> None:
        """Show or hide the tiles."""
        self._change(tiles_shown=shown)

    @Slot(bool)
    def set_points_shown(self, shown: bool) -> None:
        """Show or hide the points."""
        self._change(points_shown=shown)

    def _connect_views(self) -> None:
        latent_map, bar = self._map, self._bar
        latent_map.drag_started.connect(self._store.begin_gesture)
        latent_map.drag_finished.connect(self._store.end_gesture)
        latent_map.latent_dragged.connect(self._drag)
        latent_map.view_changed.connect(self._see)
        latent_map.point_activated.connect(self._take_point)
        latent_map.empty_action.connect(self.help_wanted)
        latent_map.hidden_classes_chosen.connect(self._hide_classes)
        bar.spacing_chosen.connect(self._choose_spacing)
        bar.items_chosen.connect(self._choose_items)
        bar.tiles_toggled.connect(self.set_tiles_shown)
        bar.points_toggled.connect(self.set_points_shown)
        bar.home_requested.connect(self.go_home)

    @Slot(float, float)
    def _drag(self, u: float, v: float) -> None:
        plan = self._planner.plan
        if plan.plane is not None:
            self._store.update(code=plan.held(plan.plane.moved(plan.code, u, v)))

    @Slot(object)
    def _see(self, seen: MapView) -> None:
        if self._planner.opened is not None and self._seen_view() != self._store.state.map.view:
            self._change(view=self._seen_view())
        self._planner.set_seen(seen)

    @Slot(int)
    def _take_point(self, index: int) -> None:
        opened = self._planner.opened
        if opened is not None and opened.encoded is not None and 0 <= index < len(opened.encoded.codes):
            code = tuple(opened.encoded.codes[index].tolist())
            self._store.update(code=code, condition=opened.point_condition(index))

    @Slot(str)
    def _choose_spacing(self, spacing: str) -> None:
        self._change(spacing=spacing, view=None)

    @Slot(str)
    def _choose_items(self, items: str) -> None:
        self._change(items=items)

    @Slot(object)
    def _hide_classes(self, names: frozenset[str]) -> None:
        # What is hidden of another legend stays hidden there.
        elsewhere = set(self._store.state.map.hidden_classes) - self._planner.plan.hidden_classes
        self._change(hidden_classes=tuple(sorted(names | elsewhere)))

    def _change(self, **changes: Any) -> None:
        undoable = set(changes) != {"view"}
        self._store.update(undoable=undoable, map=replace(self._store.state.map, **changes))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.plane is None or new.opened is None or new.ring is None:
            return
        if old.opened is None:
            self._map.show_empty("")
        self._show_plane(old, new, new.plane)
        self._map.show_ring(*new.ring)
        if _points_key(old) != _points_key(new) or old.opened is None:
            self._show_points(new)
        self._show_bar(new)
        if new.tiles != old.tiles and new.tiles is not None and self._planner.seen is not None:
            self._decoder.decode_tiles(new.plane, self._planner.seen)

    def _show_plane(self, old: Plan, new: Plan, plane: MapPlane) -> None:
        if old.plane is None or old.plane.caption != plane.caption:
            self._map.show_caption(plane.caption)
        if _place_key(old) != _place_key(new):
            self._map.show_tiles(())
            self._map.show_extent(*plane.home)
        if new.view is None and not self._map.shows_home():
            self._map.show_extent(*plane.home)
        elif new.view is not None and new.view != self._seen_view():
            self._map.set_view(*new.view)

    def _seen_view(self) -> Rectangle | None:
        # A map that nobody moved has no view of its own: it shows the whole, whatever the window's size.
        if self._map.shows_home():
            return None
        seen = self._map.view()
        return seen.left, seen.bottom, seen.right, seen.top

    def _show_points(self, plan: Plan) -> None:
        encoded = plan.opened.encoded if plan.opened is not None else None
        if encoded is None or plan.plane is None:
            self._map.show_points(None)
            return
        cloud = plan.plane.points(encoded, plan.colour.kind == "class")
        values = plan.measured.values if plan.measured is not None else None
        pictures = encoded_pictures(encoded, plan.opened.items if plan.opened is not None else None)
        cloud = cloud if values is None else in_levels(cloud, values)
        self._map.show_points(replace(cloud, hidden=plan.hidden_classes, pictures=pictures))

    def _show_bar(self, new: Plan) -> None:
        if new.plane is None or new.opened is None:
            return
        choice = replace(self._store.state.map, plane=new.plane.wanted, view=None)
        facts, encoded = new.opened.facts, new.opened.encoded
        has_directions = encoded is not None and encoded.complete
        shown = choice, facts.dimension_names, has_directions, items_fixed(new.opened)
        if shown == self._bar_shown:
            # A drag changes none of it, and laying the bar out anew would take a third of its time.
            return
        self._bar_shown = shown
        self._map.set_tiles_visible(choice.tiles_shown)
        self._map.set_points_visible(choice.points_shown)
        self._bar.show_choice(*shown)

    @Slot(object)
    def _show_tiles(self, decoded: DecodedTiles) -> None:
        plane = self._planner.plan.plane
        if plane is not None and decoded.plane_key == plane.key:
            self._tiles = decoded
            self._map.show_tiles(decoded.mosaics)


def _place_key(plan: Plan) -> object:
    # What may change without the map moving under the person: the current point, and snapshots of one run.
    if plan.plane is None or plan.opened is None:
        return None
    return plan.opened.opening, plan.plane.choice, plan.plane.bounds


def _points_key(plan: Plan) -> object:
    if plan.plane is None or plan.opened is None:
        return None
    opened, plane = plan.opened, plan.plane
    place = plane.choice, plane.bounds
    return opened.encoded, opened.items, place, plan.colour, plan.measured, plan.hidden_classes
