"""The code at which a model stands for an item that another one shows: by its encoder, or by a search."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.network import OpenModel, Reconstructed
from explorer.services.reconstructions import SEARCH
from explorer.state.condition_facts import Condition
from trainers.errors import UsageError
from trainers.export.difference_map import difference_map
from trainers.reporting import Report, StopRequested

Code = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class MatchWish:
    """An item that a code is wanted of.

    key: by which whoever asked knows the answer. values: (*shape), images in [0, 1] or points.
    condition: what the model is told with it, empty for what is usual. item: the one item of the data that it is, None
    where it is none.
    """

    key: Hashable
    values: NDArray[np.float32]
    condition: Condition = ()
    item: DataItems | None = None


@dataclass(frozen=True, eq=False)
class Matched:
    """The code of an item and what is decoded from it.

    picture: (height, width, channels). values: (*shape). means: how the code was found, in the middle of a sentence.
    complete: False while the search goes on.
    """

    wish: MatchWish
    code: Code
    condition: Condition
    picture: NDArray[np.uint8]
    values: NDArray[np.float32]
    means: str
    complete: bool = True


def match_item(model: OpenModel, wish: MatchWish) -> Iterator[Matched]:
    """The code that the encoder gives an item, in one step."""
    told = _told(model, wish)
    codes, _ = model.encode(wish.values[None], told)
    values = model.decode_values(codes, told)
    yield _matched(model, wish, told, Reconstructed(values, codes), "by its encoder")


def search_item(
    model: OpenModel,
    wish: MatchWish,
    report: Report,
    stop_requested: StopRequested,
    partial: Callable[[Matched], None],
) -> Matched:
    """The code of an item for a model without an encoder, found by optimisation.

    partial: called now and then with the best so far. When asked to stop it gives the same.
    """
    told = _told(model, wish)
    found = model.search(
        wish.values[None],
        told,
        SEARCH,
        report,
        stop_requested,
        lambda now: partial(_matched(model, wish, told, now, "searched for", complete=False)),
    )
    return _matched(model, wish, told, found, f"found by optimisation, {SEARCH.starts} starts")


def how_they_differ(first: NDArray[np.float32], second: NDArray[np.float32]) -> tuple[NDArray[np.uint8], float]:
    """The difference map (height, width, 3) of two images (channels, height, width), and their mean squared difference.

    The map shows the second minus the first.
    """
    return difference_map(first, second), float(np.square(second - first).mean())


def _told(model: OpenModel, wish: MatchWish) -> Condition:
    """What the model is told with an item: what was wished, what is known of it, else the class it is taken for."""
    item = wish.item
    if wish.condition:
        return wish.condition
    try:
        if item is not None and item.spec.class_names == model.header.data.class_names:
            return tuple(model.conditions_of(item.labels, item.attributes, 1)[0].tolist())
        labels = model.classify(wish.values[None]) if model.is_told_classes else None
        if labels is not None and labels[0] >= 0:
            return tuple(model.conditions_of(labels, None, 1)[0].tolist())
    except UsageError:
        # The item lacks what the model is to be told.
        pass
    return ()


def _matched(
    model: OpenModel, wish: MatchWish, told: Condition, made: Reconstructed, means: str, complete: bool = True
) -> Matched:
    code = tuple(made.codes[0].tolist())
    return Matched(wish, code, told, model.pictures.large(made.values)[0], made.values[0], means, complete)
