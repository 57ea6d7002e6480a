"""Leakage and correlations of attributes that are made from codes by known rules."""

import numpy as np
import pytest

from trainers.latent.attribute_relations import attribute_correlations, leakage
from trainers.latent.direction import measured_direction

CODES = np.random.default_rng(0).normal(size=(20_000, 3)) * [2.0, 1.0, 0.5]


def along(*vector: float) -> np.ndarray:
    row: np.ndarray = leakage([measured_direction("d", "means", np.array(vector), CODES)], CODES, VALUES)[0]
    return row


# Two attributes that are numbers of the code, one that is a mixture, one that nothing in the code says.
VALUES = np.stack(
    [
        7.0 + 10.0 * CODES[:, 0],
        -CODES[:, 2],
        CODES[:, 0] + 2.0 * CODES[:, 1],
        np.random.default_rng(9).normal(size=20_000),
    ],
    axis=1,
)


def test_a_sigma_along_its_own_axis_is_a_sigma_of_the_attribute_and_none_of_another() -> None:
    assert along(1.0, 0.0, 0.0) == pytest.approx([1.0, 0.0, np.sqrt(0.5), 0.0], abs=0.02)
    assert along(0.0, 0.0, 3.0) == pytest.approx([0.0, -1.0, 0.0, 0.0], abs=0.02)


def test_an_oblique_direction_leaks_into_both() -> None:
    sigma = np.sqrt((4.0 + 0.25) / 2.0)
    expected = [sigma / np.sqrt(2.0) / 2.0, -sigma / np.sqrt(2.0) / 0.5, sigma / np.sqrt(2.0) / np.sqrt(8.0), 0.0]
    assert along(1.0, 0.0, 1.0) == pytest.approx(expected, abs=0.03)


def test_items_without_a_number_are_left_out_attribute_by_attribute() -> None:
    holes = VALUES.copy()
    holes[::2, 0] = np.nan
    holes[1::3, 1] = np.nan
    directions = [measured_direction("d", "means", np.array(vector), CODES) for vector in ([1.0, 0, 0], [0, 0, 1.0])]
    assert leakage(directions, CODES, holes) == pytest.approx(leakage(directions, CODES, VALUES), abs=0.03)


def test_one_value_or_none_moves_no_way_that_could_be_measured() -> None:
    values = np.stack([np.full(20_000, 0.1), np.full(20_000, np.nan), CODES[:, 1]], axis=1)
    (row,) = leakage([measured_direction("d", "means", np.array([0.0, 1.0, 0.0]), CODES)], CODES, values)
    assert np.isnan(row[:2]).all()
    assert row[2] == pytest.approx(1.0)
    assert leakage([], CODES, values).shape == (0, 3)


def test_numbers_of_the_code_that_never_vary_carry_nothing() -> None:
    # A 26th of the length of a step of one sigma lies where the codes vary.
    codes = np.concatenate([CODES, np.full((20_000, 1), 3.0)], axis=1)
    direction = measured_direction("d", "means", np.array([1.0, 0.0, 0.0, 5.0]), codes)
    (row,) = leakage([direction], codes, VALUES)
    assert np.isfinite(row).all()
    assert row == pytest.approx(along(1.0, 0.0, 0.0) / 26.0, abs=1e-6)


def test_correlations_are_those_of_numpy_and_of_the_items_that_have_both() -> None:
    assert attribute_correlations(VALUES) == pytest.approx(np.corrcoef(VALUES.T))
    holes = VALUES.copy()
    holes[:15_000, 0] = np.nan
    holes[-2000:, 2] = 1e9
    holes[-2000:, 0] = np.nan
    found = attribute_correlations(holes)
    both = slice(15_000, 18_000)
    assert found[0, 2] == pytest.approx(np.corrcoef(VALUES[both, 0], VALUES[both, 2])[0, 1])
    assert found[2, 0] == found[0, 2]


def test_one_value_has_no_correlation_even_with_itself() -> None:
    found = attribute_correlations(np.stack([np.full(10, 0.1), np.arange(10.0)], axis=1))
    assert np.isnan(found[0]).all()
    assert found[1, 1] == 1.0
