"""The plane a map shows, made from what was chosen, the model and the data."""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.found_planes import FOUND_KINDS, FoundPlane, asked
from explorer.services.image_planes import home_round, images_plane, known_corners
from explorer.services.tiles import Rectangle
from explorer.state.condition_facts import Condition
from explorer.state.map_values import PointCloud
from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import NEIGHBOUR_KINDS, MapChoice, PlaneChoice, Spacing
from trainers.errors import UsageError
from trainers.latent.neighbour_map import NeighbourMap
from trainers.latent.plane import Plane, dimension_plane

_UNIT_SQUARE = (0.0, 0.0, 1.0, 1.0)
_KEY_DECIMALS = 6
_NUMBERS_AT_ONCE = 250_000
_LEAST_DISTANCE_SAID = 5e-3
_ROOM_ROUND_IMAGES, _ROOM_ROUND_POINTS = 0.3, 0.05
_WAITS = "This map comes as soon as the data are encoded and it is found in them."


@dataclass(frozen=True, eq=False)
class MapPlane:
    """A plane with what the map says and needs to know of it.

    key: equal for planes on which the same positions are the same pictures. bounds: where there are codes at all, or
    None for everywhere. home: the extent worth seeing first. condition: what the decoder is told on all of the plane,
    empty where it needs nothing. wanted: what was chosen, where the model can show it at all; `choice` is what is
    shown. problem: why the two differ, as a sentence. marks: chosen images as (letter, u, v). neighbours: what is shown
    in place of the plane.
    """

    plane: Plane
    choice: PlaneChoice
    key: Hashable
    caption: str
    bounds: Rectangle | None
    home: Rectangle
    condition: Condition = ()
    wanted: PlaneChoice = field(default_factory=PlaneChoice)
    problem: str = ""
    marks: tuple[tuple[str, float, float], ...] = ()
    neighbours: NeighbourMap | None = None

    def codes(self, positions: NDArray[np.floating]) -> NDArray[np.float64]:
        """Codes (count, latent_size) at positions (count, 2)."""
        if self.neighbours is not None:
            return self.neighbours.codes_at(positions)
        return self.plane.codes(positions)

    def position(self, code: tuple[float, ...]) -> tuple[float, float]:
        """Where a code lies, projected onto the plane."""
        if self.neighbours is not None:
            u, v = self.neighbours.position_of(np.array(code))
        else:
            u, v = self.plane.positions(np.array([code]))[0]
        return float(u), float(v)

    def moved(self, code: tuple[float, ...], u: float, v: float) -> tuple[float, ...]:
        """The code with its part in the plane replaced; a plane that does not go through the code is moved to."""
        if self.neighbours is not None:
            return tuple(self.neighbours.moved((u, v)).tolist())
        if self.choice.kind == "images":
            return tuple(self.plane.codes(np.array([[u, v]]))[0].tolist())
        return tuple(self.plane.moved(np.array(code), np.array([u, v])).tolist())

    def _positions(self, codes: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.neighbours is not None:
            return self.neighbours.all_positions(len(codes)).astype(np.float32)
        # Of long codes two columns are much sooner taken than the rest multiplied by nothing.
        first, second = self.choice.first, self.choice.second
        if self.choice.kind == "dimensions" and self.plane.spacing == "even" and first != second:
            return codes[:, [first, second]]
        # In parts, so that no copy of all codes is made.
        rows = max(1, _NUMBERS_AT_ONCE // codes.shape[1])
        parts = [self.plane.positions(codes[start : start + rows]) for start in range(0, len(codes), rows)]
        return np.concatenate(parts or [np.empty((0, 2))]).astype(np.float32)

    def points(self, encoded: EncodedItems, coloured: bool) -> PointCloud:
        """Encoded items on the plane; without colours all of them belong to no group."""
        positions = self._positions(encoded.codes)
        if coloured and encoded.labels is not None:
            return PointCloud(positions, encoded.labels, encoded.class_names, encoded.note)
        return PointCloud(positions, np.full(len(positions), -1, dtype=np.int64), (), encoded.note)


def map_plane(
    choice: MapChoice,
    code: tuple[float, ...],
    facts: ModelFacts,
    encoded: EncodedItems | None,
    told: Condition = (),
    found: FoundPlane | None = None,
) -> MapPlane:
    """The plane for a choice; what there is no plane for gives way to what was shown before, and that to the first
    two dimensions.

    told: the condition of the model in full, or empty where its pictures depend on none. found: what was found last
    in the encoded data for a plane along directions.
    """
    flat = _flat_plane(choice, code, facts, encoded, told, found)
    placed = found.neighbours if found is not None and found.asked == asked(choice.plane) else None
    if found is None or placed is None or found.encoded is not encoded or facts.latent_size <= 2:
        return flat
    condition = facts.condition.text(told) if told else ""
    return replace(
        flat,
        choice=choice.plane,
        wanted=choice.plane,
        key=(choice.plane.kind, placed.digest, told),
        caption=", ".join(part for part in (found.caption, condition) if part),
        bounds=None,
        home=home_round(placed.corners, _ROOM_ROUND_POINTS),
        neighbours=placed,
    )


def _flat_plane(
    choice: MapChoice,
    code: tuple[float, ...],
    facts: ModelFacts,
    encoded: EncodedItems | None,
    told: Condition,
    found: FoundPlane | None,
) -> MapPlane:
    principal = encoded.principal if encoded is not None else None
    given, problem = _given_plane(choice, code, facts, found)
    if choice.plane.kind == "principal" and facts.latent_size > 2 and encoded is not None:
        problem = encoded.principal_problem or ("" if encoded.complete else _WAITS)
    shown = choice.plane if given is not None else fitting_plane(choice.plane, facts.latent_size, principal is not None)
    if given is not None:
        plane = given
    elif shown.kind == "principal" and principal is not None:
        plane = replace(principal, origin=np.array(code), spacing=choice.spacing)
    else:
        means, deviations = np.array(facts.means), np.array(facts.deviations)
        plane = dimension_plane(np.array(code), shown.first, shown.second, means, deviations, choice.spacing)
    marks = _marks(choice.plane, plane, facts)
    is_fixed, is_even = shown.kind == "images", choice.spacing == "even"
    return MapPlane(
        plane,
        shown,
        (shown.kind, choice.spacing, _key_of(plane), told),
        _caption(shown, _hint(shown, plane, code, facts, encoded), found, facts, told, choice.spacing),
        None if is_even else _UNIT_SQUARE,
        home_round(np.array([(u, v) for _, u, v in marks]), _ROOM_ROUND_IMAGES)
        if is_fixed and is_even
        else plane.home(),
        told,
        choice.plane if problem else _wanted(choice.plane, shown, facts),
        problem,
        marks,
    )


def _given_plane(
    choice: MapChoice, code: tuple[float, ...], facts: ModelFacts, found: FoundPlane | None
) -> tuple[Plane | None, str]:
    if choice.plane.kind in ("dimensions", "principal") or facts.latent_size <= 2:
        return None, ""
    if choice.plane.kind in NEIGHBOUR_KINDS:
        return None, found.problem if found is not None and found.asked == asked(choice.plane) else _WAITS
    if choice.plane.kind in FOUND_KINDS:
        return _found_plane(choice, code, facts, found)
    try:
        return images_plane(choice.plane, facts, choice.spacing), ""
    except UsageError as error:
        return None, str(error)


def _found_plane(
    choice: MapChoice, code: tuple[float, ...], facts: ModelFacts, found: FoundPlane | None
) -> tuple[Plane | None, str]:
    if found is None or found.asked != asked(choice.plane) or found.encoded.codes.shape[1] != facts.latent_size:
        return None, _WAITS
    if found.plane is None:
        return None, found.problem
    return replace(found.plane, origin=np.array(code), spacing=choice.spacing), ""


def _wanted(choice: PlaneChoice, shown: PlaneChoice, facts: ModelFacts) -> PlaneChoice:
    if choice.kind not in ("dimensions", "principal") and facts.latent_size > 2:
        return choice
    return replace(choice, kind=shown.kind, first=shown.first, second=shown.second)


def _marks(choice: PlaneChoice, plane: Plane, facts: ModelFacts) -> tuple[tuple[str, float, float], ...]:
    is_offered = choice.kind == "images" and facts.latent_size > 2
    corners = known_corners(choice.corners, facts) if is_offered else {}
    if not corners:
        return ()
    positions = plane.positions(np.array(list(corners.values())))
    return tuple((name, float(u), float(v)) for name, (u, v) in zip(corners, positions, strict=True))


def _off_plane(plane: Plane, code: NDArray[np.float64]) -> NDArray[np.float64]:
    return code - (plane.axes @ code) @ plane.axes


def _hint(
    shown: PlaneChoice, plane: Plane, code: tuple[float, ...], facts: ModelFacts, encoded: EncodedItems | None
) -> str:
    beside = float(np.linalg.norm(_off_plane(plane, np.array(code)) - _off_plane(plane, plane.origin)))
    if shown.kind == "images" and beside > _LEAST_DISTANCE_SAID:
        return f"; the current point lies {beside:.2f} beside it"
    if shown.kind == "dimensions" and encoded is not None and len(encoded.codes) > 1:
        chosen = sorted({shown.first, shown.second})
        same = [facts.dimension_names[place] for place in chosen if place in encoded.constant]
        verb = "are each" if len(same) > 1 else "is"
        return f"; {' and '.join(same)} {verb} the same for all points" if same else ""
    return ""


def _key_of(plane: Plane) -> bytes:
    # Adding zero makes the two zeros one.
    rounded = np.round(_off_plane(plane, plane.origin), _KEY_DECIMALS) + 0.0
    return _digest(plane.axes, plane.means, plane.deviations, rounded)


def _digest(*tables: NDArray[np.float64]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for numbers in tables:
        digest.update(numbers.tobytes())
    return digest.digest()


def fitting_plane(choice: PlaneChoice, latent_size: int, principal_possible: bool) -> PlaneChoice:
    """The dimensions or principal directions for a choice where a model can show them, else the first two dimensions.

    What is more than those two kinds gives way to what was shown before it.
    """
    kind = choice.kind if choice.kind in ("dimensions", "principal") else choice.before
    if kind == "principal" and principal_possible and latent_size > 2:
        return PlaneChoice("principal")
    first, second = choice.first, choice.second
    if kind == "dimensions" and first != second and 0 <= min(first, second) <= max(first, second) < latent_size:
        return PlaneChoice("dimensions", first, second)
    return PlaneChoice("dimensions", 0, min(1, latent_size - 1))


def _caption(
    shown: PlaneChoice, hint: str, found: FoundPlane | None, facts: ModelFacts, told: Condition, spacing: Spacing
) -> str:
    if shown.kind == "images":
        text = f"slice of {facts.latent_size} dimensions through the images A, B and C"
    elif shown.kind in FOUND_KINDS and found is not None:
        text = f"slice {found.caption}, of {facts.latent_size} dimensions through the current point"
    elif shown.kind == "principal":
        text = f"slice along the first two principal directions of {facts.latent_size}, through the current point"
    else:
        text = _dimensions_caption(shown, facts)
    condition = facts.condition.text(told) if told else ""
    parts = (text + hint, condition, "evenly in probability" if spacing == "probability" else "")
    return ", ".join(part for part in parts if part)


def _dimensions_caption(shown: PlaneChoice, facts: ModelFacts) -> str:
    first, second = facts.dimension_names[shown.first], facts.dimension_names[shown.second]
    names = first if shown.first == shown.second else f"{first} × {second}"
    if facts.latent_size > 2:
        return f"slice {names} of {facts.latent_size} through the current point"
    return f"the latent space, {names}"
