"""Contours as they are drawn: where a density has its level, closed, and visible on any ground."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.state.map_contours import LevelledDensity, MapContours
from explorer.views.widgets.contour_layer import ContourLayer, density_curves
from explorer.views.widgets.pictures import image_pixels
from explorer.views.widgets.viewport import Viewport

_VIEW = Viewport(0, 0, 300, 300, 0.0, 0.0, 40.0)


def _hill() -> LevelledDensity:
    # A density that falls with the distance from (1, -0.5), on cells of different sides.
    u, v = (np.arange(80) + 0.5) / 80 * 8 - 4, (np.arange(60) + 0.5) / 60 * 6 - 3
    density = np.exp(-0.5 * ((u[:, None] - 1.0) ** 2 + (v[None, :] + 0.5) ** 2))
    return LevelledDensity(density, (-4.0, -3.0, 4.0, 3.0), (float(np.exp(-0.5)), float(np.exp(-2.0))))


def _circle() -> np.ndarray:
    return np.stack([np.cos(np.linspace(0, 6.2, 50)), np.sin(np.linspace(0, 6.2, 50))], axis=1)


def test_a_curve_lies_where_the_density_has_its_level() -> None:
    curves = density_curves(_hill())
    assert len(curves) == 2
    for radius, curve in zip((1.0, 2.0), curves, strict=True):
        assert np.hypot(curve[:, 0] - 1.0, curve[:, 1] + 0.5) == pytest.approx(radius, abs=0.02)
        assert curve[0] == pytest.approx(curve[-1])


def test_a_curve_that_would_leave_the_rectangle_is_closed_at_its_edge() -> None:
    hill = LevelledDensity(np.ones((10, 10)), (0.0, 0.0, 1.0, 1.0), (0.5,))
    (curve,) = density_curves(hill)
    assert curve[0] == pytest.approx(curve[-1])
    assert np.abs(curve - 0.5).max() == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("ground", ["#000000", "#ffffff"])
def test_both_kinds_are_seen_on_any_ground_and_taken_away_again(ground: str) -> None:
    layer = ContourLayer()

    def drawn() -> np.ndarray:
        image = QImage(300, 300, QImage.Format.Format_RGB32)
        image.fill(QColor(ground))
        painter = QPainter(image)
        layer.draw(painter, _VIEW)
        painter.end()
        return image_pixels(image).astype(int)

    empty = drawn()
    layer.set_contours(MapContours((_circle(),), _hill(), ""))
    changed = np.abs(drawn() - empty).max(axis=2) > 100
    x, y = (round(part) for part in _VIEW.to_pixels(2.0, -0.5))
    assert changed[y - 2 : y + 3, x - 2 : x + 3].any()
    on_circle = [_VIEW.to_pixels(np.cos(angle), np.sin(angle)) for angle in np.linspace(0, 6, 60)]
    seen = [bool(changed[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2].any()) for x, y in on_circle]
    assert 0.3 < np.mean(seen) <= 1.0
    layer.set_contours(None)
    assert (drawn() == empty).all()
