"""Pictures of codes that belong together: a sheet of traversals, or the terms of a sum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.network import OpenModel
from explorer.state.condition_facts import Condition
from explorer.state.slider_choices import TraversalChoice
from trainers.latent.traversal import traversal_codes

# The outermost quantiles of a sheet; beyond them single items decide.
_LOWEST, _HIGHEST = 0.01, 0.99
_ENOUGH = 2_000


@dataclass(frozen=True, eq=False)
class SheetWish:
    """Codes (count, latent_size) of which pictures are wanted, and what the model is told beside them.

    columns: how many there are in a row. titles: of the rows and of the columns.
    """

    purpose: Literal["traversal", "terms"]
    codes: NDArray[np.float64]
    condition: Condition = ()
    columns: int = 1
    row_titles: tuple[str, ...] = ()
    column_titles: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class DecodedSheet:
    """The answer to a wish. pictures: (count, height, width, channels)."""

    wish: SheetWish
    pictures: NDArray[np.uint8]


def decode_sheet(model: OpenModel, wish: SheetWish) -> Iterator[DecodedSheet | None]:
    """Decode codes in short steps."""
    pictures = []
    for _, items in model.decode_in_steps(wish.codes, wish.condition):
        if len(items):
            pictures.append(model.pictures.small(items))
        yield None
    yield DecodedSheet(wish, np.concatenate(pictures))


@dataclass(frozen=True, eq=False)
class TraversalSteps:
    """Where the columns of a sheet stand along dimensions: values (dimensions, steps), and titles of the columns."""

    values: NDArray[np.float64]
    titles: tuple[str, ...]


def traversal_steps(
    choice: TraversalChoice,
    dimensions: tuple[int, ...],
    moments: tuple[tuple[float, ...], tuple[float, ...]],
    encoded: EncodedItems | None,
) -> TraversalSteps:
    """The steps of a sheet along some dimensions.

    moments: means and deviations of the prior, for all dimensions. Quantiles are of the encoded items; without any the
    steps are deviations.
    """
    steps, places = choice.steps, list(dimensions)
    if choice.spacing == "quantiles" and encoded is not None:
        shares = np.linspace(_LOWEST, _HIGHEST, steps)
        # So many tell quantiles well enough, and are sorted between two frames.
        known = np.flatnonzero(encoded.coded)
        some = encoded.codes[known[:: -(-len(known) // _ENOUGH)]][:, places]
        values = np.quantile(some.astype(np.float64), shares, axis=0).T
        return TraversalSteps(values, tuple(f"{share:.0%}" for share in shares))
    reach = np.linspace(-choice.reach, choice.reach, steps)
    means, deviations = (np.array(part)[places] for part in moments)
    values = means[:, None] + deviations[:, None] * reach
    return TraversalSteps(values, tuple(sigmas_text(amount) for amount in reach))


def traversal_wish(
    steps: TraversalSteps,
    code: tuple[float, ...],
    dimensions: tuple[int, ...],
    names: tuple[str, ...],
    condition: Condition,
) -> SheetWish:
    """The codes of a sheet through a code: a row for each of some dimensions with these names."""
    codes = traversal_codes(np.array(code), dimensions, steps.values).reshape(-1, len(code))
    return SheetWish("traversal", codes, condition, len(steps.titles), names, steps.titles)


def sigmas_text(amount: float) -> str:
    """A number of deviations as a title, such as −1.5σ."""
    rounded = round(amount, 2) + 0.0
    return "0" if rounded == 0.0 else f"{rounded:+.3g}σ".replace("-", "−")
