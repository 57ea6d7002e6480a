"""Points inside outlines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPolygonF
from PySide6.QtWidgets import QApplication

from explorer.views.widgets import points_inside as module
from explorer.views.widgets.points_inside import points_inside


@given(arrays(np.float64, st.tuples(st.integers(1, 40), st.just(2)), elements=st.integers(-8, 8).map(float)))
def test_it_agrees_with_the_polygons_of_qt(outline: "np.typing.NDArray[np.float64]") -> None:
    # Between the corners' whole numbers, so that no point lies on a side by more than rounding.
    points = np.random.default_rng(0).integers(-9, 9, (200, 2)) + np.array([0.4142, 0.7321])
    polygon = QPolygonF([QPointF(u, v) for u, v in outline.tolist()])
    expected = [polygon.containsPoint(QPointF(u, v), Qt.FillRule.OddEvenFill) for u, v in points.tolist()]
    assert points_inside(points, outline).tolist() == expected


def test_points_that_are_nowhere_are_outside() -> None:
    square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    points = np.array([[0.0, 0.0], [np.nan, 0.0], [0.0, np.inf], [2.0, 0.0]], np.float32)
    assert points_inside(points, square).tolist() == [True, False, False, False]


@pytest.mark.parametrize("seed", range(12))
def test_a_look_at_a_picture_of_the_outline_finds_the_same_as_one_by_one(
    seed: int, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(seed)
    size = 10.0 ** random.integers(-4, 5)
    corners = random.standard_normal((int(random.integers(3, 60)), 2)) * [size, size * 10.0 ** random.integers(-2, 3)]
    outline = corners + 10.0 * size * random.standard_normal()
    low, high = outline.min(axis=0), outline.max(axis=0)
    points = (low + (high - low) * (1.1 * random.random((60_000, 2)) - 0.05)).astype(np.float32)
    quick = points_inside(points, outline)
    monkeypatch.setattr(module, "_LEAST_FOR_PICTURE", len(points) + 1)
    assert 0 < quick.sum() < len(points)
    assert (quick == points_inside(points, outline)).all()
