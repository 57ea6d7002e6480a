"""Points as pictures: a scatter, over the density or the critic of a model where it has one."""

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.data.image_dataset import ImageDataset
from trainers.engine.encoding import evaluating
from trainers.latent.plane import Rectangle
from trainers.latent.tiles import tile_centres
from trainers.models.capabilities import capabilities
from trainers.models.latent_model import Critic, ExactLikelihood, LatentModel

Floats = NDArray[np.floating]

_BATCH = 4096
# The share of points that may lie outside a frame on each side, and the margin around the others.
_OUTSIDE = 0.002
_MARGIN = 1.15

_GROUND = np.array([255.0, 255.0, 255.0])
# From white to a dark blue through steps of even lightness, which every eye tells apart.
_HEAT = np.array([[255, 255, 255], [217, 226, 239], [166, 195, 219], [99, 154, 197], [40, 104, 160], [8, 52, 100]])
# Okabe and Ito (2008): the colour of points without groups first.
_COLOURS = np.array(
    [[213, 94, 0], [0, 114, 178], [0, 158, 115], [204, 121, 167], [230, 159, 0], [86, 180, 233], [70, 70, 70],
     [190, 175, 20]]
)  # fmt: skip


def scatter_picture(
    points: Floats, frame: Rectangle, side: int, heat: Floats | None = None, groups: NDArray[np.integer] | None = None
) -> NDArray[np.uint8]:
    """Points (count, 2) as dots, (side, side, 3); points outside the frame are not drawn.

    frame: left, bottom, right and top of the picture.
    heat: values (rows, columns) on the ground below the dots, the top row first, darkest for the largest.
    groups: (count,) whole numbers, a colour for each; colours repeat after eight.
    """
    ground = np.broadcast_to(_GROUND, (side, side, 3)) if heat is None else _coloured(_enlarged(heat, side))
    chosen = np.zeros(len(points), np.int64) if groups is None else np.asarray(groups) % len(_COLOURS)
    density = _optical_density(np.asarray(points, np.float64), chosen, frame, side)
    total = density.sum(axis=0)
    # The colour of a pixel is the mean of its dots', whatever order they come in.
    colour = np.tensordot(density, _COLOURS[: len(density)], axes=(0, 0)) / np.maximum(total, 1e-12)[..., None]
    seen = np.exp(-total)[..., None]
    picture: NDArray[np.uint8] = np.rint(seen * ground + (1.0 - seen) * colour).astype(np.uint8)
    return picture


def frame_of(points: ImageDataset | Floats | Tensor) -> Rectangle:
    """A square (left, bottom, right, top) around points (count, 2) or a dataset of them, except for far outliers."""
    table = points.images if isinstance(points, ImageDataset) else torch.as_tensor(points)
    values = table.detach().cpu().double().numpy()
    low, high = np.quantile(values[np.isfinite(values).all(axis=1)], [_OUTSIDE, 1.0 - _OUTSIDE], axis=0)
    (x, y), half = (low + high) / 2.0, max(_MARGIN * float((high - low).max()) / 2.0, 1e-3)
    return (float(x) - half, float(y) - half, float(x) + half, float(y) + half)


def heat_of(model: LatentModel) -> Literal["density", "critic"] | None:
    """What `density_grid` shows of a model of points, None where the model knows neither."""
    able = capabilities(model)
    if model.data_spec.kind != "points" or model.condition_spec.kind != "none":
        return None
    if "exact_likelihood" in able:
        return "density"
    return "critic" if "critic" in able else None


def density_grid(model: LatentModel, frame: Rectangle, side: int) -> NDArray[np.float64] | None:
    """Density or critic's score of a model of points in the middles of tiles, (side, side), the top row first.

    None for a model without either; `heat_of` tells which it is.
    """
    shown = heat_of(model)
    if shown is None:
        return None
    places = torch.from_numpy(tile_centres(frame, side, side)).float().to(model.device)
    generator = torch.Generator(model.device).manual_seed(0)
    with torch.inference_mode(), evaluating(model):
        values = torch.cat([_values(model, shown, part, generator) for part in places.split(_BATCH)])
    return values.double().cpu().view(side, side).numpy()


def _values(
    model: LatentModel, shown: Literal["density", "critic"], places: Tensor, generator: torch.Generator
) -> Tensor:
    if shown == "density":
        assert isinstance(model, ExactLikelihood)
        return model.log_likelihood(places, generator).exp()
    assert isinstance(model, Critic)
    return model.score(places)


def _optical_density(
    points: NDArray[np.float64], groups: NDArray[np.integer], frame: Rectangle, side: int
) -> NDArray[np.float64]:
    """How strongly the dots of each group cover each pixel, (groups, side, side); minus the log of what shines through.

    Dots grow with the picture, and fade where there are many of them.
    """
    left, bottom, right, top = frame
    x = (points[:, 0] - left) / (right - left) * side - 0.5
    y = (top - points[:, 1]) / (top - bottom) * side - 0.5
    radius = max(1.0, side / 300.0)
    opacity = float(np.clip(3000.0 / max(len(points), 1), 0.3, 0.9))
    reach = int(np.ceil(radius + 0.5))
    inside = (np.abs(x - side / 2) < side / 2 + reach) & (np.abs(y - side / 2) < side / 2 + reach)
    x, y, groups = x[inside], y[inside], groups[inside]
    count = int(groups.max(initial=0)) + 1
    density = np.zeros(count * side * side)
    nearby = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1)
    for down, across in nearby.T:
        column, row = np.rint(x).astype(np.int64) + across, np.rint(y).astype(np.int64) + down
        covered = np.clip(radius + 0.5 - np.hypot(column - x, row - y), 0.0, 1.0)
        drawn = (column >= 0) & (column < side) & (row >= 0) & (row < side)
        pixel = (groups * side + row) * side + column
        density += np.bincount(pixel[drawn], -np.log1p(-opacity * covered[drawn]), minlength=len(density))
    return density.reshape(count, side, side)


def _enlarged(values: Floats, side: int) -> NDArray[np.float64]:
    """Values (rows, columns) interpolated to the middles of side × side pixels."""
    for _axis in range(2):
        places = (np.arange(side) + 0.5) / side * len(values) - 0.5
        known = np.arange(len(values))
        values = np.stack([np.interp(places, known, column) for column in np.asarray(values, np.float64).T])
    return np.asarray(values, np.float64)


def _coloured(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = values.min(), values.max()
    shares = (values - low) / max(high - low, 1e-12)
    steps = np.linspace(0.0, 1.0, len(_HEAT))
    return np.stack([np.interp(shares, steps, channel) for channel in _HEAT.T], axis=-1)
