import numpy as np
import pytest
import torch

from trainers.data.catalogue import load_dataset
from trainers.engine.point_pictures import frame_of, scatter_picture

FRAME = (-1.0, -2.0, 3.0, 2.0)


def darkest(picture: np.ndarray) -> tuple[int, int]:
    row, column = np.unravel_index(picture.sum(axis=2).argmin(), picture.shape[:2])
    return int(row), int(column)


def test_dot_lies_where_its_point_is() -> None:
    picture = scatter_picture(np.array([[2.0, -1.0]]), FRAME, 101)

    assert picture.shape == (101, 101, 3)
    assert picture.dtype == np.uint8
    # Three quarters of the way from the left, and from the top.
    row, column = darkest(picture)
    assert abs(row - 75) <= 1
    assert abs(column - 75) <= 1
    assert (picture != 255).any(axis=2).sum() < 20


def test_dots_are_as_dark_between_pixels_as_on_them() -> None:
    on, between = (255.0 - scatter_picture(np.array([[0.0, 0.0]]) + shift, FRAME, 100) for shift in (0.02, 0.04))
    assert between.sum() == pytest.approx(on.sum(), rel=0.1)


def test_order_and_outsiders_do_not_matter() -> None:
    generator = np.random.default_rng(0)
    points, groups = generator.normal(size=(300, 2)), generator.integers(0, 3, 300)
    picture = scatter_picture(points, FRAME, 80, groups=groups)
    reversed_picture = scatter_picture(points[::-1], FRAME, 80, groups=groups[::-1])
    assert np.abs(picture.astype(int) - reversed_picture).max() <= 1
    assert (scatter_picture(np.array([[9.0, 0.0], [np.inf, 1e30]]), FRAME, 80) == 255).all()
    assert (scatter_picture(np.empty((0, 2)), FRAME, 80) == 255).all()


def test_groups_have_colours_of_their_own() -> None:
    picture = scatter_picture(np.array([[0.0, 0.0], [2.0, 0.0]]), FRAME, 100, groups=np.array([0, 1]))
    left, right = picture[50, 25].astype(int), picture[50, 75].astype(int)
    assert left[0] > left[2]
    assert right[2] > right[0]


def test_heat_is_darkest_where_it_is_largest_and_lies_upright() -> None:
    heat = np.zeros((8, 8))
    heat[0, 7] = 1.0
    picture = scatter_picture(np.empty((0, 2)), FRAME, 64, heat)
    assert darkest(picture)[0] < 8
    assert darkest(picture)[1] > 55
    assert picture[-1, 0].tolist() == [255, 255, 255]
    assert (scatter_picture(np.empty((0, 2)), FRAME, 64, np.full((4, 4), 2.0)) == 255).all()


def test_frame_is_a_square_around_all_but_outliers() -> None:
    generator = torch.Generator().manual_seed(0)
    points = torch.rand(5000, 2, generator=generator) * torch.tensor([4.0, 1.0])
    points[0] = 1e6
    left, bottom, right, top = frame_of(points)
    assert right - left == pytest.approx(top - bottom)
    assert (left + right) / 2 == pytest.approx(2.0, abs=0.05)
    assert (bottom + top) / 2 == pytest.approx(0.5, abs=0.05)
    assert 4.0 < right - left < 5.5
    assert np.diff(frame_of(np.ones((3, 2)))[::2])[0] > 0.0


def test_frame_of_a_dataset_holds_nearly_all_of_it() -> None:
    dataset = load_dataset("moons", "train")
    left, bottom, right, top = frame_of(dataset)
    inside = ((dataset.images > torch.tensor([left, bottom])) & (dataset.images < torch.tensor([right, top]))).all(1)
    assert float(inside.float().mean()) > 0.999
