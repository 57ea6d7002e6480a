"""The map alone: what its pixels mean and what its gestures announce."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton

from explorer.state.map_contours import MapContours
from explorer.state.map_values import MapView, PointCloud, TileMosaic
from explorer.views.latent_map import LatentMap
from explorer.views.theme import CLASS_COLOURS, DARK

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels


@pytest.fixture
def latent_map(qtbot: "QtBot", dark: None) -> LatentMap:
    view = LatentMap()
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show_extent(-3, -3, 3, 3)
    view.show()
    qtbot.waitExposed(view)
    return view


def _rgb(name: str) -> list[int]:
    colour = QColor(name)
    return [colour.red(), colour.green(), colour.blue()]


def _at(image: "NDArray[Any]", place: QPointF) -> list[int]:
    return list(image[int(place.y()), int(place.x())])


def _cloud(*positions: tuple[float, float], groups: tuple[int, ...], names: tuple[str, ...] = ("a", "b")) -> PointCloud:
    return PointCloud(np.array(positions, np.float32), np.array(groups, np.int64), names, "test items")


def _quarters() -> TileMosaic:
    picture = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 0]]], np.uint8)
    return TileMosaic(picture, -3, -3, 3, 3, 0)


def test_a_tile_lies_where_its_rectangle_says(latent_map: LatentMap, pixels: "Pixels") -> None:
    latent_map.show_tiles((_quarters(),))
    image = pixels(latent_map)
    assert _at(image, latent_map.position_of(-1.5, 1.5)) == [255, 0, 0]
    assert _at(image, latent_map.position_of(1.5, 1.5)) == [0, 255, 0]
    assert _at(image, latent_map.position_of(-1.5, -1.5)) == [0, 0, 255]
    assert _at(image, latent_map.position_of(1.5, -1.5)) == [255, 255, 0]
    edge = latent_map.position_of(0, 1.5)
    assert _at(image, edge - QPointF(2, 0)) == [255, 0, 0]
    assert _at(image, edge + QPointF(2, 0)) == [0, 255, 0]


def test_finer_tiles_lie_over_coarser_ones_whatever_their_order(latent_map: LatentMap, pixels: "Pixels") -> None:
    fine = TileMosaic(np.full((4, 4, 1), 90, np.uint8), -1, -1, 1, 1, 3)
    latent_map.show_tiles((fine, _quarters()))
    image = pixels(latent_map)
    assert _at(image, latent_map.position_of(0.5, 0.5)) == [90, 90, 90]
    assert _at(image, latent_map.position_of(2, 2)) == [0, 255, 0]


def test_hidden_tiles_leave_the_ground(latent_map: LatentMap, pixels: "Pixels") -> None:
    latent_map.show_tiles((_quarters(),))
    latent_map.set_tiles_visible(False)
    assert _at(pixels(latent_map), latent_map.position_of(1.5, 1.5)) == _rgb(DARK.canvas)
    latent_map.set_tiles_visible(True)
    assert _at(pixels(latent_map), latent_map.position_of(1.5, 1.5)) == [0, 255, 0]


def test_a_tile_pixel_keeps_its_place_at_a_high_zoom(latent_map: LatentMap, pixels: "Pixels") -> None:
    latent_map.show_tiles((_quarters(),))
    latent_map.set_view(-1e-4, 1 - 1e-4, 1e-4, 1 + 1e-4)
    image = pixels(latent_map)
    assert _at(image, latent_map.position_of(-5e-5, 1)) == [255, 0, 0]
    assert _at(image, latent_map.position_of(5e-5, 1)) == [0, 255, 0]


def test_points_appear_in_the_colours_of_their_groups(latent_map: LatentMap, pixels: "Pixels") -> None:
    latent_map.show_points(_cloud((-1, 1), (1, -1), (2, 2), groups=(0, 1, -1)))
    image = pixels(latent_map).astype(int)
    for place, name in (((-1, 1), CLASS_COLOURS[0]), ((1, -1), CLASS_COLOURS[1]), ((2, 2), "#B4B4B4")):
        seen = _at(image, latent_map.position_of(*place))
        assert np.abs(np.array(seen) - _rgb(name)).max() < 25, place
    assert _at(image, latent_map.position_of(0, 0)) == _rgb(DARK.canvas)


def test_a_hidden_class_is_neither_drawn_nor_found_by_the_cursor(
    latent_map: LatentMap, mouse: "type[Mouse]", pixels: "Pixels"
) -> None:
    told: list[int] = []
    latent_map.point_hovered.connect(told.append)
    latent_map.show_points(replace(_cloud((0, 0), (1, 1), groups=(0, 1)), hidden=frozenset({"a", "unknown"})))
    assert _at(pixels(latent_map), latent_map.position_of(0, 0)) == _rgb(DARK.canvas)
    assert _at(pixels(latent_map), latent_map.position_of(1, 1)) != _rgb(DARK.canvas)
    mouse(latent_map).move(latent_map.position_of(0, 0))
    assert told == []
    mouse(latent_map).move(latent_map.position_of(1, 1))
    assert told == [1]


def test_the_legend_says_which_classes_are_to_be_hidden(latent_map: LatentMap) -> None:
    latent_map.show_points(_cloud((0, 0), (1, 1), groups=(0, 1)))
    told: list[frozenset[str]] = []
    latent_map.hidden_classes_chosen.connect(told.append)
    rows = latent_map.findChild(QListWidget)
    assert rows is not None
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert told == [frozenset({"a"})]


def test_near_points_are_their_pictures_with_the_border_of_their_class_or_grey_where_others_are_selected(
    latent_map: LatentMap, pixels: "Pixels"
) -> None:
    pictures = np.full((2, 1, 8, 8), 120, np.uint8)
    latent_map.show_points(replace(_cloud((-1, 1), (1, -1), groups=(0, 1)), pictures=pictures))

    def border(place: tuple[float, float]) -> list[int]:
        image, centre = pixels(latent_map), latent_map.position_of(*place)
        assert _at(image, centre) == [120, 120, 120]
        return _at(image, centre + QPointF(23, 0))

    assert border((-1, 1)) == _rgb(CLASS_COLOURS[0])
    assert border((1, -1)) == _rgb(CLASS_COLOURS[1])
    latent_map.show_selection(np.array([True, False]))
    assert border((-1, 1)) == _rgb(CLASS_COLOURS[0])
    red, green, blue = border((1, -1))
    assert red == green == blue


def test_contours_are_drawn_and_named_in_the_legend_until_they_are_taken_away(
    latent_map: LatentMap, pixels: "Pixels"
) -> None:
    before = pixels(latent_map)
    square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    latent_map.show_contours(MapContours((square,), None, "dashed: the prior"))
    place = latent_map.position_of(1.0, 0.0)
    row = pixels(latent_map)[int(place.y()) - 30 : int(place.y()) + 30, int(place.x()) - 2 : int(place.x()) + 3]
    assert row.max() > 150
    assert any("dashed: the prior" in label.text() for label in latent_map.findChildren(QLabel) if label.isVisible())
    latent_map.show_contours(None)
    assert (pixels(latent_map) == before).all()


def test_hidden_points_take_their_legend_with_them(latent_map: LatentMap, pixels: "Pixels") -> None:
    latent_map.show_points(_cloud((0, 0), groups=(0,)))
    with_legend = latent_map.view().width_px
    latent_map.set_points_visible(False)
    assert _at(pixels(latent_map), latent_map.position_of(0, 0)) == _rgb(DARK.canvas)
    assert latent_map.view().width_px > with_legend


def test_no_points_after_none(latent_map: LatentMap, pixels: "Pixels") -> None:
    latent_map.show_points(_cloud((0, 0), groups=(0,)))
    latent_map.show_points(None)
    assert _at(pixels(latent_map), latent_map.position_of(0, 0)) == _rgb(DARK.canvas)


def test_the_ring_follows_and_leaves_nothing_behind(latent_map: LatentMap, pixels: "Pixels") -> None:
    latent_map.show_tiles((_quarters(),))
    before = pixels(latent_map)
    latent_map.show_ring(-1, 1)
    first = pixels(latent_map)
    latent_map.show_ring(1, -1)
    second = pixels(latent_map)
    ring = latent_map.position_of(1, -1) + QPointF(10, 0)
    assert np.abs(second[int(ring.y()), int(ring.x())].astype(int) - _rgb(DARK.accent)).max() < 60
    assert (first != before).any()
    changed = np.argwhere((second != before).any(axis=2))
    centre = latent_map.position_of(1, -1)
    assert np.abs(changed - [centre.y(), centre.x()]).max() < 18
    latent_map.hide_ring()
    assert (pixels(latent_map) == before).all()


def test_pressing_takes_the_ring_and_dragging_announces_the_way(latent_map: LatentMap, mouse: "type[Mouse]") -> None:
    told: list[object] = []
    latent_map.drag_started.connect(lambda: told.append("started"))
    latent_map.latent_dragged.connect(lambda u, v: told.append((round(u, 2), round(v, 2))))
    latent_map.drag_finished.connect(lambda: told.append("finished"))
    mouse(latent_map).drag([latent_map.position_of(*place) for place in ((-1, 1), (0, 0.5), (2, -2))])
    assert told == ["started", (-1, 1), (0, 0.5), (2, -2), "finished"]
    assert latent_map.ring == pytest.approx((2, -2))


def test_a_drag_that_leaves_the_map_stays_at_its_edge(latent_map: LatentMap, mouse: "type[Mouse]") -> None:
    mouse(latent_map).drag([latent_map.position_of(0, 0), QPointF(10_000, 10_000)])
    view = latent_map.view()
    assert latent_map.ring == pytest.approx((view.right, view.bottom))


def test_setters_announce_nothing(latent_map: LatentMap) -> None:
    told: list[object] = []
    for signal in (latent_map.drag_started, latent_map.drag_finished):
        signal.connect(lambda: told.append("drag"))
    latent_map.latent_dragged.connect(lambda *place: told.append(place))
    latent_map.point_hovered.connect(told.append)
    latent_map.show_ring(1, 1)
    latent_map.show_points(_cloud((0, 0), groups=(0,)))
    latent_map.show_tiles((_quarters(),))
    latent_map.hide_ring()
    assert told == []


def test_arrow_keys_nudge_and_shift_nudges_ten_times_as_far(latent_map: LatentMap) -> None:
    told: list[str] = []
    latent_map.drag_started.connect(lambda: told.append("started"))
    latent_map.drag_finished.connect(lambda: told.append("finished"))
    places: list[tuple[float, float]] = []
    latent_map.latent_dragged.connect(lambda u, v: places.append((u, v)))
    latent_map.show_ring(0, 0)
    QTest.keyClick(latent_map, Qt.Key.Key_Right)
    QTest.keyClick(latent_map, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    step = places[0][0]
    assert step > 0
    assert places == [pytest.approx((step, 0)), pytest.approx((step, 10 * step))]
    assert told == ["started", "finished"] * 2


def test_arrow_keys_do_not_push_the_ring_out_of_sight_and_bring_it_back(latent_map: LatentMap) -> None:
    right = latent_map.view().right
    places: list[float] = []
    latent_map.latent_dragged.connect(lambda u, _: places.append(u))
    latent_map.show_ring(right - 0.01, 0)
    QTest.keyClick(latent_map, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert places[-1] == pytest.approx(right)
    latent_map.show_ring(right + 1, 0)
    QTest.keyClick(latent_map, Qt.Key.Key_Right)
    assert places[-1] == pytest.approx(right + 1)
    QTest.keyClick(latent_map, Qt.Key.Key_Left)
    assert right < places[-1] < right + 1


def test_the_wheel_zooms_at_the_cursor(latent_map: LatentMap, mouse: "type[Mouse]") -> None:
    place = latent_map.position_of(2, 1)
    before = latent_map.view()
    mouse(latent_map).turn(place, 3)
    after = latent_map.view()
    assert after.right - after.left < 0.7 * (before.right - before.left)
    assert latent_map.viewport.to_plane(place.x(), place.y()) == pytest.approx((2, 1))
    mouse(latent_map).turn(place, -3)
    assert latent_map.view().left == pytest.approx(before.left)


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_other_buttons_pan(latent_map: LatentMap, mouse: "type[Mouse]", button: Qt.MouseButton) -> None:
    start, end = latent_map.position_of(0, 0), latent_map.position_of(1, -0.5)
    mouse(latent_map).drag([start, end], button)
    assert latent_map.viewport.to_plane(end.x(), end.y()) == pytest.approx((0, 0))
    assert latent_map.ring is None


def test_the_space_bar_makes_the_left_button_pan(latent_map: LatentMap, mouse: "type[Mouse]", qtbot: "QtBot") -> None:
    QTest.keyPress(latent_map, Qt.Key.Key_Space)
    end = latent_map.position_of(1, 0)
    mouse(latent_map).drag([latent_map.position_of(0, 0), end])
    QTest.keyRelease(latent_map, Qt.Key.Key_Space)
    assert latent_map.viewport.to_plane(end.x(), end.y()) == pytest.approx((0, 0))
    assert latent_map.ring is None


def test_home_shows_the_whole_map_again(latent_map: LatentMap, mouse: "type[Mouse]") -> None:
    home = latent_map.view()
    mouse(latent_map).turn(latent_map.position_of(1, 1), 5)
    QTest.keyClick(latent_map, Qt.Key.Key_Home)
    assert latent_map.view() == home
    mouse(latent_map).turn(latent_map.position_of(1, 1), 5)
    mouse(latent_map).double_click(latent_map.position_of(1, 1))
    assert latent_map.view() == home


def test_hovering_announces_the_nearest_point_within_reach(latent_map: LatentMap, mouse: "type[Mouse]") -> None:
    latent_map.show_points(_cloud((0, 0), (1, 1), (2, 0), groups=(0, 1, 0)))
    told: list[int] = []
    latent_map.point_hovered.connect(told.append)
    place = latent_map.position_of(1, 1)
    mouse(latent_map).move(place + QPointF(9, 9))
    mouse(latent_map).move(place + QPointF(8, 8))
    mouse(latent_map).move(place + QPointF(12, 12))
    assert told == [1, -1]


def test_a_double_click_activates_the_point_under_it(latent_map: LatentMap, mouse: "type[Mouse]") -> None:
    latent_map.show_points(_cloud((0, 0), (1, 1), groups=(0, 1)))
    told: list[int] = []
    latent_map.point_activated.connect(told.append)
    view = latent_map.view()
    mouse(latent_map).double_click(latent_map.position_of(1, 1) + QPointF(3, 0))
    assert told == [1]
    assert latent_map.view() == view


def test_view_changes_are_announced_once_a_frame(latent_map: LatentMap, mouse: "type[Mouse]", qtbot: "QtBot") -> None:
    qtbot.wait(40)
    told: list[MapView] = []
    latent_map.view_changed.connect(told.append)
    for _ in range(10):
        mouse(latent_map).turn(latent_map.position_of(0, 0), 0.2)
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told == [latent_map.view()]


def test_the_same_view_again_announces_nothing(latent_map: LatentMap, qtbot: "QtBot") -> None:
    qtbot.wait(40)
    view = latent_map.view()
    told: list[MapView] = []
    latent_map.view_changed.connect(told.append)
    latent_map.set_view(view.left, view.bottom, view.right, view.top)
    qtbot.wait(40)
    assert told == []


def test_the_wanted_part_stays_in_view_at_every_size_without_drifting(latent_map: LatentMap) -> None:
    view = latent_map.view()
    for size in ((900, 300), (300, 700), (640, 480)):
        latent_map.resize(*size)
        seen = latent_map.view()
        assert seen.left <= -3 + 1e-9
        assert seen.top >= 3 - 1e-9
        assert (seen.right - seen.left) / seen.width_px == pytest.approx(
            (seen.top - seen.bottom) / seen.height_px, 0.01
        )
    assert latent_map.view() == view


def test_the_empty_state_offers_a_button_and_refuses_gestures(
    latent_map: LatentMap, mouse: "type[Mouse]", qtbot: "QtBot"
) -> None:
    latent_map.show_empty("Open a model to see its map.", "Open the shipped model")
    told: list[object] = []
    latent_map.latent_dragged.connect(lambda *place: told.append(place))
    mouse(latent_map).click(latent_map.position_of(0, 0))
    assert told == []
    button = next(child for child in latent_map.findChildren(QPushButton) if child.text())
    with qtbot.waitSignal(latent_map.empty_action):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    latent_map.show_extent(0, 0, 1, 1)
    assert not button.isVisible()


def test_the_picture_is_the_map_without_chrome_at_any_scale(latent_map: LatentMap) -> None:
    latent_map.show_tiles((_quarters(),))
    latent_map.show_points(_cloud((2, 2), groups=(0,)))
    latent_map.show_ring(0, 0)
    one, three = latent_map.picture(1), latent_map.picture(3)
    assert (three.width(), three.height()) == (3 * one.width(), 3 * one.height())
    view = latent_map.view()
    assert (one.width(), one.height()) == (view.width_px, view.height_px)
    u, v = 1.5, 1.5
    x = (u - view.left) / (view.right - view.left)
    y = (view.top - v) / (view.top - view.bottom)
    for image in (one, three):
        assert image.pixelColor(int(x * image.width()), int(y * image.height())).name() == "#00ff00"
