"""Planes along directions that are found in the encoded data: between classes, along attributes, and what is beside."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.direction_ends import between
from explorer.services.encodings import EncodedItems
from explorer.state.item_groups import ItemGroup
from explorer.state.session_state import NEIGHBOUR_KINDS, DirectionChoice, PlaneChoice, PlaneKind
from trainers.errors import UsageError
from trainers.latent.directions import low_and_high, mean_difference, strongest_beside
from trainers.latent.neighbour_map import NEIGHBOURS, NeighbourMap, neighbour_map, placed_count
from trainers.latent.placing import Method, missing_library
from trainers.latent.plane import Plane, direction_plane
from trainers.reporting import Report, StopRequested

FOUND_KINDS = ("attributes", "residual", *NEIGHBOUR_KINDS)
_METHODS: dict[PlaneKind, Method] = {"neighbours": "t-SNE", "umap": "UMAP"}
# The time that principal directions take grows with the square of a code's length, so wide codes get fewer items.
_MOST_NUMBERS = 2_000_000


@dataclass(frozen=True, eq=False)
class FoundPlane:
    """The plane through 0 for a choice, found in some encoded items, or the sentence saying why there is none.

    neighbours: in place of a plane, a map of neighbours. knew_attributes: whether there was an attribute table to look
    in. groups: those that the choice names, as they were.
    """

    encoded: EncodedItems
    asked: Hashable
    plane: Plane | None = None
    caption: str = ""
    problem: str = ""
    neighbours: NeighbourMap | None = None
    knew_attributes: bool = False
    groups: tuple[ItemGroup, ...] = ()

    def is_of(self, choice: PlaneChoice, encoded: EncodedItems | None) -> bool:
        """Whether it was looked for by these words in these items."""
        return self.encoded is encoded and self.asked == asked(choice)

    def answers(
        self,
        choice: PlaneChoice,
        encoded: EncodedItems | None,
        has_attributes: bool,
        groups: tuple[ItemGroup, ...] = (),
    ) -> bool:
        """Whether looking again could tell nothing else of a choice; groups: of these items."""
        is_of_these = self.is_of(choice, encoded) and self.groups == named_groups(choice, groups)
        return is_of_these and (not self.problem or self.knew_attributes or not has_attributes)


def asked(choice: PlaneChoice) -> Hashable:
    """What of a choice the directions depend on; None for planes that are not found in data."""
    if choice.kind == "attributes":
        return choice.kind, choice.across, choice.upwards
    if choice.kind == "residual":
        return choice.kind, choice.across
    return (choice.kind, choice.points) if choice.kind in NEIGHBOUR_KINDS else None


def missing_kinds() -> dict[PlaneKind, str]:
    """Kinds of planes that a library is missing for, with the sentence that says what to do."""
    return {kind: problem for kind, method in _METHODS.items() if (problem := missing_library(method))}


def method_of(choice: PlaneChoice) -> str:
    """What a map of neighbours is called."""
    return _METHODS[choice.kind]


def placing_text(choice: PlaneChoice, count: int) -> str:
    """What a map of neighbours is made of, of `count` encoded items."""
    return f"{_METHODS[choice.kind]} of {_some_of(placed_count(choice.points, count), count)}"


def named_groups(choice: PlaneChoice, groups: tuple[ItemGroup, ...]) -> tuple[ItemGroup, ...]:
    """Those of some groups that the directions of a choice depend on."""
    used = {"attributes": (choice.across, choice.upwards), "residual": (choice.across,)}.get(choice.kind, ())
    names = {name for direction in used for name in (direction.start_group, direction.end_group)}
    return tuple(group for group in groups if group.name in names)


@dataclass(frozen=True, eq=False)
class PlaneJob:
    """Finds the plane for a choice of `FOUND_KINDS`, as a function for a job.

    attributes: (count, attributes) of the encoded items in their order, or None. attribute_names: of its columns.
    groups: that the choice names. known: what was found before, where it is known already.
    """

    choice: PlaneChoice
    encoded: EncodedItems
    attributes: NDArray[np.float32] | None = None
    attribute_names: tuple[str, ...] = ()
    groups: tuple[ItemGroup, ...] = ()
    known: FoundPlane | None = None

    def __call__(self, report: Report, stop_requested: StopRequested) -> FoundPlane:
        """The plane, or why there is none. Raises `StoppedError` and `FailureError`."""
        if self.known is not None:
            return self.known
        try:
            if self.choice.kind in NEIGHBOUR_KINDS:
                return self._placed(report, stop_requested)
            plane, caption = self._found()
        except UsageError as error:
            return self.without(str(error))
        return FoundPlane(self.encoded, asked(self.choice), plane, caption, groups=self.groups)

    def without(self, problem: str) -> FoundPlane:
        """What there is in place of a plane: the sentence saying why there is none."""
        knew = self.attributes is not None or self.choice.kind in NEIGHBOUR_KINDS
        return FoundPlane(self.encoded, asked(self.choice), problem=problem, knew_attributes=knew, groups=self.groups)

    def _found(self) -> tuple[Plane, str]:
        choice, codes = self.choice, self.encoded.codes
        if self.encoded.has_code is not None:
            codes = codes[self.encoded.has_code]
        across, named = self._direction(choice.across)
        if choice.kind == "residual":
            most = max(2, _MOST_NUMBERS // codes.shape[1])
            some = codes[:: -(-len(codes) // most)]
            plane = direction_plane(across, strongest_beside(some, across), codes)
            return plane, f"{named} × what varies most beside it"
        upwards, other = self._direction(choice.upwards)
        plane = direction_plane(across, upwards, codes)
        share = float(plane.axes[1] @ upwards / np.linalg.norm(upwards))
        return plane, f"{named} × {other} ({share:.0%} of it, at right angles)"

    def _placed(self, report: Report, stop_requested: StopRequested) -> FoundPlane:
        method, codes = _METHODS[self.choice.kind], self.encoded.codes
        placed = neighbour_map(codes, report, stop_requested, method, self.choice.points)
        caption = (
            f"{method} of {_some_of(len(placed.codes), len(codes))}, approximate: {placed.kept:.0%} of the "
            f"{NEIGHBOURS} nearest neighbours are kept; between points the nearest codes are mixed"
        )
        return FoundPlane(self.encoded, asked(self.choice), caption=caption, neighbours=placed)

    def _direction(self, chosen: DirectionChoice) -> tuple[NDArray[np.float64], str]:
        names = self.encoded.class_names if self.encoded.labels is not None else ()
        if chosen.end_group or 0 <= chosen.end < len(names):
            labels = self.encoded.labels
            return between(chosen, self.encoded.codes, labels, names, self.groups)
        column = chosen.end - len(names)
        if self.attributes is None or not 0 <= column < len(self.attribute_names):
            raise UsageError("This direction belongs to other data; choose another class, attribute or group.")
        name = self.attribute_names[column]
        groups = low_and_high(self.attributes[:, column])
        if groups is None:
            raise UsageError(f"All these items have the same {name}; choose another attribute.")
        return mean_difference(self.encoded.codes, *groups), f"from low to high {name}"


def _some_of(some: int, count: int) -> str:
    return f"{count:,} points" if some == count else f"{some:,} of {count:,} points"
