"""Sheets of items: what a model gives for them, or what they are."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import encode_dataset, learned_codes
from trainers.engine.evaluation import evaluate
from trainers.engine.fitting_data import part_of, require_fitting_data
from trainers.engine.inversion import reconstruct
from trainers.engine.pictures import GAP, contact_sheet, nearly_square, pixels, readable_scale
from trainers.engine.point_pictures import density_grid, frame_of, scatter_picture
from trainers.engine.sampling import sample_images
from trainers.errors import UsageError
from trainers.latent.inversion import InversionSettings
from trainers.metrics.metric import MetricSettings
from trainers.models.latent_model import LatentModel, VariationalBound
from trainers.reporting import Report, StopRequested, never, no_report

_ITEMS_FOR_ACTIVITY = 2000

# A scatter takes the place of a sheet where items are points: its pixels at scale 1, and the scale by default.
_SIDE, _SCALE = 64, 8
_POINTS_FOR_FRAME = 2000
_HEAT_TILES = 128
_PICTURES_OF_DATA = 64


def usual_scale(spec: DataSpec) -> int:
    """Screen pixels per pixel at which items of a kind are easily seen."""
    return readable_scale(spec.shape[1]) if spec.kind == "images" else _SCALE


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
        return contact_sheet(pictures, columns, scale or usual_scale(model.data_spec), gap)
    usual = model.condition_spec.usual(_POINTS_FOR_FRAME)
    frame = frame_of(sample_images(model, _POINTS_FOR_FRAME, condition=usual))
    heat = density_grid(model, frame, _HEAT_TILES)
    return scatter_picture(items.numpy(), frame, _SIDE * (scale or _SCALE), heat, groups)


def reconstruction_pairs(
    model: LatentModel,
    dataset: ImageDataset,
    places: Sequence[int],
    settings: InversionSettings | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> tuple[Tensor, Tensor]:
    """Some items of a split and their reconstructions, (count, *shape) in [0, 1] each, on the CPU.

    settings: of the search for codes, which a model needs that neither learned them nor has an encoder.
    Raises `UsageError` for data that do not fit the model or do not have these items, and `StoppedError`.
    """
    require_fitting_data(model, dataset)
    if max(places) >= len(dataset):
        raise UsageError(f"There is no item {max(places):,}: the split has {len(dataset):,}; choose others.")
    chosen = torch.tensor(places)
    part = part_of(dataset, chosen)
    (batch,) = evaluation_batches(part, len(part), model.device, model.data_spec.binarisation, seed=0)
    told, learned = model.condition_of(batch), learned_codes(model, dataset)
    if learned is None:
        decoded = reconstruct(model, batch.images, told, settings, report=report, stop_requested=stop_requested)
    else:
        codes = learned[chosen.to(learned.device)]
        decoded = decode_codes(model, codes, told, report=report, stop_requested=stop_requested)
    return batch.images.cpu(), decoded.cpu()


def paired_rows(pairs: tuple[Tensor, Tensor], columns: int) -> Tensor:
    """Rows of `columns` images, each followed by the row of its reconstructions, the last rows filled with white."""
    blank = pairs[0].new_ones(-len(pairs[0]) % columns, *pairs[0].shape[1:])
    rows = [torch.cat([pictures, blank]).split(columns) for pictures in pairs]
    return torch.cat([row for pair in zip(*rows, strict=True) for row in pair])


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
