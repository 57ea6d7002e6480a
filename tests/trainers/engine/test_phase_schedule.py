from hypothesis import given, settings
from hypothesis import strategies as st

from trainers.engine.phase_schedule import extended_ends, phase_at, phase_ends

SHARES = st.lists(st.floats(min_value=0.01, max_value=10.0), min_size=1, max_size=5)


def test_one_phase_has_the_whole_run() -> None:
    assert phase_ends([3.0], 100) == (100,)


def test_phases_divide_the_run_by_their_shares() -> None:
    assert phase_ends([1.0, 3.0], 100) == (25, 100)


@settings(deadline=None)
@given(SHARES, st.integers(min_value=1, max_value=10_000))
def test_ends_rise_to_the_end_of_the_run(shares: list[float], total: int) -> None:
    ends = phase_ends(shares, total)
    assert len(ends) == len(shares)
    assert list(ends) == sorted(ends)
    assert ends[-1] == total


def test_every_step_belongs_to_one_phase() -> None:
    assert [phase_at((2, 4), step) for step in range(5)] == [0, 0, 1, 1, 1]


def test_more_steps_lengthen_the_current_phase_and_the_later_ones() -> None:
    ends = phase_ends([1.0, 1.0, 2.0], 40)
    assert ends == (10, 20, 40)
    assert extended_ends(ends, [1.0, 1.0, 2.0], 12, 70) == (10, 30, 70)


def test_a_finished_run_is_lengthened_in_its_last_phase() -> None:
    assert extended_ends((10, 20), [1.0, 1.0], 20, 50) == (10, 50)


@settings(deadline=None)
@given(SHARES, st.integers(min_value=1, max_value=1000), st.data())
def test_the_same_number_of_steps_changes_nothing(shares: list[float], total: int, data: st.DataObject) -> None:
    ends = phase_ends(shares, total)
    step = data.draw(st.integers(min_value=0, max_value=total))
    assert extended_ends(ends, shares, step, total) == ends
