"""What tests of controllers share: something that is open, encoded data, and a stand-in for each part."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from explorer.controllers.plane_controller import PlaneController
from explorer.controllers.planner import Planner
from explorer.services.encodings import EncodedItems, encoded_items
from explorer.services.opening import Opened
from explorer.state.map_values import MapView
from explorer.state.model_facts import BlockFacts, ModelFacts
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.stand_ins import (
    BarStandIn,
    CodebookStandIn,
    DecoderStandIn,
    FilesStandIn,
    GridStandIn,
    JobsStandIn,
    LibraryStandIn,
    MapStandIn,
    MeasureDialogStandIn,
    MetricsPanelStandIn,
    ModelStandIn,
    SelectionStandIn,
    SlidersStandIn,
    StandIn,
    TrainingStandIn,
    TrainStandIn,
    WindowStandIn,
)

Open = Callable[..., Opened]
Encode = Callable[..., EncodedItems]


def _facts(size: int = 2, generation: int = 1, **changes: object) -> ModelFacts:
    values: dict[str, Any] = {
        "title": "vae / digits",
        "path": "/runs/a/checkpoints/1",
        "generation": generation,
        "latent_size": size,
        "dimension_names": tuple(f"z{index + 1}" for index in range(size)),
        "means": (0.0,) * size,
        "deviations": (1.0,) * size,
        "image_shape": (1, 8, 8),
        "class_names": ("a", "b"),
        "capabilities": frozenset({"encoder"}),
        "data": "digits",
        "epoch": 1.0,
        "step": 10,
        "blocks": (BlockFacts("z", 0, size),),
    }
    return ModelFacts(**(values | changes))


def _opened(size: int = 2, generation: int = 1, opening: int = 1, path: str = "/runs/a", **changes: object) -> Opened:
    return Opened(path, opening, _facts(size, generation, **changes))


def _encoded(size: int = 2, generation: int = 1, count: int = 50) -> EncodedItems:
    codes = np.random.default_rng(generation).standard_normal((count, size)).astype(np.float32)
    return encoded_items(generation, codes, None, np.arange(count) % 2, ("a", "b"), "test items")


@pytest.fixture(scope="session")
def opened() -> Open:
    """Makes something that is open: `opened(latent_size, generation, opening, path, **facts)`."""
    return _opened


@pytest.fixture(scope="session")
def encoded() -> Encode:
    """Makes encoded data: `encoded(latent_size, generation, count)`."""
    return _encoded


@pytest.fixture
def store() -> SessionStore:
    return SessionStore(SessionState(model="/runs/a", code=(0.0, 0.0)))


@pytest.fixture
def planner(store: SessionStore) -> Planner:
    return Planner(store)


@pytest.fixture
def seen() -> MapView:
    return MapView(-3.0, -3.0, 3.0, 3.0, 600, 600)


@pytest.fixture
def decoder() -> DecoderStandIn:
    return DecoderStandIn(is_idle=True)


@pytest.fixture
def jobs() -> JobsStandIn:
    return JobsStandIn(is_busy=False)


@pytest.fixture
def latent_map(seen: MapView) -> MapStandIn:
    return MapStandIn(view=seen, shows_home=True)


@pytest.fixture
def bar() -> BarStandIn:
    return BarStandIn()


@pytest.fixture
def sliders() -> SlidersStandIn:
    return SlidersStandIn()


@pytest.fixture
def window() -> WindowStandIn:
    return WindowStandIn()


@pytest.fixture
def panel() -> StandIn:
    """A panel without signals."""
    return StandIn()


@pytest.fixture
def grid() -> GridStandIn:
    """The reconstructions or samples panel."""
    return GridStandIn()


@pytest.fixture
def codebook() -> CodebookStandIn:
    return CodebookStandIn()


@pytest.fixture
def selecting() -> SelectionStandIn:
    return SelectionStandIn(isVisible=True)


@pytest.fixture
def train() -> TrainStandIn:
    return TrainStandIn()


@pytest.fixture
def library() -> LibraryStandIn:
    return LibraryStandIn()


@pytest.fixture
def files() -> FilesStandIn:
    return FilesStandIn()


@pytest.fixture
def metrics_panel() -> MetricsPanelStandIn:
    return MetricsPanelStandIn(isVisible=True)


@pytest.fixture
def measure_dialog() -> MeasureDialogStandIn:
    return MeasureDialogStandIn()


@pytest.fixture
def model() -> ModelStandIn:
    return ModelStandIn(is_opening=False)


@pytest.fixture
def training() -> TrainingStandIn:
    return TrainingStandIn(is_own=False, is_active=False)


@pytest.fixture
def plane_controller(
    store: SessionStore,
    planner: Planner,
    jobs: JobsStandIn,
    latent_map: MapStandIn,
    bar: BarStandIn,
    opened: Open,
) -> PlaneController:
    """The controller of planes, with a model of three dimensions open at its origin."""
    made = PlaneController(store, planner, jobs, latent_map, bar)  # type: ignore[arg-type]
    planner.set_opened(opened(3), code=(0.0, 0.0, 0.0))
    return made
