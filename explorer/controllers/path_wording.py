"""What there is to say of a path, and what it goes without."""

from collections.abc import Sequence

import numpy as np

from explorer.controllers.path_keys import PathKeys
from explorer.services.encodings import EncodedItems
from explorer.services.opening import Opened
from explorer.services.paths import PathAsked, WalkedPath

LINEAR = "Take the linear path"
AGAIN = "Search again"
GIVEN_UP = "The search for the path was given up."
EARLIER = "This is the path of an earlier snapshot; it is searched for again when no newer one comes for a moment."
_ADD = "Add the ring's place"
_HOW = "add where the ring is, or point at an item on the map and press P"


def missing_keys(keys: PathKeys) -> tuple[str, str]:
    """Why there is no path, and the label of the button that leads to one."""
    foreign = sum(bool(problem) for problem in keys.problems)
    if foreign and not keys.places:
        return (f"The key points belong to another model; open that one again, or {_HOW}.", _ADD)
    if foreign:
        return (f"Only one key point belongs to this model, and a path needs two; {_HOW}.", _ADD)
    if len(keys.places) == 1:
        return (f"A path needs a second key point: move the ring and {_HOW}.", _ADD)
    return (f"A path leads from key point to key point; {_HOW}. Samples can be added by a right click.", _ADD)


def countable(opened: Opened) -> EncodedItems | None:
    """The encoded items that may lie near a path.

    None while they are not all there, and where they are samples of the model.
    """
    encoded = opened.encoded
    return encoded if encoded is not None and encoded.complete and encoded.source != "samples" else None


def missing_items(asked: PathAsked, opened: Opened) -> str:
    """Why a path has no neighbours to go through, as a sentence; empty where there are some, or none are needed."""
    if asked.kind != "neighbours" or countable(opened) is not None:
        return ""
    if opened.encoded is not None and opened.encoded.source == "samples":
        return "This model has no encoder, so there are no items for a path to go through."
    if opened.encoded is None and opened.items is None and opened.items_problem:
        return f"A path through neighbours needs encoded items, and there are none. {opened.items_problem}"
    return "A path through neighbours comes as soon as the data are encoded."


def step_letters(walked: WalkedPath, letters: Sequence[str]) -> tuple[str, ...]:
    """The letter of every step that is a key point, and empty texts."""
    given = [""] * len(walked.codes)
    ends = [*letters, letters[0]] if walked.asked.closed else letters
    for place, letter in zip(walked.asked.places, ends, strict=True):
        given[place] = letter
    return tuple(given)


def length_unit(shape: Sequence[int]) -> str:
    """What the length of a step is, for items of a shape: (channels, height, width), or (2,) for points."""
    return "distance between points" if len(shape) == 1 else "distance between pictures (grey values 0 to 1)"


def support_unit(walked: WalkedPath) -> str:
    """What is counted near a step."""
    kinds = {"test": "test items", "train": "training items", "all": "items", "samples": "samples"}
    what = kinds[walked.encoded.source] if walked.encoded is not None else "items"
    return f"{what} within {walked.reach:.3g}"


def summary(walked: WalkedPath, opened: Opened) -> str:
    """The whole path in a line."""
    total, lengths = walked.length, walked.lengths
    if not np.isfinite(total):
        return "Some steps decode to no numbers, so the length of the path is not known; choose other key points."
    parts = [f"Length {total:.4g}"]
    if walked.asked.kind != "linear":
        share = total / walked.straight - 1.0 if walked.straight > 0.0 else 0.0
        parts[0] += f", the linear path {walked.straight:.4g} ({share:+.1%})".replace("-", "−")
        if walked.asked.kind == "geodesic" and share >= 0.0:
            parts.append("no shorter one was found")
    parts.append(f"steps from {lengths.min():.3g} to {lengths.max():.3g}")
    if walked.support is not None:
        low, high = int(walked.support.min()), int(walked.support.max())
        parts.append(f"{low:,} to {high:,} {support_unit(walked)} of a step, half of all have ten others so near")
    elif opened.encoded is not None and opened.encoded.source == "samples":
        parts.append("without an encoder no items lie near it")
    return " · ".join(parts)
