"""Which items are shown beside their reconstructions: the first, random, selected, best or worst ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.corruptions import ItemCorruption, fitting_corruption, item_corruption
from explorer.services.data_items import DataItems
from explorer.services.item_errors import ErrorsWish, ItemErrors
from explorer.services.opening import Opened
from explorer.services.reconstructions import ReconstructionsWish
from explorer.services.selection import selection_mask
from explorer.state.item_groups import SelectionChoice
from explorer.state.reconstruction_choices import ReconstructionsChoice
from trainers.errors import UsageError

_MOST_SHOWN = 512
_ENCODING = "The items of the map are still being encoded."
_NOTHING_SELECTED = "Nothing is selected on the map; draw a lasso or a box round some of its points."
_NO_ITEMS = "The items on the map are samples of the model itself; choose the first or random items of the data."
_DRAWS_SLOWLY = (
    "This model draws number by number, so the errors of all items would take hours; choose the first or random items."
)
_SEARCHES_SLOWLY = (
    "This model has no encoder, so restoring all items would take hours of searching; choose the first or random items."
)


@dataclass(frozen=True, eq=False)
class ItemsChosen:
    """Places (count,) of items in `items`, and their codes where only the model knows these."""

    items: DataItems
    places: NDArray[np.int64]
    codes: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be reconstructed, or the errors to be measured before that is known; neither without the data.

    problem: why there is neither, as a sentence. is_of_the_order: whether items in another order could be shown.
    """

    reconstructions: ReconstructionsWish | None = None
    errors: ErrorsWish | None = None
    problem: str = ""
    is_of_the_order: bool = False


def wanted_items(
    choice: ReconstructionsChoice, selection: SelectionChoice, opened: Opened, known: ItemErrors | None
) -> Wanted:
    """What must be made for a choice; known: errors measured before, of whatever items."""
    try:
        corruption = item_corruption(fitting_corruption(choice.corruption, opened.facts), opened.facts)
    except UsageError as error:
        return Wanted(problem=str(error))
    selected = np.flatnonzero(selection_mask(selection, opened))
    try:
        chosen = items_of(choice, opened, selected, known, corruption)
    except UsageError as error:
        return Wanted(problem=str(error), is_of_the_order=True)
    if isinstance(chosen, ErrorsWish):
        return Wanted(errors=chosen)
    if chosen is None:
        return Wanted()
    return Wanted(ReconstructionsWish(chosen.items, chosen.places, chosen.codes, corruption))


def items_of(
    choice: ReconstructionsChoice,
    opened: Opened,
    selected: NDArray[np.int64],
    known: ItemErrors | None,
    corruption: ItemCorruption | None,
) -> ItemsChosen | ErrorsWish | None:
    """The items that a choice means, or the errors that must be measured first; None while the data are not here.

    selected: places of the items selected on the map. known: errors measured before, of whatever items.
    Raises `UsageError` with a sentence where there are no such items.
    """
    count = min(max(choice.count, 1), _MOST_SHOWN)
    if choice.order not in ("first", "random"):
        return _on_the_map(choice, opened, selected, known, corruption)
    items = opened.items
    if items is None:
        return None
    if choice.order == "first":
        return ItemsChosen(items, np.arange(min(count, len(items))))
    generator = np.random.default_rng(abs(choice.seed))
    return ItemsChosen(items, generator.choice(len(items), min(count, len(items)), replace=False))


def _on_the_map(
    choice: ReconstructionsChoice,
    opened: Opened,
    selected: NDArray[np.int64],
    known: ItemErrors | None,
    corruption: ItemCorruption | None,
) -> ItemsChosen | ErrorsWish:
    encoded, can = opened.encoded, opened.facts.capabilities
    if encoded is None or not encoded.complete:
        raise UsageError(_ENCODING)
    items = encoded.originals if encoded.originals is not None else opened.items
    if encoded.source == "samples" or items is None:
        raise UsageError(_NO_ITEMS)
    if choice.order == "selected":
        if not len(selected):
            raise UsageError(_NOTHING_SELECTED)
        places = selected
    else:
        if "sequential" in can:
            raise UsageError(_DRAWS_SLOWLY)
        if "encoder" not in can and corruption is not None:
            raise UsageError(_SEARCHES_SLOWLY)
        wish = ErrorsWish(encoded, items, corruption)
        if known is None or not known.wish.is_like(wish):
            return wish
        places = ranked(known.values, choice.order == "worst")
    shown = places[: min(max(choice.count, 1), _MOST_SHOWN)]
    return ItemsChosen(items, shown, None if "encoder" in can else encoded.codes[shown])


def ranked(errors: NDArray[np.float32], worst_first: bool) -> NDArray[np.int64]:
    """Places by error, those without one left out, equal ones in their order."""
    order = np.argsort(-errors if worst_first else errors, kind="stable")
    return order[np.isfinite(errors[order])]
