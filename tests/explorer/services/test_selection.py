"""Selected items as pictures, and items one after the other."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.data_items import load_data_items
from explorer.services.encodings import EncodedItems, encode_in_steps, encoded_items, place_in_steps
from explorer.services.network import OpenModel, open_model
from explorer.services.pictured_items import PicturedItems, PicturesWish, picture_in_steps
from explorer.services.selection import found_items, next_after
from trainers.reporting import no_report

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


@pytest.mark.parametrize(("before", "after"), [(-1, 3), (3, 8), (4, 8), (20, 3), (99, 3)])
def test_after_the_last_member_comes_the_first(before: int, after: int) -> None:
    assert next_after(CHOSEN, before) == after


def test_items_without_a_code_are_not_found() -> None:
    codes = np.arange(12, dtype=np.float32).reshape(6, 2)
    codes[2] = np.nan
    encoded = encoded_items(1, codes, None, np.array([0, 1, 1, 0, 1, 0]), ("cat", "dog"), "items")
    members, problem = found_items("dog", encoded)
    assert (members.tolist(), problem) == ([1, 4], "")
    members, problem = found_items("2", encoded)
    assert (members.tolist(), problem) == ([], "The model gives item 2 no code, so it has no place on the map.")
