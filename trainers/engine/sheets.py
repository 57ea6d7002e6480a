"""Sheets of decoded pictures that show a latent space: its manifold, traversals, progressions of a condition."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.image_dataset import ImageDataset
from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import encode_dataset, evaluating, learned_codes
from trainers.engine.evaluation import evaluate
from trainers.engine.fitting_data import first_items, require_fitting_data
from trainers.engine.inversion import reconstruct
from trainers.engine.pictures import GAP, contact_sheet, nearly_square, pixels, readable_scale
from trainers.engine.point_pictures import density_grid, frame_of, scatter_picture
from trainers.engine.sampling import check_temperature, sample_images
from trainers.latent.inversion import InversionSettings
from trainers.latent.latent_space import Temperature
from trainers.latent.plane import Spacing, dimension_plane
from trainers.latent.tiles import tile_centres
from trainers.latent.traversal import traversal_codes
from trainers.metrics.metric import MetricSettings
from trainers.models.latent_model import LatentModel, VariationalBound
from trainers.reporting import Report, no_report

HOME_EXTENT = 3.0
_ITEMS_FOR_ACTIVITY = 2000

# A scatter takes the place of a sheet where items are points: its pixels at scale 1, and the scale by default.
_SIDE, _SCALE = 64, 8
_POINTS_FOR_FRAME = 2000
_HEAT_TILES = 128
_PICTURES_OF_DATA = 64


def items_sheet(
    model: LatentModel,
    items: Tensor,
    columns: int,
    scale: int | None = None,
    *,
    gap: int = GAP,
    groups: NDArray[np.integer] | None = None,
) -> NDArray[np.uint8]:
    """Items of a model in one picture (height, width, channels): images in rows of `columns`, points as a scatter.

    groups: (count,) whole numbers that decide the colours of points. Points of one model always have the same frame,
    that of samples at temperature 1.
    """
    if model.data_spec.kind == "images":
        pictures = pixels(items)
        return contact_sheet(pictures, columns, scale or readable_scale(pictures.shape[1]), gap)
    usual = model.condition_spec.usual(_POINTS_FOR_FRAME)
    frame = frame_of(sample_images(model, _POINTS_FOR_FRAME, condition=usual))
    heat = density_grid(model, frame, _HEAT_TILES)
    return scatter_picture(items.numpy(), frame, _SIDE * (scale or _SCALE), heat, groups)


def manifold_sheet(
    model: LatentModel,
    dimensions: tuple[int, int],
    tiles: int,
    spacing: Spacing,
    extent: float = HOME_EXTENT,
    scale: int | None = None,
    condition: Tensor | None = None,
    *,
    report: Report = no_report,
) -> NDArray[np.uint8]:
    """Decoded tiles of the slice of two dimensions through the prior's mean; (height, width, channels).

    The first dimension grows to the right and the second upwards. Spacing "probability" covers the prior evenly in
    probability, as in the figure of Kingma and Welling, 2014; "even" covers `extent` deviations on either side.
    condition: (*shape), that of every tile, for a model that needs one.
    """
    means, deviations = (moments.numpy() for moments in model.prior_moments())
    plane = dimension_plane(means, *dimensions, means, deviations, spacing)
    rows = tiles if model.latent_space.size > 1 else 1
    codes = plane.codes(tile_centres(_rectangle(plane.home(), spacing, extent), tiles, rows))
    items = decode_codes(model, codes, _repeated(condition, len(codes)), report=report)
    return items_sheet(model, items, tiles, scale, gap=0)


def traversal_sheet(
    model: LatentModel,
    dimensions: Sequence[int],
    steps: int,
    extent: float,
    scale: int | None = None,
    condition: Tensor | None = None,
    *,
    report: Report = no_report,
) -> NDArray[np.uint8]:
    """A row for each dimension through the prior's mean, from -extent to +extent deviations of the prior.

    condition: (*shape), that of every picture, for a model that needs one.
    """
    means, deviations = (moments.numpy() for moments in model.prior_moments())
    reach = np.linspace(-extent, extent, steps)
    values = np.stack([means[dimension] + deviations[dimension] * reach for dimension in dimensions])
    codes = traversal_codes(means, dimensions, values).reshape(-1, len(means))
    groups = np.repeat(np.arange(len(dimensions)), steps)
    items = decode_codes(model, codes, _repeated(condition, len(codes)), report=report)
    return items_sheet(model, items, steps, scale, groups=groups)


def progression_sheet(
    model: LatentModel,
    conditions: Tensor,
    rows: int,
    seed: int = 0,
    temperature: Temperature = 1.0,
    scale: int | None = None,
    *,
    report: Report = no_report,
) -> NDArray[np.uint8]:
    """One code per row, decoded with each of the conditions (columns, *shape) in turn.

    Raises `UsageError` for another number of temperatures than levels.
    Source: Yan et al., Attribute2Image, 2016.
    """
    check_temperature(model.latent_space, temperature)
    columns, usual = len(conditions), model.condition_spec.usual(rows)
    told = None if usual is None else usual.to(model.device)
    with torch.inference_mode(), evaluating(model):
        codes = model.sample_prior(rows, temperature, told, torch.Generator().manual_seed(seed))
    swept = conditions.repeat(rows, *[1] * (conditions.ndim - 1))
    items = decode_codes(model, codes.repeat_interleave(columns, dim=0), swept, report=report)
    return items_sheet(model, items, columns, scale, groups=np.tile(np.arange(columns), rows))


def reconstruction_sheet(
    model: LatentModel,
    dataset: ImageDataset,
    count: int,
    columns: int,
    scale: int | None = None,
    settings: InversionSettings | None = None,
    *,
    report: Report = no_report,
) -> NDArray[np.uint8]:
    """The first items of a split in rows, each row with its reconstructions below it.

    settings: of the search for codes, which a model needs that neither learned them nor has an encoder.
    Raises `UsageError` for data that do not fit the model.
    """
    require_fitting_data(model, dataset)
    part = first_items(dataset, count)
    (batch,) = evaluation_batches(part, len(part), model.device, model.data_spec.binarisation, seed=0)
    learned = learned_codes(model, dataset)
    if learned is None:
        decoded = reconstruct(model, batch.images, model.condition_of(batch), settings, report=report).cpu()
    else:
        decoded = decode_codes(model, learned[:count], model.condition_of(batch))
    images = batch.images.cpu()
    if model.data_spec.kind == "points":
        groups = np.repeat([1, 0], len(part))
        return items_sheet(model, torch.cat([images, decoded]), columns, scale, groups=groups)
    blank = images.new_ones(-len(images) % columns, *images.shape[1:])
    rows = [torch.cat([pictures, blank]).split(columns) for pictures in (images, decoded)]
    return items_sheet(model, torch.cat([row for pair in zip(*rows, strict=True) for row in pair]), columns, scale)


def dataset_sheet(dataset: ImageDataset) -> NDArray[np.uint8]:
    """What a split looks like: its first images in a square, or all its points by class; (height, width, channels)."""
    if dataset.spec.kind == "points":
        groups = None if dataset.labels is None else dataset.labels.numpy()
        return scatter_picture(dataset.images.numpy(), frame_of(dataset), _SIDE * _SCALE, groups=groups)
    pictures = pixels(dataset.scaled(slice(_PICTURES_OF_DATA)))
    return contact_sheet(pictures, nearly_square(len(pictures)), readable_scale(pictures.shape[1]))


def dimension_activity(model: LatentModel, dataset: ImageDataset) -> tuple[NDArray[np.float64], str]:
    """How much each dimension is used, (latent_size,), and the unit: mean KL in nats, or variance of the codes.

    Raises `UsageError` for a model without an encoder.
    """
    if isinstance(model, VariationalBound):
        (measured,) = evaluate(model, dataset, ("kl",), MetricSettings(limit=_ITEMS_FOR_ACTIVITY))
        return np.asarray(measured.per_unit), "nats"
    codes = encode_dataset(model, dataset, limit=_ITEMS_FOR_ACTIVITY).codes
    return codes.var(axis=0, dtype=np.float64), "variance"


def _repeated(condition: Tensor | None, count: int) -> Tensor | None:
    return None if condition is None else condition.expand(count, *condition.shape)


def _rectangle(
    home: tuple[float, float, float, float], spacing: Spacing, extent: float
) -> tuple[float, float, float, float]:
    if spacing == "probability":
        return home
    left, bottom, right, top = home
    middle_x, middle_y, factor = (left + right) / 2, (bottom + top) / 2, extent / HOME_EXTENT
    half_x, half_y = factor * (right - left) / 2, factor * (top - bottom) / 2
    return (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)
