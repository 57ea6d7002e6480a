"""Codes of what a person names: an item of the data, a picture of their own, a sample of the prior."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.image_dataset import ImageDataset
from trainers.data.image_decoding import UnusableImageError
from trainers.data.picture_fitting import fit_picture
from trainers.engine.encoding import evaluating, learned_codes
from trainers.engine.fitting_data import part_of, require_fitting_data
from trainers.engine.inversion import find_codes
from trainers.errors import UsageError
from trainers.latent.inversion import InversionSettings
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report
from trainers.reporting import part_of as part_of_report

_SAMPLE = "sample:"


@dataclass(frozen=True, eq=False)
class NamedCode:
    """The code (latent_size,) of something named, with what the model is told beside it.

    condition: (*shape), None for a model that takes none. item: (*shape of an item) in [0, 1], what was encoded; None
    for a sample. note: what was done to make a picture fit, empty for nothing.
    """

    name: str
    code: Tensor
    condition: Tensor | None = None
    item: Tensor | None = None
    note: str = ""


def named_codes(
    model: LatentModel,
    names: Sequence[str],
    items: Callable[[], ImageDataset],
    settings: InversionSettings | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> tuple[NamedCode, ...]:
    """The code of each name: `12` or `#12` is an item by its place from 0, `sample:7` a draw of the prior by its seed,
    anything else a picture file.

    items: the split that places count in, loaded only where one is asked for. settings: of the search that a model
    without an encoder needs. Pictures are told the usual condition. Raises `UsageError` for what does not exist or
    cannot be used, and `StoppedError`.
    """
    found = []
    for number, name in enumerate(names):
        within = part_of_report(report, number, len(names))
        if name.startswith(_SAMPLE):
            found.append(_sample(model, name))
        elif (place := _place(name)) is not None:
            found.append(_item(model, name, place, items(), settings, within, stop_requested))
        else:
            picture, note = fitted_picture(model, Path(name))
            condition = _usual(model)
            found.append(_found(model, name, picture, condition, settings, within, stop_requested, note))
    return tuple(found)


def fitted_picture(model: LatentModel, path: Path) -> tuple[Tensor, str]:
    """A picture file as an item (channels, height, width) in [0, 1] of a model, and what was done to it, in words.

    It is cropped about its middle to the model's proportions and resized. Raises `UsageError` for a file that is no
    picture, and for a model of points.
    """
    if model.data_spec.kind != "images":
        raise UsageError("This model learned from points, so a picture has no code; name a point by its place.")
    if not path.is_file():
        raise UsageError(f"There is no picture {path}; name a file, the place of an item such as #12, or {_SAMPLE}1.")
    try:
        fitted = fit_picture(lambda: path.open("rb"), model.data_spec.shape)
    except UnusableImageError as error:
        raise UsageError(f"{path} {error}; choose another picture.") from error
    return torch.tensor(fitted.pixels).float() / 255.0, fitted.note


def _place(name: str) -> int | None:
    digits = name.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() else None


def _sample(model: LatentModel, name: str) -> NamedCode:
    seed = _place(name.removeprefix(_SAMPLE))
    if seed is None or seed >= 2**63:
        raise UsageError(f"{name} names no sample; write a whole number as its seed, such as {_SAMPLE}1.")
    condition = _usual(model)
    told = None if condition is None else condition[None].to(model.device)
    with torch.inference_mode(), evaluating(model):
        codes = model.sample_prior(1, condition=told, generator=torch.Generator().manual_seed(seed))
    return NamedCode(name, codes[0].clone(), condition)


def _item(
    model: LatentModel,
    name: str,
    place: int,
    items: ImageDataset,
    settings: InversionSettings | None,
    report: Report,
    stop_requested: StopRequested,
) -> NamedCode:
    require_fitting_data(model, items)
    if place >= len(items):
        raise UsageError(
            f"There is no item {name}: the {items.split} split of {items.spec.name} has items from 0 to "
            f"{len(items) - 1:,}."
        )
    one = part_of(items, slice(place, place + 1))
    (batch,) = evaluation_batches(one, 1, model.device, model.data_spec.binarisation, seed=0)
    told = model.condition_of(batch)
    condition = None if told is None else told[0]
    learned = learned_codes(model, items)
    if learned is not None:
        return NamedCode(name, learned[place].clone(), condition, batch.images[0])
    return _found(model, name, batch.images[0], condition, settings, report, stop_requested)


def _found(
    model: LatentModel,
    name: str,
    item: Tensor,
    condition: Tensor | None,
    settings: InversionSettings | None,
    report: Report,
    stop_requested: StopRequested,
    note: str = "",
) -> NamedCode:
    told = None if condition is None else condition[None]
    codes = find_codes(model, item[None], told, settings, report=report, stop_requested=stop_requested)
    return NamedCode(name, codes[0].clone(), condition, item, note)


def _usual(model: LatentModel) -> Tensor | None:
    usual = model.condition_spec.usual(1)
    return None if usual is None else usual[0]
