"""Selected items as files and as pictures."""

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from explorer.services.data_items import load_data_items
from explorer.services.encodings import EncodedItems, encode_in_steps, place_in_steps
from explorer.services.network import OpenModel, open_model
from explorer.services.opening import Opened
from explorer.services.pictured_items import PicturedItems, PicturesWish, picture_in_steps
from explorer.services.selection import PicturesJob, TableJob, next_after
from trainers.errors import FailureError
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from pathlib import Path

    from tests.explorer.conftest import SaveStub

CHOSEN = np.array([3, 8, 20])


def _encoded(model: OpenModel) -> EncodedItems:
    items = load_data_items(model.header.data, no_report)
    return [found for found in encode_in_steps(model, items, 50) if found is not None][-1]


def _pictured(model: OpenModel, wish: PicturesWish) -> PicturedItems:
    return [made for made in picture_in_steps(model, wish) if made is not None][-1]


@pytest.fixture
def model(digits_run: "Path") -> OpenModel:
    return open_model(str(digits_run), 1)


def test_a_table_has_index_class_attributes_and_code(model: OpenModel, tmp_path: "Path") -> None:
    encoded, items = _encoded(model), load_data_items(model.header.data, no_report)
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


def test_pictures_are_the_originals_one_file_each(model: OpenModel, tmp_path: "Path") -> None:
    items, encoded = load_data_items(model.header.data, no_report), _encoded(model)
    made = _pictured(model, PicturesWish("export", encoded, items, CHOSEN))
    folder = PicturesJob(tmp_path / "new" / "pictures", made)(no_report, never)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        f"item-{index:06d}-{encoded.class_name_of(index)}.png" for index in CHOSEN.tolist()
    ]
    assert (np.array(Image.open(files[1])) == items.images[8, 0]).all()


def test_what_has_no_original_is_decoded(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub")), 1)
    encoded = [found for found in place_in_steps(model, None, 100) if found is not None][-1]
    items = load_data_items(model.header.data, no_report)
    made = _pictured(model, PicturesWish("selected", encoded, items, CHOSEN))
    assert (made.pictures == model.pictures.small(model.decode_values(encoded.codes[CHOSEN]))).mean() > 0.99


def test_neighbours_come_with_pictures_and_distances(model: OpenModel) -> None:
    items, encoded = load_data_items(model.header.data, no_report), _encoded(model)
    code = tuple(encoded.codes[5].tolist())
    made = _pictured(model, PicturesWish("nearest", encoded, items, None, code, 6))
    assert made.itself == 5
    assert made.distances == pytest.approx(np.linalg.norm(encoded.codes[made.indices] - encoded.codes[5], axis=1))
    assert (made.pictures[..., 0] == items.images[made.indices, 0]).all()


def test_a_place_that_cannot_be_written_is_a_sentence(model: OpenModel, tmp_path: "Path") -> None:
    encoded = _encoded(model)
    (tmp_path / "file").write_text("in the way")
    opened = Opened("", 1, model.facts(), encoded)
    with pytest.raises(FailureError, match=r"file.*; choose"):
        TableJob(tmp_path / "file" / "some.csv", opened, encoded, CHOSEN)(no_report, never)
    made = _pictured(model, PicturesWish("export", encoded, None, CHOSEN))
    with pytest.raises(FailureError, match=r"file.*; choose"):
        PicturesJob(tmp_path / "file", made)(no_report, never)


@pytest.mark.parametrize(("before", "after"), [(-1, 3), (3, 8), (4, 8), (20, 3), (99, 3)])
def test_after_the_last_member_comes_the_first(before: int, after: int) -> None:
    assert next_after(CHOSEN, before) == after
