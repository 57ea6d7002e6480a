"""The plane a map shows, made from what was chosen, the model and the data."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.tiles import Rectangle
from explorer.state.map_values import PointCloud
from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import MapChoice, PlaneChoice, Spacing
from trainers.latent.plane import Plane, dimension_plane, principal_plane

_UNIT_SQUARE = (0.0, 0.0, 1.0, 1.0)
_KEY_DECIMALS = 6


@dataclass(frozen=True, eq=False)
class MapPlane:
    """A plane with what the map says and needs to know of it.

    key: equal for planes on which the same positions are the same codes. bounds: where there are codes at all, or
    None for everywhere. home: the extent worth seeing first.
    """

    plane: Plane
    choice: PlaneChoice
    key: Hashable
    caption: str
    bounds: Rectangle | None
    home: Rectangle

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

    def points(self, encoded: EncodedItems, coloured: bool) -> PointCloud:
        """Encoded items on the plane; without colours all of them belong to no group."""
        positions = self.plane.positions(encoded.codes).astype(np.float32)
        if coloured and encoded.labels is not None:
            return PointCloud(positions, encoded.labels, encoded.class_names, encoded.note)
        return PointCloud(positions, np.full(len(positions), -1, dtype=np.int64), (), encoded.note)


def map_plane(choice: MapChoice, code: tuple[float, ...], facts: ModelFacts, encoded: EncodedItems | None) -> MapPlane:
    """The plane for a choice; without encoded data principal directions give way to the first two dimensions."""
    axes = fitting_plane(choice.plane, facts.latent_size, encoded is not None and encoded.complete)
    if axes.kind == "principal" and encoded is not None:
        plane = replace(_principal_axes(encoded, choice.spacing), origin=np.array(code))
    else:
        plane = dimension_plane(
            np.array(code), axes.first, axes.second, np.array(facts.means), np.array(facts.deviations), choice.spacing
        )
    off_plane = np.array(code) - (plane.axes @ np.array(code)) @ plane.axes
    return MapPlane(
        plane,
        axes,
        (axes, choice.spacing, tuple(np.round(off_plane, _KEY_DECIMALS).tolist())),
        _caption(axes, choice.spacing, facts),
        _UNIT_SQUARE if choice.spacing == "probability" else None,
        plane.home(),
    )


def fitting_plane(choice: PlaneChoice, latent_size: int, principal_possible: bool) -> PlaneChoice:
    """The choice where a model can show it, else the first two dimensions."""
    if choice.kind == "principal" and principal_possible and latent_size > 2:
        return PlaneChoice("principal")
    first, second = choice.first, choice.second
    if choice.kind == "dimensions" and first != second and 0 <= min(first, second) <= max(first, second) < latent_size:
        return choice
    return PlaneChoice("dimensions", 0, min(1, latent_size - 1))


@lru_cache(maxsize=2)
def _principal_axes(encoded: EncodedItems, spacing: Spacing) -> Plane:
    # The directions depend on the data alone, and finding them takes longer than a step of a drag may.
    return principal_plane(np.zeros(encoded.codes.shape[1]), encoded.codes, spacing)


def _caption(axes: PlaneChoice, spacing: Spacing, facts: ModelFacts) -> str:
    first, second = facts.dimension_names[axes.first], facts.dimension_names[axes.second]
    names = first if axes.first == axes.second else f"{first} × {second}"
    if axes.kind == "principal":
        text = f"slice along the first two principal directions of {facts.latent_size}, through the current point"
    elif facts.latent_size > 2:
        text = f"slice {names} of {facts.latent_size} through the current point"
    else:
        text = f"the latent space, {names}"
    return f"{text}, evenly in probability" if spacing == "probability" else text
