"""The budgets of the history: from a scrubbed place to its picture, playing, and what the window's thread pays."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.conftest import MeasuredWindow, percentiles

_EPOCHS = 12
_PLAYED_S = 5.0


@pytest.fixture(scope="module")
def run(mnist_shaped_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a small convolutional VAE of two dimensions with a snapshot for every epoch."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    command = [sys.executable, "-m", "trainers", "train", "vae", "--data", "mnist", "--epochs", str(_EPOCHS)]
    command += ["--set", "latent_size=2", "--run", str(folder), "--max-steps", str(_EPOCHS * 20), "--batch-size", "640"]
    environment = {**os.environ, "LATENT_EXPLORER_DATA": str(mnist_shaped_data)}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    return folder


@pytest.fixture
def window(
    qapp: QApplication, mnist_shaped_data: Path, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MeasuredWindow]:
    """The real window at 1600×1000 on that run, settled."""
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(mnist_shaped_data))
    opened = MeasuredWindow(tmp_path / "home", str(run))
    opened.settle()
    yield opened
    opened.close()


def scrub(window: MeasuredWindow, places: list[int]) -> list[float]:
    """Milliseconds from a place to the painted picture of its snapshot, with time to rest in between."""
    return [window.scrub_to(place) for place in places]


@pytest.mark.parametrize("kept", ["uncached", "cached"])
def test_scrub(benchmark: BenchmarkFixture, window: MeasuredWindow, kept: str) -> None:
    """Each place once; cached: once more, backwards."""
    marks = window.explorer.history.history.marks
    places = list(range(len(marks) - 1))
    if kept == "cached":
        scrub(window, places)
    benchmark.extra_info["snapshots"] = len(marks)
    benchmark.extra_info.update(percentiles(benchmark.pedantic(scrub, args=(window, places[-2::-1]))))


def test_drag_over_the_run(benchmark: BenchmarkFixture, window: MeasuredWindow) -> None:
    """A quick drag there and back: the longest stall, and how long the last place takes."""
    panel, marks = window.explorer.panels.history, window.explorer.history.history.marks

    def drag() -> None:
        watch = window.watch_stalls()
        for place in (*range(len(marks) - 1, -1, -1), *range(len(marks))):
            panel.place_chosen.emit(place)
            window.rest(0.012)
        benchmark.extra_info["last_ms"] = window.scrub_to(len(marks) // 2)
        benchmark.extra_info["longest_ms"] = watch.stop()

    benchmark.pedantic(drag)


def test_play(benchmark: BenchmarkFixture, window: MeasuredWindow) -> None:
    """Snapshots painted in a second of playing at 10 and at 20 a second, once each has been seen, and stalls."""
    explorer = window.explorer
    scrub(window, list(range(len(explorer.history.history.marks))))
    shown: list[int] = []
    explorer.code.picture_shown.connect(lambda *_: shown.append(explorer.planner.plan.opened.facts.step))  # type: ignore[union-attr]

    def play() -> None:
        for speed in (10, 20):
            shown.clear()
            explorer.panels.history.speed_changed.emit(speed)
            watch = window.watch_stalls()
            explorer.history.play_or_pause()
            window.rest(_PLAYED_S)
            explorer.history.play_or_pause()
            changes = sum(first != second for first, second in pairwise(shown))
            benchmark.extra_info[f"shown_a_second_at_{speed}"] = changes / _PLAYED_S
            benchmark.extra_info[f"longest_ms_at_{speed}"] = watch.stop()

    benchmark.pedantic(play)
