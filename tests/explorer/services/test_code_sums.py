"""Sums of what the map knows: classes, groups, items and samples."""

from pathlib import Path

import numpy as np
import pytest

from explorer.services.code_sums import SumJob, SummedCodes
from explorer.services.data_items import DataItems, load_data_items
from explorer.services.encodings import EncodedItems, encode_in_steps
from explorer.services.network import OpenModel, open_model
from explorer.state.item_groups import ItemGroup, packed
from trainers.reporting import never, no_report


@pytest.fixture(scope="module")
def model(wide_run: Path) -> OpenModel:
    return open_model(str(wide_run), 1)


@pytest.fixture(scope="module")
def items(model: OpenModel) -> DataItems:
    return load_data_items(model.header.data, no_report)


@pytest.fixture(scope="module")
def encoded(model: OpenModel, items: DataItems) -> EncodedItems:
    return [found for found in encode_in_steps(model, items, 100_000) if found is not None][-1]


@pytest.fixture
def summed(model: OpenModel, items: DataItems, encoded: EncodedItems) -> "_Sum":
    return _Sum(model, items, encoded)


class _Sum:
    def __init__(self, model: OpenModel, items: DataItems, encoded: EncodedItems) -> None:
        self.model, self.items, self.encoded = model, items, encoded

    def __call__(self, text: str) -> SummedCodes:
        members = np.arange(len(self.encoded.codes)) < 10
        groups = (ItemGroup("first ten", "x", packed(members)),)
        return SumJob(self.model.path, text, self.encoded, self.items, groups)(no_report, never)


def test_a_sum_adds_the_means_of_groups_and_the_codes_of_items(summed: _Sum, encoded: EncodedItems) -> None:
    found = summed('first ten - "3" + 0.5 * #12')
    assert found.problem == ""
    assert found.wish is not None
    assert found.wish.column_titles == ("+ first ten", "− 3", "+ 0.5 × #12", "=")
    ten, three = encoded.codes[:10].mean(axis=0), encoded.codes[encoded.labels == 3].mean(axis=0)
    assert found.wish.codes[:3] == pytest.approx(np.stack([ten, three, encoded.codes[12]]), abs=1e-5)
    assert found.wish.codes[3] == pytest.approx(ten - three + 0.5 * encoded.codes[12], abs=1e-5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The expression is empty"),
        ("#100000", "There is no item #100000; the map has items #0 to #"),
        ("nobody + #1", "There is no class, attribute or picture named 'nobody'"),
        ('"3" & "4"', "None of the"),
        ("#1 +", "nothing behind it"),
        ('"/nowhere/a.png"', "There is no picture /nowhere/a.png"),
    ],
)
def test_what_cannot_be_added_says_why(summed: _Sum, text: str, sentence: str) -> None:
    found = summed(text)
    assert found.wish is None
    assert sentence in found.problem


def test_without_encoded_data_samples_can_still_be_added(model: OpenModel) -> None:
    found = SumJob(model.path, "sample:1 - sample:2", None)(no_report, never)
    assert found.wish is not None
    assert len(found.wish.codes) == 3
    assert "named '3'" in SumJob(model.path, '"3"', None)(no_report, never).problem
