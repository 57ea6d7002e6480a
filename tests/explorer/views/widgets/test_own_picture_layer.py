"""The own picture on the map."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.state.own_picture import OwnMarks
from explorer.views.latent_map import LatentMap

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Pixels


@pytest.fixture
def latent_map(qtbot: "QtBot", dark: None) -> LatentMap:
    view = LatentMap()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show_extent(-3.0, -3.0, 3.0, 3.0)
    view.show()
    return view


def changed_round(before: np.ndarray, after: np.ndarray, view: LatentMap, place: tuple[float, float]) -> bool:
    x, y = view.position_of(*place).toTuple()
    rows, columns = slice(int(y) - 4, int(y) + 5), slice(int(x) - 4, int(x) + 5)
    return bool((before[rows, columns] != after[rows, columns]).any())


def test_place_outline_and_trail_are_drawn_where_they_lie_and_go_again(latent_map: LatentMap, pixels: "Pixels") -> None:
    before = pixels(latent_map)
    square = np.array([[-2.0, -2.0], [-1.0, -2.0], [-1.0, -1.0], [-2.0, -1.0]])
    trail = np.array([[2.0, -2.0], [2.0, 0.0], [1.0, 1.0]])
    latent_map.show_own_picture(OwnMarks((1.0, 1.0), (square,), trail))
    after = pixels(latent_map)
    for place in ((1.0, 1.0), (-1.5, -2.0), (-2.0, -1.5), (2.0, -1.0)):
        assert changed_round(before, after, latent_map, place), place
    for place in ((-1.5, -1.5), (0.0, 0.0), (1.5, -0.5)):
        assert not changed_round(before, after, latent_map, place), place
    latent_map.show_own_picture(None)
    np.testing.assert_array_equal(pixels(latent_map), before)
