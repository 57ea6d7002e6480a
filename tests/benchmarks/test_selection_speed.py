"""How long a lasso over many points takes: from letting go of the button to the map painted with the selection."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.state.item_groups import packed
from explorer.views.latent_map import LatentMap
from tests.benchmarks.test_window_speed import many_points

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytest_benchmark.fixture import BenchmarkFixture

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier
_CORNERS = 300


def _send(widget: LatentMap, kind: QEvent.Type, place: QPointF) -> None:
    glob = QPointF(widget.mapToGlobal(place.toPoint()))
    held = _NONE if kind == QEvent.Type.MouseButtonRelease else _LEFT
    QApplication.sendEvent(widget, QMouseEvent(kind, place, glob, _LEFT, held, _NO_KEYS))


def _outline(latent_map: LatentMap, shape: str) -> list[QPointF]:
    if shape == "box":
        return [latent_map.position_of(-1.5, -1.5), latent_map.position_of(1.5, 1.5)]
    angles = np.linspace(0.0, 2.0 * np.pi, _CORNERS)
    reach = 1.5 + 0.4 * np.cos(9.0 * angles)
    return [latent_map.position_of(u, v) for u, v in zip(reach * np.cos(angles), reach * np.sin(angles), strict=True)]


@pytest.mark.parametrize("shape", ["lasso", "box"])
@pytest.mark.parametrize("count", [10_000, 70_000, 1_000_000])
def test_lasso(benchmark: "BenchmarkFixture", qapp: QApplication, count: int, shape: str) -> None:
    """A region of 300 corners, or a box, let go of; the mask is made, packed for the session, and painted."""
    latent_map = LatentMap()
    latent_map.resize(1000, 800)
    latent_map.show()
    latent_map.show_extent(-3.0, -3.0, 3.0, 3.0)
    latent_map.show_points(many_points(count, by_value=False))
    latent_map.grab()
    chosen: list[int] = []

    def show(indices: "NDArray[np.int64]", _mode: str) -> None:
        mask = np.zeros(count, dtype=bool)
        mask[indices] = True
        packed(mask)
        latent_map.show_selection(mask)
        chosen.append(len(indices))

    latent_map.points_chosen.connect(show)
    places = _outline(latent_map, shape)
    latent_map._region_gesture.choose_tool("lasso" if shape == "lasso" else "box")

    def draw() -> None:
        _send(latent_map, QEvent.Type.MouseButtonPress, places[0])
        for place in places[1:]:
            _send(latent_map, QEvent.Type.MouseMove, place)

    def let_go() -> None:
        _send(latent_map, QEvent.Type.MouseButtonRelease, places[-1])
        latent_map.grab()

    benchmark.pedantic(let_go, setup=draw, rounds=10, warmup_rounds=1)
    benchmark.extra_info["chosen"] = chosen[-1]
    assert 0.3 * count < chosen[-1] < 0.95 * count
    latent_map.points_chosen.disconnect(show)
    latent_map.close()
    latent_map.deleteLater()
