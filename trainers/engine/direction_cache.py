"""Directions of a checkpoint on a dataset, found once and kept beside its run."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.atomic_writing import write_atomically
from trainers.data.image_dataset import ImageDataset
from trainers.data.storage import cache_folder
from trainers.engine.attribute_columns import AttributeColumns, Groups, attribute_columns
from trainers.engine.checkpoint import file_digest, model_name, run_around
from trainers.engine.directions import DirectionSettings, DirectionTable, find_directions, require_linear_start
from trainers.engine.encoding import encode_dataset, evaluating, split_with_codes
from trainers.engine.fitting_data import first_items
from trainers.errors import FailureError, StoppedError, UsageError
from trainers.latent.direction import Direction
from trainers.latent.direction_methods import GROUP_METHODS
from trainers.latent.direction_scores import DirectionScore
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report, part_of

FOLDER = "directions"
_FORMAT = 1
_MOST_KEPT = 32
_DRAWS = 2000


def directions_of_checkpoint(
    model: LatentModel,
    checkpoint: Path,
    dataset: ImageDataset | None,
    settings: DirectionSettings,
    *,
    groups: Mapping[str, Groups] | None = None,
    codes: NDArray[np.floating] | None = None,
    place: NDArray[np.floating] | None = None,
    condition: Tensor | None = None,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> DirectionTable:
    """The directions of a checkpoint, from a file beside its run where the same were found before.

    dataset: the split whose classes and attributes are known; None, or a split that a model without an encoder has no
    codes of, leaves the directions that need no attributes, with the scale of draws of the prior.
    groups: places of items of the split at either end, by name. codes: (count, latent_size) of the split where they
    are known already. place, condition: as for `find_directions`. A file that cannot be written is no failure.
    Raises `UsageError` and `StoppedError` as `find_directions` does.
    """
    given = None if codes is None else len(codes)
    file = _folder(checkpoint) / f"{_key(checkpoint, dataset, settings, groups, given, place, condition)}.npz"
    stored = load_directions(file)
    if stored is not None:
        report(1.0, "")
        return stored
    if "first-layer" in settings.methods:
        # Known at once, where encoding may take minutes.
        require_linear_start(model)
    drawn = dataset is None or (codes is None and split_with_codes(model, dataset.split) != dataset.split)
    if drawn:
        _refuse_attributes(model, dataset, settings, groups)
        codes, columns = _drawn(model), AttributeColumns((), np.zeros((_DRAWS, 0)))
    else:
        assert dataset is not None
        encoding = part_of(report, 0, 2)
        codes, columns = codes_with_columns(
            model, dataset, settings.limit, groups, codes, report=encoding, stop_requested=stop_requested
        )
        if not columns.names and set(settings.methods) & set(GROUP_METHODS):
            raise UsageError(
                f"{dataset.spec.name} has neither classes nor attributes, so nothing says where a direction leads; "
                "choose principal, first-layer or jacobian, or data with an attributes.csv."
            )
    table = find_directions(
        model,
        codes,
        columns,
        settings,
        place=place,
        condition=condition,
        report=part_of(report, 1, 2),
        stop_requested=stop_requested,
    )
    table = replace(table, drawn=drawn)
    _keep(table, file)
    return table


def codes_with_columns(
    model: LatentModel,
    dataset: ImageDataset,
    limit: int | None = None,
    groups: Mapping[str, Groups] | None = None,
    codes: NDArray[np.floating] | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> tuple[NDArray[np.floating], AttributeColumns]:
    """Codes (count, latent_size) of the first `limit` items of a split, and all that is known of these.

    codes: of the split where they are known already. Raises `UsageError` for a model that has none of this split, or
    groups that cannot be told apart, and `StoppedError`.
    """
    if codes is None:
        codes = encode_dataset(model, dataset, report, stop_requested, limit=limit).codes
        if len(codes) < len(first_items(dataset, limit)):
            raise StoppedError
    elif limit is not None:
        codes = codes[:limit]
    return codes, columns_of(dataset, len(codes), groups)


def columns_of(dataset: ImageDataset, count: int, groups: Mapping[str, Groups] | None = None) -> AttributeColumns:
    """All that is known of the first `count` items of a split; raises `UsageError` as `attribute_columns` does."""
    labels = None if dataset.labels is None else dataset.labels.cpu().numpy()
    attributes = None if dataset.attributes is None else dataset.attributes.cpu().numpy()
    return attribute_columns(dataset.spec, count, labels, attributes, groups)


def save_directions(table: DirectionTable, file: Path) -> None:
    """Write a table as `.npz` without pickled objects; raises `FailureError`."""
    about = {
        "format": _FORMAT,
        "columns": table.columns,
        "skipped": table.skipped,
        "count": table.count,
        "drawn": table.drawn,
        "directions": [
            {"name": one.name, "method": one.method, "sigma": one.sigma, "centre": one.centre}
            | {"strength": one.strength, "beside": one.beside}
            for one in table.directions
        ],
        "scores": [None if score is None else asdict(score) for score in table.scores],
    }
    size = len(table.directions[0].vector) if table.directions else 0
    vectors = np.array([one.vector for one in table.directions]).reshape(len(table.directions), size)
    content = io.BytesIO()
    np.savez(
        content,
        about=np.array(json.dumps(about)),
        vectors=vectors,
        leakage=table.leakage,
        cosines=table.cosines,
        correlations=table.correlations,
    )
    write_atomically(file, content.getvalue())


def load_directions(file: Path) -> DirectionTable | None:
    """What `save_directions` wrote; None for a missing, damaged or older file."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            about: dict[str, Any] = json.loads(str(arrays["about"]))
            if about["format"] != _FORMAT:
                return None
            table = DirectionTable(
                tuple(
                    Direction(**{**told, "beside": tuple(told["beside"])}, vector=vector)
                    for told, vector in zip(about["directions"], arrays["vectors"], strict=True)
                ),
                tuple(None if score is None else DirectionScore(**score) for score in about["scores"]),
                tuple(about["columns"]),
                arrays["leakage"],
                arrays["cosines"],
                arrays["correlations"],
                tuple(about["skipped"]),
                int(about["count"]),
                bool(about["drawn"]),
            )
    except Exception:
        # Damaged bytes lead the reader to errors of zlib and of archives, among others; it is only a cache.
        return None
    shapes = (table.leakage.shape, table.cosines.shape, table.correlations.shape)
    directions, columns = len(table.directions), len(table.columns)
    fits = shapes == ((directions, columns), (directions, directions), (columns, columns))
    return table if fits and len(table.scores) == directions else None


