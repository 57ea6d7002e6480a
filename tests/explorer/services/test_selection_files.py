"""Selected items as files: whole or not at all, and nothing of them left behind."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.services.data_items import DataItems, load_data_items
from explorer.services.encodings import EncodedItems, encode_in_steps
from explorer.services.network import OpenModel, open_model
from explorer.services.opening import Opened
from explorer.services.pictured_items import PicturedItems
from explorer.services.selection_files import PicturesJob, TableJob
from trainers.errors import FailureError, StoppedError
from trainers.reporting import never, no_report

CHOSEN = np.array([3, 8, 20])


@pytest.fixture(scope="module")
def model(digits_run: Path) -> OpenModel:
    return open_model(str(digits_run), 1)


@pytest.fixture(scope="module")
def items(model: OpenModel) -> DataItems:
    return load_data_items(model.header.data, no_report)


@pytest.fixture(scope="module")
def encoded(model: OpenModel, items: DataItems) -> EncodedItems:
    *_, last = encode_in_steps(model, items, 50)
    assert last is not None
    return last


def _pictures(folder: Path, encoded: EncodedItems, items: DataItems) -> PicturesJob:
    job = PicturesJob(folder, len(CHOSEN))
    for part in (CHOSEN[:2], CHOSEN[2:]):
        job.parts.put(PicturedItems("export", encoded, part, items.images[part].transpose(0, 2, 3, 1)))
    return job


def _after(questions: int) -> Callable[[], bool]:
    asked = iter(range(questions))
    return lambda: next(asked, None) is None


def test_a_table_has_index_class_attributes_and_code(
    model: OpenModel, encoded: EncodedItems, items: DataItems, tmp_path: Path
) -> None:
    spec = items.spec.model_copy(update={"attribute_names": ("slant",)})
    told = replace(items, attributes=np.arange(len(items), dtype=np.float32)[:, None] * np.float32(0.25), spec=spec)
    opened = Opened("", 1, model.facts(), encoded, told)
    file = TableJob(tmp_path / "some.csv", opened, encoded, CHOSEN)(no_report, never)
    head, *rows = csv.reader(file.read_text().splitlines())
    assert head == ["index", "class", "slant", "z1", "z2"]
    assert [int(row[0]) for row in rows] == CHOSEN.tolist()
    assert [row[1] for row in rows] == [encoded.class_name_of(index) for index in CHOSEN.tolist()]
    assert [float(row[2]) for row in rows] == [0.75, 2.0, 5.0]
    assert np.array([row[3:] for row in rows], np.float32) == pytest.approx(encoded.codes[CHOSEN])
    assert list(tmp_path.iterdir()) == [file]


def test_pictures_are_one_file_each(encoded: EncodedItems, items: DataItems, tmp_path: Path) -> None:
    shares: list[float] = []
    folder = _pictures(tmp_path / "new" / "pictures", encoded, items)(lambda share, _: shares.append(share), never)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        f"item-{index:06d}-{encoded.class_name_of(index)}.png" for index in CHOSEN.tolist()
    ]
    assert (np.array(Image.open(files[1])) == items.images[8, 0]).all()
    assert shares == [0.0, pytest.approx(2 / 3)]


@pytest.mark.parametrize("questions", [0, 1, 2])
def test_what_is_cancelled_leaves_nothing_behind(
    questions: int, model: OpenModel, encoded: EncodedItems, items: DataItems, tmp_path: Path
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "kept.txt").write_text("mine")
    for folder in ("new", "there"):
        with pytest.raises(StoppedError):
            _pictures(tmp_path / folder, encoded, items)(no_report, _after(questions))
    (tmp_path / "some.csv").write_text("before")
    many = np.arange(50).repeat(20)
    with pytest.raises(StoppedError):
        TableJob(tmp_path / "some.csv", Opened("", 1, model.facts()), encoded, many)(no_report, _after(questions))
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["kept.txt", "some.csv", "there"]
    assert (tmp_path / "some.csv").read_text() == "before"


def test_a_job_that_waits_for_pictures_can_be_cancelled(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        PicturesJob(tmp_path / "new", 3)(no_report, _after(2))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(
    model: OpenModel, encoded: EncodedItems, items: DataItems, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    opened = Opened("", 1, model.facts(), encoded)
    with pytest.raises(FailureError, match=r"file.*; choose"):
        TableJob(tmp_path / "file" / "some.csv", opened, encoded, CHOSEN)(no_report, never)
    with pytest.raises(FailureError, match=r"file.*; choose"):
        _pictures(tmp_path / "file", encoded, items)(no_report, never)
    (tmp_path / "item-000008-x").mkdir()
    named = encoded.class_name_of(8)
    (tmp_path / f"item-000008-{named}.png").mkdir()
    with pytest.raises(FailureError, match="choose"):
        _pictures(tmp_path, encoded, items)(no_report, never)
    assert not list(tmp_path.glob(".*"))
