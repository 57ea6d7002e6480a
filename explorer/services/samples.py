"""Pictures drawn from the prior: first their codes, which may take long, then what the codes look like."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explorer.services.classifiers import ClassifierJob, trainable_classifier
from explorer.services.item_pictures import PointPictures, Values
from explorer.services.network import OpenModel
from explorer.state.condition_facts import Condition
from explorer.state.condition_sweep import MOST_COLUMNS
from trainers.errors import TrainersError
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
    rising: whether that is a share of the temperatures. items: (count, *shape) where they were decoded already.
    """

    codes: NDArray[np.float32]
    conditions: NDArray[np.float32]
    column_titles: tuple[str, ...] = ()
    rising: bool = False
    items: Values | None = None


@dataclass(frozen=True, eq=False)
class DrawnSamples:
    """The same with pictures (count, height, width, channels).

    points: (count, 2) where the items are points, else None; `sheet` is then one picture of all.
    classes: (count,) what a classifier takes them for, -1 for nothing it knows; None without a classifier.
    recognised_by: the classifier, in words. missing: the job that would bring one, None where there is one or can be
    none.
    """

    codes: NDArray[np.float32]
    pictures: NDArray[np.uint8]
    conditions: NDArray[np.float32]
    column_titles: tuple[str, ...] = ()
    points: NDArray[np.float32] | None = None
    sheet: NDArray[np.uint8] | None = None
    classes: NDArray[np.int64] | None = None
    recognised_by: str = ""
    missing: ClassifierJob | None = None
    rising: bool = False


def draw_items(model: OpenModel, wish: SamplesWish, report: Report, stop_requested: StopRequested) -> DrawnCodes:
    """Draw the codes of a sheet, with what they look like where that is what takes long.

    Raises `StoppedError` when asked to stop.
    """
    drawn = draw_codes(model, wish, report, stop_requested)
    if "sequential" not in model.capabilities:
        return drawn
    return replace(drawn, items=model.decode_wholly(drawn.codes, drawn.conditions, report, stop_requested))


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
    titles = tuple(f"× {share:.1f}" for share in RISING)
    return DrawnCodes(codes, conditions.repeat(len(RISING), axis=0), titles, rising=True)


def decode_samples(model: OpenModel, drawn: DrawnCodes) -> Iterator[DrawnSamples | None]:
    """The pictures of some codes in short steps: None until the last, which gives all."""
    items = drawn.items
    if items is None:
        parts = []
        for _, run in model.decode_in_steps(drawn.codes, drawn.conditions):
            parts.append(run)
            yield None
        items = np.concatenate(parts)
    is_points = isinstance(model.pictures, PointPictures)
    seen = DrawnSamples(
        drawn.codes,
        model.pictures.small(items),
        drawn.conditions,
        drawn.column_titles,
        items if is_points else None,
        model.pictures.sheet(items) if is_points else None,
        rising=drawn.rising,
    )
    yield from recognise(model, seen)


def recognise(model: OpenModel, drawn: DrawnSamples) -> Iterator[DrawnSamples]:
    """The same samples with what the classifier of their data takes them for, or the job that would bring one."""
    try:
        classifier = model.classifier()
    except TrainersError:
        # A damaged one, or points that are not here any more: the samples are worth seeing all the same.
        classifier = None
    if classifier is None:
        yield replace(drawn, missing=trainable_classifier(model.header.data))
        return
    items = drawn.points
    if items is None:
        items = np.ascontiguousarray(drawn.pictures.transpose(0, 3, 1, 2), dtype=np.float32) / np.float32(255)
    yield replace(drawn, classes=model.classify(items), recognised_by=classifier.title, missing=None)


def _temperature(wish: SamplesWish, share: float) -> float | tuple[float, ...]:
    scaled = tuple(share * temperature for temperature in wish.temperatures)
    return scaled[0] if len(scaled) == 1 else scaled


def _names(model: OpenModel) -> tuple[str, ...]:
    # Classes come in turn, so that as many columns as classes have one class each.
    condition = model.header.condition
    is_choice = condition.kind in ("classes", "identity") and len(condition.names) <= MOST_COLUMNS
    return condition.names if is_choice else ()
