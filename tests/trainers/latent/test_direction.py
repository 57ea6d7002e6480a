"""Directions with a scale, and what is left of one beside others."""

import numpy as np
import pytest

from trainers.errors import UsageError
from trainers.latent.direction import cosines, measured_direction, orthogonalised

CODES = np.random.default_rng(0).normal(size=(4000, 3)) * [4.0, 1.0, 0.5] + [10.0, 0.0, -2.0]


def test_its_scale_is_that_of_the_data_along_it() -> None:
    found = measured_direction("wide", "means", np.array([-3.0, 0.0, 0.0]), CODES)
    assert found.vector.tolist() == [-1.0, 0.0, 0.0]
    assert found.sigma == pytest.approx(CODES[:, 0].std())
    assert found.positions(CODES).mean() == pytest.approx(0.0, abs=1e-9)
    assert found.positions(CODES).std() == pytest.approx(1.0)
    assert found.positions(CODES[0]) == pytest.approx((CODES[:, 0].mean() - CODES[0, 0]) / CODES[:, 0].std())


def test_moving_and_placing_count_in_sigmas_and_may_overshoot() -> None:
    found = measured_direction("d", "means", np.array([0.0, 2.0, 1.0]), CODES)
    code = CODES[7]
    moved = found.moved(code, [-9.0, 0.0, 2.0])
    assert moved.shape == (3, 3)
    assert moved[1].tolist() == code.tolist()
    assert found.positions(moved) - found.positions(code) == pytest.approx([-9.0, 0.0, 2.0])
    placed = found.placed(code, 12.0)
    assert found.positions(placed) == pytest.approx(12.0)
    assert np.cross(placed - code, found.vector) == pytest.approx(0.0, abs=1e-9)


def test_where_nothing_varies_a_sigma_is_the_number_itself() -> None:
    still = np.ones((5, 2), np.float32) * 0.1
    assert measured_direction("still", "means", np.array([1.0, 1.0]), still).sigma == 1.0


@pytest.mark.parametrize("vector", [[0.0, 0.0, 0.0], [np.nan, 1.0, 0.0], [np.inf, 0.0, 0.0]])
def test_no_way_is_told_in_a_sentence(vector: list[float]) -> None:
    with pytest.raises(UsageError, match="no direction for smile"):
        measured_direction("smile", "means", np.array(vector), CODES)


def test_what_is_left_is_at_right_angles_to_all_others() -> None:
    first = measured_direction("a", "means", np.array([1.0, 1.0, 0.0]), CODES)
    second = measured_direction("b", "means", np.array([1.0, 0.0, 0.0]), CODES)
    third = measured_direction("c", "means", np.array([0.2, 3.0, 0.4]), CODES)
    left = orthogonalised(third, [first, second, first], CODES)
    assert left.vector == pytest.approx([0.0, 0.0, 1.0])
    assert left.sigma == pytest.approx(CODES[:, 2].std())
    assert left.beside == ("a", "b", "a")
    assert orthogonalised(third, [], CODES) is third


def test_nothing_left_is_told_in_a_sentence() -> None:
    first = measured_direction("a", "means", np.array([1.0, 1.0, 0.0]), CODES)
    second = measured_direction("b", "means", np.array([1.0, -1.0, 0.0]), CODES)
    with pytest.raises(UsageError, match="Nothing is left of c beside a and b"):
        orthogonalised(measured_direction("c", "means", np.array([2.0, 5.0, 0.0]), CODES), [first, second], CODES)


def test_cosines_of_a_known_fan() -> None:
    fan = [
        measured_direction(str(part), "means", np.array(part), CODES) for part in ([1.0, 0, 0], [1.0, 1, 0], [-2, 0, 0])
    ]
    half = np.sqrt(0.5)
    assert cosines(fan) == pytest.approx(np.array([[1, half, -1], [half, 1, -half], [-1, -half, 1]]))
    assert cosines([]).shape == (0, 0)
