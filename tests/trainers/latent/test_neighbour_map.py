"""Maps of neighbours: they are counted rightly, and what lies between points is made of the nearest."""

import numpy as np
import pytest

from trainers.errors import UsageError
from trainers.latent.neighbour_map import NEIGHBOURS, NeighbourMap, kept_neighbours, neighbour_map
from trainers.reporting import never, no_report


@pytest.fixture(scope="module")
def clusters() -> np.ndarray:
    random = np.random.default_rng(0)
    return random.normal(size=(90, 5)) * 0.1 + np.repeat(np.eye(5)[:3] * 8.0, 30, axis=0)


@pytest.fixture(scope="module")
def placed(clusters: np.ndarray) -> NeighbourMap:
    return neighbour_map(clusters, no_report, never)


def test_groups_of_codes_stay_groups_and_the_share_says_so(clusters: np.ndarray, placed: NeighbourMap) -> None:
    middles = placed.positions.reshape(3, 30, 2).mean(axis=1)
    nearest = np.linalg.norm(placed.positions[:, None] - middles, axis=2).argmin(axis=1)
    assert nearest.tolist() == np.repeat(np.arange(3), 30).tolist()
    assert 0.3 < placed.kept < 1.0


def test_all_neighbours_are_kept_by_a_copy_and_few_by_chance(clusters: np.ndarray) -> None:
    random = np.random.default_rng(1)
    assert kept_neighbours(clusters, clusters * 3.0) == 1.0
    assert kept_neighbours(random.normal(size=(900, 5)), random.normal(size=(900, 2))) < 3 * NEIGHBOURS / 900


def test_codes_as_near_as_the_last_neighbour_are_as_good() -> None:
    codes = np.repeat(np.eye(3), 40, axis=0)
    assert kept_neighbours(codes, codes[:, :2] + np.random.default_rng(0).normal(size=(120, 2)) * 1e-3) == 1.0


def test_a_point_s_own_place_gives_its_code_and_between_them_lies_a_mixture(placed: NeighbourMap) -> None:
    np.testing.assert_array_equal(placed.codes_at(placed.positions[4:6]), placed.codes[4:6])
    np.testing.assert_array_equal(placed.position_of(placed.codes[7]), placed.positions[7])
    between = placed.codes_at(placed.positions[:1] + 1e-9)[0]
    np.testing.assert_allclose(between, placed.codes[0], atol=1e-6)


def test_inverse_distance_weighting_has_the_answer_of_its_formula() -> None:
    positions = np.stack((np.arange(9.0), np.zeros(9)), axis=1)
    placed = NeighbourMap(np.arange(9.0)[:, None], positions, np.arange(9), 1.0)
    squares = (np.arange(8.0) - 2.25) ** 2
    expected = (np.arange(8.0) / squares).sum() / (1 / squares).sum()
    assert placed.codes_at(np.array([[2.25, 0.0]]))[0, 0] == pytest.approx(expected)


def test_what_was_moved_to_stays_there(placed: NeighbourMap) -> None:
    code = placed.moved((1.25, -3.5))
    assert placed.position_of(code).tolist() == [1.25, -3.5]


def test_where_several_points_coincide_the_code_is_one_of_theirs() -> None:
    codes = np.arange(12.0)[:, None]
    placed = NeighbourMap(codes, np.zeros((12, 2)), np.arange(12), 1.0)
    assert placed.codes_at(np.zeros((1, 2)))[0] in codes
    assert np.isfinite(placed.codes_at(np.full((1, 2), 1e-200))).all()


def test_some_moves_are_remembered_and_the_oldest_forgotten(placed: NeighbourMap) -> None:
    codes = [placed.moved((0.5 * step, 1.0)) for step in range(300)]
    assert placed.position_of(codes[299]).tolist() == [149.5, 1.0]
    assert placed.position_of(codes[100]).tolist() == [50.0, 1.0]
    assert len(placed._last) == 256


def test_of_many_codes_some_have_a_place(clusters: np.ndarray) -> None:
    placed = neighbour_map(clusters, no_report, never, most=45)
    everywhere = placed.all_positions(90)
    assert np.isfinite(everywhere).all(axis=1).sum() == 45
    np.testing.assert_array_equal(everywhere[placed.chosen], placed.positions)
    np.testing.assert_array_equal(placed.codes, clusters[placed.chosen])


def test_codes_that_are_no_numbers_get_no_place_and_the_others_do(clusters: np.ndarray) -> None:
    codes = clusters.copy()
    codes[[3, 40], [0, 4]] = np.nan, np.inf
    placed = neighbour_map(codes, no_report, never)
    assert np.flatnonzero(~np.isfinite(placed.all_positions(90)).all(axis=1)).tolist() == [3, 40]
    assert len(placed.lines_from(4)) == NEIGHBOURS
    assert placed.lines_from(40) == ()


@pytest.mark.parametrize("codes", [np.eye(29), np.ones((200, 4)), np.repeat(np.eye(4), 50, axis=0), np.empty((0, 3))])
def test_too_few_different_points_are_told_in_a_sentence(codes: np.ndarray) -> None:
    with pytest.raises(UsageError, match="t-SNE needs 30 points with different codes and there are"):
        neighbour_map(codes, no_report, never)


def test_codes_of_which_none_is_a_number_are_told() -> None:
    with pytest.raises(UsageError, match="no numbers"):
        neighbour_map(np.full((50, 3), np.nan), no_report, never)


def test_a_missing_library_is_told_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch, clusters: np.ndarray
) -> None:
    monkeypatch.setattr("trainers.latent.neighbour_map.missing_library", lambda _: "Install it.")
    with pytest.raises(UsageError, match="Install it"):
        neighbour_map(clusters, no_report, never, "UMAP")


def test_lines_lead_to_the_truly_nearest_wherever_they_lie_on_the_map() -> None:
    codes, positions = np.arange(40.0)[:, None], np.random.default_rng(0).normal(size=(40, 2))
    placed = NeighbourMap(codes, positions, 2 * np.arange(40), 1.0)
    lines = placed.lines_from(2 * 20)
    assert all((line[0] == positions[20]).all() for line in lines)
    ends = {int(np.flatnonzero((positions == line[1]).all(axis=1))[0]) for line in lines}
    assert ends == {*range(15, 20), *range(21, 26)}
    assert placed.lines_from(41) == placed.lines_from(500) == ()
