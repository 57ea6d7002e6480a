"""Test items beside what a model makes of them, or of what was left of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.corruptions import ItemCorruption
from explorer.services.data_items import DataItems
from explorer.services.item_pictures import PointPictures, Values
from explorer.services.likeness import Likeness, likeness
from explorer.services.network import OpenModel, Reconstructed
from explorer.services.pace import Pace
from trainers.export.difference_map import difference_map
from trainers.latent.inversion import InversionSettings
from trainers.reporting import Report, StopRequested

# Beyond these starts and steps the pictures of a small model hardly become more alike.
SEARCH = InversionSettings(starts=4, draws=64, steps=150)
_LEARNED = "codes learned with the model"


@dataclass(frozen=True, eq=False)
class ReconstructionsWish:
    """Which items are to be reconstructed.

    places: (count,) in `items`. codes: (count, latent_size) where they are known and the model cannot find them.
    corruption: what is done to the items first, None for nothing.
    """

    items: DataItems
    places: NDArray[np.int64]
    codes: NDArray[np.float32] | None = None
    corruption: ItemCorruption | None = None


@dataclass(frozen=True, eq=False)
class Reconstructions:
    """Some test items and their reconstructions.

    originals, reconstructions, differences: (count, height, width, channels). likeness: of the two.
    codes: (count, latent_size). class_names: one per item, empty texts without classes.
    conditions: (count, size), what the model was told of each; of size 0 for a model without conditions.
    corrupted: (count, height, width, channels), what the model saw, and how like the originals that is; None where it
    saw the originals. points: (2, count, 2), originals and reconstructions where the items are points, else None.
    note: how the codes were found, empty for an encoder. complete: False while the codes are being searched for.
    """

    wish: ReconstructionsWish
    originals: NDArray[np.uint8]
    reconstructions: NDArray[np.uint8]
    likeness: Likeness
    codes: NDArray[np.float32]
    class_names: tuple[str, ...]
    conditions: NDArray[np.float32]
    differences: NDArray[np.uint8] | None = None
    corrupted: NDArray[np.uint8] | None = None
    corrupted_likeness: Likeness | None = None
    points: NDArray[np.float32] | None = None
    note: str = ""
    complete: bool = True


@dataclass(frozen=True, eq=False)
class _Chosen:
    """The items of a wish, what the model is told of them, and what it sees: (count, *shape) in [0, 1]."""

    wish: ReconstructionsWish
    items: DataItems
    conditions: NDArray[np.float32]
    seen: Values


def reconstruct_in_steps(model: OpenModel, wish: ReconstructionsWish) -> Iterator[Reconstructions | None]:
    """Reconstruct items in short steps: None until the last, which gives all."""
    chosen = _chosen(model, wish)
    yield None
    if wish.codes is not None and wish.corruption is None:
        codes, note = wish.codes, _LEARNED
    else:
        found: list[Values] = []
        for part in _in_steps(chosen, lambda images, told: model.encode(images, told)[0]):
            found.append(part)
            yield None
        codes, note = np.concatenate(found), ""
    values: list[Values] = []
    restores = wish.corruption is not None and "restorer" in model.capabilities
    decoded = (items for _, items in model.decode_in_steps(codes, chosen.conditions))
    for part in _in_steps(chosen, model.restore) if restores else decoded:
        values.append(part)
        yield None
    yield _beside(model, chosen, Reconstructed(np.concatenate(values), codes), note)


def search_reconstructions(
    model: OpenModel,
    wish: ReconstructionsWish,
    report: Report,
    stop_requested: StopRequested,
    partial: Callable[[Reconstructions], None],
) -> Reconstructions:
    """Reconstruct items with a model that has no encoder, by codes found by optimisation.

    partial: called now and then with the best so far. When asked to stop it gives the same, `complete` being False.
    """
    chosen = _chosen(model, wish)
    note = f"codes found by optimisation, {SEARCH.starts} starts, {SEARCH.steps} steps"
    made = model.search(
        chosen.seen,
        chosen.conditions,
        SEARCH,
        report,
        stop_requested,
        lambda now: partial(_beside(model, chosen, now, note, complete=False)),
    )
    return _beside(model, chosen, made, note, complete=not stop_requested())


def _chosen(model: OpenModel, wish: ReconstructionsWish) -> _Chosen:
    items = wish.items.part(wish.places)
    conditions = model.conditions_of(items.labels, items.attributes, len(items))
    if wish.corruption is None:
        return _Chosen(wish, items, conditions, _scaled(items))
    return _Chosen(wish, items, conditions, wish.corruption.of(wish.items, wish.places))


def _in_steps(chosen: _Chosen, done: Callable[[Values, NDArray[np.float32]], Values]) -> Iterator[Values]:
    pace, start = Pace(), 0
    while start < len(chosen.seen):
        chunk = slice(start, start + pace.of(len(chosen.seen) - start))
        with pace.timing(chunk.stop - start):
            made = done(chosen.seen[chunk], chosen.conditions[chunk])
        yield made
        start = chunk.stop


def _scaled(items: DataItems) -> Values:
    # Items as models give them: grey values from 0 to 1, points as they are.
    return items.images.astype(np.float32) / np.float32(255.0 if items.images.dtype == np.uint8 else 1.0)


def _beside(
    model: OpenModel, chosen: _Chosen, made: Reconstructed, note: str = "", complete: bool = True
) -> Reconstructions:
    count, wish = len(made.codes), chosen.wish
    originals, seen = _scaled(chosen.items)[:count], chosen.seen[:count]
    is_points, is_spoiled = isinstance(model.pictures, PointPictures), wish.corruption is not None
    return Reconstructions(
        wish,
        model.pictures.small(originals),
        model.pictures.small(made.values),
        likeness(originals, made.values),
        made.codes,
        chosen.items.class_names_of(np.arange(count)),
        chosen.conditions[:count],
        None if is_points else difference_map(originals, made.values),
        model.pictures.small(seen) if is_spoiled else None,
        likeness(originals, seen) if is_spoiled else None,
        np.stack([originals, made.values]).astype(np.float32) if is_points else None,
        note,
        complete,
    )
