"""Directions that data give, with answers known beforehand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainers.errors import UsageError
from trainers.latent.directions import low_and_high, mean_difference, strongest_beside, varying_along
from trainers.latent.principal_directions import principal_directions


def test_a_direction_leads_from_one_mean_to_the_other() -> None:
    codes = np.array([[0, 0], [2, 0], [10, 4], [12, 8], [99, 99]], np.float32)
    start, end = np.array([1, 1, 0, 0, 0], bool), np.array([0, 0, 1, 1, 0], bool)
    assert mean_difference(codes, start, end).tolist() == [10.0, 6.0]
    assert mean_difference(codes, end, start).tolist() == [-10.0, -6.0]


def test_a_group_without_members_has_no_direction() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        mean_difference(np.zeros((2, 3)), np.array([True, True]), np.array([False, False]))


@given(st.lists(st.floats(-1e6, 1e6, width=32) | st.just(float("nan")), max_size=30))
def test_low_and_high_share_the_known_items_among_them(values: list[float]) -> None:
    numbers = np.array(values)
    groups = low_and_high(numbers)
    known = numbers[np.isfinite(numbers)]
    if len(set(known.tolist())) < 2:
        assert groups is None
        return
    assert groups is not None
    low, high = groups
    assert low.any()
    assert high.any()
    assert (low ^ high).tolist() == np.isfinite(numbers).tolist()
    assert numbers[low].max() < numbers[high].min()


def test_two_values_are_told_apart_however_rare_one_is() -> None:
    groups = low_and_high(np.array([1.0, 1.0, 1.0, 0.0]))
    assert groups is not None
    assert groups[0].tolist() == [False, False, False, True]


def test_the_strongest_rest_is_at_right_angles_and_the_widest_there() -> None:
    random = np.random.default_rng(0)
    codes = random.normal(size=(2000, 4)) * [9.0, 1.0, 4.0, 0.5] + 50.0
    found = strongest_beside(codes, np.array([2.0, 0.0, 0.0, 0.0]))
    assert found[0] == pytest.approx(0.0, abs=1e-9)
    assert np.abs(found).argmax() == 2
    oblique = np.array([1.0, 1.0, 1.0, 1.0])
    assert strongest_beside(codes, oblique) @ oblique == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("codes", [np.outer(np.arange(5.0), [1.0, 2.0, 3.0]), np.ones((5, 3))])
def test_codes_that_vary_nowhere_else_are_told_in_a_sentence(codes: np.ndarray) -> None:
    with pytest.raises(UsageError, match="only along this direction"):
        strongest_beside(codes, np.array([1.0, 2.0, 3.0]))


def test_codes_vary_along_as_many_directions_as_they_were_made_of() -> None:
    random = np.random.default_rng(0)

    def varying(table: np.ndarray, most: int = 2) -> int:
        return varying_along(table, principal_directions(table, most))

    for scale in (1e-6, 1.0, 1e6):
        table = scale * (random.normal(size=(40, 2)) @ random.normal(size=(2, 5)))
        assert varying(table) == varying(table, 3) == 2
        assert varying(table[:, :1] * np.arange(1.0, 6.0)) == 1
        assert varying(table[:2]) == 1
        assert varying(np.repeat(table[:1], 30, axis=0).astype(np.float32)) == 0


def test_nothing_lies_beside_a_direction_of_no_length() -> None:
    with pytest.raises(UsageError, match="leads nowhere"):
        strongest_beside(np.eye(4), np.zeros(4))


def test_codes_that_are_no_numbers_take_no_part_in_a_mean() -> None:
    codes = np.array([[0.0, 1.0], [np.nan, np.nan], [2.0, 3.0], [np.inf, 0.0], [4.0, 7.0]], np.float32)
    start = np.array([True, True, False, False, False])
    assert mean_difference(codes, start, ~start).tolist() == [3.0, 4.0]
    with pytest.raises(UsageError, match="No item at one end"):
        mean_difference(codes[:2], np.array([True, False]), np.array([False, True]))
