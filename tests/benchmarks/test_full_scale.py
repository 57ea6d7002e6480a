"""The real window with 70,000 encoded digits of MNIST on its map, and with a million constructed codes."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.services.encodings import encoded_items
from explorer.state.session_state import PlaneChoice
from tests.benchmarks.conftest import MeasuredWindow, percentiles
from trainers.data.catalogue import dataset_available

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

ALL_ITEMS, MILLION = 70_000, 1_000_000
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier
_FRAMES = 120


def show_all_items(window: MeasuredWindow) -> None:
    """Bring test and training items to the map, and wait until all have their places."""
    explorer = window.explorer
    explorer.store.update(map=replace(explorer.store.state.map, items="all"))

    def are_there() -> bool:
        encoded = explorer.planner.opened.encoded if explorer.planner.opened is not None else None
        return encoded is not None and encoded.source == "all" and encoded.complete

    window.wait(are_there)
    window.settle()


def show_constructed(window: MeasuredWindow, count: int) -> None:
    """Bring so many made-up codes of ten classes to the map, as if they had been encoded."""
    opened = window.explorer.planner.opened
    assert opened is not None
    random = np.random.default_rng(0)
    codes = random.standard_normal((count, opened.facts.latent_size)).astype(np.float32)
    told = np.empty((count, 0), np.float32)
    labels, names = random.integers(0, 10, count), tuple("0123456789")
    made = encoded_items(opened.facts.generation, codes, None, labels, names, "constructed items", conditions=told)
    window.explorer.planner.set_opened(opened.with_encoded(replace(made, source="samples")))
    window.settle()


@pytest.fixture(params=[ALL_ITEMS, MILLION], ids=["70000", "1000000"])
def full_window(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[MeasuredWindow]:
    """The real window at 1600×1000 on the shipped model with many points, settled."""
    if not dataset_available("mnist"):
        pytest.skip("MNIST is not on this machine; latent-trainer data fetch mnist brings it")
    window = MeasuredWindow(tmp_path / "home")
    window.settle()
    show_all_items(window) if request.param == ALL_ITEMS else show_constructed(window, request.param)
    yield window
    window.close()


def _mouse(window: MeasuredWindow, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton = _LEFT) -> None:
    held = _NONE if kind == QEvent.Type.MouseButtonRelease else button
    pressed = _NONE if kind == QEvent.Type.MouseMove else button
    event = QMouseEvent(kind, place, window.map.mapToGlobal(place), pressed, held, _NO_KEYS)
    QApplication.sendEvent(window.map, event)


def _region(window: MeasuredWindow) -> list[QPointF]:
    angles = np.linspace(0.0, 2.0 * np.pi, 300)
    reach = 1.2 + 0.3 * np.cos(9.0 * angles)
    return [window.map.position_of(u, v) for u, v in zip(reach * np.cos(angles), reach * np.sin(angles), strict=True)]


def _draw_lasso(window: MeasuredWindow) -> None:
    window.map._region_gesture.choose_tool("lasso")
    places = _region(window)
    _mouse(window, QEvent.Type.MouseButtonPress, places[0])
    for place in places[1:]:
        _mouse(window, QEvent.Type.MouseMove, place)
    window.rest(0.05)


@pytest.mark.parametrize("gesture", ["pan", "zoom"])
def test_frames(benchmark: "BenchmarkFixture", full_window: MeasuredWindow, gesture: str) -> None:
    """From a step of the gesture to the map painted anew, tiles and everything else going on beside it."""
    times: list[float] = []
    watch = full_window.watch_stalls()
    middle = QPointF(full_window.map.width() / 2, full_window.map.height() / 2)

    def move() -> None:
        for frame in range(_FRAMES):
            begin = time.perf_counter()
            there = frame < _FRAMES / 2
            if gesture == "pan":
                full_window.map.pan(6.0 if there else -6.0, 2.0 if there else -2.0)
            else:
                full_window.map.zoom(1.06 if there else 1 / 1.06, middle)
            full_window.map.repaint()
            times.append((time.perf_counter() - begin) * 1e3)
            full_window.rest(0.008)

    benchmark.pedantic(move)
    benchmark.extra_info.update(percentiles(times) | {"stall_ms": watch.stop()})


def test_lasso_in_the_window(benchmark: "BenchmarkFixture", full_window: MeasuredWindow) -> None:
    """A lasso of 300 corners let go of, until map and panel show the selection; and the longest stall in it."""
    stalls: list[float] = []
    selection = full_window.explorer.selection

    def let_go() -> None:
        watch = full_window.watch_stalls()
        _mouse(full_window, QEvent.Type.MouseButtonRelease, _region(full_window)[-1])
        full_window.map.repaint()
        full_window.rest(0.3)
        stalls.append(watch.stop())

    def again() -> None:
        selection.clear()
        full_window.rest(0.3)
        _draw_lasso(full_window)

    benchmark.pedantic(let_go, setup=again, rounds=7, warmup_rounds=1)
    count = len(selection.selected)
    benchmark.extra_info.update({"stall_ms": statistics.median(stalls), "chosen": count})
    assert count > ALL_ITEMS / 10


def _actions(window: MeasuredWindow) -> Iterator[tuple[str, Callable[[], None]]]:
    explorer, bar = window.explorer, window.explorer.panels.map_bar

    def choose(**changes: object) -> None:
        explorer.store.update(map=replace(explorer.store.state.map, **changes))  # type: ignore[arg-type]

    def hover() -> None:
        for step in range(150):
            _mouse(window, QEvent.Type.MouseMove, QPointF(200.0 + 3 * step, 150.0 + 2 * step), _NONE)
            window.rest(0.004)

    def zoom() -> None:
        for step in range(80):
            window.map.zoom(1.1 if step < 40 else 1 / 1.1, QPointF(400.0, 300.0))
            window.rest(0.012)

    def select() -> None:
        _draw_lasso(window)
        _mouse(window, QEvent.Type.MouseButtonRelease, _region(window)[-1])
        window.map._region_gesture.choose_tool("")

    yield "idle", lambda: window.rest(0.5)
    yield "hide classes", lambda: choose(hidden_classes=("3", "5"))
    yield "show classes", lambda: choose(hidden_classes=())
    yield "colour by error", lambda: choose(colour_by="error")
    yield "one colour", lambda: choose(colour_by="none")
    yield "colour by class", lambda: choose(colour_by="class")
    yield "other axes", lambda: bar.plane_chosen.emit(PlaneChoice(first=1, second=0))
    yield "evenly in probability", lambda: bar.spacing_chosen.emit("probability")
    yield "evenly in code", lambda: bar.spacing_chosen.emit("even")
    yield "contours", lambda: choose(contours_shown=True)
    yield "select", select
    yield "clear", explorer.selection.clear
    yield "hover", hover
    yield "zoom", zoom


def test_longest_stalls(benchmark: "BenchmarkFixture", full_window: MeasuredWindow) -> None:
    """How long the window's thread answers to nothing while everything is done with so many points."""
    stalls: dict[str, float] = {}

    def use_everything() -> None:
        for name, act in _actions(full_window):
            watch = full_window.watch_stalls()
            act()
            full_window.rest(1.5)
            stalls[f"{name} (ms)"] = watch.stop()

    benchmark.pedantic(use_everything)
    benchmark.extra_info.update(stalls | {"longest_ms": max(stalls.values())})
