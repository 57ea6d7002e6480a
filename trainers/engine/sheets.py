"""Sheets of items: what a model gives for them, or what they are."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.binarisation import drawn_once, static_seed
from trainers.data.corruption import Corrupted
from trainers.data.data_spec import Binarisation, DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import encode_dataset, evaluating, learned_codes
from trainers.engine.evaluation import evaluate
from trainers.engine.fitting_data import part_of, require_fitting_data
from trainers.engine.inversion import reconstruct
from trainers.engine.pictures import BACKGROUND, GAP, contact_sheet, nearly_square, pixels, readable_scale
from trainers.engine.point_pictures import density_grid, frame_of, scatter_picture
from trainers.engine.sampling import sample_images
from trainers.errors import UsageError
from trainers.latent.inversion import InversionSettings
from trainers.latent.plane import Rectangle
from trainers.metrics.metric import MetricSettings
from trainers.models.latent_model import LatentModel, Restorer, VariationalBound
from trainers.reporting import Report, StopRequested, never, no_report

# Images (batch, channels, height, width) and their places in the split, to what is left of them.
Corrupting = Callable[[Tensor, Tensor], Corrupted]

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
    frame: Rectangle | None = None,
) -> NDArray[np.uint8]:
    """Items of a model in one picture (height, width, channels): images in rows of `columns`, points as a scatter.

    groups: (count,) whole numbers that decide the colours of points. frame: the part of the plane that a scatter shows,
    that of `usual_frame` without one.
    """
    if model.data_spec.kind == "images":
        pictures = pixels(items)
        return contact_sheet(pictures, columns, scale or usual_scale(model.data_spec), gap)
    frame = frame or usual_frame(model)
    heat = density_grid(model, frame, _HEAT_TILES)
    return scatter_picture(items.numpy(), frame, _SIDE * (scale or _SCALE), heat, groups)


def usual_frame(model: LatentModel) -> Rectangle:
    """The part of the plane in which points of a model are shown, always the same: round its samples."""
    usual = model.condition_spec.usual(_POINTS_FOR_FRAME)
    return frame_of(sample_images(model, _POINTS_FOR_FRAME, condition=usual))


def reconstruction_pairs(
    model: LatentModel,
    dataset: ImageDataset,
    places: Sequence[int],
    settings: InversionSettings | None = None,
    corrupt: Corrupting | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> tuple[Tensor, ...]:
    """Some items of a split and their reconstructions, (count, *shape) in [0, 1] each, on the CPU.

    settings: of the search for codes, which a model needs that neither learned them nor has an encoder.
    corrupt: gives what the model sees for items and their places; then that lies between the two.
    Raises `UsageError` for data that do not fit the model or do not have these items, and `StoppedError`.
    """
    require_fitting_data(model, dataset)
    if max(places) >= len(dataset):
        raise UsageError(f"There is no item {max(places):,}: the split has {len(dataset):,}; choose others.")
    chosen = torch.tensor(places)
    part = part_of(_drawn(dataset, model.data_spec.binarisation, max(places) + 1), chosen)
    (batch,) = evaluation_batches(part, len(part), model.device, "none", seed=0)
    told, learned = model.condition_of(batch), learned_codes(model, dataset)
    if corrupt is not None:
        seen = corrupt(batch.images, chosen).images
        if isinstance(model, Restorer):
            with torch.inference_mode(), evaluating(model):
                return batch.images.cpu(), seen.cpu(), model.restore(seen, told).cpu()
        decoded = reconstruct(model, seen, told, settings, report=report, stop_requested=stop_requested)
        return batch.images.cpu(), seen.cpu(), decoded.cpu()
    if learned is None:
        decoded = reconstruct(model, batch.images, told, settings, report=report, stop_requested=stop_requested)
    else:
        codes = learned[chosen.to(learned.device)]
        decoded = decode_codes(model, codes, told, report=report, stop_requested=stop_requested)
    return batch.images.cpu(), decoded.cpu()


def _drawn(dataset: ImageDataset, binarisation: Binarisation, count: int) -> ImageDataset:
    # Of the whole split, so that an item looks the same here and in every evaluation, whichever stand beside it.
    if binarisation == "none":
        return dataset
    seed = 0 if binarisation == "dynamic" else static_seed(dataset.split)
    return replace(dataset, images=drawn_once(dataset.images, seed, count))


def interleaved_rows(parts: Sequence[NDArray[np.uint8]], columns: int) -> NDArray[np.uint8]:
    """Rows of `columns` pictures of each part in turn, the last rows filled with white.

    parts: (count, height, width, 1 or 3) each; gives colours where one of them has any.
    """
    channels, count = max(part.shape[3] for part in parts), len(parts[0])
    shape = parts[0].shape[1:3]
    filled = np.full((len(parts), count + -count % columns, *shape, channels), BACKGROUND, np.uint8)
    for place, part in enumerate(parts):
        filled[place, :count] = part
    rows = filled.reshape(len(parts), -1, columns, *shape, channels).swapaxes(0, 1)
    return rows.reshape(-1, *shape, channels)


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
