"""The path on the map: projected on the plane that is shown, and taken away with its panel."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from explorer.controllers.path_map_controller import PathMapController
from explorer.controllers.planner import Planner
from explorer.services.paths import PathAsked, WalkedPath
from explorer.state.session_state import MapChoice, PlaneChoice
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import MapStandIn

CODES = np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 3.0], [2.0, 1.0, 4.0]])
ASKED = PathAsked((((0.0, 1.0, 2.0), ()), ((2.0, 1.0, 4.0), ())), "linear", 3, False)


class PathsStandIn(QObject):
    walked_changed = Signal()
    walked: WalkedPath | None = None
    letters = ("A", "C")
    is_open = True

    def __init__(self) -> None:
        super().__init__()
        self.player = self
        self.added: list[int] = []
        self.given_way = 0

    def add_item(self, index: int) -> None:
        self.added.append(index)

    def give_way(self) -> None:
        self.given_way += 1


@pytest.fixture
def paths() -> PathsStandIn:
    return PathsStandIn()


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, paths: PathsStandIn, latent_map: "MapStandIn", opened: "Open"
) -> PathMapController:
    made = PathMapController(store, planner, paths, latent_map)  # type: ignore[arg-type]
    planner.set_opened(opened(3), code=(0.0, 0.0, 0.0))
    return made


def show(paths: PathsStandIn) -> None:
    paths.walked = WalkedPath(ASKED, CODES, np.empty((3, 0)), np.zeros((3, 8, 8, 1), np.uint8), np.ones(2), 2.0, 2.0)
    paths.walked_changed.emit()


def test_it_lies_on_the_plane_with_its_letters(
    paths: PathsStandIn, latent_map: "MapStandIn", store: SessionStore
) -> None:
    show(paths)
    positions, keys = latent_map.last("show_path")
    assert positions.tolist() == [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]]
    assert keys == (("A", 0.0, 1.0), ("C", 2.0, 1.0))
    store.update(map=MapChoice(PlaneChoice(first=0, second=2)))
    assert latent_map.last("show_path")[0].tolist() == [[0.0, 2.0], [1.0, 3.0], [2.0, 4.0]]
    drawn = len(latent_map.given("show_path"))
    store.update(code=(0.5, 0.5, 0.5))
    assert len(latent_map.given("show_path")) == drawn, "the ring moves nothing but itself"


def test_it_is_taken_away_and_comes_back(paths: PathsStandIn, latent_map: "MapStandIn", store: SessionStore) -> None:
    show(paths)
    store.update(path=replace(store.state.path, on_map=False))
    assert latent_map.last("show_path") == (None,)
    store.update(path=replace(store.state.path, on_map=True))
    assert latent_map.last("show_path")[0] is not None
    paths.is_open = False
    paths.walked_changed.emit()
    assert latent_map.last("show_path") == (None,)


def test_the_map_adds_key_points_and_a_drag_stops_the_walk(paths: PathsStandIn, latent_map: "MapStandIn") -> None:
    latent_map.key_point_wanted.emit(12)
    latent_map.drag_started.emit()
    assert (paths.added, paths.given_way) == ([12], 1)


class SlowNeighbours:
    """Takes a third of a frame for every place."""

    digest = "d"

    def position_of(self, code: "NDArray[np.float64]") -> "NDArray[np.float64]":
        time.sleep(0.004)
        return code[1:]


def test_on_a_map_of_neighbours_it_comes_without_holding_the_window_up(
    paths: PathsStandIn, latent_map: "MapStandIn", planner: Planner, qtbot: "QtBot"
) -> None:
    plane = planner.plan.plane
    assert plane is not None
    slow = replace(plane, neighbours=SlowNeighbours())  # type: ignore[arg-type]
    planner._plan = replace(planner.plan, plane=slow)
    show(paths)
    assert latent_map.given("show_path") == []
    qtbot.waitUntil(lambda: bool(latent_map.given("show_path")))
    positions, keys = latent_map.last("show_path")
    assert positions.tolist() == [[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]]
    assert [letter for letter, _, _ in keys] == ["A", "C"]
    # A path that is gone before all its places are known is not drawn.
    drawn = len(latent_map.given("show_path"))
    show(paths)
    paths.walked = None
    paths.walked_changed.emit()
    qtbot.wait(30)
    assert [call[0] for call in latent_map.given("show_path")[drawn:]] == [None]
