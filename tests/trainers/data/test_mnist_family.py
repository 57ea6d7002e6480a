import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from trainers.data.catalogue import DATASETS, dataset_available, load_dataset
from trainers.data.idx_file import read_idx
from trainers.errors import FailureError

MnistWriter = Callable[[Path, str], dict[str, str]]
IdxWriter = Callable[[Path, NDArray[np.uint8]], Path]


def published(monkeypatch: pytest.MonkeyPatch, folder: Path, checksums: dict[str, str]) -> None:
    """Let torchvision's table of addresses name a folder of this machine."""
    from torchvision.datasets import MNIST

    monkeypatch.setattr(MNIST, "mirrors", ["file:///there/is/no/such/mirror/", f"{folder.as_uri()}/"])
    monkeypatch.setattr(MNIST, "resources", list(checksums.items()))


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_splits_are_read(ending: str, own_data: Path, write_mnist: MnistWriter) -> None:
    assert not dataset_available("mnist")
    write_mnist(own_data / "MNIST" / "raw", ending)
    assert dataset_available("mnist")
    train, test = load_dataset("mnist", "train"), load_dataset("mnist", "test")
    assert (len(train), len(test)) == (30, 10)
    assert train.images.shape == (30, 1, 28, 28)
    assert train.images.dtype == torch.uint8
    assert train.labels is not None
    assert train.labels.tolist() == [place % 10 for place in range(30)]
    assert train.spec == test.spec
    assert train.spec.count == 30
    assert len(train.spec.fingerprint) == 64
    expected = np.random.default_rng(0).integers(0, 256, (30, 28, 28), dtype=np.uint8)
    assert np.array_equal(train.images[:, 0].numpy(), expected)


def test_relatives_have_folders_and_classes_of_their_own(own_data: Path, write_mnist: MnistWriter) -> None:
    write_mnist(own_data / "FashionMNIST" / "raw", "")
    assert load_dataset("fashion_mnist", "test").spec.class_names[9] == "ankle boot"
    assert not dataset_available("mnist")
    write_mnist(own_data / "KMNIST" / "raw", "")
    assert load_dataset("kmnist", "test").spec.class_names[3] == "tsu"


def test_reading_writes_nothing_beside_the_data(own_data: Path, write_mnist: MnistWriter) -> None:
    write_mnist(own_data / "MNIST" / "raw", "")
    before = sorted(own_data.rglob("*"))
    load_dataset("mnist", "train")
    assert sorted(own_data.rglob("*")) == before


def test_cache_follows_its_sources(own_data: Path, write_mnist: MnistWriter, write_idx: IdxWriter) -> None:
    folder = own_data / "MNIST" / "raw"
    write_mnist(folder, "")
    first = load_dataset("mnist", "train")
    images = write_idx(folder / "train-images-idx3-ubyte", np.full((30, 28, 28), 7, np.uint8))
    os.utime(images, ns=(1, 1))
    second = load_dataset("mnist", "train")
    assert int(second.images.min()) == int(second.images.max()) == 7
    assert second.spec.fingerprint != first.spec.fingerprint


