import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trainers.data.dataset_cache import DatasetCache, OpenedSplit
from trainers.data.image_dataset import ImageDataset, Split
from trainers.data.import_report import FileProblem, ImportReport
from trainers.errors import FailureError

REPORT = ImportReport(kept=50, problems=(FileProblem(path="a.png", sentence="is empty"),))


def both_splits(dataset: ImageDataset) -> dict[Split, OpenedSplit]:
    return {
        "train": OpenedSplit(dataset, REPORT),
        "test": OpenedSplit(replace(dataset, split="test", images=255 - dataset.images), REPORT),
    }


def test_what_is_written_is_read(own_cache: Path, small_dataset: ImageDataset) -> None:
    cache = DatasetCache("/some/where/small", "version 1")
    cache.write(both_splits(small_dataset))
    train, test = cache.read("train"), cache.read("test")
    assert train is not None
    assert test is not None
    assert train.report == REPORT
    assert train.dataset.spec == small_dataset.spec
    assert test.dataset.split == "test"
    assert torch.equal(test.dataset.images, 255 - small_dataset.images)
    assert train.dataset.labels is not None
    assert train.dataset.attributes is not None
    assert torch.equal(train.dataset.labels, torch.arange(50))
    assert torch.equal(train.dataset.attributes[:, 0], torch.arange(50.0))
    assert not list(own_cache.rglob("*.part"))


def test_reading_copies_nothing(own_cache: Path, small_dataset: ImageDataset) -> None:
    if not Path("/proc/self/maps").exists():
        pytest.skip("only Linux shows which files are mapped")
    cache = DatasetCache("small", "1")
    cache.write(both_splits(small_dataset))
    opened = cache.read("train")
    assert opened is not None
    address = opened.dataset.images.data_ptr()
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        start, end = (int(number, 16) for number in line.split()[0].split("-"))
        if start <= address < end:
            assert str(cache.path("train")) in line
            return
    pytest.fail("the images are not in any mapping")


def test_datasets_of_one_name_do_not_share_files(own_cache: Path) -> None:
    assert DatasetCache("/a/cats", "1").path("train") != DatasetCache("/b/cats", "1").path("train")


def test_other_signature_is_not_read(own_cache: Path, small_dataset: ImageDataset) -> None:
    DatasetCache("small", "1").write(both_splits(small_dataset))
    assert DatasetCache("small", "2").read("train") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:100],
        lambda content: content[:-1],
        lambda content: b"\xff" * 8 + content[8:],
        lambda content: content.replace(b"image_", b"imagf_").replace(b'"images"', b'"imagex"'),
        lambda content: content.replace(b"latent-explorer dataset", b"latent-explorer datasex"),
    ],
    ids=["empty", "cut in the header", "one byte short", "header size", "tensor missing", "format"],
)
def test_damaged_file_is_not_read(
    damage: Callable[[bytes], bytes], own_cache: Path, small_dataset: ImageDataset
) -> None:
    cache = DatasetCache("small", "1")
    cache.write(both_splits(small_dataset))
    path = cache.path("train")
    content = path.read_bytes()
    path.write_bytes(damage(content))
    assert path.read_bytes() != content
    assert cache.read("train") is None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_bytes_are_refused_quietly(content: bytes, own_cache: Path) -> None:
    path = DatasetCache("foreign", "1").path("train")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert DatasetCache("foreign", "1").read("train") is None


def test_folder_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_dataset: ImageDataset
) -> None:
    # A file in the way stops every user, even one who may write anywhere.
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "file" / "cache"))
    cache = DatasetCache("small", "1")
    with pytest.raises(FailureError, match="LATENT_EXPLORER_CACHE"):
        cache.write(both_splits(small_dataset))
    assert cache.read("train") is None


def test_full_disk_leaves_the_old_file(own_cache: Path, small_dataset: ImageDataset) -> None:
    resource = pytest.importorskip("resource", reason="file sizes are limited on Unix only")
    cache = DatasetCache("small", "1")
    cache.write(both_splits(small_dataset))
    before = cache.path("train").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, limits[1]))
    try:
        with pytest.raises(FailureError, match="read again"):
            cache.write(both_splits(replace(small_dataset, images=small_dataset.images.clone().zero_())))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert cache.path("train").read_bytes() == before
    assert not list(own_cache.rglob("*.part"))


def test_writers_at_the_same_time(own_cache: Path, small_dataset: ImageDataset) -> None:
    cache = DatasetCache("small", "1")
    refused: list[FailureError] = []

    def write_often() -> None:
        try:
            for _ in range(10):
                cache.write(both_splits(small_dataset))
        except FailureError as error:
            refused.append(error)

    writers = [threading.Thread(target=write_often) for _ in range(4)]
    for writer in writers:
        writer.start()
    seen = 0
    while any(writer.is_alive() for writer in writers):
        opened = cache.read("train")
        if opened is not None:
            seen += 1
            assert torch.equal(opened.dataset.images, small_dataset.images)
    for writer in writers:
        writer.join()
    assert refused == []
    assert cache.read("test") is not None
