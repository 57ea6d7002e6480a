"""Pictures made from recipes: the one way in which the command line and the window make what they export."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.data.catalogue import load_split_of
from trainers.data.corruption import corrupt_items, without_pixels
from trainers.data.image_decoding import UnusableImageError
from trainers.data.picture_fitting import unpacked_picture
from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import evaluating
from trainers.engine.fitting_data import require_fitting_data
from trainers.engine.pictures import nearly_square, pixels
from trainers.engine.sampling import check_temperature
from trainers.engine.sheets import Corrupting, interleaved_rows, items_sheet, reconstruction_pairs
from trainers.errors import UsageError
from trainers.export.difference_map import difference_map
from trainers.export.picture_sheet import PictureSheet, in_equal_room
from trainers.export.recipes import (
    CodesRecipe,
    EditRecipe,
    FrameRecipe,
    HistoryRecipe,
    Numbers,
    PairRecipe,
    Recipe,
    ReconstructionsRecipe,
    SamplesRecipe,
    SliceRecipe,
)
from trainers.latent.inversion import InversionSettings
from trainers.latent.plane import Rectangle
from trainers.latent.tiles import tile_centres
from trainers.metrics.nearest_training_items import nearest_training_items
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report, part_of

# From here on a pixel of a mask is white.
_GREY = 128


def draw_recipe(
    model: LatentModel,
    recipe: Recipe,
    *,
    checkpoint: Path | None = None,
    beside: LatentModel | None = None,
    frame: Rectangle | None = None,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> PictureSheet:
    """The sheet that a recipe describes; the same model, recipe and machine give the same pixels.

    checkpoint: the file of the model, in whose run the snapshots of a history lie. beside: the second model of a pair.
    frame: the part of the plane in which points are shown, where it is not the model's own.
    Items that are points become one picture of all. Raises `UsageError` for codes or conditions of another length
    than the model's, and `StoppedError`.
    """
    columns = recipe.columns
    if isinstance(recipe, HistoryRecipe):
        # It draws its pictures with this very function.
        from trainers.export.history_drawing import draw_history

        return draw_history(recipe, checkpoint, model.device, report=report, stop_requested=stop_requested)
    if isinstance(recipe, PairRecipe):
        return _paired(model, beside, recipe, report, stop_requested)
    if isinstance(recipe, ReconstructionsRecipe):
        return _reconstructed(model, recipe, frame, report, stop_requested)
    if isinstance(recipe, SamplesRecipe):
        codes, conditions = _drawn(model, recipe, part_of(report, 0, 2), stop_requested)
        columns = len(recipe.shares) or columns
        report = part_of(report, 1, 2)
    elif isinstance(recipe, SliceRecipe):
        _check_length(model, len(recipe.origin))
        codes = _tensor(recipe.plane().codes(tile_centres(recipe.view, recipe.columns, recipe.rows)))
        conditions = _told(model, (recipe.condition,) if recipe.condition else (), len(codes))
    else:
        _check_length(model, len(recipe.codes[0]))
        codes = _tensor(recipe.codes)
        conditions = _told(model, recipe.conditions, len(codes))
    items = decode_codes(model, codes, conditions, report=report, stop_requested=stop_requested)
    if isinstance(recipe, EditRecipe):
        return _beside(model, recipe, items)
    if isinstance(recipe, SamplesRecipe) and recipe.nearest:
        return _with_nearest(model, recipe, items, columns, stop_requested)
    return _sheet(model, recipe, items, columns, frame)


def _sheet(
    model: LatentModel, recipe: FrameRecipe, items: Tensor, columns: int, frame: Rectangle | None
) -> PictureSheet:
    if model.data_spec.kind == "points":
        groups = np.array(recipe.groups) if isinstance(recipe, CodesRecipe) and recipe.groups else None
        return PictureSheet(items_sheet(model, items, 1, recipe.scale, groups=groups, frame=frame)[None], 1)
    return _laid_out(recipe, pixels(items), columns or nearly_square(len(items)))


def _laid_out(recipe: Recipe, pictures: NDArray[np.uint8], columns: int) -> PictureSheet:
    return PictureSheet(
        pictures, columns, recipe.scale, recipe.gap, recipe.background, recipe.column_titles, recipe.row_titles
    )


def _with_nearest(
    model: LatentModel, recipe: SamplesRecipe, items: Tensor, columns: int, stop_requested: StopRequested
) -> PictureSheet:
    if model.data_spec.kind != "images":
        raise UsageError("Only pictures are compared with what the model learned from; leave the nearest items out.")
    dataset, drawn = load_split_of(model.data_spec, "train"), pixels(items)
    require_fitting_data(model, dataset)
    # Of the pictures as they are seen, so that the same ones have the same neighbours wherever they are shown.
    seen = torch.from_numpy(drawn).permute(0, 3, 1, 2) / 255.0
    found = nearest_training_items(seen, dataset.images, stop_requested=stop_requested)
    columns = columns or nearly_square(len(drawn))
    nearest = pixels(dataset.scaled(found.places))
    return _laid_out(recipe, interleaved_rows([drawn, nearest], columns), columns)


def _reconstructed(
    model: LatentModel,
    recipe: ReconstructionsRecipe,
    frame: Rectangle | None,
    report: Report,
    stop_requested: StopRequested,
) -> PictureSheet:
    dataset = load_split_of(model.data_spec, recipe.split, recipe.data)
    settings = InversionSettings(starts=recipe.starts, steps=recipe.steps)
    corrupt = _corrupting(model, recipe)
    parts = reconstruction_pairs(
        model, dataset, recipe.items, settings, corrupt, report=report, stop_requested=stop_requested
    )
    if model.data_spec.kind != "images":
        groups = np.repeat([1, 0], len(recipe.items))
        joined = items_sheet(model, torch.cat(parts), 1, recipe.scale, groups=groups, frame=frame)
        return PictureSheet(joined[None], 1)
    drawn = [pixels(part) for part in parts]
    if recipe.differences:
        drawn.append(difference_map(parts[0].float().numpy(), parts[-1].float().numpy()))
    columns = recipe.columns or nearly_square(len(recipe.items))
    return _laid_out(recipe, interleaved_rows(drawn, columns), columns)


def _corrupting(model: LatentModel, recipe: ReconstructionsRecipe) -> Corrupting | None:
    if model.data_spec.kind != "images" and (recipe.corruption is not None or recipe.mask):
        raise UsageError("This model learned from points, which cannot be corrupted; leave the corruption out.")
    corruption = recipe.corruption
    if corruption is not None:
        return lambda images, places: corrupt_items(images, places, corruption, recipe.corruption_seed)
    if not recipe.mask:
        return None
    try:
        mask = unpacked_picture(recipe.mask, (1, *model.data_spec.shape[1:]))
    except UnusableImageError as error:
        raise UsageError(f"The mask in this recipe {error}; paint it again.") from error
    known = torch.from_numpy(mask[0] >= _GREY)
    return lambda images, _places: without_pixels(images, known)


def _beside(model: LatentModel, recipe: EditRecipe, items: Tensor) -> PictureSheet:
    if model.data_spec.kind != "images":
        raise UsageError("This model learned from points, so no picture can be edited with it; choose another model.")
    try:
        own = unpacked_picture(recipe.picture, model.data_spec.shape)
    except UnusableImageError as error:
        raise UsageError(f"The picture in this recipe {error}; export it again.") from error
    shown = np.concatenate([own.transpose(1, 2, 0)[None], pixels(items)])
    differences = difference_map(own / 255.0, items[1].float().cpu().numpy())
    pictures = np.concatenate([np.broadcast_to(shown, (*shown.shape[:3], 3)), differences[None]])
    return _laid_out(recipe, pictures, recipe.columns or len(pictures))


def _paired(
    model: LatentModel, beside: LatentModel | None, recipe: PairRecipe, report: Report, stop_requested: StopRequested
) -> PictureSheet:
    if beside is None:
        raise UsageError("This picture shows two models; draw it as a sheet and name the second one with --beside.")
    items, pictures = [], []
    for place, (one, code, told) in enumerate(zip((model, beside), recipe.codes, recipe.conditions, strict=True)):
        part = CodesRecipe(codes=(code,), conditions=(told,) if told else (), scale=recipe.scale)
        _check_length(one, len(code))
        conditions = _told(one, part.conditions, 1)
        decoding = part_of(report, place, 2)
        items.append(decode_codes(one, _tensor(part.codes), conditions, report=decoding, stop_requested=stop_requested))
        pictures.append(_sheet(one, part, items[-1], 1, None).pixels())
    if recipe.differences:
        first, second = (item[0].float().cpu().numpy() for item in items)
        if model.data_spec.kind != "images" or first.shape != second.shape:
            raise UsageError("There is no difference between points or pictures of two sizes; leave it out.")
        pictures.append(PictureSheet(difference_map(first, second)[None], 1, recipe.scale).pixels())
    room = in_equal_room(pictures, recipe.background)
    return PictureSheet(
        room, len(room), gap=recipe.gap, background=recipe.background, column_titles=recipe.column_titles
    )


def _drawn(
    model: LatentModel, recipe: SamplesRecipe, report: Report, stop_requested: StopRequested
) -> tuple[Tensor, Tensor | None]:
    shares = recipe.shares or (1.0,)
    rows = max(1, recipe.count // len(shares))
    told = _told(model, (recipe.condition,) if recipe.condition else (), rows)
    columns = []
    with torch.inference_mode(), evaluating(model):
        for place, share in enumerate(shares):
            temperatures = tuple(share * temperature for temperature in recipe.temperatures)
            temperature = temperatures[0] if len(temperatures) == 1 else temperatures
            check_temperature(model.latent_space, temperature)
            columns.append(
                model.sample_prior(
                    rows,
                    temperature,
                    told,
                    torch.Generator().manual_seed(recipe.seed),
                    report=part_of(report, place, len(shares)),
                    stop_requested=stop_requested,
                )
            )
    codes = torch.stack(columns, dim=1).flatten(0, 1)
    return codes, None if told is None else told.repeat_interleave(len(shares), dim=0)


def _told(model: LatentModel, conditions: tuple[Numbers, ...], count: int) -> Tensor | None:
    spec = model.condition_spec
    if spec.kind == "none":
        return None
    if not conditions:
        usual = spec.usual(count)
        return None if usual is None else usual.to(model.device)
    size = int(np.prod(spec.shape))
    if len(conditions[0]) != size:
        raise UsageError(f"This model is told {size} numbers beside a code, not {len(conditions[0])}; copy them again.")
    rows = _tensor(conditions)
    told = rows.expand(count, size) if len(rows) == 1 else rows
    return told.reshape(count, *spec.shape).to(model.device)


def _check_length(model: LatentModel, length: int) -> None:
    size = model.latent_space.size
    if length != size:
        raise UsageError(f"Codes of this model have {size} numbers, not {length}; the picture is of another model.")


def _tensor(rows: object) -> Tensor:
    return torch.from_numpy(np.array(rows, np.float32))
