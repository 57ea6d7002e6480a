import io
import os
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trainers.data.catalogue import dataset_available, dataset_source, load_dataset
from trainers.data.image_import import chosen_for_test, common_size
from trainers.data.import_report import ImportReport
from trainers.errors import UsageError

Writer = Callable[[Mapping[str, bytes]], Path]


def picture(level: int | tuple[int, int, int] = 0, size: tuple[int, int] = (6, 5), kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("L" if isinstance(level, int) else "RGB", size, level).save(stream, kind)
    return stream.getvalue()


def pictures(folder: str, count: int = 8) -> dict[str, bytes]:
    return {f"{folder}{number}.png": picture(10 * number) for number in range(count)}


def write_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    path.mkdir()
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path.with_suffix(".zip")


@pytest.fixture(params=[write_folder, write_zip], ids=["folder", "zip"])
def write(request: pytest.FixtureRequest, tmp_path: Path, own_cache: Path) -> Writer:
    return lambda files: request.param(tmp_path / "own images", files)


def both_splits(path: Path) -> tuple[torch.Tensor, torch.Tensor | None]:
    train, test = load_dataset(str(path), "train"), load_dataset(str(path), "test")
    if train.labels is None or test.labels is None:
        return torch.cat([train.images, test.images]), None
    return torch.cat([train.images, test.images]), torch.cat([train.labels, test.labels])


def report_of(path: Path) -> ImportReport:
    return dataset_source(str(path)).open("train").report


def test_folder_per_class(write: Writer) -> None:
    path = write({**pictures("dogs/"), **pictures("cats/", 5), "cats/young/kitten.png": picture(250)})
    assert dataset_available(str(path))
    spec = load_dataset(str(path), "train").spec
    images, labels = both_splits(path)
    assert spec.name == str(path)
    assert spec.class_names == ("cats", "dogs")
    assert spec.shape == (1, 5, 6)
    assert labels is not None
    assert labels.bincount().tolist() == [6, 8]
    assert labels[images[:, 0, 0, 0] == 250].tolist() == [0]
    assert report_of(path) == ImportReport(kept=14)


def test_one_folder_around_everything_is_unwrapped(write: Writer) -> None:
    path = write({**pictures("smiles/data/happy/"), **pictures("smiles/data/sad/")})
    assert load_dataset(str(path), "train").spec.class_names == ("happy", "sad")


@pytest.mark.parametrize("folder", ["", "all/", "all/of them/"])
def test_flat_folder_has_no_labels(folder: str, write: Writer) -> None:
    path = write(pictures(folder))
    images, labels = both_splits(path)
    assert labels is None
    assert len(images) == 8
    assert load_dataset(str(path), "train").spec.class_names == ()


def test_image_beside_the_class_folders_is_reported(write: Writer) -> None:
    path = write({**pictures("a/"), **pictures("b/"), "stray.png": picture()})
    report = report_of(path)
    assert report.kept == 16
    assert [(problem.path, problem.kept) for problem in report.problems] == [("stray.png", False)]
    assert "class is not known" in report.problems[0].sentence


def test_clutter_is_passed_over(write: Writer) -> None:
    path = write(
        {**pictures("a/"), ".DS_Store": b"x", "Thumbs.db": b"x", "__MACOSX/a/._0.png": b"x", ".git/c.png": picture()}
    )
    assert report_of(path) == ImportReport(kept=8)


def test_bad_files_are_reported_one_by_one(write: Writer) -> None:
    animation, animated = io.BytesIO(), [Image.new("L", (6, 5), level) for level in (5, 200)]
    animated[0].save(animation, "GIF", save_all=True, append_images=animated[1:])
    noise = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 200), dtype=np.uint8)).save(noise, "PNG")
    huge = io.BytesIO()
    Image.new("1", (8000, 8000)).save(huge, "PNG")
    path = write(
        {
            **pictures("a/"),
            **pictures("b/"),
            "a/animated.gif": animation.getvalue(),
            "a/broken.png": noise.getvalue()[:20_000],
            "a/empty.png": b"",
            "a/huge.png": huge.getvalue(),
            "b/notes.txt": b"these are my cats",
            "b/page.jpg": b"<html>",
        }
    )
    report = report_of(path)
    sentences = {problem.path: (problem.sentence, problem.kept) for problem in report.problems}
    assert list(sentences) == sorted(sentences)
    assert sentences["a/animated.gif"] == ("has 2 frames; the first is used", True)
    assert sentences["a/broken.png"][0].startswith("is damaged")
    assert sentences["a/empty.png"] == ("is empty", False)
    assert "8,000 × 8,000 pixels" in sentences["a/huge.png"][0]
    assert sentences["b/notes.txt"][0] == sentences["b/page.jpg"][0] == "is not an image of a known format"
    assert len(sentences) == 6
    assert report.kept == 17
    assert len(both_splits(path)[0]) == 17
    # A second look, from the cache, shows the same.
    assert report_of(path) == report


def test_grey_only_if_all_are(write: Writer) -> None:
    path = write({**pictures(""), "colour.png": picture((200, 10, 10))})
    assert load_dataset(str(path), "train").spec.shape == (3, 5, 6)


def test_grey_saved_as_colour_is_grey(write: Writer) -> None:
    path = write({f"{number}.png": picture((number, number, number)) for number in range(8)})
    assert load_dataset(str(path), "train").spec.shape == (1, 5, 6)


