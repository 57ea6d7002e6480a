"""Planes along directions that are found in the encoded data: between classes, along attributes, and what is beside."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.state.session_state import DirectionChoice, PlaneChoice
from trainers.errors import UsageError
from trainers.latent.directions import low_and_high, mean_difference, strongest_beside
from trainers.latent.neighbour_map import NEIGHBOURS, NeighbourMap, neighbour_map
from trainers.latent.plane import Plane, direction_plane
from trainers.reporting import Report, StopRequested

FOUND_KINDS = ("attributes", "residual", "neighbours")
# The time that principal directions take grows with the square of a code's length, so wide codes get fewer items.
_MOST_NUMBERS = 2_000_000
_OTHERS = "the others"


@dataclass(frozen=True, eq=False)
class FoundPlane:
    """The plane through 0 for a choice, found in some encoded items, or the sentence saying why there is none.

    neighbours: in place of a plane, a map of neighbours. knew_attributes: whether there was an attribute table to look
    in.
    """

    encoded: EncodedItems
    asked: Hashable
    plane: Plane | None = None
    caption: str = ""
    problem: str = ""
    neighbours: NeighbourMap | None = None
    knew_attributes: bool = False

    def answers(self, choice: PlaneChoice, encoded: EncodedItems | None, has_attributes: bool) -> bool:
        """Whether looking again could tell nothing else of a choice."""
        is_of_these = self.encoded is encoded and self.asked == asked(choice)
        return is_of_these and (not self.problem or self.knew_attributes or not has_attributes)


def asked(choice: PlaneChoice) -> Hashable:
    """What of a choice the directions depend on; None for planes that are not found in data."""
    if choice.kind == "attributes":
        return choice.kind, choice.across, choice.upwards
    if choice.kind == "residual":
        return choice.kind, choice.across
    return choice.kind if choice.kind == "neighbours" else None


@dataclass(frozen=True, eq=False)
class PlaneJob:
    """Finds the plane for a choice of `FOUND_KINDS`, as a function for a job.

    attributes: (count, attributes) of the encoded items in their order, or None. attribute_names: of its columns.
    """

    choice: PlaneChoice
    encoded: EncodedItems
    attributes: NDArray[np.float32] | None = None
    attribute_names: tuple[str, ...] = ()

    def __call__(self, report: Report, stop_requested: StopRequested) -> FoundPlane:
        """The plane, or why there is none. Raises `StoppedError`."""
        try:
            if self.choice.kind == "neighbours":
                placed = neighbour_map(self.encoded.codes, report, stop_requested)
                return FoundPlane(self.encoded, asked(self.choice), caption=self._said_of(placed), neighbours=placed)
            plane, caption = self._found()
        except UsageError as error:
            return FoundPlane(
                self.encoded, asked(self.choice), problem=str(error), knew_attributes=self.attributes is not None
            )
        return FoundPlane(self.encoded, asked(self.choice), plane, caption)

    def _found(self) -> tuple[Plane, str]:
        codes, choice = self.encoded.codes, self.choice
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

    def _said_of(self, placed: NeighbourMap) -> str:
        many, of = len(placed.codes), len(self.encoded.codes)
        points = f"{many:,} points" if many == of else f"{many:,} of {of:,} points"
        return (
            f"t-SNE of {points}, approximate: {placed.kept:.0%} of the {NEIGHBOURS} nearest neighbours are kept; "
            "between points the nearest codes are mixed"
        )

    def _direction(self, chosen: DirectionChoice) -> tuple[NDArray[np.float64], str]:
        names = self.encoded.class_names if self.encoded.labels is not None else ()
        if 0 <= chosen.end < len(names):
            return self._between_classes(chosen, names)
        column = chosen.end - len(names)
        if self.attributes is None or not 0 <= column < len(self.attribute_names):
            raise UsageError("This direction belongs to other data; choose another class or attribute.")
        name = self.attribute_names[column]
        groups = low_and_high(self.attributes[:, column])
        if groups is None:
            raise UsageError(f"All these items have the same {name}; choose another attribute.")
        return mean_difference(self.encoded.codes, *groups), f"from low to high {name}"

    def _between_classes(self, chosen: DirectionChoice, names: tuple[str, ...]) -> tuple[NDArray[np.float64], str]:
        labels = self.encoded.labels
        is_one = 0 <= chosen.start < len(names)
        end = labels == chosen.end
        start = labels == chosen.start if is_one else ~end
        start_name, end_name = names[chosen.start] if is_one else _OTHERS, names[chosen.end]
        for members, name in ((end, end_name), (start, start_name)):
            if not np.any(members):
                raise UsageError(f"None of these items is of class {name}; choose another class.")
        if chosen.start == chosen.end:
            raise UsageError(f"A direction from {start_name} to itself leads nowhere; choose another class.")
        direction = mean_difference(self.encoded.codes, np.asarray(start), np.asarray(end))
        return direction, f"from {start_name} to {end_name}"
