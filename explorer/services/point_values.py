"""Numbers for the items on the map, as colours: an attribute, the error of the reconstruction, the likelihood."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems
from explorer.services.network import OpenModel
from explorer.services.pace import Pace
from explorer.services.tensors import Items
from explorer.state.map_values import PointCloud, PointValues
from explorer.state.point_colour import PointColour
from explorer.state.wording import attribute_title, error_unit

# One draw for each point is noise in its colour; with more the bound comes nearer, and the points later.
DRAWS = 8
_FIRST_SHOWN = 500
_PERCENT_BEYOND = 1.0
# As many as have colours of their own that are told apart at a glance.
_MOST_LEVELS = 8

Numbers = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class MeasuredItems:
    """Numbers for encoded items; NaN for those that have none, or none yet while `complete` is False."""

    encoded: EncodedItems
    colour: PointColour
    values: PointValues
    complete: bool = True


def attribute_values(encoded: EncodedItems, items: DataItems, colour: PointColour) -> MeasuredItems | None:
    """A column of the attribute table for encoded items; None where there is no such column."""
    names = items.spec.attribute_names
    if items.attributes is None or colour.attribute not in names:
        return None
    column = items.attributes[: len(encoded.codes), names.index(colour.attribute)].astype(np.float32)
    values = point_values(column, attribute_title(colour.attribute))
    return MeasuredItems(encoded, colour, replace(values, levels=_levels(column)))


def in_levels(cloud: PointCloud, values: PointValues) -> PointCloud:
    """Points in the colours of their numbers: groups where the numbers are few, so that each can be hidden."""
    if not values.levels:
        return replace(cloud, values=values)
    levels = np.array(values.levels, np.float32)
    groups = np.searchsorted(levels, values.values)
    groups[~np.isfinite(values.values)] = -1
    names = tuple(level_name(values.name, f"{level:g}".replace("-", "−")) for level in values.levels)
    return replace(cloud, groups=groups, group_names=names)


def level_name(attribute: str, level: str) -> str:
    """One of few numbers of an attribute as a row of the legend, for example "hat: 1"."""
    return f"{attribute_title(attribute)}: {level}"


def measure_in_steps(
    model: OpenModel, encoded: EncodedItems, items: DataItems, colour: PointColour
) -> Iterator[MeasuredItems | None]:
    """Measure encoded items in short steps; results come rarely, None in between, the last is complete.

    items: those that were encoded, in the same order, and perhaps more. colour: "error" or "likelihood".
    """
    count = len(encoded.codes)
    first = items.part(slice(count))
    conditions = model.conditions_of(first.labels, first.attributes, count)
    measure, title, unit = _measure(model, encoded, colour)
    values = np.full(count, np.nan, np.float32)
    pace, done, shown = Pace(), 0, _FIRST_SHOWN
    while done < count:
        chunk = slice(done, done + pace.of(count - done))
        with pace.timing(chunk.stop - done):
            values[chunk] = measure(first.images[chunk], conditions[chunk], chunk)
        done = chunk.stop
        if done < min(shown, count):
            yield None
            continue
        shown *= 3
        yield MeasuredItems(encoded, colour, point_values(values.copy(), title, unit), complete=done == count)


def point_values(values: Numbers, name: str, unit: str = "") -> PointValues:
    """Numbers with the ends of their palette: as far below 0 as above where there are numbers on both sides of it.

    One number in a hundred lies beyond each end, so that a few far ones do not make all the others look alike.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return PointValues(name, values, 0.0, 1.0, unit)
    lowest, highest = (float(end) for end in np.percentile(known, (_PERCENT_BEYOND, 100.0 - _PERCENT_BEYOND)))
    if lowest < 0.0 < highest:
        reach = max(-lowest, highest)
        return PointValues(name, values, -reach, reach, unit, is_diverging=True)
    return PointValues(name, values, lowest, highest, unit)


def _levels(column: Numbers) -> tuple[float, ...]:
    some = np.unique(column[: 4 * _MOST_LEVELS])
    if np.isfinite(some).sum() > _MOST_LEVELS:
        return ()
    levels = np.unique(column[np.isfinite(column)])
    return tuple(levels.tolist()) if 2 <= len(levels) <= _MOST_LEVELS else ()


def _measure(
    model: OpenModel, encoded: EncodedItems, colour: PointColour
) -> tuple[Callable[[Items, Numbers, slice], Numbers], str, str]:
    def error(images: Items, conditions: Numbers, places: slice) -> Numbers:
        # Codes that were learned with the model cannot be found again from the images.
        codes = None if "encoder" in model.capabilities else encoded.codes[places]
        return model.reconstruction_errors(images, conditions, codes)

    def likelihood(images: Items, conditions: Numbers, _places: slice) -> Numbers:
        return model.log_likelihoods(images, conditions, draws=DRAWS)

    if colour.kind == "error":
        return error, "Squared error", error_unit(model.header.data.shape)
    return likelihood, "log p(x)" if "exact_likelihood" in model.capabilities else f"Bound, K = {DRAWS}", "nats"
