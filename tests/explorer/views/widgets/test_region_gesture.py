"""Points inside outlines."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPolygonF

from explorer.views.widgets.region_gesture import points_inside


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
