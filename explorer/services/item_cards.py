"""One item of the map looked at closely: original, reconstruction, error, and what the encoder is unsure of."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems
from explorer.services.network import OpenModel
from explorer.services.planes import MapPlane
from explorer.state.item_card import ItemCard
from explorer.state.wording import error_text, error_unit
from trainers.latent.posterior_outline import posterior_outline

_SIGMAS = (1.0, 2.0)
_KINDS = {"test": "Test item", "train": "Training item", "all": "Item", "samples": "Sample"}


@dataclass(frozen=True, eq=False)
class CardWish:
    """Which point is asked about. items: the test items, where they are at hand. plane: what the map shows."""

    index: int
    encoded: EncodedItems
    items: DataItems | None
    plane: MapPlane


def item_title(encoded: EncodedItems, index: int) -> str:
    """Which item a point is, for example "Test item 37 · 7"."""
    named = encoded.class_name_of(index)
    return f"{_KINDS[encoded.source]} {index}" + (f" · {named}" if named else "")


def original_items(encoded: EncodedItems, items: DataItems | None) -> DataItems | None:
    """The items that the points are, in their order, where they are at hand.

    items: the test items of the data.
    """
    if encoded.originals is not None:
        return encoded.originals
    is_theirs = encoded.source == "test" and items is not None and len(items) >= len(encoded.codes)
    return items if is_theirs else None


def encoded_pictures(encoded: EncodedItems, items: DataItems | None) -> NDArray[np.uint8] | None:
    """Pictures (count or more, channels, height, width) of what the points are, where those are images at hand."""
    if encoded.pictures is not None:
        return encoded.pictures
    originals = original_items(encoded, items)
    if originals is None or originals.images.dtype != np.uint8:
        return None
    return cast("NDArray[np.uint8]", originals.images)


def item_card(model: OpenModel, wish: CardWish) -> Iterator[ItemCard | None]:
    """The card of a point in short steps: first with what is known at once, last with what the model makes of it."""
    encoded, index = wish.encoded, wish.index
    code = encoded.codes[index : index + 1]
    told = () if encoded.conditions is None else encoded.conditions[index : index + 1]
    items, original = original_items(encoded, wish.items), None
    outlines = wish.plane.neighbours.lines_from(index) if wish.plane.neighbours is not None else ()
    if items is not None:
        chosen = items.part(np.array([index]))
        images = chosen.images
        original = images.astype(np.float32) / (255.0 if images.dtype == np.uint8 else 1.0)
        told = model.conditions_of(chosen.labels, chosen.attributes, 1)
        if "encoder" in model.capabilities:
            code, log_variances = model.encode(images, told)
            outlines = outlines or _outlines(wish.plane, code[0], None if log_variances is None else log_variances[0])
    pictured = None if original is None else model.pictures.small(original)[0]
    card = ItemCard(index, item_title(encoded, index), pictured, None, "", outlines)
    yield card
    values = []
    for _, run in model.decode_in_steps(code, told):
        values.append(run)
        yield None
    decoded = np.concatenate(values)
    yield replace(
        card, decoded=model.pictures.small(decoded)[0], note=_note(original, decoded, _drawn(wish.plane, outlines))
    )


def _outlines(
    plane: MapPlane, mean: NDArray[np.float32], log_variance: NDArray[np.float32] | None
) -> tuple[NDArray[np.float64], ...]:
    if log_variance is None or plane.neighbours is not None:
        return ()
    return tuple(posterior_outline(plane.plane, mean, log_variance, sigmas) for sigmas in _SIGMAS)


def _drawn(plane: MapPlane, outlines: tuple[NDArray[np.float64], ...]) -> str:
    if not outlines:
        return ""
    is_of_neighbours = plane.neighbours is not None
    return "lines to the nearest codes" if is_of_neighbours else "outlines: 1 and 2 sigma of the posterior"


def _note(original: NDArray[np.float32] | None, decoded: NDArray[np.float32], drawn: str) -> str:
    if original is None:
        return ""
    error = float(np.square(decoded - original).mean())
    return "; ".join(
        text for text in (f"squared error {error_unit(original.shape[1:])} {error_text(error)}", drawn) if text
    )
