import hashlib
import io
import pickle
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from trainers.data.catalogue import DATASETS, dataset_available, load_dataset
from trainers.errors import FailureError

CLASSES = ["airplane", "automobile", "bird"]


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def batches() -> Iterator[tuple[str, bytes]]:
    generator = np.random.default_rng(0)
    for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"):
        data = generator.integers(0, 256, (4, 3072), dtype=np.uint8)
        yield name, pickle.dumps({"data": data, "labels": [0, 1, 2, 0]})
    yield "batches.meta", pickle.dumps({"label_names": CLASSES})


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small archive of CIFAR-10's format that torchvision's table names."""
    from torchvision.datasets import CIFAR10

    path, checksums = tmp_path / "cifar-10-python.tar.gz", {}
    with tarfile.open(path, "w:gz") as packed:
        for name, content in batches():
            checksums[name] = md5(content)
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    monkeypatch.setattr(CIFAR10, "url", path.as_uri())
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(path.read_bytes()))
    monkeypatch.setattr(CIFAR10, "meta", {**CIFAR10.meta, "md5": checksums["batches.meta"]})
    monkeypatch.setattr(CIFAR10, "train_list", [[name, checksums[name]] for name, _ in CIFAR10.train_list])
    monkeypatch.setattr(CIFAR10, "test_list", [[name, checksums[name]] for name, _ in CIFAR10.test_list])
    return path


def test_downloaded_and_read(archive: Path, own_data: Path) -> None:
    assert not dataset_available("cifar10")
    train = load_dataset("cifar10", "train", allow_download=True)
    test = load_dataset("cifar10", "test")
    assert train.images.shape == (20, 3, 32, 32)
    assert len(test) == 4
    assert train.spec.class_names == tuple(CLASSES)
    first = pickle.loads(next(batches())[1])["data"][0].reshape(3, 32, 32)
    assert np.array_equal(train.images[0].numpy(), first)
    assert test.labels is not None
    assert test.labels.tolist() == [0, 1, 2, 0]
    assert {file.name for file in own_data.iterdir()} == {"cifar-10-batches-py"}


def test_changed_pickle_is_not_opened(archive: Path, own_data: Path) -> None:
    DATASETS["cifar10"].download(lambda _share, _what: None)
    (own_data / "cifar-10-batches-py" / "test_batch").write_bytes(pickle.dumps({"data": [], "labels": []}))
    with pytest.raises(FailureError, match="is damaged"):
        load_dataset("cifar10", "test")


def test_download_repairs_what_is_damaged_and_keeps_what_is_good(archive: Path, own_data: Path) -> None:
    source, batch = DATASETS["cifar10"], own_data / "cifar-10-batches-py" / "test_batch"
    source.download(lambda _share, _what: None)
    before = source.signature()
    source.download(lambda _share, _what: None)
    assert source.signature() == before
    good = batch.read_bytes()
    batch.write_bytes(b"damaged")
    source.download(lambda _share, _what: None)
    assert batch.read_bytes() == good


def test_missing_says_what_to_do(own_data: Path) -> None:
    with pytest.raises(FailureError, match="python -m trainers data get cifar10"):
        load_dataset("cifar10", "train")
