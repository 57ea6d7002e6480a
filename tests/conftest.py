"""What every test finds: a display that needs no screen, a cache of its own, and the real data where they lie."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_MNIST = "MNIST/raw/train-images-idx3-ubyte"


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cache for all tests, so that the faces are drawn once."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_EXPLORER_CACHE", str(folder))
        yield folder


def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("real_data")
    if marker is None:
        return
    folder = os.environ.get("LATENT_EXPLORER_DATA", "")
    missing = [name for name in marker.args or (_MNIST,) if not Path(folder, name).is_file()]
    if not folder or missing:
        pytest.skip(f"LATENT_EXPLORER_DATA does not hold {', '.join(missing) or 'anything'}")
