"""All directions of a model on a dataset, with their scores, their leakage and how they relate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from trainers.config import Config
from trainers.engine.attribute_columns import AttributeColumns
from trainers.engine.checkpoint import model_name
from trainers.engine.encoding import evaluating
from trainers.errors import StoppedError, UsageError
from trainers.latent.attribute_relations import attribute_correlations, leakage
from trainers.latent.decoder_directions import RankedVectors, first_layer_directions, jacobian_directions
from trainers.latent.direction import Direction, cosines, measured_direction, orthogonalised
from trainers.latent.direction_methods import GROUP_METHODS, GroupMethod, Method
from trainers.latent.direction_scores import DirectionScore, held_out_score
from trainers.latent.group_directions import attribute_direction, groups_of
from trainers.latent.principal_directions import principal_directions
from trainers.models.latent_model import LatentModel, LinearStart
from trainers.registry import unknown_name
from trainers.reporting import Report, StopRequested, never, no_report, part_of


class DirectionSettings(Config):
    """Which directions are found; the same settings find the same ones."""

    methods: tuple[Method, ...] = Field(default=("means",), min_length=1, description="how directions are found")
    chosen: tuple[str, ...] = Field(default=(), description="classes and attributes; all where none is named")
    orthogonal_to: tuple[str, ...] = Field(
        default=(), description="directions that every other one is made orthogonal to"
    )
    count: int = Field(default=4, ge=1, le=512, description="directions of each method that needs no attributes")
    limit: int | None = Field(default=None, ge=1, description="encoded items; all where none is given")
    seed: int = Field(default=0, ge=0, le=2**63 - 1, description="seed of which items are held out")


@dataclass(frozen=True, eq=False)
class DirectionTable:
    """Directions and what is known of them.

    scores: of each, None where no attribute tells what is right. columns: names of attributes and classes.
    leakage: (directions, columns), sigmas of each column per sigma along each direction, NaN where unknown.
    cosines: (directions, directions). correlations: (columns, columns), of the attributes themselves.
    skipped: why some directions are missing, a sentence each. count: of the codes they were found from, which are
    draws of the prior where `drawn`.
    """

    directions: tuple[Direction, ...]
    scores: tuple[DirectionScore | None, ...]
    columns: tuple[str, ...]
    leakage: NDArray[np.float64]
    cosines: NDArray[np.float64]
    correlations: NDArray[np.float64]
    skipped: tuple[str, ...] = ()
    count: int = 0
    drawn: bool = False

    def direction(self, name: str, method: str | None = None) -> Direction:
        """The direction of a name, by the first method that found it or by the one named; raises `UsageError`."""
        found = [one for one in self.directions if one.name == name and method in (None, one.method)]
        if not found:
            raise UsageError(unknown_name("direction", name, tuple(dict.fromkeys(d.name for d in self.directions))))
        return found[0]

    def correlations_of(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Correlations (names, names) of the attributes of some names, NaN where there is no such attribute."""
        found = np.full((len(names), len(names)), np.nan)
        known = [place for place, name in enumerate(names) if name in self.columns]
        columns = [self.columns.index(names[place]) for place in known]
        found[np.ix_(np.array(known, np.intp), np.array(known, np.intp))] = self.correlations[columns][:, columns]
        return found


@dataclass(frozen=True, eq=False)
class Found:
    """A direction with its score."""

    direction: Direction
    score: DirectionScore | None = None


