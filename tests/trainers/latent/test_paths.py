"""Paths between key points, against ways whose course is known."""

import numpy as np
import pytest

from trainers.errors import UsageError
from trainers.latent.paths import (
    NEIGHBOURS,
    NeighbourGraph,
    evenly_along,
    key_places,
    linear,
    near_distance,
    path_through,
    spherical,
    step_lengths,
    support,
)

SEED = np.random.default_rng(0)


def test_a_linear_path_has_even_steps_and_both_ends() -> None:
    path = linear(np.array([0.0, 2.0]), np.array([4.0, 0.0]), 5)
    np.testing.assert_allclose(path, [[0.0, 2.0], [1.0, 1.5], [2.0, 1.0], [3.0, 0.5], [4.0, 0.0]])


def test_a_spherical_path_keeps_the_length_and_the_speed_of_turning() -> None:
    start, end = SEED.standard_normal((2, 8))
    start, end = start / np.linalg.norm(start), end / np.linalg.norm(end)
    path = spherical(3.0 * start, 3.0 * end, 9)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 3.0)
    turns = np.arccos(np.clip((path[1:] * path[:-1]).sum(axis=1) / 9.0, -1.0, 1.0))
    np.testing.assert_allclose(turns, np.arccos(start @ end) / 8, rtol=1e-6)


def test_a_spherical_path_of_one_direction_is_a_line() -> None:
    code = np.array([1.0, 2.0, -1.0])
    np.testing.assert_allclose(spherical(code, 3.0 * code, 4), linear(code, 3.0 * code, 4))
    np.testing.assert_allclose(spherical(0.0 * code, code, 4), linear(0.0 * code, code, 4))


def test_opposite_key_points_have_no_arc() -> None:
    with pytest.raises(UsageError, match="choose a linear path"):
        spherical(np.array([1.0, 0.0]), np.array([-2.0, 0.0]), 5)


def test_every_key_point_is_a_step_of_the_path() -> None:
    keys = SEED.standard_normal((3, 5))
    path = path_through(keys, 12, linear)
    assert path.shape == (12, 5)
    np.testing.assert_array_equal(path[key_places(3, 12)], keys)


@pytest.mark.parametrize(("keys", "steps"), [(1, 5), (4, 3)])
def test_too_few_key_points_or_steps_are_said(keys: int, steps: int) -> None:
    with pytest.raises(UsageError, match="at least"):
        path_through(np.zeros((keys, 2)), steps, linear)


def test_a_way_over_neighbours_follows_the_arc_on_which_the_items_lie() -> None:
    angles = np.linspace(0.0, np.pi, 400)
    items = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    path = NeighbourGraph(items).between(np.array([1.0, 0.0]), np.array([-1.0, 0.0]), 21)
    np.testing.assert_allclose(path[[0, -1]], [[1.0, 0.0], [-1.0, 0.0]])
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 1.0, atol=2e-3)
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    np.testing.assert_allclose(lengths, np.pi / 20, rtol=2e-2)


def test_items_in_separate_groups_have_no_way_over_neighbours() -> None:
    items = np.concatenate([SEED.standard_normal((50, 2)), SEED.standard_normal((50, 2)) + 1000.0])
    with pytest.raises(UsageError, match="separate groups"):
        NeighbourGraph(items).between(items[0], items[-1], 5)


def test_equal_items_and_ends_that_are_items_are_no_hindrance() -> None:
    items = np.repeat(SEED.standard_normal((4, 2)), 30, axis=0)
    path = NeighbourGraph(items[:30]).between(items[0], items[1], 3)
    np.testing.assert_allclose(path, items[:3])


def test_too_few_items_for_neighbours_are_said() -> None:
    with pytest.raises(UsageError, match="more than 10 encoded items and there are 10"):
        NeighbourGraph(SEED.standard_normal((NEIGHBOURS, 2)))


def test_a_way_round_corners_is_walked_in_even_steps() -> None:
    way = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 3.0]])
    np.testing.assert_allclose(evenly_along(way, 5), [[0, 0], [1, 0], [1, 1], [1, 2], [1, 3]])


def test_step_lengths_are_distances_between_neighbouring_pictures() -> None:
    pictures = np.zeros((3, 1, 2, 2))
    pictures[1, 0, 0] = [3.0, 4.0]
    np.testing.assert_allclose(step_lengths(pictures), [5.0, 5.0])


def test_support_counts_the_items_within_the_usual_distance() -> None:
    grid = np.stack(np.meshgrid(np.arange(30.0), np.arange(30.0)), axis=-1).reshape(-1, 2)
    # On a grid the tenth neighbour of a point inside is two steps away.
    assert near_distance(grid) == pytest.approx(2.0)
    path = np.array([[15.0, 15.0], [100.0, 100.0]])
    np.testing.assert_array_equal(support(grid, path), [13, 0])


def test_a_single_item_has_no_distance_to_others() -> None:
    assert near_distance(np.zeros((1, 3))) == 0.0
