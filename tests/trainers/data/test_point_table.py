from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from trainers.data.catalogue import load_dataset
from trainers.data.description import describe
from trainers.data.point_table import read_points
from trainers.errors import FailureError, UsageError

POINTS = np.random.default_rng(0).normal(size=(40, 2))


def lines(separator: str, points: NDArray[np.float64] = POINTS) -> str:
    return "".join(f"{x!r}{separator}{y!r}\n" for x, y in points.tolist())


@pytest.mark.parametrize("separator", [",", ";", "\t", "  ", ", "])
@pytest.mark.parametrize("head", ["", "width,height\n", "\ufeff", "\n\n"], ids=["bare", "names", "mark", "blank"])
def test_text_tables(tmp_path: Path, separator: str, head: str) -> None:
    head = head.replace(",", separator)
    (tmp_path / "points.csv").write_text(head + lines(separator), encoding="utf-8")
    assert np.array_equal(read_points(tmp_path / "points.csv"), POINTS.astype(np.float32))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int16, np.uint8])
def test_arrays(tmp_path: Path, dtype: type[np.generic]) -> None:
    table = (100.0 + 10.0 * POINTS).astype(dtype)
    np.save(tmp_path / "points.npy", table)
    np.savez(tmp_path / "one.npz", anything=table)
    np.savez_compressed(tmp_path / "several.npz", points=table, labels=np.arange(40))
    for name in ("points.npy", "one.npz", "several.npz"):
        assert np.array_equal(read_points(tmp_path / name), table.astype(np.float32))


def test_table_is_a_dataset_of_two_splits(tmp_path: Path, own_cache: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(lines(","))
    train, test = (load_dataset(str(file), split) for split in ("train", "test"))

    assert (len(train), len(test)) == (36, 4)
    assert (train.spec.kind, train.spec.shape, train.spec.name) == ("points", (2,), str(file))
    together = torch.cat([train.images, test.images]).numpy()
    assert sorted(map(tuple, together)) == sorted(map(tuple, POINTS.astype(np.float32)))
    assert describe(str(file)).test.count == 4


def test_changed_table_is_read_again(tmp_path: Path, own_cache: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(lines(","))
    before = load_dataset(str(file), "train").images.clone()
    file.write_text(lines(",", POINTS[:20] + 1.0))
    assert len(before) == 36
    assert len(load_dataset(str(file), "train")) == 18


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has 0 points, and at least 10"),
        ("1,2\n3,4\n", "has 2 points, and at least 10"),
        ("1,2,3\n" * 20, "3 columns in line 1, and points need exactly two"),
        ("1,2\n" * 20 + "\n3\n", "1 columns in line 22"),
        ("1,2\n" * 20 + "a,b\n", "something else than two numbers in line 21: 'a,b'"),
        ("x,y\n" + "1,2\n" * 20 + "nan,1\n3,\n", "something else than two numbers in line 23"),
        ("x,y\n" + "1,2\n" * 20 + "nan,1\n", "1 points that are missing .* the first of them point 21"),
        ("1,2\n" * 20 + "1e300,1\n3,inf\n", "2 points that are missing .* point 21"),
    ],
)
def test_unusable_text(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "points.csv").write_text(text)
    with pytest.raises(UsageError, match=sentence) as raised:
        read_points(tmp_path / "points.csv")
    assert str(tmp_path / "points.csv") in str(raised.value)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (np.zeros((20, 3)), "20 × 3 table, and points need exactly two"),
        (np.zeros(20), "holds a 20 table"),
        (np.zeros(()), "holds a single table"),
        (np.full((20, 2), "x"), "does not hold numbers"),
        (np.zeros((20, 2), complex), "does not hold numbers"),
        (np.full((20, 2), np.nan), "20 points that are missing"),
        (np.full((20, 2), None), "no array of numbers"),
        (np.zeros((9, 2)), "has 9 points"),
    ],
)
@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_unusable_arrays(tmp_path: Path, table: NDArray[np.generic], sentence: str, suffix: str) -> None:
    file = tmp_path / f"points.{suffix}"
    if suffix == "npy":
        np.save(file, table)
    else:
        np.savez(file, points=table)
    with pytest.raises(UsageError, match=sentence):
        read_points(file)


def test_archive_of_several_nameless_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "points.npz", a=POINTS, b=POINTS)
    with pytest.raises(UsageError, match="2 arrays, and none is called points"):
        read_points(tmp_path / "points.npz")


@pytest.mark.parametrize("suffix", ["csv", "npy", "npz"])
@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x80 noise", b"PK\x03\x04 and then nothing", b""])
def test_damaged_files_are_one_sentence(tmp_path: Path, suffix: str, content: bytes) -> None:
    file = tmp_path / f"points.{suffix}"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=r"points\."):
        read_points(file)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no table of points at /"):
        load_dataset(str(tmp_path / "missing.csv"), "train")
    with pytest.raises(FailureError, match="cannot be read"):
        read_points(tmp_path / "missing.csv")
