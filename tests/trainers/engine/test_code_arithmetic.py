"""Sums of codes whose groups and images are known."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.trainers.engine.conftest import MakeModel
from trainers.data.image_dataset import ImageDataset
from trainers.engine.attribute_columns import AttributeColumns
from trainers.engine.code_arithmetic import names_groups, summed_codes
from trainers.engine.encoding import encode_dataset
from trainers.engine.named_codes import named_codes
from trainers.errors import UsageError

CODES = np.array([[0.0, 0, 0], [2, 0, 0], [4, 4, 0], [6, 4, 0], [9, 9, 9]])
COLUMNS = AttributeColumns(
    ("smile", "hat", "one"),
    np.array([[0.0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 0, 1], [np.nan, 1, 1]]),
    {"not smiling": "smile"},
)


def no_items() -> ImageDataset:
    pytest.fail("no items were asked for")


def test_groups_are_their_mean_codes_with_their_coefficients(make_model: MakeModel) -> None:
    found = summed_codes(make_model(), "smile - 0.5 * not smile + not smile & hat", CODES, COLUMNS, no_items)
    assert [term.code.tolist() for term in found.terms] == [[5.0, 4.0, 0.0], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]]
    assert [(term.count, term.title) for term in found.terms] == [
        (2, "+ smile"),
        (2, "− 0.5 × not smile"),
        (1, "+ not smile & hat"),
    ]
    assert found.code.tolist() == [6.5, 4.0, 0.0]
    assert found.condition is None


def test_the_first_of_two_classes_is_a_group_too(make_model: MakeModel) -> None:
    found = summed_codes(make_model(), "smile - not smiling + not not smiling & not hat", CODES, COLUMNS, no_items)
    assert [term.code.tolist() for term in found.terms] == [[5.0, 4.0, 0.0], [1.0, 0.0, 0.0], [5.0, 4.0, 0.0]]


def test_single_images_are_encoded_and_may_stand_twice(
    make_model: MakeModel, digits: ImageDataset, tmp_path: Path
) -> None:
    model, picture = make_model(), tmp_path / "own.png"
    Image.new("RGB", (20, 16), "red").save(picture)
    found = summed_codes(model, f'#3 + smile - #3 + "{picture}"', CODES, COLUMNS, lambda: digits)
    item = encode_dataset(model, digits, limit=4).codes[3]
    (own,) = named_codes(model, [str(picture)], lambda: digits)
    assert found.terms[0].code == pytest.approx(item, abs=1e-5)
    assert found.code == pytest.approx(np.array([5.0, 4.0, 0.0]) + own.code.numpy(), abs=1e-5)
    assert "turned to grey" in found.terms[3].note


def test_what_needs_codes_of_data_is_known_beforehand() -> None:
    assert names_groups("#3 + smile", COLUMNS)
    assert not names_groups("#3 - sample:1 + 'x.png'", COLUMNS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("smyle", "no class, attribute or picture named 'smyle'; did you mean smile"),
        ("smile & #3", "no class or attribute named '#3'"),
        ("not me.png", "no class or attribute named 'me.png'"),
        ("one", "one is 1 for every item"),
        ("smile & hat", "None of the 5 encoded items is smile & hat"),
        ("#2000", "There is no item #2000"),
        ("'gone.png'", "There is no picture gone.png"),
    ],
)
def test_what_there_is_not_is_told_in_a_sentence(
    make_model: MakeModel, digits: ImageDataset, text: str, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        summed_codes(make_model(), text, CODES, COLUMNS, lambda: digits)
