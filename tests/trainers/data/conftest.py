"""Folders, small datasets and small files of the formats that are read."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset

IdxWriter = Callable[[Path, NDArray[np.uint8]], Path]


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder for one test."""
    folder = tmp_path / "own cache"
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(folder))
    return folder


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> Path:
    """An empty data folder for one test, with an empty cache."""
    folder = tmp_path / "own data"
    folder.mkdir()
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(folder))
    return folder


@pytest.fixture
def small_dataset() -> ImageDataset:
    """Fifty 3×4 grey images; the label and attribute of each is its place."""
    generator = torch.Generator().manual_seed(3)
    images = torch.randint(0, 256, (50, 1, 3, 4), generator=generator, dtype=torch.uint8)
    spec = DataSpec(name="small", shape=(1, 3, 4), class_names=tuple(map(str, range(50))), attribute_names=("place",))
    places = torch.arange(50)
    return ImageDataset(spec, "train", images, places, places.float().unsqueeze(1))


@pytest.fixture
def write_idx() -> IdxWriter:
    """Writes an array as an idx file, packed if its name ends in .gz."""

    def write(path: Path, values: NDArray[np.uint8]) -> Path:
        header = bytes((0, 0, 8, values.ndim)) + np.array(values.shape, ">u4").tobytes()
        path.parent.mkdir(parents=True, exist_ok=True)
        content = header + values.tobytes()
        path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
        return path

    return write


@pytest.fixture
def write_mnist(write_idx: IdxWriter) -> Callable[[Path, str], dict[str, str]]:
    """Writes four small files of MNIST's format below a folder and gives the MD5 of each by name."""

    def write(folder: Path, ending: str) -> dict[str, str]:
        generator = np.random.default_rng(0)
        checksums = {}
        for prefix, count in (("train", 30), ("t10k", 10)):
            images = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
            labels = (np.arange(count) % 10).astype(np.uint8)
            for name, values in ((f"{prefix}-images-idx3-ubyte", images), (f"{prefix}-labels-idx1-ubyte", labels)):
                file = write_idx(folder / (name + ending), values)
                checksums[file.name] = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
        return checksums

    return write
