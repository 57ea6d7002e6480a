"""Which item a code belongs to."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from explorer.services.data_items import DataItems
from explorer.services.encodings import EncodedItems, encoded_items
from explorer.services.known_items import known_item
from explorer.services.opening import Opened
from explorer.state.model_facts import ModelFacts
from explorer.state.own_picture import OwnPicture
from trainers.data.catalogue import load_dataset
from trainers.data.picture_fitting import packed_picture

COUNT = 20


@pytest.fixture
def items() -> DataItems:
    dataset = load_dataset("digits", "test")
    assert dataset.labels is not None
    return DataItems(dataset.images[:COUNT].numpy(), dataset.labels[:COUNT].numpy(), dataset.spec)


@pytest.fixture
def codes() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    drawn = np.random.default_rng(0).standard_normal((COUNT, 3)).astype(np.float32)
    drawn[7, 0] = drawn[3, 0]
    return drawn


@pytest.fixture
def open_with(items: DataItems) -> Callable[[EncodedItems], Opened]:
    def make(encoded: EncodedItems) -> Opened:
        facts = ModelFacts(
            "vae / digits", "/a", 1, 3, ("a", "b", "c"), (0.0,) * 3, (1.0,) * 3, (1, 8, 8), (), frozenset(), "", 1.0, 1
        )
        return Opened("/a", 1, facts, encoded, items)

    return make


def test_an_item_is_known_by_all_numbers_of_its_code(
    open_with: Callable[[EncodedItems], Opened], codes: np.ndarray, items: DataItems
) -> None:
    opened = open_with(encoded_items(1, codes, None, None, (), "test items"))
    for index in (3, 7):
        known = known_item(opened, tuple((codes[index] + 1e-6).tolist()), (), None)
        assert known is not None
        assert known.title == f"Test item {index}"
        np.testing.assert_allclose(known.values, items.images[index] / 255.0, atol=1e-7)
        assert known.item is not None
        assert known.item.labels is not None
        assert items.labels is not None
        assert known.item.labels.tolist() == [items.labels[index]]
    assert known_item(opened, tuple((codes[3] + 1e-2).tolist()), (), None) is None
    assert known_item(opened, (0.0, 0.0), (), None) is None


def test_the_same_code_told_otherwise_is_no_item(
    open_with: Callable[[EncodedItems], Opened], codes: np.ndarray
) -> None:
    told = np.eye(COUNT, 2, dtype=np.float32)
    opened = open_with(encoded_items(1, codes, None, None, (), "test items", conditions=told))
    assert known_item(opened, tuple(codes[0].tolist()), (1.0, 0.0), None) is not None
    assert known_item(opened, tuple(codes[0].tolist()), (0.0, 1.0), None) is None


def test_samples_of_the_model_are_no_items(open_with: Callable[[EncodedItems], Opened], codes: np.ndarray) -> None:
    drawn = replace(encoded_items(1, codes, None, None, (), "samples"), source="samples")
    assert known_item(open_with(drawn), tuple(codes[0].tolist()), (), None) is None


def test_an_own_picture_is_known_at_its_code_where_it_fits(
    open_with: Callable[[EncodedItems], Opened], codes: np.ndarray
) -> None:
    opened = open_with(encoded_items(1, codes, None, None, (), "test items"))
    pixels = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
    own = OwnPicture("mine.png", packed_picture(pixels), (1, 8, 8), code=(9.0, 9.0, 9.0))
    known = known_item(opened, own.code, (), own)
    assert known is not None
    assert known.title == "mine.png"
    np.testing.assert_allclose(known.values, pixels / 255.0, atol=1e-7)
    assert known_item(opened, (9.0, 9.0, 8.0), (), own) is None
    assert known_item(opened, own.code, (), replace(own, shape=(1, 4, 4))) is None
    assert known_item(opened, own.code, (), replace(own, pixels="damaged")) is None
