"""Paths through the latent space of the open model: their steps, pictures, lengths, and the items near them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from explorer.services.encodings import EncodedItems
from explorer.services.network import OpenModel
from explorer.state.condition_facts import Condition
from explorer.state.path_values import PathKind
from trainers.engine.paths import PathWish
from trainers.latent.paths import key_places, linear, near_distance, path_through, step_lengths, support
from trainers.reporting import Report, StopRequested

Code = tuple[float, ...]

_MEASURED_AT = 240


@dataclass(frozen=True)
class PathAsked:
    """What is asked of a model: a path of `steps` codes through key points, each a code and what the model is told."""

    keys: tuple[tuple[Code, Condition], ...]
    kind: PathKind
    steps: int
    closed: bool

    @property
    def places(self) -> tuple[int, ...]:
        """Which steps are the key points; of a closed path the last is the first key point once more."""
        return tuple(key_places(len(self.keys) + self.closed, self.steps).tolist())


@dataclass(frozen=True, eq=False)
class KeyPictures:
    """What key points look like: pictures (count, height, width, 1 or 3)."""

    keys: tuple[tuple[Code, Condition], ...]
    pictures: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class WalkedPath:
    """A path and what is known of its steps.

    codes: (steps, latent_size). conditions: (steps, size), of size 0 for a model that takes none. pictures: (steps,
    height, width, 1 or 3). lengths: (steps - 1,), distance between the items of neighbouring steps, whose numbers are
    from 0 to 1. length, straight: how far pictures change in all on this way, and on the straight one.
    encoded: the items among which support was counted.
    support: (steps,), how many of them lie within `reach` of each step; None until they are counted.
    """

    asked: PathAsked
    codes: NDArray[np.float64]
    conditions: NDArray[np.float64]
    pictures: NDArray[np.uint8]
    lengths: NDArray[np.float64]
    length: float
    straight: float
    encoded: EncodedItems | None = None
    support: NDArray[np.int64] | None = None
    reach: float = 0.0


@dataclass(frozen=True, eq=False)
class PathWork:
    """What is to be found.

    asked: of no key points but one, only pictures are. encoded: the data, None where they are not known. pictured: key
    points whose pictures are known. known: the path itself, where only the items near it are to be counted.
    """

    asked: PathAsked
    encoded: EncodedItems | None = None
    pictured: KeyPictures | None = None
    known: WalkedPath | None = None


def find_walk(
    model: OpenModel,
    work: PathWork,
    report: Report,
    stop_requested: StopRequested,
    partial: Callable[[KeyPictures | WalkedPath], None],
) -> KeyPictures | WalkedPath:
    """The path with everything that can be known of it.

    partial: called with the pictures of the key points, and with the path before the items near it are counted.
    Raises `UsageError` where there is no such path, and `StoppedError`.
    """
    keys = work.asked.keys
    if work.pictured is None or work.pictured.keys != keys:
        codes, told = (np.array([key[part] for key in keys], np.float64) for part in (0, 1))
        values = model.decode_wholly(codes, told, report, stop_requested)
        pictured = KeyPictures(keys, model.pictures.small(values))
        if len(keys) == 1:
            return pictured
        partial(pictured)
    walked = work.known or _walk(model, work, report, stop_requested)
    if work.encoded is None:
        return walked
    if work.known is None:
        partial(walked)
    report(1.0, "counting items near it")
    known = work.encoded.codes[work.encoded.coded]
    reach = walked.reach if walked.encoded is work.encoded else near_distance(known)
    near = support(known, walked.codes, reach)
    return replace(walked, encoded=work.encoded, support=near, reach=reach)


def _walk(model: OpenModel, work: PathWork, report: Report, stop_requested: StopRequested) -> WalkedPath:
    asked = work.asked
    wish = PathWish(asked.kind, np.array([code for code, _ in asked.keys], np.float64), asked.steps, asked.closed)
    known = None if work.encoded is None else work.encoded.codes[work.encoded.coded]
    told = [condition for _, condition in asked.keys]
    codes, conditions = model.find_path(wish, told, known, report, stop_requested)

    values = model.decode_wholly(codes, conditions, report, stop_requested)

    def length_of(way: NDArray[np.float64]) -> float:
        # Few steps cut what bends between them short, and most where pictures change most.
        places, finer = np.arange(len(way)), np.linspace(0.0, len(way) - 1.0, _finer(len(way), model))
        between, told = (
            np.stack([np.interp(finer, places, column) for column in table.T], axis=1) if table.size else table
            for table in (way, conditions)
        )
        return float(step_lengths(model.decode_wholly(between, told, report, stop_requested)).sum())

    length = length_of(codes)
    straight = length if asked.kind == "linear" else length_of(path_through(wish.points(), asked.steps, linear))
    pictures = model.pictures.small(values)
    return WalkedPath(asked, codes, conditions, pictures, step_lengths(values), length, straight)


def _finer(steps: int, model: OpenModel) -> int:
    """How many codes the length of a way is measured at; no more than its steps where each of them takes long."""
    parts = 1 if "sequential" in model.capabilities else max(1, -(-_MEASURED_AT // (steps - 1)))
    return parts * (steps - 1) + 1
