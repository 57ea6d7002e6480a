"""Directions between groups in spaces where the right answer is known."""

import numpy as np
import pytest

from trainers.errors import UsageError
from trainers.latent.direction_methods import GROUP_METHODS, GroupMethod
from trainers.latent.direction_scores import cohens_d, held_out_score
from trainers.latent.group_directions import (
    attribute_direction,
    group_values,
    group_vector,
    groups_of,
)

RANDOM = np.random.default_rng(0)


def unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))


def two_groups(
    covariance: np.ndarray, shift: np.ndarray, count: int = 4000
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    noise = np.random.default_rng(1).multivariate_normal(np.zeros(len(shift)), covariance, 2 * count)
    is_end = np.arange(2 * count) % 2 == 1
    return noise + np.outer(is_end, shift) + 3.0, ~is_end, is_end


@pytest.mark.parametrize("method", GROUP_METHODS)
def test_round_groups_have_one_direction_whatever_the_method(method: GroupMethod) -> None:
    shift = np.array([1.0, -2.0, 0.0, 2.0])
    codes, start, end = two_groups(np.eye(4), shift)
    assert unit(group_vector(codes, start, end, method)) @ unit(shift) > 0.998


@pytest.mark.parametrize("method", ["logistic", "discriminant"])
def test_where_noise_is_correlated_the_boundary_turns_and_the_means_do_not(method: GroupMethod) -> None:
    covariance, shift = np.array([[4.0, 1.8], [1.8, 1.0]]), np.array([1.0, 0.0])
    codes, start, end = two_groups(covariance, shift, 20_000)
    best = unit(np.linalg.solve(covariance, shift))
    assert unit(group_vector(codes, start, end, method)) @ best > 0.995
    means = unit(group_vector(codes, start, end, "means"))
    assert means @ unit(shift) > 0.99
    assert means @ best < 0.7
    better, worse = (held_out_score(codes, start, end, each) for each in (method, "means"))
    assert better is not None
    assert worse is not None
    assert better.accuracy > worse.accuracy + 0.05


@pytest.mark.parametrize("method", GROUP_METHODS)
def test_a_number_that_is_rarely_large_weighs_as_much_as_its_groups_do(method: GroupMethod) -> None:
    codes, start, end = two_groups(np.diag([1.0, 1.0]), np.array([2.0, 0.0]))
    rare = end & (np.cumsum(end) <= 40)
    found = unit(group_vector(codes, start, rare, method))
    assert found[0] > 0.95


@pytest.mark.parametrize("method", GROUP_METHODS)
@pytest.mark.parametrize(
    "codes",
    [
        np.array([[0.0, 1.0, 5.0], [1.0, 2.0, 5.0], [4.0, 5.0, 5.0], [5.0, 6.0, 5.0]]),
        np.array([[0.0, 0.0, 5.0], [0.0, 0.0, 5.0], [1.0, 1.0, 5.0], [1.0, 1.0, 5.0]]),
    ],
    ids=["on one line", "two places"],
)
def test_a_singular_covariance_still_has_the_direction_that_the_groups_differ_in(
    codes: np.ndarray, method: GroupMethod
) -> None:
    start = np.array([True, True, False, False])
    found = unit(group_vector(codes, start, ~start, method))
    assert found == pytest.approx(unit(np.array([1.0, 1.0, 0.0])), abs=1e-6)


def test_more_numbers_than_codes_have_a_discriminant() -> None:
    codes = np.random.default_rng(2).normal(size=(20, 200))
    start = np.arange(20) < 10
    codes[~start, 0] += 40.0
    assert unit(group_vector(codes, start, ~start, "discriminant"))[0] > 0.9


def test_an_attribute_of_numbers_is_parted_at_its_mean_and_unknown_items_are_left_out() -> None:
    values = np.array([0.0, 1.0, 2.0, 9.0, np.nan])
    low, high = groups_of("age", values)
    assert low.tolist() == [True, True, True, False, False]
    assert high.tolist() == [False, False, False, True, False]
    codes = np.array([[0.0, 0], [0, 0], [0, 3], [4, 1], [100, 100]])
    assert attribute_direction("age", codes, values, "means").vector == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [([1.0, 1.0, np.nan], "glasses is 1 for every item"), ([np.nan] * 3, "glasses has no number for any item")],
)
def test_one_sided_attributes_are_told_in_a_sentence(values: list[float], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        groups_of("glasses", np.array(values))


def test_groups_that_are_empty_or_share_items_are_told_in_a_sentence() -> None:
    nobody, some, all_five = np.zeros(5, bool), np.arange(5) < 2, np.ones(5, bool)
    with pytest.raises(UsageError, match="no items in B;"):
        group_values(some, nobody, ("A", "B"))
    with pytest.raises(UsageError, match="in A and in B: #0, #1; take"):
        group_values(some, all_five, ("A", "B"))
    with pytest.raises(UsageError, match="#0, #1, #2 and 2 more"):
        group_values(all_five, all_five, ("A", "B"))
    found = group_values(some, np.arange(5) == 4, ("A", "B"))
    assert np.nan_to_num(found, nan=-1.0).tolist() == [0.0, 0.0, -1.0, -1.0, 1.0]


def test_groups_with_the_same_mean_have_no_direction() -> None:
    codes = np.array([[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(UsageError, match="no direction for twins"):
        attribute_direction("twins", codes, np.array([0.0, 0, 1, 1]), "means")


@pytest.mark.parametrize("method", GROUP_METHODS)
def test_random_labels_score_as_chance_also_in_many_dimensions(method: GroupMethod) -> None:
    codes = np.random.default_rng(3).normal(size=(6000, 100))
    is_end = np.random.default_rng(4).random(6000) < 0.3
    score = held_out_score(codes, ~is_end, is_end, method)
    assert score is not None
    assert score.held_out == round(0.25 * is_end.sum()) + round(0.25 * (~is_end).sum())
    assert score.accuracy == pytest.approx(0.5, abs=0.04)
    assert score.effect == pytest.approx(0.0, abs=0.15)


@pytest.mark.parametrize("method", GROUP_METHODS)
def test_scores_of_a_known_distance(method: GroupMethod) -> None:
    shift = np.array([2.0, 0.0, 0.0])
    codes, start, end = two_groups(np.eye(3), shift, 20_000)
    score = held_out_score(codes, start, end, method, seed=5)
    assert score is not None
    # Φ(1), the share of a normal law on its own side of a boundary one deviation away.
    assert score.accuracy == pytest.approx(0.8413, abs=0.01)
    assert score.effect == pytest.approx(2.0, abs=0.05)
    assert held_out_score(codes, start, end, method, seed=5) == score
    assert held_out_score(codes, start, end, method, seed=6) != score


def test_too_few_items_have_no_score_and_points_no_effect() -> None:
    codes = np.array([[0.0], [1.0], [2.0], [9.0]])
    end = np.arange(4) == 3
    assert held_out_score(codes, ~end, end, "means") is None
    score = held_out_score(np.array([[0.0], [0.0], [1.0], [1.0]]), np.arange(4) < 2, np.arange(4) > 1, "means")
    assert score is not None
    assert (score.accuracy, score.effect, score.held_out) == (1.0, None, 2)


def test_the_deviation_is_pooled_by_degrees_of_freedom() -> None:
    low, high = np.array([0.0, 2.0]), np.array([10.0, 12.0, 14.0])
    assert cohens_d(low, high) == pytest.approx(11.0 / np.sqrt((2.0 + 8.0) / 3.0))
    assert cohens_d(high, low) == pytest.approx(-11.0 / np.sqrt(10.0 / 3.0))
    assert cohens_d(np.array([1.0]), np.array([2.0])) is None
    assert cohens_d(np.array([0.1, 0.1, 0.1]), np.array([0.3, 0.3])) is None
