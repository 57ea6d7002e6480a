"""Pictures drawn from the prior: first their codes, which may take long, then what the codes look like."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.item_pictures import PointPictures
from explorer.services.network import OpenModel
from explorer.state.condition_facts import Condition
from explorer.state.condition_sweep import MOST_COLUMNS
from trainers.reporting import Report, StopRequested, part_of

RISING = tuple(step / 10 for step in range(1, 11))


@dataclass(frozen=True)
class SamplesWish:
    """What is to be drawn.

    temperatures: one per level. condition: for every sample; empty for every class in turn, or middle attributes.
    rising: columns at each share of the temperatures in `RISING`, with the same noise and condition along a row.
    """

    count: int
    seed: int
    temperatures: tuple[float, ...] = (1.0,)
    condition: Condition = ()
    rising: bool = False


@dataclass(frozen=True, eq=False)
class DrawnCodes:
    """Codes (count, latent_size) from the prior and what the model was told of each, (count, size).

    column_titles: what the columns of a sheet have in common, empty where it has no columns of its own.
    """

    codes: NDArray[np.float32]
    conditions: NDArray[np.float32]
    column_titles: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class DrawnSamples:
    """The same with pictures (count, height, width, channels).

    points: (count, 2) where the items are points, else None; `sheet` is then one picture of all.
    classes: (count,) what a classifier takes them for, -1 for nothing it knows; None without a classifier.
    recognised_by: the classifier, in words.
    """

    codes: NDArray[np.float32]
    pictures: NDArray[np.uint8]
    conditions: NDArray[np.float32]
    column_titles: tuple[str, ...] = ()
    points: NDArray[np.float32] | None = None
    sheet: NDArray[np.uint8] | None = None
    classes: NDArray[np.int64] | None = None
    recognised_by: str = ""


@dataclass(frozen=True)
class DrawingProgress:
    """How far a model is that draws number by number: the share from 0 to 1 and what it does."""

    share: float
    what: str


def draw_codes(model: OpenModel, wish: SamplesWish, report: Report, stop_requested: StopRequested) -> DrawnCodes:
    """Draw the codes of a sheet; raises `StoppedError` when asked to stop."""
    rows = max(1, wish.count // len(RISING)) if wish.rising else wish.count
    told = np.asarray(wish.condition, np.float32)
    conditions = np.tile(told, (rows, 1)) if wish.condition else model.usual_conditions(rows)
    if not wish.rising:
        codes = model.sample_codes(rows, _temperature(wish, 1.0), wish.seed, conditions, report, stop_requested)
        return DrawnCodes(codes, conditions, () if wish.condition else _names(model))
    columns = [
        model.sample_codes(
            rows, _temperature(wish, share), wish.seed, conditions, part_of(report, place, len(RISING)), stop_requested
        )
        for place, share in enumerate(RISING)
    ]
    codes = np.stack(columns, axis=1).reshape(rows * len(RISING), -1)
    return DrawnCodes(codes, conditions.repeat(len(RISING), axis=0), tuple(f"× {share:.1f}" for share in RISING))


def decode_samples(model: OpenModel, drawn: DrawnCodes) -> Iterator[DrawnSamples | None]:
    """The pictures of some codes in short steps: None until the last, which gives all."""
    parts = []
    for _, run in model.decode_in_steps(drawn.codes, drawn.conditions):
        parts.append(run)
        yield None
    items, classifier = np.concatenate(parts), model.classifier()
    is_points = isinstance(model.pictures, PointPictures)
    yield DrawnSamples(
        drawn.codes,
        model.pictures.small(items),
        drawn.conditions,
        drawn.column_titles,
        items if is_points else None,
        model.pictures.sheet(items) if is_points else None,
        model.classify(items),
        "" if classifier is None else classifier.title,
    )


def _temperature(wish: SamplesWish, share: float) -> float | tuple[float, ...]:
    scaled = tuple(share * temperature for temperature in wish.temperatures)
    return scaled[0] if len(scaled) == 1 else scaled


def _names(model: OpenModel) -> tuple[str, ...]:
    # Classes come in turn, so that as many columns as classes have one class each.
    condition = model.header.condition
    is_choice = condition.kind in ("classes", "identity") and len(condition.names) <= MOST_COLUMNS
    return condition.names if is_choice else ()
