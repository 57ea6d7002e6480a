"""Selected items and their named groups: on the map, in the panel, in the session."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.encodings import EncodedItems
from explorer.services.opening import Opened
from explorer.services.selection import found_items, next_after, selection_mask, source_of
from explorer.state.item_groups import ItemGroup, SelectionChoice, packed, unpacked
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.views.latent_map import LatentMap
from explorer.views.selection_panel import SelectionPanel

_LARGEST_NAME = 60


class SelectionController(QObject):
    """Keeps map and panel at the selection, and turns what the person selects, names and looks for into state.

    told: a sentence for the person. changed: other items are selected, or are encoded.
    """

    told = Signal(str)
    changed = Signal()

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        latent_map: LatentMap,
        panel: SelectionPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._map = latent_map
        self._panel = panel
        self._found = -1
        planner.planned.connect(self._apply)
        store.changed.connect(self._follow_state)
        latent_map.points_chosen.connect(self._choose_points)
        latent_map.selection_cleared.connect(self.clear)
        panel.search_requested.connect(self._search)
        panel.members_requested.connect(self._select_found)
        panel.name_requested.connect(self._keep)
        panel.group_chosen.connect(self._choose_group)
        panel.group_renamed.connect(self._rename)
        panel.group_removed.connect(self._remove)

    @property
    def selected(self) -> NDArray[np.int64]:
        """Places of the selected items among the encoded ones."""
        return np.flatnonzero(self._mask())

    @Slot()
    def clear(self) -> None:
        """Select nothing."""
        self._change(members="")

    def go_to(self, index: int) -> None:
        """Take an item to the ring, and the ring into view."""
        plan, (opened, encoded) = self._planner.plan, self._known()
        if opened is None or encoded is None or not 0 <= index < len(encoded.codes):
            return
        code = tuple(encoded.codes[index].tolist())
        changes: dict[str, Any] = {"code": code, "condition": opened.point_condition(index)}
        seen = self._planner.seen
        if plan.plane is not None and seen is not None:
            u, v = plan.plane.position(code)
            if not (seen.left < u < seen.right and seen.bottom < v < seen.top):
                half_u, half_v = (seen.right - seen.left) / 2, (seen.top - seen.bottom) / 2
                view = (u - half_u, v - half_v, u + half_u, v + half_v)
                changes["map"] = replace(self._store.state.map, view=view)
        self._store.update(**changes)

    def _known(self) -> tuple[Opened | None, EncodedItems | None]:
        opened = self._planner.plan.opened
        return opened, opened.encoded if opened is not None else None

    def _source(self) -> str:
        opened, encoded = self._known()
        return source_of(opened, encoded) if opened is not None and encoded is not None else ""

    def _mask(self) -> NDArray[np.bool_]:
        return selection_mask(self._store.state.selection, self._planner.plan.opened)

    def _change(self, **changes: Any) -> None:
        self._store.update(selection=replace(self._store.state.selection, **changes))

    @Slot(object, str)
    def _choose_points(self, indices: NDArray[np.int64], mode: str) -> None:
        mask = self._mask()
        inside = np.zeros_like(mask)
        inside[indices[indices < len(mask)]] = True
        if not inside.any():
            hidden = "" if self._store.state.map.points_shown else "; show the points first"
            self._say(f"No points lie in what was drawn, so the selection stays as it was{hidden}.")
            return
        if mode == "add":
            inside |= mask
        elif mode == "remove":
            inside = mask & ~inside
        self._select(inside)

    def _select(self, mask: NDArray[np.bool_]) -> None:
        self._panel.show_problem("")
        self._change(source=self._source(), members=packed(mask))

    def _say(self, sentence: str) -> None:
        self._panel.show_problem(sentence)
        self.told.emit(sentence)

    def _looked_up(self, text: str) -> NDArray[np.int64]:
        encoded = self._known()[1]
        if encoded is None:
            self._panel.show_problem("There are no items on the map yet; wait until the data are encoded.")
            return np.empty(0, np.int64)
        members, problem = found_items(text, encoded)
        self._panel.show_problem(problem)
        return members

    @Slot(str)
    def _search(self, text: str) -> None:
        members = self._looked_up(text)
        if len(members):
            self._found = next_after(members, self._found)
            self.go_to(self._found)

    @Slot(str)
    def _select_found(self, text: str) -> None:
        members = self._looked_up(text)
        if len(members):
            mask = np.zeros_like(self._mask())
            mask[members] = True
            self._select(mask)

    def _groups(self) -> list[int]:
        # Places among all groups of those that are items of this map; others wait for a model of their data.
        source = self._source()
        return [place for place, group in enumerate(self._store.state.selection.groups) if group.source == source]

    def _is_good_name(self, name: str) -> bool:
        names = {self._store.state.selection.groups[place].name for place in self._groups()}
        problem = "" if name else "A group needs a name; type one."
        if len(name) > _LARGEST_NAME:
            problem = f"A name has at most {_LARGEST_NAME} letters; choose a shorter one."
        if name in names:
            problem = f"There is a group “{name}” already; choose another name."
        self._panel.show_problem(problem)
        return not problem

    @Slot(str)
    def _keep(self, name: str) -> None:
        mask = self._mask()
        if not mask.any():
            self._panel.show_problem("Nothing is selected, so there is nothing to name.")
        elif self._is_good_name(name):
            groups = self._store.state.selection.groups
            self._change(groups=(*groups, ItemGroup(name, self._source(), packed(mask))))

    @Slot(int)
    def _choose_group(self, row: int) -> None:
        places = self._groups()
        if 0 <= row < len(places):
            group = self._store.state.selection.groups[places[row]]
            self._panel.show_problem("")
            self._change(source=group.source, members=group.members)

    @Slot(int, str)
    def _rename(self, row: int, name: str) -> None:
        places, groups = self._groups(), list(self._store.state.selection.groups)
        if 0 <= row < len(places) and groups[places[row]].name != name and self._is_good_name(name):
            groups[places[row]] = replace(groups[places[row]], name=name)
            self._change(groups=tuple(groups))
        else:
            self._show_groups()

    @Slot(int)
    def _remove(self, row: int) -> None:
        places, groups = self._groups(), list(self._store.state.selection.groups)
        if 0 <= row < len(places):
            del groups[places[row]]
            self._change(groups=tuple(groups))

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if old.selection != new.selection:
            self._show(old.selection, new.selection)

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        before = old.opened.encoded if old.opened is not None else None
        if new.opened is not None and new.opened.encoded is not before:
            self._found = -1
            self._show(SelectionChoice(), self._store.state.selection)

    def _show(self, old: SelectionChoice, new: SelectionChoice) -> None:
        if old.groups != new.groups or not new.groups:
            self._show_groups()
        mask = self._mask()
        self._map.show_selection(mask if mask.any() else None)
        self._panel.show_count(int(mask.sum()), len(mask))
        self.changed.emit()

    def _show_groups(self) -> None:
        groups, count = self._store.state.selection.groups, len(self._mask())
        shown = [groups[place] for place in self._groups()]
        self._panel.show_groups([(group.name, int(unpacked(group.members, count).sum())) for group in shown])
