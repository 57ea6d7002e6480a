"""Test items beside what a model makes of them, or of what was left of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from explorer.services.corruptions import ItemCorruption
from explorer.services.data_items import DataItems
from explorer.services.item_pictures import PointPictures, Values
from explorer.services.likeness import Likeness, joined, likeness
from explorer.services.network import OpenModel, Reconstructed
from explorer.services.pace import Pace
from trainers.export.difference_map import difference_map
from trainers.latent.inversion import InversionSettings
from trainers.reporting import Report, StopRequested

# Beyond these starts and steps the pictures of a small model hardly become more alike.
SEARCH = InversionSettings(starts=4, draws=64, steps=150)
Made = TypeVar("Made")

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


class _Compared(NamedTuple):
    """Some of the items of `Reconstructions`, part by part of the same names."""

    originals: NDArray[np.uint8]
    reconstructions: NDArray[np.uint8]
    likeness: Likeness
    differences: NDArray[np.uint8] | None
    corrupted: NDArray[np.uint8] | None
    corrupted_likeness: Likeness | None


@dataclass(frozen=True, eq=False)
class _Chosen:
    """The items of a wish, what the model is told of them, and what it sees: (count, *shape) in [0, 1]."""

    wish: ReconstructionsWish
    items: DataItems
    conditions: NDArray[np.float32]
    seen: Values


def reconstruct_in_steps(model: OpenModel, wish: ReconstructionsWish) -> Iterator[Reconstructions | None]:
    """Reconstruct items in short steps: None until the last, which gives all."""
    seen: list[Values] = []
    for some in _in_steps(len(wish.places), lambda part: _seen(wish, part)):
        seen.append(some)
        yield None
    chosen = _chosen(model, wish, np.concatenate(seen))
    if wish.codes is not None and wish.corruption is None:
        codes, note = wish.codes, _LEARNED
    else:
        found: list[Values] = []
        for part in _in_steps(
            len(chosen.seen), lambda part: model.encode(chosen.seen[part], chosen.conditions[part])[0]
        ):
            found.append(part)
            yield None
        codes, note = np.concatenate(found), ""
    values: list[Values] = []
    if wish.corruption is not None and "restorer" in model.capabilities:
        decoded = _in_steps(len(codes), lambda part: model.restore(chosen.seen[part], chosen.conditions[part]))
    else:
        decoded = (items for _, items in model.decode_in_steps(codes, chosen.conditions))
    for some in decoded:
        values.append(some)
        yield None
    yield from _beside_in_steps(model, chosen, Reconstructed(np.concatenate(values), codes), note)


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
    chosen = _chosen(model, wish, _seen(wish, slice(None)))
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


def _seen(wish: ReconstructionsWish, part: slice) -> Values:
    if wish.corruption is not None:
        return wish.corruption.of(wish.items, wish.places[part])
    return _scaled(wish.items.images[wish.places[part]])


def _codes(model: OpenModel, chosen: _Chosen, part: slice) -> Values:
    return model.encode(chosen.seen[part], chosen.conditions[part])[0]


def _chosen(model: OpenModel, wish: ReconstructionsWish, seen: Values) -> _Chosen:
    items = wish.items.part(wish.places)
    return _Chosen(wish, items, model.conditions_of(items.labels, items.attributes, len(items)), seen)


def _in_steps(count: int, made: Callable[[slice], Made]) -> Iterator[Made]:
    pace, start = Pace(), 0
    while start < count:
        part = slice(start, start + pace.of(count - start))
        with pace.timing(part.stop - start):
            some = made(part)
        yield some
        start = part.stop


def _scaled(images: NDArray[np.uint8] | NDArray[np.float32]) -> Values:
    # Items as models give them: grey values from 0 to 1, points as they are.
    return images.astype(np.float32) / np.float32(255.0 if images.dtype == np.uint8 else 1.0)


def _beside(model: OpenModel, chosen: _Chosen, made: Reconstructed, note: str, complete: bool) -> Reconstructions:
    *_, last = _beside_in_steps(model, chosen, made, note, complete)
    assert last is not None
    return last


def _beside_in_steps(
    model: OpenModel, chosen: _Chosen, made: Reconstructed, note: str, complete: bool = True
) -> Iterator[Reconstructions | None]:
    count, parts = len(made.codes), list[_Compared]()
    for some in _in_steps(count, lambda part: _compared(model, chosen, made, part)):
        parts.append(some)
        yield None
    columns = list(zip(*parts, strict=True))
    is_points = isinstance(model.pictures, PointPictures)
    yield Reconstructions(
        chosen.wish,
        np.concatenate(columns[0]),
        np.concatenate(columns[1]),
        joined(columns[2]),
        made.codes,
        chosen.items.class_names_of(np.arange(count)),
        chosen.conditions[:count],
        None if is_points else np.concatenate(columns[3]),
        None if chosen.wish.corruption is None else np.concatenate(columns[4]),
        None if chosen.wish.corruption is None else joined(columns[5]),
        np.stack([_scaled(chosen.items.images[:count]), made.values]) if is_points else None,
        note,
        complete,
    )


def _compared(model: OpenModel, chosen: _Chosen, made: Reconstructed, part: slice) -> _Compared:
    originals, values = _scaled(chosen.items.images[part]), made.values[part]
    seen = chosen.seen[part] if chosen.wish.corruption is not None else None
    return _Compared(
        model.pictures.small(originals),
        model.pictures.small(values),
        likeness(originals, values),
        None if isinstance(model.pictures, PointPictures) else difference_map(originals, values),
        None if seen is None else model.pictures.small(seen),
        None if seen is None else likeness(originals, seen),
    )
