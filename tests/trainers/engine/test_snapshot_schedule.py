from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainers.engine.snapshot_schedule import Snapshot, superfluous

SNAPSHOTS = st.sets(st.integers(min_value=0, max_value=100_000), min_size=1, max_size=80).map(
    lambda steps: {Snapshot(step, step % 100 == 0) for step in steps}
)


def grown(steps: list[int], steps_per_epoch: int, limit: int) -> list[Snapshot]:
    """What is left of a run whose snapshots came one after another."""
    kept: set[Snapshot] = set()
    for step in steps:
        kept.add(Snapshot(step, step % steps_per_epoch == 0))
        kept -= set(superfluous(kept, limit))
    return sorted(kept)


@settings(deadline=None)
@given(SNAPSHOTS, st.integers(min_value=3, max_value=70))
def test_at_most_the_limit_remain_with_the_first_and_the_last(snapshots: set[Snapshot], limit: int) -> None:
    kept = snapshots - set(superfluous(snapshots, limit))
    assert len(kept) == min(limit, len(snapshots))
    assert {min(snapshots), max(snapshots)} <= kept


def test_nothing_is_removed_below_the_limit() -> None:
    assert superfluous([Snapshot(step, False) for step in range(60)], 60) == ()


def test_the_first_few_stay_however_long_the_run() -> None:
    kept = grown(list(range(0, 100_000, 50)), 400, 60)
    assert [snapshot.step for snapshot in kept[:5]] == [0, 50, 100, 150, 200]


def test_a_long_run_is_covered_without_holes() -> None:
    kept = [snapshot.step for snapshot in grown(list(range(0, 100_000, 50)), 400, 60)]
    assert kept[-1] == 99_950
    gaps = [(later**0.5 - earlier**0.5) for earlier, later in pairwise(kept[4:])]
    assert max(gaps) < 4 * (99_950**0.5) / len(kept)


def test_ends_of_epochs_outlive_their_neighbours() -> None:
    kept = grown(list(range(0, 20_000, 37)), 37 * 8, 60)
    middle = kept[10:-1]
    assert sum(snapshot.is_epoch_end for snapshot in middle) > 0.8 * len(middle)


@pytest.mark.parametrize("limit", [3, 4, 5])
def test_a_small_limit_is_kept_too(limit: int) -> None:
    kept = grown(list(range(100)), 10, limit)
    assert len(kept) == limit
    assert (kept[0].step, kept[-1].step) == (0, 99)
