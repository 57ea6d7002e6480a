"""The decoded picture: crisp pixels, buttons, the empty state."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.views.decoded_panel import DecodedPanel
from explorer.views.widgets.picture_view import PictureView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Pixels, Press


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> DecodedPanel:
    view = DecodedPanel()
    qtbot.addWidget(view)
    view.resize(301, 357)
    view.show()
    return view


def _checks() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = np.zeros((8, 8, 1), np.uint8)
    picture[::2, ::2] = picture[1::2, 1::2] = 255
    return picture


def test_every_pixel_is_drawn_as_a_square_of_one_size(panel: DecodedPanel, pixels: "Pixels") -> None:
    panel.show_picture(_checks())
    view = panel.findChild(PictureView)
    assert isinstance(view, PictureView)
    room = view.picture_rect()
    scale = int(room.width()) // 8
    assert room.width() == room.height() == 8 * scale
    assert scale == min(view.width(), view.height()) // 8
    left, top = int(room.left()), int(room.top())
    drawn = pixels(view)[top : top + 8 * scale, left : left + 8 * scale, 0]
    assert (drawn == np.kron(_checks()[:, :, 0], np.ones((scale, scale), np.uint8))).all()


def test_smooth_pictures_have_greys_between_the_pixels(panel: DecodedPanel, pixels: "Pixels") -> None:
    panel.show_picture(_checks())
    view = panel.findChild(PictureView)
    assert isinstance(view, PictureView)
    panel.set_smooth(True)
    room = view.picture_rect().toRect().adjusted(2, 2, -2, -2)
    drawn = pixels(view)[room.top() : room.bottom(), room.left() : room.right(), 0]
    assert ((drawn > 60) & (drawn < 190)).mean() > 0.1


def test_colours_keep_their_order(panel: DecodedPanel, pixels: "Pixels") -> None:
    panel.show_picture(np.full((4, 4, 3), (200, 100, 50), np.uint8))
    view = panel.findChild(PictureView)
    assert isinstance(view, PictureView)
    centre = view.picture_rect().center().toPoint()
    assert list(pixels(view)[centre.y(), centre.x()]) == [200, 100, 50]


def test_a_picture_larger_than_the_room_is_shown_whole(panel: DecodedPanel) -> None:
    panel.show_picture(np.zeros((900, 1200, 3), np.uint8))
    view = panel.findChild(PictureView)
    assert isinstance(view, PictureView)
    room = view.picture_rect()
    assert room.width() <= view.width()
    assert room.width() / room.height() == pytest.approx(4 / 3, rel=0.02)


def test_buttons_work_only_when_there_is_a_picture(panel: DecodedPanel, press: "Press", qtbot: "QtBot") -> None:
    copy = press.button(panel, "Copy the picture to the clipboard")
    assert not copy.isEnabled()
    assert "no picture yet" in copy.toolTip()
    panel.show_picture(_checks())
    with qtbot.waitSignals([panel.copy_requested, panel.export_requested]):
        press(panel, "Copy the picture to the clipboard")
        press(panel, "Export the picture as PNG")
    panel.show_picture(None)
    assert not copy.isEnabled()