def test_mixed_sizes_get_one(write: Writer) -> None:
    path = write({**pictures(""), "large.png": picture(200, (60, 50)), "wide.png": picture(201, (60, 5))})
    images, _ = both_splits(path)
    assert images.shape == (10, 1, 5, 6)
    assert {200, 201} <= set(images[:, 0, 2, 3].tolist())
    assert load_dataset(str(path), "train", image_size=(3, 4)).spec.shape == (1, 3, 4)
    assert load_dataset(str(path), "train").spec.shape == (1, 5, 6)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(5, 6)] * 3 + [(50, 60)] * 2, (5, 6)),
        ([(10, 10), (20, 30), (30, 20), (40, 40), (25, 25)], (25, 25)),
        ([(3000, 4000)] * 2, (96, 128)),
        ([(128, 128)], (128, 128)),
        ([(1, 5000)], (1, 128)),
    ],
)
def test_common_size(sizes: list[tuple[int, int]], expected: tuple[int, int]) -> None:
    assert common_size(sizes) == expected


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"notes.txt": b"hello"}, "no usable images.*notes.txt is not an image"),
        ({f"{number}.png": b"" for number in range(5)}, "0.png is empty; 1.png is empty; 2.png is empty; and 2 more"),
        ({"only.png": picture()}, "only one usable image"),
        ({}, "has no files; put images into it"),
    ],
    ids=["no image", "all empty", "one", "nothing"],
)
def test_nothing_usable_is_a_sentence(files: dict[str, bytes], sentence: str, write: Writer) -> None:
    path = write(files)
    with pytest.raises(UsageError, match=sentence) as caught:
        load_dataset(str(path), "train")
    assert str(path) in str(caught.value)


def test_split_is_the_same_wherever_the_files_lie(tmp_path: Path, own_cache: Path) -> None:
    files = {**pictures("a/", 25), **pictures("b/", 20)}
    folder = write_folder(tmp_path / "here", files)
    archive = write_zip(tmp_path / "there", {f"wrapped/{name}": content for name, content in files.items()})
    for split in ("train", "test"):
        first, second = load_dataset(str(folder), split), load_dataset(str(archive), split)
        assert torch.equal(first.images, second.images)
        assert first.spec.fingerprint == second.spec.fingerprint


@given(paths=st.lists(st.text(max_size=8), min_size=2, max_size=60, unique=True))
def test_neither_split_is_empty(paths: list[str]) -> None:
    chosen = chosen_for_test([path.encode(errors="replace").decode() for path in paths])
    assert 0 < chosen.sum() < len(paths)


def test_a_tenth_is_for_the_test() -> None:
    chosen = chosen_for_test([f"class/{number}.jpg" for number in range(20_000)])
    assert chosen.mean() == pytest.approx(0.1, abs=0.01)
    assert chosen_for_test(["class/7.jpg", *map(str, range(50))])[0] == chosen[7]


def test_cache_is_used_until_the_files_change(tmp_path: Path, own_cache: Path) -> None:
    folder = write_folder(tmp_path / "images", pictures(""))
    both_splits(folder)
    cached = {file: file.stat().st_mtime_ns for file in own_cache.rglob("*.safetensors")}
    assert len(cached) == 2
    both_splits(folder)
    assert {file: file.stat().st_mtime_ns for file in own_cache.rglob("*.safetensors")} == cached
    (folder / "new.png").write_bytes(picture(255))
    images, _ = both_splits(folder)
    assert len(images) == 9
    (folder / "new.png").unlink()
    assert len(both_splits(folder)[0]) == 8


def test_images_come_even_if_the_cache_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_folder(tmp_path / "images", pictures(""))
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "file" / "cache"))
    said: list[str] = []
    train = load_dataset(str(folder), "train", report=lambda _share, what: said.append(what))
    assert 0 < len(train) < 8
    assert "LATENT_EXPLORER_CACHE" in said[-1]


def test_entries_cannot_lead_out_of_a_zip(tmp_path: Path, own_cache: Path) -> None:
    inner = tmp_path / "some" / "folder"
    inner.mkdir(parents=True)
    path = write_zip(inner / "images", {f"../../up/{number}.png": picture(number) for number in range(4)})
    before = set(tmp_path.rglob("*"))
    assert len(both_splits(path)[0]) == 4
    new = set(tmp_path.rglob("*")) - before
    assert new
    assert all(file.is_relative_to(own_cache) for file in new)


def test_folder_that_may_not_be_read_is_reported(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "images", {**pictures("a/"), **pictures("secret/")})
    scandir = os.scandir

    def refusing(path: str) -> object:
        # Permissions do not stop every user, so the refusal is made here.
        if str(path).endswith("secret"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    report = report_of(folder)
    assert report.kept == 8
    assert [problem.path for problem in report.problems] == ["secret"]
    assert "Permission denied" in report.problems[0].sentence


def test_damaged_zip_entry_is_reported(tmp_path: Path, own_cache: Path) -> None:
    path = write_zip(tmp_path / "damaged", pictures(""))
    content = bytearray(path.read_bytes())
    content[content.index(b"3.png") + 10] ^= 0xFF
    path.write_bytes(content)
    report = report_of(path)
    assert report.kept == 7
    assert [problem.path for problem in report.problems] == ["3.png"]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_file_that_is_no_zip(content: bytes, tmp_path: Path, own_cache: Path) -> None:
    path = tmp_path / "images.zip"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        load_dataset(str(path), "train")


def test_names_that_are_no_text(tmp_path: Path, own_cache: Path) -> None:
    folder = write_folder(tmp_path / "images", {**pictures("a/"), **pictures("b/")})
    try:
        os.rename(folder / "b", os.fsencode(folder) + b"/b\xff")
    except OSError:
        pytest.skip("this file system refuses such names")
    assert load_dataset(str(folder), "train").spec.class_names == ("a", "b\ufffd")


def test_source_is_not_touched(tmp_path: Path, own_cache: Path) -> None:
    folder = write_folder(tmp_path / "images", pictures("a/"))
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        both_splits(folder)
    finally:
        folder.chmod(stat.S_IRWXU)
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before
