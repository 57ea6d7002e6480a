"""Tables of attributes beside images: what they say, and what is said of them."""

import io
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from trainers.data.attribute_table import AttributeTable, UnusableTableError, match, read_table
from trainers.data.catalogue import dataset_source, load_dataset
from trainers.data.file_listing import ListedFile


def table_of(content: str | bytes) -> AttributeTable:
    encoded = content if isinstance(content, bytes) else content.encode()
    return read_table(ListedFile(("attributes.csv",), len(encoded), partial(io.BytesIO, encoded)))


def rows_of(table: AttributeTable) -> dict[str, list[float | None]]:
    return {key: [None if np.isnan(number) else float(number) for number in row] for key, row in table.rows.items()}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_are_files_and_columns_numbers(delimiter: str) -> None:
    text = "\ufefffile,smile, age \r\na.png,0.5,30\r\n\r\n.\\b\\c.png,-1,\r\nd.png,NaN\r\n".replace(",", delimiter)
    table = table_of(text)
    assert table.names == ("smile", "age")
    assert rows_of(table) == {"a.png": [0.5, 30.0], "b/c.png": [-1.0, None], "d.png": [None, None]}
    assert table.remarks == ()


def test_text_missing_columns_long_rows_and_repeated_files_are_remarked_and_never_numbers() -> None:
    table = table_of("file,age,name,hat\na,old,Ann,1\nb,3,Bob,inf\nc,1e300,Cy,0,9\nb,4,Bo,1\nd,12 years,Di,1\n")
    assert table.names == ("age", "hat")
    assert rows_of(table) == {"a": [None, 1.0], "b": [3.0, None], "c": [None, 0.0], "d": [None, 1.0]}
    assert table.remarks == (
        "has no numbers in 1 column (name), left out",
        "has text where a number should be in 4 cells (a, age = 'old', b, hat = 'inf', c, age = '1e300', …); it counts "
        "as missing",
        "has more cells than columns in 1 row (c); the last ones are left out",
        "has more than one row for 1 file (b); the first counts",
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "holds no attributes"),
        ("file,age\n", "holds no attributes"),
        ("file\na.png\n", "holds no attributes"),
        ("file,age,age\na,1,2\n", r"has 1 column \(age\) twice"),
        ("file,age\na,young\n", "has no numbers beside"),
        ("file,age\nä,1\n".encode("latin-1"), "is no text in UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "is no text in UTF-8"),
        ('file,age\n"' + "a" * 200_000 + "\n", "is no table that can be read"),
    ],
)
def test_tables_that_say_nothing_are_told_in_a_sentence(content: str | bytes, sentence: str) -> None:
    with pytest.raises(UnusableTableError, match=sentence):
        table_of(content)


def test_rows_find_files_by_path_or_by_as_much_of_it_as_only_one_file_has() -> None:
    table = table_of("file,n\na/1.png,1\n2.png,2\nx/a/3.png,3\n4.png,4\n1.png,5\n2.png,6\nx/a/2.png,7\n")
    found = match(table, ["x/a/1.png", "x/b/1.png", "x/a/2.png", "x/a/3.png", "4.png"], ["y/4.png", "broken.png"])
    assert np.nan_to_num(found.values[:, 0], nan=-1.0).tolist() == [1.0, -1.0, 2.0, 3.0, 4.0]
    assert found.remarks == (
        "has more than one row for 1 file (2.png); the first counts",
        "names 1 file (1.png) of which there are several; write their paths",
        "has more than one row for 1 file (x/a/2.png); the first counts",
        "has no row for 1 file (x/b/1.png), whose attributes are not known",
    )


def test_rows_without_a_file_are_counted_and_named_and_those_of_unused_files_are_no_mistake() -> None:
    table = table_of("file,n\n" + "".join(f"lost{place}.png,1\n" for place in range(5)) + "broken.png,1\na.png,2\n")
    found = match(table, ["a.png"], ["a.png", "broken.png"])
    assert found.remarks == ("names 5 files (lost0.png, lost1.png, lost2.png, …) that are not there",)


def test_columns_unknown_to_training_are_left_out() -> None:
    found = match(table_of("file,n,m\na,1,\nb,2,3\n"), ["a", "b"]).known_among(np.array([True, False]))
    assert found.names == ("n",)
    assert found.values.tolist() == [[1.0], [2.0]]
    assert found.remarks == ("has no number in 1 column (m) for any training image",)


def picture(level: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (5, 4), level).save(stream, "PNG")
    return stream.getvalue()


def write(path: Path, files: Mapping[str, bytes], *, packed: bool) -> Path:
    if packed:
        with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path.with_suffix(".zip")
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("around", ["", "faces/"])
def test_a_folder_with_a_table_gives_every_picture_its_own_numbers(
    tmp_path: Path, own_cache: Path, around: str, packed: bool
) -> None:
    files = {f"{around}{'ab'[place % 2]}/{place}.png": picture(10 * place) for place in range(20)}
    rows = "".join(f"{'ab'[place % 2]}/{place}.png,{place},{place if place % 3 else ''}\n" for place in range(20))
    files[f"{around}attributes.csv"] = ("file,place,thirds\n" + rows + "gone.png,1,1\n").encode()
    path = write(tmp_path / "pictures", files, packed=packed)

    opened = [dataset_source(str(path)).open(split) for split in ("train", "test")]
    train, test = (one.dataset for one in opened)

    assert len(train) + len(test) == 20
    assert train.spec.class_names == ("a", "b")
    assert train.spec.attribute_names == ("place", "thirds")
    for split in (train, test):
        assert split.attributes is not None
        assert split.attributes[:, 0].tolist() == (split.images[:, 0, 0, 0] / 10).tolist()
        missing = split.attributes[:, 1].isnan()
        assert missing.tolist() == [place % 3 == 0 for place in split.attributes[:, 0].tolist()]
    assert train.attributes is not None
    known = train.attributes.nan_to_num(nan=5.0)
    assert train.spec.attribute_minima == tuple(known.amin(dim=0).tolist())
    assert train.spec.attribute_maxima == tuple(known.amax(dim=0).tolist())
    (problem,) = opened[0].report.problems
    assert problem.path == f"{around}attributes.csv"
    assert problem.sentence == "names 1 file (gone.png) that is not there"
    assert problem.kept
    assert torch.equal(load_dataset(str(path), "train").images, train.images)


def test_a_table_that_cannot_be_used_is_reported_and_the_pictures_are_kept(tmp_path: Path, own_cache: Path) -> None:
    files = {f"{place}.png": picture(place) for place in range(4)} | {"attributes.csv": b"file,age\n0.png,old\n"}
    opened = dataset_source(str(write(tmp_path / "p", files, packed=False))).open("train")
    assert opened.dataset.attributes is None
    assert opened.dataset.spec.attribute_names == ()
    assert opened.report.kept == 4
    assert [(problem.sentence, problem.kept) for problem in opened.report.problems] == [
        ("has no numbers beside the file names", False)
    ]


def test_a_changed_table_is_read_again(tmp_path: Path, own_cache: Path) -> None:
    files = {f"{place}.png": picture(place) for place in range(4)}
    rows = "".join(f"{place}.png,7\n" for place in range(4)).encode()
    path = write(tmp_path / "p", {**files, "attributes.csv": b"file,age\n" + rows}, packed=False)
    assert load_dataset(str(path), "train").spec.attribute_names == ("age",)
    (path / "attributes.csv").write_bytes(b"file,height\n" + rows)
    assert load_dataset(str(path), "train").spec.attribute_names == ("height",)
