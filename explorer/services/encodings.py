"""Where data lie in the latent space: read beside a checkpoint, or encoded in short steps."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.services.code_summary import CodeSummary
from explorer.services.data_items import DataItems, load_training_items
from explorer.services.network import OpenModel
from explorer.services.pace import Pace
from trainers.data.data_spec import data_title
from trainers.engine.encoding import Encodings
from trainers.errors import TrainersError, UsageError
from trainers.latent.directions import varying_along
from trainers.latent.plane import Plane, principal_plane

MOST_ITEMS = 100_000
MOST_ITEMS_WHILE_TRAINING = 1_000
# Of long codes fewer have room: one of a VQ-VAE is thousands of numbers.
_MOST_NUMBERS = 32_000_000
_NUMBERS_AT_ONCE = 500_000
# A generator's samples stand for data; so many are drawn and recognised in about a second.
SAMPLED_ITEMS = 2_000
_FIRST_SHOWN = 500
# The time that principal directions take grows with the square of a code's length, so wide codes get fewer items.
_MOST_NUMBERS_FOR_DIRECTIONS = 2_000_000

PointSource = Literal["test", "train", "all", "samples"]


@dataclass(frozen=True, eq=False)
class EncodedItems:
    """Codes of data, and what they say of the dimensions.

    codes: (count, latent_size), a row of NaN for an item without a code. labels: (count,) class numbers, or None.
    activity: (latent_size,) mean KL to N(0, 1) in nats, or variance of the codes where there is no posterior.
    note: what the items are, for the legend. complete: False while more are being encoded.
    conditions: (count, size), what the model was told of each item; of size 0 for a model without conditions, and
    None where it is not known.
    principal: the plane of the first two principal directions through 0; None until all are encoded, and where
    `principal_problem` says why there is none.
    source: what the items are; the first items of a split of the data, or samples of the model.
    originals: the items themselves, where the test items of the data are others. pictures: (count, channels, height,
    width) of samples, which are what is decoded from their codes.
    has_code: (count,) which items have a code, None for all. constant: dimensions that are the same in all codes.
    """

    generation: int
    codes: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    activity: tuple[float, ...]
    activity_unit: str
    note: str
    complete: bool = True
    conditions: NDArray[np.float32] | None = None
    principal: Plane | None = None
    principal_problem: str = ""
    source: PointSource = "test"
    originals: DataItems | None = None
    pictures: NDArray[np.uint8] | None = None
    has_code: NDArray[np.bool_] | None = None
    constant: frozenset[int] = frozenset()

    @property
    def coded(self) -> NDArray[np.bool_]:
        """Which items (count,) have a code."""
        return np.ones(len(self.codes), dtype=bool) if self.has_code is None else self.has_code

    def class_name_of(self, index: int) -> str:
        """The class of an item, empty where that is not known."""
        label = -1 if self.labels is None else int(self.labels[index])
        return self.class_names[label] if 0 <= label < len(self.class_names) else ""


def read_encodings(model: OpenModel) -> EncodedItems | None:
    """The encodings that lie beside a checkpoint or in its run folder, if they are of this very checkpoint."""
    checkpoint = Path(model.path)
    beside = checkpoint.with_name(f"{checkpoint.stem}.encodings.npz")
    in_run = checkpoint.parent.parent / "encodings.npz"
    for file in (beside, in_run):
        encodings = _readable(file)
        if encodings is not None and encodings.digest == model.header.digest:
            title = f"{encodings.split} items of {data_title(encodings.data)}"
            read = encoded_items(
                model.generation,
                encodings.codes,
                encodings.log_variances,
                encodings.labels,
                encodings.class_names,
                title,
                conditions=_conditions_by_label(model, encodings),
            )
            return replace(read, source=encodings.split)
    return None


def place_in_steps(model: OpenModel, items: DataItems | None, most: int) -> Iterator[EncodedItems | None]:
    """What has a place on the map of a model, in short steps: test items where there is an encoder, the items it
    keeps codes of where there is a table of them, else its own samples.
    """
    if "encoder" in model.capabilities:
        if items is not None:
            yield from encode_in_steps(model, items, most)
    elif (codes := model.training_codes()) is not None:
        yield _learned_items(model, codes[:most])
    else:
        yield from _sampled_in_steps(model)


def _learned_items(model: OpenModel, codes: NDArray[np.float32]) -> EncodedItems:
    spec = model.header.data
    # Without the data the points have no colours, but they have their places all the same.
    items = load_training_items(spec)
    originals = None if items is None or len(items) < len(codes) else items.part(slice(len(codes)))
    labels = None if originals is None else originals.labels
    title = f"training items of {data_title(spec.name)}, codes learned with the model"
    learned = encoded_items(model.generation, codes, None, labels, spec.class_names, title)
    return replace(learned, source="train", originals=originals)


def _sampled_in_steps(model: OpenModel) -> Iterator[EncodedItems | None]:
    conditions = model.usual_conditions(SAMPLED_ITEMS)
    codes = model.sample_codes(SAMPLED_ITEMS, 1.0, seed=0, condition=conditions)
    title = "samples, as there is no encoder"
    first = encoded_items(model.generation, codes, None, None, (), title, complete=False, conditions=conditions)
    yield replace(first, source="samples")
    is_asked_for = model.header.condition.kind == "classes"
    classifier = None if is_asked_for else model.classifier()
    # Drawn number by number, pictures of so many are worth their time only where their classes need them.
    is_pictured = model.header.data.kind == "images" and "sequential" not in model.capabilities
    answers, pictures = [], []
    for _, values in model.decode_in_steps(codes if is_pictured or classifier else codes[:0], conditions):
        if len(values):
            answers.append(None if is_asked_for else model.classify(values))
            pictures.append(model.pictures.small(values).transpose(0, 3, 1, 2))
        yield None
    if is_asked_for:
        title, labels = f"{title}; coloured by the class asked for", conditions.argmax(axis=1)
    elif classifier is not None:
        title = f"{title}; coloured by the answer of the {classifier.title}"
        labels = np.concatenate([part for part in answers if part is not None])
    else:
        labels = None
    names = model.header.data.class_names if labels is not None else ()
    named = encoded_items(model.generation, codes, None, labels, names, title, conditions=conditions)
    yield replace(named, source="samples", pictures=np.concatenate(pictures) if is_pictured else None)


def encode_in_steps(model: OpenModel, items: DataItems, most: int) -> Iterator[EncodedItems | None]:
    """Encode the first `most` items in short steps; results come rarely, None in between, the last is complete."""
    size = model.latent_size
    count = min(len(items), most, max(MOST_ITEMS_WHILE_TRAINING, _MOST_NUMBERS // size))
    # One table for all: what is shown before it is full are views of it, so that none of them is a copy.
    codes, summary = np.empty((count, size), np.float32), CodeSummary()
    first = items.part(slice(count))
    conditions = model.conditions_of(first.labels, first.attributes, count)
    title = items.title if count == len(items) else f"of {len(items):,} {items.title}"
    pace, done, shown = Pace(), 0, _FIRST_SHOWN
    while done < count:
        chunk = slice(done, done + pace.of(count - done))
        with pace.timing(chunk.stop - done):
            codes[chunk] = summary.add(*model.encode(items.images[chunk], conditions[chunk]))
        done = chunk.stop
        if done < min(shown, count) or (done < count and not summary.count):
            yield None
            continue
        shown *= 3
        yield replace(
            _summed_up(
                model.generation,
                codes[:done],
                summary,
                None if items.labels is None else items.labels[:done],
                items.spec.class_names,
                title,
                complete=done == count,
                conditions=conditions[:done],
            ),
            source=items.source,
            originals=None if items.source == "test" else items,
        )


def encoded_items(
    generation: int,
    codes: NDArray[np.float32],
    log_variances: NDArray[np.float32] | None,
    labels: NDArray[np.int64] | None,
    class_names: tuple[str, ...],
    title: str,
    complete: bool = True,
    conditions: NDArray[np.float32] | None = None,
) -> EncodedItems:
    """Codes with the activity of their dimensions and, once all are there, their principal directions.

    Items whose codes are infinite or no numbers have none. Raises `UsageError` where no others are left.
    """
    summary, parts, rows = CodeSummary(), [], max(1, _NUMBERS_AT_ONCE // codes.shape[1])
    for start in range(0, len(codes), rows):
        part = slice(start, start + rows)
        parts.append(summary.add(codes[part], None if log_variances is None else log_variances[part]))
    known = np.concatenate(parts) if summary.missing else codes
    return _summed_up(generation, known, summary, labels, class_names, title, complete, conditions)


def _summed_up(
    generation: int,
    codes: NDArray[np.float32],
    summary: CodeSummary,
    labels: NDArray[np.int64] | None,
    class_names: tuple[str, ...],
    title: str,
    complete: bool,
    conditions: NDArray[np.float32] | None,
) -> EncodedItems:
    if summary.missing and not summary.count:
        raise UsageError("The model gives codes that are infinite or no numbers; choose an earlier checkpoint.")
    note = f"{len(codes):,} {title}"
    if summary.missing:
        note = f"{note}; {summary.missing:,} of {len(codes):,} items have no code"
    activity, unit = summary.activity
    principal, problem = _principal(codes, summary.has_code) if complete else (None, "")
    return EncodedItems(
        generation,
        codes,
        labels,
        class_names,
        activity,
        unit,
        note,
        complete,
        conditions,
        principal,
        problem,
        has_code=summary.has_code,
        constant=summary.constant,
    )


def _principal(codes: NDArray[np.float32], has_code: NDArray[np.bool_] | None) -> tuple[Plane | None, str]:
    most = max(2, _MOST_NUMBERS_FOR_DIRECTIONS // codes.shape[1])
    some = codes[:most] if has_code is None else codes[np.flatnonzero(has_code)[:most]]
    if len(some) < 2:
        return None, "Principal directions need at least two encoded items; two dimensions are shown instead."
    plane = principal_plane(np.zeros(codes.shape[1]), some)
    varying = varying_along(some, plane.axes)
    if varying == 0:
        return None, "All codes are the same, so they have no principal directions; two dimensions are shown instead."
    if varying == 1 and codes.shape[1] > 1:
        return None, ("The codes vary in one direction only, so two dimensions are shown instead of principal ones.")
    return plane, ""


def _conditions_by_label(model: OpenModel, encodings: Encodings) -> NDArray[np.float32] | None:
    try:
        return model.conditions_of(encodings.labels, None, len(encodings.codes))
    except UsageError:
        # Attributes do not lie beside the codes; they are known once the items themselves have been encoded.
        return None


def _readable(file: Path) -> Encodings | None:
    if not file.is_file():
        return None
    try:
        encodings = Encodings.load(file)
    except TrainersError:
        # Encodings can always be made again; a damaged file is no reason not to open its model.
        return None
    return encodings if np.isfinite(encodings.codes).all() else None