def find_directions(
    model: LatentModel,
    codes: NDArray[np.floating],
    columns: AttributeColumns,
    settings: DirectionSettings,
    *,
    place: NDArray[np.floating] | None = None,
    condition: Tensor | None = None,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> DirectionTable:
    """The directions of some codes (count, latent_size) whose items are known by columns.

    place: code (latent_size,) at which a Jacobian is taken, by default the mean of the codes.
    condition: (*shape) that the decoder is told there, for a model that needs one.
    An attribute without a direction is skipped with a sentence, unless it was chosen; then, and for an unknown name, a
    model that cannot do what a method needs, or a direction of which nothing is left, `UsageError` is raised.
    Raises `StoppedError`.
    """
    places = columns.places(settings.chosen)
    skipped: list[str] = []
    found: list[Found] = []
    for number, method in enumerate(settings.methods):
        within = part_of(report, number, len(settings.methods))
        if method in GROUP_METHODS:
            found += _of_attributes(codes, columns, places, method, settings, skipped, within, stop_requested)
        else:
            found += _own(model, codes, method, settings.count, place, condition)
        within(1.0, f"{method} directions")
        if stop_requested():
            raise StoppedError
    found = _all_orthogonalised(found, codes, columns, settings)
    directions = tuple(one.direction for one in found)
    return DirectionTable(
        directions,
        tuple(one.score for one in found),
        columns.names,
        leakage(directions, codes, columns.values),
        cosines(directions),
        attribute_correlations(columns.values),
        tuple(dict.fromkeys(skipped)),
        len(codes),
    )


def _of_attributes(
    codes: NDArray[np.floating],
    columns: AttributeColumns,
    places: Sequence[int],
    method: GroupMethod,
    settings: DirectionSettings,
    skipped: list[str],
    report: Report,
    stop_requested: StopRequested,
) -> Iterator[Found]:
    for number, place in enumerate(places):
        if stop_requested():
            raise StoppedError
        name, values = columns.names[place], columns.values[:, place]
        report(number / len(places), f"{method} direction of {name}")
        try:
            direction = attribute_direction(name, codes, values, method)
        except UsageError as error:
            if settings.chosen:
                raise
            skipped.append(str(error))
            continue
        yield Found(direction, held_out_score(codes, *groups_of(name, values), method, settings.seed))


def _own(
    model: LatentModel,
    codes: NDArray[np.floating],
    method: Method,
    count: int,
    place: NDArray[np.floating] | None,
    condition: Tensor | None,
) -> list[Found]:
    """Directions that need no attributes, the strongest first."""
    if method == "principal":
        vectors = principal_directions(codes, min(count, codes.shape[1]))
        # How strong they are is their sigma.
        return [
            Found(measured_direction(f"principal {rank}", method, vector, codes))
            for rank, vector in enumerate(vectors, start=1)
        ]
    if method == "first-layer":
        ranked = first_layer_of(model, count)
    else:
        at = codes.mean(axis=0, dtype=np.float64) if place is None else place
        ranked = jacobian_at(model, at, count, condition)
    return [Found(direction) for direction in named_directions(ranked, method, codes)]


def first_layer_of(model: LatentModel, count: int) -> RankedVectors:
    """The vectors to which the decoder's first layer reacts most; raises `UsageError` where it is not linear."""
    start = require_linear_start(model)
    with evaluating(model):
        return first_layer_directions(model.latent_space, start.first_maps(), count)


def require_linear_start(model: LatentModel) -> LinearStart:
    """The model as one whose decoder begins with a linear map; raises `UsageError` if it is none."""
    if not isinstance(model, LinearStart):
        raise UsageError(
            f"The decoder of {model_name(model)} does not begin with a linear layer, so that layer has no directions; "
            "choose jacobian or principal."
        )
    return model


def jacobian_at(
    model: LatentModel, place: NDArray[np.floating], count: int, condition: Tensor | None = None
) -> RankedVectors:
    """The vectors along which the decoded item changes most at a code (latent_size,).

    condition: (*shape), by default the usual one. Raises `UsageError` where items do not change with the code.
    """
    usual = model.condition_spec.usual(1)
    told = condition if condition is not None or usual is None else usual[0]

    def decode(codes: Tensor) -> Tensor:
        repeated = None if told is None else told.to(codes).expand(len(codes), *told.shape)
        return model.decode(codes, repeated)

    with evaluating(model):
        return jacobian_directions(decode, torch.as_tensor(place, dtype=torch.float32).to(model.device), count)


def named_directions(ranked: RankedVectors, method: Method, codes: NDArray[np.floating]) -> list[Direction]:
    """Ranked vectors as directions "jacobian 1", …, or "z2 first-layer 1", … where a code has several blocks."""
    several = len(set(ranked.blocks)) > 1
    ranks: dict[str, int] = {}
    found = []
    for vector, strength, block in zip(ranked.vectors, ranked.strengths, ranked.blocks, strict=True):
        ranks[block] = ranks.get(block, 0) + 1
        name = f"{block} {method} {ranks[block]}" if several else f"{method} {ranks[block]}"
        found.append(measured_direction(name, method, vector, codes, float(strength)))
    return found


def _all_orthogonalised(
    found: Sequence[Found], codes: NDArray[np.floating], columns: AttributeColumns, settings: DirectionSettings
) -> list[Found]:
    """Every direction but those chosen to stay, made orthogonal to these by the first method that found them."""
    if not settings.orthogonal_to:
        return list(found)
    names = tuple(dict.fromkeys(one.direction.name for one in found))
    for name in settings.orthogonal_to:
        if name not in names:
            raise UsageError(unknown_name("direction", name, names))
    kept = [next(one.direction for one in found if one.direction.name == name) for name in settings.orthogonal_to]
    return [_beside(one, kept, codes, columns, settings) for one in found]


def _beside(
    found: Found,
    kept: Sequence[Direction],
    codes: NDArray[np.floating],
    columns: AttributeColumns,
    settings: DirectionSettings,
) -> Found:
    direction = found.direction
    if direction.name in settings.orthogonal_to:
        return found
    turned = orthogonalised(direction, kept, codes)
    if found.score is None:
        return replace(found, direction=turned)
    groups = groups_of(direction.name, columns.column(direction.name))
    method = next(each for each in GROUP_METHODS if each == direction.method)
    return Found(turned, held_out_score(codes, *groups, method, settings.seed, kept))
