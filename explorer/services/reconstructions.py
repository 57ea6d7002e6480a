"""Test items beside what a model makes of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.item_pictures import PointPictures
from explorer.services.network import OpenModel, Reconstructed
from explorer.services.pace import Pace
from trainers.latent.inversion import InversionSettings
from trainers.reporting import Report, StopRequested

# Beyond these starts and steps the pictures of a small model hardly become more alike.
SEARCH = InversionSettings(starts=4, draws=64, steps=150)


@dataclass(frozen=True, eq=False)
class Reconstructions:
    """Some test items and their reconstructions.

    originals, reconstructions: (count, height, width, channels). errors: (count,) mean squared error per pixel of
    images in [0, 1]. codes: (count, latent_size). class_names: one per item, empty texts without classes.
    conditions: (count, size), what the model was told of each; of size 0 for a model without conditions.
    points: (2, count, 2), originals and reconstructions where the items are points, else None.
    note: how the codes were found, empty for an encoder. complete: False while the codes are being searched for.
    """

    originals: NDArray[np.uint8]
    reconstructions: NDArray[np.uint8]
    errors: NDArray[np.float32]
    codes: NDArray[np.float32]
    class_names: tuple[str, ...]
    conditions: NDArray[np.float32]
    points: NDArray[np.float32] | None = None
    note: str = ""
    complete: bool = True


def reconstruct_in_steps(
    model: OpenModel, items: DataItems, indices: NDArray[np.int64]
) -> Iterator[Reconstructions | None]:
    """Reconstruct the items at some places in short steps: None until the last, which gives all."""
    chosen = items.part(indices)
    conditions = model.conditions_of(chosen.labels, chosen.attributes, len(chosen))
    codes: list[NDArray[np.float32]] = []
    pace, start = Pace(), 0
    while start < len(chosen):
        chunk = chosen.images[start : start + pace.of(len(chosen) - start)]
        with pace.timing(len(chunk)):
            codes.append(model.encode(chunk, conditions[start : start + len(chunk)])[0])
        start += len(chunk)
        yield None
    encoded, values = np.concatenate(codes), []
    for _, run in model.decode_in_steps(encoded, conditions):
        values.append(run)
        yield None
    yield _beside(model, chosen, conditions, Reconstructed(np.concatenate(values), encoded))


def search_reconstructions(
    model: OpenModel,
    items: DataItems,
    indices: NDArray[np.int64],
    report: Report,
    stop_requested: StopRequested,
    partial: Callable[[Reconstructions], None],
) -> Reconstructions:
    """Reconstruct items with a model that has no encoder, by codes found by optimisation.

    partial: called now and then with the best so far. When asked to stop it gives the same, `complete` being False.
    """
    chosen = items.part(indices)
    conditions = model.conditions_of(chosen.labels, chosen.attributes, len(chosen))
    note = f"codes found by optimisation, {SEARCH.starts} starts, {SEARCH.steps} steps"
    made = model.search(
        chosen.images,
        conditions,
        SEARCH,
        report,
        stop_requested,
        lambda now: partial(_beside(model, chosen, conditions, now, note, complete=False)),
    )
    return _beside(model, chosen, conditions, made, note, complete=not stop_requested())


def _beside(
    model: OpenModel,
    chosen: DataItems,
    conditions: NDArray[np.float32],
    made: Reconstructed,
    note: str = "",
    complete: bool = True,
) -> Reconstructions:
    count = len(made.codes)
    images = chosen.images[:count]
    # Items as models give them: grey values from 0 to 1, points as they are.
    originals = images.astype(np.float32) / (255.0 if images.dtype == np.uint8 else 1.0)
    differences = (made.values - originals).reshape(count, -1)
    return Reconstructions(
        model.pictures.small(originals),
        model.pictures.small(made.values),
        np.square(differences).mean(axis=1),
        made.codes,
        chosen.class_names_of(np.arange(count)),
        conditions[:count],
        np.stack([originals, made.values]).astype(np.float32) if isinstance(model.pictures, PointPictures) else None,
        note,
        complete,
    )
