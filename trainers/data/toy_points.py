"""Densities of two dimensions that are easily looked at, embedded."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.data.dataset_source import Contents, DatasetSource, Items
from trainers.data.image_dataset import Split
from trainers.reporting import Report

_COUNTS: dict[Split, int] = {"train": 20_000, "test": 4_000}
_SEEDS: dict[Split, int] = {"train": 1, "test": 2}
_VERSION = "points 1"  # changes with every change of a density, so that old draws are not read again

_COMPASS = ("east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east")


class Drawn(NamedTuple):
    """Points (count, 2), and the class number of each or None."""

    points: NDArray[np.float64]
    labels: NDArray[np.int64] | None = None


class ToyPoints(DatasetSource):
    """20,000 training and 4,000 test points of one density, between about -4 and 4.

    draw: gives so many points from a seed.
    """

    embedded = True

    def __init__(
        self,
        name: str,
        title: str,
        description: str,
        draw: Callable[[int, int], Drawn],
        class_names: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.title = title
        self.description = f"24,000 points: {description}, embedded"
        self._draw = draw
        self._class_names = class_names

    def signature(self) -> str:
        """The version of the densities."""
        return _VERSION

    def read(self, report: Report) -> Contents:
        """Draw both splits."""
        report(0.0, f"drawing {self.name}")
        return Contents({split: self._items(split) for split in _COUNTS}, class_names=self._class_names)

    def _items(self, split: Split) -> Items:
        points, labels = self._draw(_COUNTS[split], _SEEDS[split])
        return Items(torch.from_numpy(points).float(), None if labels is None else torch.from_numpy(labels))


def draw_moons(count: int, seed: int) -> Drawn:
    """Two half circles of radius 2 that reach into each other, with Gaussian noise of deviation 0.16."""
    from sklearn.datasets import make_moons

    points, labels = make_moons(count, noise=0.08, random_state=seed)
    return Drawn(2.0 * (points - np.array([0.5, 0.25])), labels.astype(np.int64))


def draw_circles(count: int, seed: int) -> Drawn:
    """Rings of radius 3 and 1.5 around one centre, with Gaussian noise of deviation 0.15."""
    from sklearn.datasets import make_circles

    points, labels = make_circles(count, noise=0.05, factor=0.5, random_state=seed)
    return Drawn(3.0 * points, labels.astype(np.int64))


def draw_eight_gaussians(count: int, seed: int) -> Drawn:
    """Gaussians of deviation 0.3 around eight places on a circle of radius 3, counted from the east leftwards."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, len(_COMPASS), count)
    angles = labels * (2.0 * np.pi / len(_COMPASS))
    centres = 3.0 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return Drawn(centres + 0.3 * generator.standard_normal((count, 2)), labels)


def draw_swiss_roll(count: int, seed: int) -> Drawn:
    """A spiral of one and a half turns, with Gaussian noise of deviation 0.12."""
    from sklearn.datasets import make_swiss_roll

    points, _ = make_swiss_roll(count, noise=0.5, random_state=seed)
    return Drawn(points[:, [0, 2]] / 4.0)


def draw_heart(count: int, seed: int) -> Drawn:
    """The outline (16 sin³ t, 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t) of a heart, with noise of deviation 0.1."""
    t = np.linspace(0.0, 2.0 * np.pi, 2001)
    heights = 13.0 * np.cos(t) - 5.0 * np.cos(2.0 * t) - 2.0 * np.cos(3.0 * t) - np.cos(4.0 * t)
    outline = np.stack([16.0 * np.sin(t) ** 3, heights + 2.5]) / 5.0
    # Even along the line, which t is not: it nearly stands still in the two corners.
    lengths = np.hypot(*np.diff(outline)).cumsum()
    generator = np.random.default_rng(seed)
    places = generator.uniform(0.0, lengths[-1], count)
    points = np.stack([np.interp(places, lengths, coordinate[1:]) for coordinate in outline], axis=1)
    return Drawn(points + 0.1 * generator.standard_normal((count, 2)))


TOY_POINTS = (
    ToyPoints("moons", "Moons", "two half moons", draw_moons, ("upper", "lower")),
    ToyPoints("circles", "Circles", "a ring inside a ring", draw_circles, ("outer", "inner")),
    ToyPoints("eight_gaussians", "Eight Gaussians", "eight Gaussians on a circle", draw_eight_gaussians, _COMPASS),
    ToyPoints("swiss_roll", "Swiss roll", "a spiral", draw_swiss_roll),
    ToyPoints("heart", "Heart", "the outline of a heart, drawn by a formula", draw_heart),
)