def _refuse_attributes(
    model: LatentModel,
    dataset: ImageDataset | None,
    settings: DirectionSettings,
    groups: Mapping[str, Groups] | None,
) -> None:
    if not (set(settings.methods) & set(GROUP_METHODS) or settings.chosen or groups):
        return
    own = split_with_codes(model, "test")
    if dataset is not None and own is not None:
        raise UsageError(
            f"The model {model_name(model)} has codes only of the {own} split, so that only its attributes have "
            f"directions; choose the {own} split."
        )
    raise UsageError(
        f"The model {model_name(model)} has no codes of data, so attributes have no directions; choose first-layer, "
        "jacobian or principal, which need none."
    )


def _drawn(model: LatentModel) -> NDArray[np.floating]:
    """Draws of the prior, which stand for codes of data where a model has none."""
    told = model.condition_spec.usual(_DRAWS)
    told = None if told is None else told.to(model.device)
    with torch.inference_mode(), evaluating(model):
        drawn = model.sample_prior(_DRAWS, condition=told, generator=torch.Generator().manual_seed(0))
    return np.asarray(drawn.float().cpu().numpy())


def _folder(checkpoint: Path) -> Path:
    try:
        return run_around(checkpoint) / FOLDER
    except UsageError:
        return cache_folder() / FOLDER


def _keep(table: DirectionTable, file: Path) -> None:
    try:
        save_directions(table, file)
        older = sorted(file.parent.glob("*.npz"), key=lambda path: path.stat().st_mtime_ns)[:-_MOST_KEPT]
        for path in older:
            path.unlink(missing_ok=True)
    except (FailureError, OSError):
        # It will be found again next time, which only costs time.
        return


def _key(
    checkpoint: Path,
    dataset: ImageDataset | None,
    settings: DirectionSettings,
    groups: Mapping[str, Groups] | None,
    given: int | None,
    place: NDArray[np.floating] | None,
    condition: Tensor | None,
) -> str:
    """A text that says all that the directions hang on."""
    said = {
        "format": _FORMAT,
        "checkpoint": file_digest(checkpoint),
        "data": None if dataset is None else _data_key(dataset),
        "given": given,
        "settings": settings.model_dump(mode="json"),
        "groups": {name: [list(map(int, part)) for part in ends] for name, ends in (groups or {}).items()},
        "place": None if place is None else [float(number) for number in place],
        "condition": None if condition is None else condition.flatten().tolist(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def _data_key(dataset: ImageDataset) -> list[str | int]:
    # The fingerprint is of the training split, and tables may change in another one alone.
    digest = hashlib.sha256()
    for tensor in (dataset.labels, dataset.attributes):
        if tensor is not None:
            digest.update(tensor.contiguous().cpu().numpy().data)
    return [dataset.spec.fingerprint, dataset.split, len(dataset), digest.hexdigest()]
