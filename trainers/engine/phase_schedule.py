"""At which step each phase of a training plan ends."""

from collections.abc import Sequence


def phase_ends(shares: Sequence[float], total_steps: int) -> tuple[int, ...]:
    """The step before which each phase runs: `total_steps` divided in proportion to the phases' shares."""
    return _divided(shares, 0, total_steps)


def extended_ends(ends: Sequence[int], shares: Sequence[float], step: int, total_steps: int) -> tuple[int, ...]:
    """The ends for another number of steps in all, when `step` steps are done.

    Phases that are over stay as they were; the current and the later ones divide what remains.
    """
    if total_steps == ends[-1]:
        return tuple(ends)
    over = sum(end <= step for end in ends[:-1])
    start = ends[over - 1] if over else 0
    return (*ends[:over], *_divided(shares[over:], start, total_steps))


def phase_at(ends: Sequence[int], step: int) -> int:
    """Index of the phase that the step after `step` done ones belongs to; the last one at the end of the run."""
    return min(sum(end <= step for end in ends), len(ends) - 1)


def _divided(shares: Sequence[float], start: int, stop: int) -> tuple[int, ...]:
    whole = sum(shares)
    return tuple(start + round((stop - start) * sum(shares[: index + 1]) / whole) for index in range(len(shares)))
