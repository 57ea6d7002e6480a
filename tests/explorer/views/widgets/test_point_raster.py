"""Points as a picture: places, colours, discs, fairness, and the nearest point."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from explorer.views.widgets.pictures import image_pixels
from explorer.views.widgets.point_raster import NearestPoint, PointRaster
from explorer.views.widgets.viewport import Viewport

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RED, _GREEN = QColor(255, 0, 0), QColor(0, 200, 0)
_VIEW = Viewport(0, 0, 100, 80, 0, 0, 10)


def _raster(*positions: tuple[float, float], colours: tuple[int, ...] | None = None) -> PointRaster:
    raster = PointRaster()
    indices = np.zeros(len(positions), np.int64) if colours is None else np.array(colours)
    raster.set_points(np.array(positions, np.float32).reshape(-1, 2), indices, (_RED, _GREEN))
    return raster


def _alpha(image: QImage) -> "NDArray[np.uint8]":
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, 3]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_disc_lies_at_its_point(ratio: float) -> None:
    image = _raster((2.0, 1.0)).image(_VIEW, ratio)
    assert (image.width(), image.height()) == (100 * ratio, 80 * ratio)
    rows, columns = np.nonzero(_alpha(image))
    assert columns.mean() == pytest.approx(70 * ratio, abs=0.6)
    assert rows.mean() == pytest.approx(30 * ratio, abs=0.6)
    assert columns.max() - columns.min() == rows.max() - rows.min() == 2 * round(2.2 * ratio)


def test_a_disc_is_filled_with_its_colour_and_has_a_darker_edge() -> None:
    image = _raster((0.0, 0.0), colours=(1,)).image(_VIEW, 2.0)
    drawn = image_pixels(image)
    rows, columns = np.nonzero(_alpha(image))
    assert drawn[round(rows.mean()), round(columns.mean()), 1] > 180
    assert 60 < drawn[rows.min(), round(columns.mean()), 1] < 140


def test_points_beyond_the_edge_show_only_their_part() -> None:
    edge = _raster((5.1, 0.0)).image(_VIEW, 1.0)
    columns = np.nonzero(_alpha(edge))[1]
    assert columns.min() >= 98
    assert not _alpha(_raster((50.0, 0.0), (0.0, -50.0)).image(_VIEW, 1.0)).any()


def test_points_without_a_place_are_left_out() -> None:
    assert not _alpha(_raster((float("nan"), 0.0), (float("inf"), 0.0)).image(_VIEW, 1.0)).any()


def test_no_class_hides_another_where_they_overlap() -> None:
    positions = np.zeros((4000, 2), np.float32)
    positions[:, 0] = np.tile(np.linspace(-4.5, 4.5, 40), 100)
    groups = np.arange(4000) // 40 % 2
    raster = PointRaster()
    raster.set_points(positions, groups, (_RED, _GREEN))
    image = raster.image(_VIEW, 1.0)
    filled = image_pixels(image)[_alpha(image) > 230]
    red = float((filled[:, 0] > filled[:, 1]).mean())
    assert 0.2 < red < 0.8


def test_the_picture_is_kept_while_nothing_changed() -> None:
    raster = _raster((0.0, 0.0))
    first = raster.image(_VIEW, 1.0)
    assert raster.image(_VIEW, 1.0) is first
    assert raster.image(_VIEW.moved(1, 0), 1.0) is not first
    raster.set_points(np.zeros((1, 2), np.float32), np.zeros(1, np.int64), (_GREEN,))
    assert raster.image(_VIEW, 1.0) is not first


def test_no_points_are_a_transparent_picture() -> None:
    assert not _alpha(_raster().image(_VIEW, 1.0)).any()


@given(
    st.lists(st.tuples(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32)), min_size=1, max_size=40),
    st.tuples(st.floats(-9, 9), st.floats(-9, 9)),
)
def test_the_nearest_point_is_the_nearest(points: list[tuple[float, float]], place: tuple[float, float]) -> None:
    positions = np.array(points, np.float32)
    distances = np.hypot(positions[:, 0] - place[0], positions[:, 1] - place[1])
    found = NearestPoint(positions).index(*place, 100.0)
    assert distances[found] == pytest.approx(distances.min(), abs=1e-3)
    if distances.min() > 0.01:
        assert NearestPoint(positions).index(*place, 0.9 * float(distances.min())) == -1


def test_points_behind_lie_under_all_others_even_at_the_same_pixel() -> None:
    raster, count = PointRaster(), 400
    positions = np.zeros((count, 2), np.float32)
    indices = np.zeros(count, np.int64)
    for chosen in (0, 17, count - 1):
        indices[:], behind = 1, np.ones(count, bool)
        indices[chosen], behind[chosen] = 0, False
        raster.set_points(positions, indices, (QColor("#ff0000"), QColor("#00ff00")), behind)
        colour = raster.image(_VIEW, 1.0).pixelColor(round(_VIEW.width / 2), round(_VIEW.height / 2))
        assert colour.red() > 200 > colour.green()


def test_other_colours_for_the_same_points_are_drawn_like_new_points() -> None:
    random = np.random.default_rng(3)
    positions = random.uniform(-1.0, 1.0, (300, 2)).astype(np.float32)
    colours = (QColor("#ff0000"), QColor("#00ff00"), QColor("#0000ff"))
    changed, fresh = PointRaster(), PointRaster()
    changed.set_points(positions, random.integers(0, 3, 300), colours)
    changed.image(_VIEW, 1.0)
    indices = random.integers(0, 3, 300)
    changed.set_points(positions, indices, colours)
    fresh.set_points(positions.copy(), indices, colours)
    assert changed.image(_VIEW, 1.0) == fresh.image(_VIEW, 1.0)
