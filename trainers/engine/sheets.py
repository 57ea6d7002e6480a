"""Sheets of decoded pictures that show a latent space: its manifold, and traversals of its dimensions."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.data.batching import evaluation_batches
from trainers.data.image_dataset import ImageDataset
from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import encode_dataset, first_items, reconstruct, require_encoder, require_shape
from trainers.engine.evaluation import evaluate
from trainers.engine.pictures import contact_sheet, pixels, readable_scale
from trainers.latent.plane import Spacing, dimension_plane
from trainers.latent.tiles import tile_centres
from trainers.latent.traversal import traversal_codes
from trainers.metrics.metric import MetricSettings
from trainers.models.latent_model import LatentModel, VariationalBound

HOME_EXTENT = 3.0
_ITEMS_FOR_ACTIVITY = 2000


def manifold_sheet(
    model: LatentModel,
    dimensions: tuple[int, int],
    tiles: int,
    spacing: Spacing,
    extent: float = HOME_EXTENT,
    scale: int | None = None,
) -> NDArray[np.uint8]:
    """Decoded tiles of the slice of two dimensions through the prior's mean; (height, width, channels).

    The first dimension grows to the right and the second upwards. Spacing "probability" covers the prior evenly in
    probability, as in the figure of Kingma and Welling, 2014; "even" covers `extent` deviations on either side.
    """
    means, deviations = (moments.numpy() for moments in model.prior_moments())
    plane = dimension_plane(means, *dimensions, means, deviations, spacing)
    rows = tiles if model.latent_space.size > 1 else 1
    pictures = pixels(
        decode_codes(model, plane.codes(tile_centres(_rectangle(plane.home(), spacing, extent), tiles, rows)))
    )
    return contact_sheet(pictures, tiles, scale or readable_scale(pictures.shape[1]), gap=0)


def traversal_sheet(
    model: LatentModel, dimensions: Sequence[int], steps: int, extent: float, scale: int | None = None
) -> NDArray[np.uint8]:
    """A row for each dimension through the prior's mean, from -extent to +extent deviations of the prior."""
    means, deviations = (moments.numpy() for moments in model.prior_moments())
    reach = np.linspace(-extent, extent, steps)
    values = np.stack([means[dimension] + deviations[dimension] * reach for dimension in dimensions])
    codes = traversal_codes(means, dimensions, values).reshape(-1, len(means))
    pictures = pixels(decode_codes(model, codes))
    return contact_sheet(pictures, steps, scale or readable_scale(pictures.shape[1]))


def reconstruction_sheet(
    model: LatentModel, dataset: ImageDataset, count: int, columns: int, scale: int | None = None
) -> NDArray[np.uint8]:
    """The first items of a split in rows, each row with its reconstructions below it.

    Raises `UsageError` for a model without an encoder.
    """
    require_encoder(model)
    require_shape(model, dataset)
    rows = []
    part = first_items(dataset, count)
    for batch in evaluation_batches(part, columns, model.device, model.data_spec.binarisation, seed=0):
        blank = batch.images.new_ones(columns - len(batch.images), *batch.images.shape[1:])
        rows += [batch.images, blank, reconstruct(model, batch.images), blank]
    pictures = pixels(torch.cat(rows))
    return contact_sheet(pictures, columns, scale or readable_scale(pictures.shape[1]))


def dimension_activity(model: LatentModel, dataset: ImageDataset) -> tuple[NDArray[np.float64], str]:
    """How much each dimension is used, (latent_size,), and the unit: mean KL in nats, or variance of the codes.

    Raises `UsageError` for a model without an encoder.
    """
    if isinstance(model, VariationalBound):
        (measured,) = evaluate(model, dataset, ("kl",), MetricSettings(limit=_ITEMS_FOR_ACTIVITY))
        return np.asarray(measured.per_unit), "nats"
    codes = encode_dataset(model, dataset, limit=_ITEMS_FOR_ACTIVITY).codes
    return codes.var(axis=0, dtype=np.float64), "variance"


def _rectangle(
    home: tuple[float, float, float, float], spacing: Spacing, extent: float
) -> tuple[float, float, float, float]:
    if spacing == "probability":
        return home
    left, bottom, right, top = home
    middle_x, middle_y, factor = (left + right) / 2, (bottom + top) / 2, extent / HOME_EXTENT
    half_x, half_y = factor * (right - left) / 2, factor * (top - bottom) / 2
    return (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)
