"""Recipes of the sheets that show a latent space: its manifold, traversals, progressions of a condition, paths."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.engine.encoding import evaluating
from trainers.engine.sampling import check_temperature
from trainers.engine.sheets import usual_scale
from trainers.export.recipes import CodesRecipe, Numbers, SliceRecipe, numbers_of
from trainers.latent.latent_space import Temperature
from trainers.latent.plane import Rectangle, Spacing, dimension_plane
from trainers.latent.traversal import traversal_codes
from trainers.models.latent_model import LatentModel

HOME_EXTENT = 3.0


def manifold_recipe(
    model: LatentModel,
    dimensions: tuple[int, int],
    tiles: int,
    spacing: Spacing,
    extent: float = HOME_EXTENT,
    scale: int | None = None,
    condition: Tensor | None = None,
) -> SliceRecipe:
    """Decoded tiles of the slice of two dimensions through the prior's mean.

    The first dimension grows to the right and the second upwards. Spacing "probability" covers the prior evenly in
    probability, as in the figure of Kingma and Welling, 2014; "even" covers `extent` deviations on either side.
    condition: (*shape), that of every tile, for a model that needs one.
    """
    means, deviations = (moments.numpy() for moments in model.prior_moments())
    plane = dimension_plane(means, *dimensions, means, deviations, spacing)
    return SliceRecipe(
        origin=_numbers(plane.origin),
        axes=(_numbers(plane.axes[0]), _numbers(plane.axes[1])),
        means=(float(plane.means[0]), float(plane.means[1])),
        deviations=(float(plane.deviations[0]), float(plane.deviations[1])),
        spacing=spacing,
        view=_view(plane.home(), spacing, extent),
        rows=tiles if model.latent_space.size > 1 else 1,
        columns=tiles,
        scale=scale or usual_scale(model.data_spec),
        condition=() if condition is None else _numbers(condition.flatten().numpy()),
    )


def traversal_recipe(
    model: LatentModel,
    dimensions: Sequence[int],
    steps: int,
    extent: float,
    scale: int | None = None,
    condition: Tensor | None = None,
) -> CodesRecipe:
    """A row for each dimension through the prior's mean, from -extent to +extent deviations of the prior.

    condition: (*shape), that of every picture, for a model that needs one.
    """
    means, deviations = (moments.numpy() for moments in model.prior_moments())
    reach = np.linspace(-extent, extent, steps)
    values = np.stack([means[dimension] + deviations[dimension] * reach for dimension in dimensions])
    codes = traversal_codes(means, dimensions, values).reshape(-1, len(means))
    return CodesRecipe(
        codes=numbers_of(codes),
        conditions=() if condition is None else numbers_of(condition.flatten()[None].numpy()),
        groups=tuple(np.repeat(np.arange(len(dimensions)), steps).tolist()),
        columns=steps,
        scale=scale or usual_scale(model.data_spec),
    )


def progression_recipe(
    model: LatentModel,
    conditions: Tensor,
    rows: int,
    seed: int = 0,
    temperature: Temperature = 1.0,
    scale: int | None = None,
) -> CodesRecipe:
    """One code per row, decoded with each of the conditions (columns, *shape) in turn.

    Raises `UsageError` for another number of temperatures than levels.
    Source: Yan et al., Attribute2Image, 2016.
    """
    check_temperature(model.latent_space, temperature)
    columns, usual = len(conditions), model.condition_spec.usual(rows)
    told = None if usual is None else usual.to(model.device)
    with torch.inference_mode(), evaluating(model):
        codes = model.sample_prior(rows, temperature, told, torch.Generator().manual_seed(seed))
    swept = conditions.repeat(rows, *[1] * (conditions.ndim - 1)).flatten(1)
    return CodesRecipe(
        codes=numbers_of(codes.repeat_interleave(columns, dim=0).cpu().numpy()),
        conditions=numbers_of(swept.cpu().numpy()),
        groups=tuple(np.tile(np.arange(columns), rows).tolist()),
        columns=columns,
        scale=scale or usual_scale(model.data_spec),
    )


def strip_recipe(
    model: LatentModel,
    codes: NDArray[np.floating],
    conditions: NDArray[np.floating] | None = None,
    scale: int | None = None,
    titles: Sequence[str] = (),
) -> CodesRecipe:
    """Pictures of codes (count, latent_size) beside each other.

    conditions: (1 or count, size), what the model is told; None for what is usual. titles: of each picture.
    """
    return CodesRecipe(
        codes=numbers_of(codes),
        conditions=() if conditions is None else numbers_of(conditions),
        columns=len(codes),
        scale=scale or usual_scale(model.data_spec),
        column_titles=tuple(titles) if model.data_spec.kind == "images" else (),
    )


def _numbers(values: np.ndarray) -> Numbers:
    return tuple(float(value) for value in values)


def _view(home: Rectangle, spacing: Spacing, extent: float) -> Rectangle:
    if spacing == "probability":
        return home
    left, bottom, right, top = home
    middle_x, middle_y, factor = (left + right) / 2, (bottom + top) / 2, extent / HOME_EXTENT
    half_x, half_y = factor * (right - left) / 2, factor * (top - bottom) / 2
    return (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)
