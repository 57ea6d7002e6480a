"""Paths through the latent space of a model, and what is known of every step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import evaluating
from trainers.errors import UsageError
from trainers.latent.geodesics import geodesic
from trainers.latent.paths import (
    Array,
    Between,
    NeighbourGraph,
    linear,
    path_through,
    spherical,
    step_lengths,
    support,
)
from trainers.models.latent_model import LatentModel, SequentialDecoder
from trainers.reporting import Report, StopRequested, never, no_report, part_of

_FEWEST_PARTS = 16

PathKind = Literal["linear", "spherical", "neighbours", "geodesic"]


@dataclass(frozen=True, eq=False)
class PathWish:
    """A path of `steps` codes through key points (keys, latent_size); closed: whether it ends where it begins."""

    kind: PathKind
    keys: NDArray[np.floating]
    steps: int
    closed: bool = False

    def points(self) -> Array:
        """The key points (keys, latent_size) that the path goes through, the first once more where it is closed."""
        keys = np.asarray(self.keys, np.float64)
        return np.concatenate([keys, keys[:1]]) if self.closed else keys


@dataclass(frozen=True, eq=False)
class Walk:
    """A path and what is known of its steps.

    codes: (steps, latent_size). conditions: (steps, size), what the model is told at each; None for a model that takes
    none. step_lengths: (steps - 1,), distance between the items of neighbouring steps, whose numbers are from 0 to 1.
    support: (steps,), how many encoded items lie near each step; None where none were given.
    """

    codes: Array
    conditions: Array | None
    step_lengths: Array
    support: NDArray[np.int64] | None = None


def walk(
    model: LatentModel,
    wish: PathWish,
    conditions: Sequence[Tensor | None],
    codes: NDArray[np.floating] | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> Walk:
    """Find a path and look at what is decoded on it.

    conditions: (*shape) of each key point, None for a model that takes none. codes: (count, latent_size) of data.
    Raises `UsageError` where there is no such path, and `StoppedError`.
    """
    finding, looking = part_of(report, 0, 2), part_of(report, 1, 2)
    path = find_path(model, wish, codes, conditions[0], report=finding, stop_requested=stop_requested)
    told = conditions_along(wish, conditions)
    shaped = None if told is None else torch.tensor(told, dtype=torch.float32).view(-1, *model.condition_spec.shape)
    items = decode_codes(model, path, shaped, report=looking, stop_requested=stop_requested)
    near = None if codes is None else support(codes, path)
    return Walk(path, told, step_lengths(items.numpy()), near)


def find_path(
    model: LatentModel,
    wish: PathWish,
    codes: NDArray[np.floating] | None = None,
    condition: Tensor | None = None,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> Array:
    """The codes (steps, latent_size) of a path.

    codes: (count, latent_size) of data, which a path through neighbours needs. condition: (*shape), what the model is
    told along a geodesic. Raises `UsageError` where there is no such path, and `StoppedError`.
    """
    if wish.kind == "neighbours":
        if codes is None:
            raise UsageError("A path through neighbours needs encoded data; choose a linear path.")
        return path_through(wish.points(), wish.steps, NeighbourGraph(codes).between)
    if wish.kind == "geodesic":
        return path_through(wish.points(), wish.steps, _geodesics(model, wish, condition, report, stop_requested))
    return path_through(wish.points(), wish.steps, linear if wish.kind == "linear" else spherical)


def conditions_along(wish: PathWish, conditions: Sequence[Tensor | None]) -> Array | None:
    """What the model is told at each step (steps, size): straight from each key point's condition to the next, whatever
    way the codes take. None for a model that takes none.
    """
    told = [condition.flatten().double().cpu().numpy() for condition in conditions if condition is not None]
    if len(told) != len(wish.keys):
        return None
    return path_through(replace(wish, keys=np.stack(told)).points(), wish.steps, linear)


def _geodesics(
    model: LatentModel, wish: PathWish, condition: Tensor | None, report: Report, stop_requested: StopRequested
) -> Between:
    if isinstance(model, SequentialDecoder):
        raise UsageError("Pictures of this model do not change smoothly with its codes; choose a linear path.")
    parts = len(wish.points()) - 1
    done = iter(range(parts))

    def decode(codes: Tensor) -> Tensor:
        told = None if condition is None else condition.to(model.device).expand(len(codes), *condition.shape)
        return model.decode(codes, told)

    def between(start: Array, end: Array, count: int) -> Array:
        # With few steps the least energy is that of chords past all that lies between them.
        finer = max(1, -(-_FEWEST_PARTS // (count - 1)))
        codes = linear(start, end, finer * (count - 1) + 1)
        straight = torch.tensor(codes, dtype=torch.float32, device=model.device)
        within = part_of(report, next(done), parts)
        # The search needs gradients also where none are wanted otherwise.
        with torch.inference_mode(False), torch.enable_grad(), evaluating(model):
            found = geodesic(decode, straight, report=within, stop_requested=stop_requested)
        return found.double().cpu().numpy()[::finer]

    return between
