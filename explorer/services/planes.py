"""The plane a map shows, made from what was chosen, the model and the data."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.tiles import Rectangle
from explorer.state.condition_facts import Condition
from explorer.state.map_values import PointCloud
from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import MapChoice, PlaneChoice, Spacing
from trainers.latent.plane import Plane, dimension_plane

_UNIT_SQUARE = (0.0, 0.0, 1.0, 1.0)
_KEY_DECIMALS = 6


@dataclass(frozen=True, eq=False)
class MapPlane:
    """A plane with what the map says and needs to know of it.

    key: equal for planes on which the same positions are the same pictures. bounds: where there are codes at all, or
    None for everywhere. home: the extent worth seeing first. condition: what the decoder is told on all of the plane,
    empty where it needs nothing.
    """

    plane: Plane
    choice: PlaneChoice
    key: Hashable
    caption: str
    bounds: Rectangle | None
    home: Rectangle
    condition: Condition = ()

    def codes(self, positions: NDArray[np.floating]) -> NDArray[np.float64]:
        """Codes (count, latent_size) at positions (count, 2)."""
        return self.plane.codes(positions)

    def position(self, code: tuple[float, ...]) -> tuple[float, float]:
        """Where a code lies, projected onto the plane."""
        u, v = self.plane.positions(np.array([code]))[0]
        return float(u), float(v)

    def moved(self, code: tuple[float, ...], u: float, v: float) -> tuple[float, ...]:
        """The code with its part in the plane replaced."""
        return tuple(self.plane.moved(np.array(code), np.array([u, v])).tolist())

    def _positions(self, codes: NDArray[np.float32]) -> NDArray[np.float32]:
        # Of long codes two columns are much sooner taken than the rest multiplied by nothing.
        first, second = self.choice.first, self.choice.second
        if self.choice.kind == "dimensions" and self.plane.spacing == "even" and first != second:
            return codes[:, [first, second]]
        return self.plane.positions(codes).astype(np.float32)

    def points(self, encoded: EncodedItems, coloured: bool) -> PointCloud:
        """Encoded items on the plane; without colours all of them belong to no group."""
        positions = self._positions(encoded.codes)
        if coloured and encoded.labels is not None:
            return PointCloud(positions, encoded.labels, encoded.class_names, encoded.note)
        return PointCloud(positions, np.full(len(positions), -1, dtype=np.int64), (), encoded.note)


def map_plane(
    choice: MapChoice, code: tuple[float, ...], facts: ModelFacts, encoded: EncodedItems | None, told: Condition = ()
) -> MapPlane:
    """The plane for a choice; without encoded data principal directions give way to the first two dimensions.

    told: the condition of the model in full, or empty where its pictures depend on none.
    """
    principal = encoded.principal if encoded is not None else None
    axes = fitting_plane(choice.plane, facts.latent_size, principal is not None)
    if axes.kind == "principal" and principal is not None:
        plane = replace(principal, origin=np.array(code), spacing=choice.spacing)
    else:
        plane = dimension_plane(
            np.array(code), axes.first, axes.second, np.array(facts.means), np.array(facts.deviations), choice.spacing
        )
    off_plane = np.array(code) - (plane.axes @ np.array(code)) @ plane.axes
    return MapPlane(
        plane,
        axes,
        (axes, choice.spacing, _key_of(off_plane), told),
        _caption(axes, choice.spacing, facts, told),
        _UNIT_SQUARE if choice.spacing == "probability" else None,
        plane.home(),
        told,
    )


def _key_of(numbers: NDArray[np.float64]) -> bytes:
    # Adding zero makes the two zeros one.
    return (np.round(numbers, _KEY_DECIMALS) + 0.0).tobytes()


def fitting_plane(choice: PlaneChoice, latent_size: int, principal_possible: bool) -> PlaneChoice:
    """The choice where a model can show it, else the first two dimensions."""
    if choice.kind == "principal" and principal_possible and latent_size > 2:
        return PlaneChoice("principal")
    first, second = choice.first, choice.second
    if choice.kind == "dimensions" and first != second and 0 <= min(first, second) <= max(first, second) < latent_size:
        return choice
    return PlaneChoice("dimensions", 0, min(1, latent_size - 1))


def _caption(axes: PlaneChoice, spacing: Spacing, facts: ModelFacts, told: Condition) -> str:
    first, second = facts.dimension_names[axes.first], facts.dimension_names[axes.second]
    names = first if axes.first == axes.second else f"{first} × {second}"
    if axes.kind == "principal":
        text = f"slice along the first two principal directions of {facts.latent_size}, through the current point"
    elif facts.latent_size > 2:
        text = f"slice {names} of {facts.latent_size} through the current point"
    else:
        text = f"the latent space, {names}"
    condition = facts.condition.text(told) if told else ""
    parts = (text, condition, "evenly in probability" if spacing == "probability" else "")
    return ", ".join(part for part in parts if part)
