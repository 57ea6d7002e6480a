"""Pictures of items: pixels of images, and dots of points where they lie."""

import numpy as np
import pytest

from explorer.services.item_pictures import ImagePictures, PointPictures
from explorer.state.scatter_values import Ground, Rectangle


def _pictures(with_ground: bool) -> PointPictures:
    def ground(frame: Rectangle) -> Ground | None:
        values = np.tile(np.linspace(0.0, 1.0, 16), (16, 1))
        return Ground(values, "density") if with_ground else None

    corners = np.array([[-1.0, -1.0], [1.0, 1.0]] * 500, np.float32)
    return PointPictures.around(corners, ground)


def test_a_dot_lies_where_its_point_lies() -> None:
    pictures = _pictures(with_ground=False)
    points = np.array([[0.0, 0.0], [0.7, -0.4]], np.float32)
    for made in (pictures.small(points), pictures.large(points)):
        side = made.shape[1]
        left, bottom, right, top = pictures.frame
        for (x, y), picture in zip(points.tolist(), made, strict=True):
            rows, columns = np.nonzero((picture != 255).any(axis=2))
            assert columns.mean() + 0.5 == pytest.approx((x - left) / (right - left) * side, abs=0.3)
            assert rows.mean() + 0.5 == pytest.approx((top - y) / (top - bottom) * side, abs=0.3)


def test_the_ground_is_strong_in_a_large_picture_and_faint_in_a_tile() -> None:
    pictures, nowhere = _pictures(with_ground=True), np.full((1, 2), 99.0, np.float32)
    large, small = pictures.large(nowhere)[0], pictures.small(nowhere)[0]
    assert large[:, -1].max() < 110
    assert small[:, -1].min() > 160
    assert (small[:, 0] > small[:, -1]).all()
    assert (pictures.large(nowhere)[0] == large).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_points_that_are_nowhere_are_not_drawn(value: float) -> None:
    pictures = _pictures(with_ground=False)
    points = np.array([[value, 0.0], [0.0, value], [0.0, 0.0]], np.float32)
    is_drawn = (pictures.small(points) != 255).any(axis=(1, 2, 3))
    assert is_drawn.tolist() == [False, False, True]


def test_a_dot_at_the_edge_is_drawn_as_far_as_it_lies_inside() -> None:
    pictures = _pictures(with_ground=False)
    edge = np.array([[pictures.frame[2], 0.0]], np.float32)
    picture = pictures.small(edge)[0]
    assert (picture[:, -1] != 255).any()
    assert (picture[:, :-5] == 255).all()


def test_no_points_are_no_pictures() -> None:
    empty = _pictures(with_ground=True).small(np.empty((0, 2), np.float32))
    assert empty.shape == (0, 48, 48, 3)
    assert ImagePictures((1, 8, 8)).small(np.empty((0, 1, 8, 8), np.float32)).shape == (0, 8, 8, 1)


def test_pixels_that_are_no_numbers_are_black() -> None:
    items = np.array([np.nan, -np.inf, np.inf, 0.5], np.float32).reshape(1, 1, 2, 2)
    assert ImagePictures((1, 2, 2)).small(items).ravel().tolist() == [0, 0, 255, 128]