def test_missing_files_say_what_to_do(own_data: Path) -> None:
    with pytest.raises(FailureError, match="python -m trainers data get mnist") as caught:
        load_dataset("mnist", "train")
    assert str(own_data / "MNIST" / "raw") in str(caught.value)
    assert "MNIST is not on this machine" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not an idx file"),
        (b"<html>not found</html>", "is not an idx file"),
        (bytes((0, 0, 8, 1)) + bytes((0, 0, 0, 5)) + bytes(5), "is not an idx file"),
        (bytes((0, 0, 8, 3)) + bytes(8), "is not an idx file"),
        (bytes((0, 0, 8, 3)) + np.array([30, 28, 28], ">u4").tobytes() + bytes(1000), "is damaged"),
        (bytes((0, 0, 8, 3)) + np.array([2, 1, 1], ">u4").tobytes() + bytes(3), "is damaged"),
    ],
    ids=["empty", "foreign", "labels", "cut header", "truncated", "too long"],
)
def test_damaged_file_is_named(content: bytes, sentence: str, own_data: Path, write_mnist: MnistWriter) -> None:
    folder = own_data / "MNIST" / "raw"
    write_mnist(folder, "")
    (folder / "train-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(FailureError, match=sentence) as caught:
        load_dataset("mnist", "test")
    assert str(folder / "train-images-idx3-ubyte") in str(caught.value)


def test_truncated_archive_is_named(own_data: Path, write_mnist: MnistWriter) -> None:
    folder = own_data / "MNIST" / "raw"
    write_mnist(folder, ".gz")
    archive = folder / "t10k-images-idx3-ubyte.gz"
    archive.write_bytes(archive.read_bytes()[:-20])
    with pytest.raises(FailureError, match="cannot be read") as caught:
        load_dataset("mnist", "test")
    assert str(archive) in str(caught.value)


@pytest.mark.parametrize("labels", [np.zeros(29, np.uint8), np.full(30, 10, np.uint8)], ids=["too few", "foreign"])
def test_labels_must_fit(
    labels: NDArray[np.uint8], own_data: Path, write_mnist: MnistWriter, write_idx: IdxWriter
) -> None:
    folder = own_data / "MNIST" / "raw"
    write_mnist(folder, "")
    file = write_idx(folder / "train-labels-idx1-ubyte", labels)
    with pytest.raises(FailureError, match=r"labels for|no class") as caught:
        load_dataset("mnist", "train")
    assert str(file) in str(caught.value)


def test_idx_of_any_shape(tmp_path: Path, write_idx: IdxWriter) -> None:
    values = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    assert np.array_equal(read_idx(write_idx(tmp_path / "values", values), 3).numpy(), values)


def test_download_fetches_checks_and_reports(
    tmp_path: Path, own_data: Path, write_mnist: MnistWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(monkeypatch, tmp_path / "mirror", write_mnist(tmp_path / "mirror", ".gz"))
    shares: list[float] = []
    train = load_dataset("mnist", "train", allow_download=True, report=lambda share, _what: shares.append(share))
    assert len(train) == 30
    names = sorted(file.name for file in (own_data / "MNIST" / "raw").iterdir())
    assert names == sorted(
        f"{prefix}-{kind}-ubyte" for prefix in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
    )
    downloading = shares[: shares.index(1.0) + 1]
    assert downloading == sorted(downloading)
    assert downloading[0] > 0.0


def test_download_repairs_only_what_is_damaged(
    tmp_path: Path, own_data: Path, write_mnist: MnistWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(monkeypatch, tmp_path / "mirror", write_mnist(tmp_path / "mirror", ".gz"))
    folder = own_data / "MNIST" / "raw"
    write_mnist(folder, "")
    (folder / "t10k-labels-idx1-ubyte").write_bytes(b"damaged")
    kept = (folder / "train-images-idx3-ubyte").stat().st_mtime_ns
    DATASETS["mnist"].download(lambda _share, _what: None)
    assert len(load_dataset("mnist", "test")) == 10
    assert (folder / "train-images-idx3-ubyte").stat().st_mtime_ns == kept


@pytest.mark.parametrize("labels", [np.zeros(29, np.uint8), np.full(30, 10, np.uint8)], ids=["too few", "foreign"])
def test_download_repairs_labels_that_do_not_fit(
    labels: NDArray[np.uint8],
    tmp_path: Path,
    own_data: Path,
    write_mnist: MnistWriter,
    write_idx: IdxWriter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published(monkeypatch, tmp_path / "mirror", write_mnist(tmp_path / "mirror", ".gz"))
    folder = own_data / "MNIST" / "raw"
    write_mnist(folder, "")
    write_idx(folder / "train-labels-idx1-ubyte", labels)
    kept = (folder / "t10k-labels-idx1-ubyte").stat().st_mtime_ns
    DATASETS["mnist"].download(lambda _share, _what: None)
    assert len(load_dataset("mnist", "train")) == 30
    assert (folder / "t10k-labels-idx1-ubyte").stat().st_mtime_ns == kept


def test_foreign_download_is_refused(
    tmp_path: Path, own_data: Path, write_mnist: MnistWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    checksums = dict.fromkeys(write_mnist(tmp_path / "mirror", ".gz"), "0" * 32)
    published(monkeypatch, tmp_path / "mirror", checksums)
    with pytest.raises(FailureError, match="another checksum"):
        DATASETS["mnist"].download(lambda _share, _what: None)
    assert list((own_data / "MNIST" / "raw").iterdir()) == []


def test_without_network_the_sentence_says_where_to_put_files(
    tmp_path: Path, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(monkeypatch, tmp_path / "empty", {"train-images-idx3-ubyte.gz": "0" * 32})
    with pytest.raises(FailureError, match="check the network") as caught:
        DATASETS["mnist"].download(lambda _share, _what: None)
    assert f"into {own_data / 'MNIST' / 'raw'}" in str(caught.value)


def test_data_folder_that_cannot_be_written(
    tmp_path: Path, write_mnist: MnistWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(monkeypatch, tmp_path / "mirror", write_mnist(tmp_path / "mirror", ".gz"))
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(FailureError, match="set LATENT_EXPLORER_DATA"):
        DATASETS["mnist"].download(lambda _share, _what: None)
