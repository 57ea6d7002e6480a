"""The plane through three chosen images, or the sentence that says what is missing."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import PlaneChoice, Spacing
from trainers.errors import UsageError
from trainers.latent.plane import Plane, Rectangle, plane_through

CORNER_NAMES = ("A", "B", "C")
Corners = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]

_HOW = "bring the ring to an image and press the letter, or point at one on the map and type it"


def known_corners(corners: Corners, facts: ModelFacts) -> dict[str, tuple[float, ...]]:
    """The corners that a model could decode, by their letters."""
    return {
        name: corner
        for name, corner in zip(CORNER_NAMES, corners, strict=True)
        if corner and len(corner) == facts.latent_size and np.isfinite(corner).all()
    }


def with_corner(choice: PlaneChoice, place: int, code: tuple[float, ...]) -> PlaneChoice:
    """A choice of three images with another code for A, B or C, counted from 0."""
    first, second, third = (code if index == place else corner for index, corner in enumerate(choice.corners))
    return replace(choice, kind="images", corners=(first, second, third))


def images_plane(choice: PlaneChoice, facts: ModelFacts, spacing: Spacing) -> Plane:
    """The plane through the three images of a choice. Raises `UsageError` where there is none."""
    known = known_corners(choice.corners, facts)
    missing = [name for name in CORNER_NAMES if name not in known]
    if missing and any(choice.corners[CORNER_NAMES.index(name)] for name in missing):
        raise UsageError(f"{' and '.join(missing)} cannot be images of this model; {_HOW} ({', '.join(missing)}).")
    if missing:
        raise UsageError(f"Still to choose: {', '.join(missing)}; {_HOW}.")
    return plane_through(np.array(list(known.values())), np.array(facts.means), np.array(facts.deviations), spacing)


def home_round(positions: NDArray[np.float64], room: float) -> Rectangle:
    """A square round some positions (count, 2) of a plane, reaching `room` of their extent beyond them each way."""
    low, high = positions.min(axis=0), positions.max(axis=0)
    middle, reach = (low + high) / 2, (0.5 + room) * max(float((high - low).max()), 1e-6)
    return (
        float(middle[0] - reach),
        float(middle[1] - reach),
        float(middle[0] + reach),
        float(middle[1] + reach),
    )
