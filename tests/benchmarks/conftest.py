"""Data for measurements, made on the spot so that every machine measures the same work."""

import struct
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

TRAINING_ITEMS = 12_800
TEST_ITEMS = 1_280


@pytest.fixture(scope="session")
def mnist_shaped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with scikit-learn's real digits enlarged to 28×28 and repeated, in the files MNIST comes in."""
    root = tmp_path_factory.mktemp("data")
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    digits = load_digits()
    small = np.asarray(digits.images) * (255.0 / 16.0)
    pictures = np.pad(small.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2))).astype(np.uint8)
    for split, count in (("train", TRAINING_ITEMS), ("t10k", TEST_ITEMS)):
        chosen = np.arange(count) % len(pictures)
        images, labels = pictures[chosen], np.asarray(digits.target)[chosen].astype(np.uint8)
        header = struct.pack(">IIII", 0x803, count, 28, 28)
        (raw / f"{split}-images-idx3-ubyte").write_bytes(header + images.tobytes())
        (raw / f"{split}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 0x801, count) + labels.tobytes())
    return root
