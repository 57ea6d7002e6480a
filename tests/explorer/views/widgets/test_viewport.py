"""The mapping between plane and pixels, and round numbers on its axes."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from explorer.views.widgets.tick_marks import tick_text, tick_values
from explorer.views.widgets.viewport import Viewport

_places = st.floats(-50, 50)
_views = st.builds(
    Viewport,
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(50, 2000),
    st.floats(50, 2000),
    _places,
    _places,
    st.floats(0.5, 5000),
)


@given(_views, _places, _places)
def test_there_and_back(view: Viewport, u: float, v: float) -> None:
    assert view.to_plane(*view.to_pixels(u, v)) == pytest.approx((u, v), abs=1e-6)


@given(_views, st.floats(0.1, 10), st.floats(0, 500), st.floats(0, 500))
def test_zooming_keeps_the_point_under_the_cursor(view: Viewport, factor: float, x: float, y: float) -> None:
    assert view.zoomed(factor, x, y).to_plane(x, y) == pytest.approx(view.to_plane(x, y), abs=1e-6)
    assert view.zoomed(factor, x, y).scale == pytest.approx(view.scale * factor)


@given(_views, st.floats(-500, 500), st.floats(-500, 500))
def test_panning_pushes_the_content(view: Viewport, right: float, down: float) -> None:
    x, y = view.to_pixels(1.0, 2.0)
    assert view.moved(right, down).to_pixels(1.0, 2.0) == pytest.approx((x + right, y + down), abs=1e-4)


@given(_places, _places, st.floats(0.01, 50), st.floats(0.01, 50), st.floats(60, 2000), st.floats(60, 2000))
def test_a_fitted_rectangle_is_wholly_visible_and_fills_one_direction(
    left: float, bottom: float, wide: float, high: float, width: float, height: float
) -> None:
    view = Viewport.fitted((10, 20, width, height), (left, bottom, left + wide, bottom + high))
    seen_left, seen_bottom, seen_right, seen_top = view.rectangle()
    assert seen_left <= left + 1e-9
    assert seen_bottom <= bottom + 1e-9
    share = wide / (seen_right - seen_left), high / (seen_top - seen_bottom)
    assert max(share) == pytest.approx(1.0)
    assert min(share) > 0


def test_upwards_on_the_plane_is_upwards_on_the_screen() -> None:
    view = Viewport.fitted((0, 0, 100, 100), (0, 0, 1, 1))
    assert view.to_pixels(0, 1) == (0, 0)
    assert view.to_pixels(1, 0) == (100, 100)


@given(st.floats(-1e3, 1e3), st.floats(1e-6, 1e3), st.integers(1, 12))
def test_ticks_are_few_even_and_inside(low: float, span: float, most: int) -> None:
    high = low + span
    assume(high > low)
    ticks = tick_values(low, high, most)
    assert len(ticks) <= most
    assert all(low - 1e-6 * span <= tick <= high + 1e-6 * span for tick in ticks)
    gaps = [after - before for before, after in pairwise(ticks)]
    assert all(gap == pytest.approx(gaps[0], rel=1e-3) for gap in gaps)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [(0.0, 0.5, "0.0"), (-1e-17, 0.2, "0.0"), (-2.0, 1.0, "−2"), (0.25, 0.05, "0.25"), (400.0, 100.0, "400")],
)
def test_tick_texts(value: float, step: float, text: str) -> None:
    assert tick_text(value, step) == text
