"""What the window's thread pays while the panels below the map are at work, with the 10,000 test digits of MNIST."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from explorer.state.metric_values import MeasureWish
from explorer.state.reconstruction_choices import CorruptionChoice
from tests.benchmarks.conftest import MeasuredWindow
from trainers.data.catalogue import dataset_available
from trainers.engine.training import train
from trainers.engine.training_request import TrainingRequest

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

_SHIPPED = "shipped:digits"
_METRICS = ("reconstruction_error", "ssim", "active_units", "elbo", "iw_bound", "linear_probe")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of a convolutional VAE of eight dimensions, trained for a moment."""
    if not dataset_available("mnist"):
        pytest.skip("MNIST is not on this machine; latent-trainer data fetch mnist brings it")
    request = TrainingRequest(model="vae", model_settings={"latent_size": 8}, data="mnist", epochs=1, max_steps=40)
    train(request, tmp_path / "other")
    return tmp_path / "other"


@pytest.fixture
def window(qapp: QApplication, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MeasuredWindow]:
    """The real window at 1600×1000 on the shipped model, settled; what it measures is kept in a cache of its own."""
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LATENT_EXPLORER_RUNS", str(tmp_path / "runs"))
    opened = MeasuredWindow(tmp_path / "home")
    opened.settle()
    yield opened
    opened.close()


def actions(window: MeasuredWindow, run: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Everything long that the panels can be asked for, by its name."""
    explorer = window.explorer
    store, comparison = explorer.store, explorer.comparison

    def reconstruct(**changes: object) -> None:
        store.update(reconstructions=replace(store.state.reconstructions, **changes))  # type: ignore[arg-type]

    def draw(**changes: object) -> None:
        store.update(samples=replace(store.state.samples, **changes))  # type: ignore[arg-type]

    def show(panel: str) -> None:
        explorer.window.dock(panel).raise_()

    def measure() -> None:
        explorer.metrics.measure(MeasureWish((_SHIPPED,), _METRICS, importance_samples=10, limit=2_000))

    yield "show reconstructions", lambda: show("reconstructions_panel")
    yield "worst of all", lambda: reconstruct(order="worst")
    yield "corrupted", lambda: reconstruct(corruption=CorruptionChoice("gaussian_noise"))
    yield "anomaly scores", lambda: reconstruct(page="anomalies")
    yield "show samples", lambda: show("samples_panel")
    yield "nearest training items", lambda: draw(nearest=True)
    yield "rising temperatures", lambda: draw(rising=True)
    yield "show metrics", lambda: show("metrics_panel")
    yield "measure metrics", measure
    yield "show history", lambda: show("history_panel")
    yield "compare", lambda: comparison.compare_with(str(run))
    yield "swap", comparison.swap
    yield "swap back", comparison.swap
    yield "compare no longer", lambda: comparison.set_shown(False)


def test_stalls_of_panels(benchmark: "BenchmarkFixture", window: MeasuredWindow, run: Path) -> None:
    """The longest time in which nothing is answered from each wish until the window rests again."""
    stalls: dict[str, float] = {}

    def use_everything() -> None:
        for name, act in actions(window, run):
            watch = window.watch_stalls()
            act()
            window.wait(lambda: not window.explorer.metrics.is_measuring())
            window.settle()
            window.rest(0.5)
            stalls[f"{name} (ms)"] = watch.stop()

    benchmark.pedantic(use_everything)
    benchmark.extra_info.update(stalls | {"longest_ms": max(stalls.values())})
