"""How well a direction tells two groups apart, measured on items it was not found from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainers.errors import UsageError
from trainers.latent.direction import Direction, measured_direction, orthogonalised
from trainers.latent.direction_methods import GroupMethod
from trainers.latent.directions import Members
from trainers.latent.group_directions import group_vector

HELD_OUT = 0.25


@dataclass(frozen=True)
class DirectionScore:
    """What a direction found from one part of the items says about the rest.

    accuracy: share of held-out items on the right side, the mean of both groups' shares, so that chance is 0.5
    however rare one group is. The boundary is half-way between the groups' means in the other part.
    effect: Cohen's d of the held-out projections, None where they do not vary within the groups.
    held_out: items that were measured.
    """

    accuracy: float
    effect: float | None
    held_out: int


def held_out_score(
    codes: NDArray[np.floating],
    start: Members,
    end: Members,
    method: GroupMethod,
    seed: int = 0,
    beside: Sequence[Direction] = (),
) -> DirectionScore | None:
    """The score of a method on a quarter of each group, chosen by the seed; the direction is found from the rest.

    codes: (count, latent_size). start, end: (count,). beside: directions that it is made orthogonal to.
    None where a group has fewer than two items, or where no direction leads from one part of the groups to the other.
    """
    if min(np.count_nonzero(start), np.count_nonzero(end)) < 2:
        return None
    generator = np.random.default_rng(seed)
    held_start, held_end = (_held_out(members, generator) for members in (start, end))
    kept_start, kept_end = start & ~held_start, end & ~held_end
    try:
        vector = group_vector(codes, kept_start, kept_end, method)
        found = orthogonalised(measured_direction("", method, vector, codes), beside, codes)
    except UsageError:
        return None
    places = found.positions(codes)
    boundary = (places[kept_start].mean() + places[kept_end].mean()) / 2.0
    low, high = places[held_start], places[held_end]
    accuracy = ((low < boundary).mean() + (high > boundary).mean()) / 2.0
    return DirectionScore(float(accuracy), cohens_d(low, high), len(low) + len(high))


def cohens_d(low: NDArray[np.floating], high: NDArray[np.floating]) -> float | None:
    """(mean(high) - mean(low)) / s, with s² the pooled variance; None where that is 0 or unknown (Cohen 1988).

    s² = ((n₁ - 1) s₁² + (n₂ - 1) s₂²) / (n₁ + n₂ - 2), s₁² and s₂² being the unbiased variances of both groups.
    """
    freedom = len(low) + len(high) - 2
    if min(len(low), len(high)) == 0 or freedom == 0:
        return None
    squares = sum(float(np.square(group - group.mean()).sum()) for group in (low, high))
    pooled = float(np.sqrt(squares / freedom))
    difference = float(high.mean() - low.mean())
    scale = max(abs(float(low.mean())), abs(float(high.mean())))
    return None if pooled <= 1e-12 * scale or pooled == 0.0 else difference / pooled


def _held_out(members: Members, generator: np.random.Generator) -> Members:
    places = generator.permutation(np.flatnonzero(members))
    count = min(max(1, round(HELD_OUT * len(places))), len(places) - 1)
    chosen = np.zeros_like(members)
    chosen[places[:count]] = True
    return chosen
