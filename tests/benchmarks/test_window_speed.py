"""The budgets of the window: dragging, tiles, panning, stalls, what watching costs a run."""

import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture

from explorer.services.point_values import point_values
from explorer.state.map_values import PointCloud
from explorer.state.training_values import TrainingWish
from explorer.views.latent_map import LatentMap

if TYPE_CHECKING:
    from explorer.services.tile_decoding import DecodedTiles
    from tests.benchmarks.conftest import MeasuredWindow

MOVES = 400
PICTURE_SIDE = 28
_TURNS, _TURN_S, _HEARD_S = 6, 8.0, 0.3


def start_training(window: "MeasuredWindow") -> None:
    wish = TrainingWish(model="vae", data="mnist", epochs=1000)
    window.explorer.panels.train.training_requested.emit(wish)
    window.wait(lambda: window.explorer.training.status.step > 0)


def test_drag(benchmark: BenchmarkFixture, measured_window: "MeasuredWindow") -> None:
    summary = benchmark.pedantic(measured_window.drag_around, args=(MOVES,))
    benchmark.extra_info.update(summary)


def test_drag_while_training(
    benchmark: BenchmarkFixture,
    measured_window: "MeasuredWindow",
) -> None:
    start_training(measured_window)
    measured_window.rest(3.0)
    summary = benchmark.pedantic(measured_window.drag_around, args=(MOVES,))
    benchmark.extra_info.update(summary)


def test_tiles(benchmark: BenchmarkFixture, measured_window: "MeasuredWindow") -> None:
    """From a new view of the map to its first and to its last tiles; each round looks at a place never seen."""
    first: list[float] = []
    complete: list[float] = []
    tiles: list[int] = []
    arrived: list[tuple[float, DecodedTiles]] = []
    measured_window.explorer.decoder.tiles_decoded.connect(
        lambda decoded: arrived.append((time.perf_counter(), decoded))
    )
    measured_window.explorer.window.resize(1600, 1340)
    measured_window.settle()
    view = measured_window.map.view()
    # Tiles of a quarter of a unit, just larger on the screen than their pictures, so that none coarser will do.
    width, height = (0.25 * pixels / (PICTURE_SIDE + 0.5) for pixels in (view.width_px, view.height_px))
    rounds = iter(range(1000))

    def look_elsewhere() -> None:
        arrived.clear()
        left = 100.0 * next(rounds)
        begin = time.perf_counter()
        measured_window.map.set_view(left, 0.0, left + width, height)
        measured_window.wait(lambda: bool(arrived) and arrived[-1][1].complete)
        first.append((arrived[0][0] - begin) * 1e3)
        complete.append((arrived[-1][0] - begin) * 1e3)
        rows, columns, _ = arrived[-1][1].mosaics[-1].picture.shape
        tiles.append(rows * columns // PICTURE_SIDE**2)

    benchmark.pedantic(look_elsewhere, rounds=15, warmup_rounds=1)
    benchmark.extra_info.update(
        {
            "first_ms": statistics.median(first),
            "all_ms": statistics.median(complete),
            "tiles": statistics.median(tiles),
        }
    )


def many_points(count: int, *, by_value: bool) -> PointCloud:
    """Points with pictures, in ten classes or with a number each."""
    random = np.random.default_rng(0)
    positions = random.standard_normal((count, 2)).astype(np.float32)
    groups = random.integers(0, 10, count)
    pictures = np.broadcast_to(np.uint8(128), (count, 1, PICTURE_SIDE, PICTURE_SIDE))
    values = point_values(positions[:, 0] + positions[:, 1], "number") if by_value else None
    return PointCloud(positions, groups, tuple("0123456789"), values=values, pictures=pictures)


@pytest.mark.parametrize("colours", ["class", "value"])
@pytest.mark.parametrize("count", [10_000, 70_000, 1_000_000])
def test_pan(benchmark: BenchmarkFixture, qapp: QApplication, count: int, colours: str) -> None:
    """One frame of a pan: the points are drawn anew at every place."""
    latent_map = LatentMap()
    latent_map.resize(1000, 800)
    latent_map.show()
    latent_map.show_extent(-3.0, -3.0, 3.0, 3.0)
    cloud = many_points(count, by_value=colours == "value")
    begin = time.perf_counter()
    latent_map.show_points(cloud)
    benchmark.extra_info["given_ms"] = (time.perf_counter() - begin) * 1e3
    qapp.processEvents()
    frames = iter(range(1_000_000))

    def frame() -> None:
        shift = 0.01 * (next(frames) % 100)
        latent_map.set_view(-3.0 + shift, -3.0, 3.0 + shift, 3.0)
        latent_map.grab()

    benchmark.pedantic(frame, rounds=40, warmup_rounds=3)
    latent_map.close()
    latent_map.deleteLater()


def test_longest_stall(
    benchmark: BenchmarkFixture,
    measured_window: "MeasuredWindow",
) -> None:
    """The window's thread while its panels are used, a model is opened and a run is trained and watched."""
    stalls: dict[str, float] = {}
    watch = measured_window.watch_stalls()
    explorer, panels = measured_window.explorer, measured_window.explorer.panels

    def measure(name: str, seconds: float = 1.0) -> None:
        measured_window.rest(seconds)
        stalls[name] = watch.stop()
        watch.start()

    def use_everything() -> None:
        measure("idle")
        measured_window.drag_around(60)
        measure("drag")
        panels.map_bar.spacing_chosen.emit("probability")
        measure("spacing")
        panels.map_bar.spacing_chosen.emit("even")
        measure("spacing back")
        panels.sliders.randomise_requested.emit()
        measure("randomise")
        for theme in ("dark", "light"):
            explorer.frame.set_theme(theme)
            measure(f"{theme} theme")
        explorer.library.open_shipped()
        measure("open a model", 2.0)
        start_training(measured_window)
        measure("start training", 2.0)
        measure("watch training", 8.0)
        explorer.training.stop()
        measured_window.wait(lambda: not explorer.training.is_active())
        measure("stop training", 2.0)

    benchmark.pedantic(use_everything)
    watch.stop()
    benchmark.extra_info.update({f"{name} (ms)": longest for name, longest in stalls.items()})
    benchmark.extra_info["longest_ms"] = max(stalls.values())


def test_training_while_watched(
    benchmark: BenchmarkFixture,
    measured_window: "MeasuredWindow",
) -> None:
    """Steps per second of one run, by turns while the window shows it and while all of the window sleeps."""
    start_training(measured_window)
    explorer = measured_window.explorer
    explorer.model.open(explorer.training.run)
    measured_window.rest(_TURN_S)
    rates: dict[str, list[float]] = {"watched": [], "alone": []}

    def steps_a_second(wait: Callable[[float], None]) -> float:
        step, begin = explorer.training.status.step, time.perf_counter()
        wait(_TURN_S)
        # Until what was told in the meantime is heard.
        measured_window.rest(_HEARD_S)
        return (explorer.training.status.step - step) / (time.perf_counter() - begin)

    def watch_by_turns() -> None:
        for _ in range(_TURNS):
            rates["watched"].append(steps_a_second(measured_window.rest))
            rates["alone"].append(steps_a_second(time.sleep))

    benchmark.pedantic(watch_by_turns)
    watched, alone = statistics.median(rates["watched"]), statistics.median(rates["alone"])
    benchmark.extra_info.update(
        {"watched_steps_s": watched, "alone_steps_s": alone, "slowed_by": 1.0 - watched / alone}
    )
