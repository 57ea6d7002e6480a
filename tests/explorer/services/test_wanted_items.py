"""Which items are the best, the worst, selected or random."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.services.corruptions import ItemCorruption
from explorer.services.data_items import DataItems, load_data_items
from explorer.services.encodings import encoded_items, place_in_steps
from explorer.services.item_errors import ErrorsWish, ItemErrors, errors_in_steps
from explorer.services.network import OpenModel, open_model
from explorer.services.opening import Opened
from explorer.services.wanted_items import ItemsChosen, items_of, ranked
from explorer.state.model_facts import ModelFacts
from explorer.state.reconstruction_choices import ReconstructionsChoice
from tests.explorer.stub_models import CLASSES
from trainers.data.corruption import Corruption
from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.reporting import no_report

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub

NOBODY = np.empty(0, np.int64)
ITEMS = DataItems(np.zeros((40, 1, 8, 8), np.uint8), None, DataSpec(name="digits", shape=(1, 8, 8)))
FACTS = ModelFacts(
    title="vae / digits",
    path="/runs/a",
    generation=1,
    latent_size=2,
    dimension_names=("z1", "z2"),
    means=(0.0, 0.0),
    deviations=(1.0, 1.0),
    image_shape=(1, 8, 8),
    class_names=(),
    capabilities=frozenset({"encoder"}),
    data="digits",
    epoch=1.0,
    step=1,
)
OPENED = Opened("/runs/a", 1, FACTS, items=ITEMS)


def _with_codes(stubs: "SaveStub", kind: str = "encoding_stub") -> tuple[OpenModel, Opened]:
    model = open_model(str(stubs(kind, condition=CLASSES if kind == "encoding_stub" else None)), 1)
    items = load_data_items(model.header.data, no_report)
    *_, encoded = place_in_steps(model, items, 300)
    assert encoded is not None
    return model, Opened("/runs/a", 1, model.facts(), encoded, items)


def test_the_best_and_the_worst_come_in_order_once_their_errors_are_known(stubs: "SaveStub") -> None:
    model, opened = _with_codes(stubs)
    wish = items_of(ReconstructionsChoice("worst", count=5), opened, NOBODY, None, None)
    assert isinstance(wish, ErrorsWish)
    *_, known = errors_in_steps(model, wish)
    assert isinstance(known, ItemErrors)
    worst = items_of(ReconstructionsChoice("worst", count=5), opened, NOBODY, known, None)
    best = items_of(ReconstructionsChoice("best", count=5), opened, NOBODY, known, None)
    assert isinstance(worst, ItemsChosen)
    assert isinstance(best, ItemsChosen)
    order = np.argsort(known.values, kind="stable")
    assert best.places.tolist() == order[:5].tolist()
    assert known.values[worst.places].tolist() == sorted(known.values.tolist(), reverse=True)[:5]
    corrupted = items_of(ReconstructionsChoice("best"), opened, NOBODY, known, ItemCorruption(Corruption()))
    assert isinstance(corrupted, ErrorsWish)


def test_a_table_of_codes_ranks_the_items_it_learned(stubs: "SaveStub") -> None:
    model, opened = _with_codes(stubs, "table_stub")
    wish = items_of(ReconstructionsChoice("best"), opened, NOBODY, None, None)
    assert isinstance(wish, ErrorsWish)
    assert wish.items.source == "train"
    *_, known = errors_in_steps(model, wish)
    assert isinstance(known, ItemErrors)
    best = items_of(ReconstructionsChoice("best", count=3), opened, NOBODY, known, None)
    assert isinstance(best, ItemsChosen)
    assert best.codes is not None
    assert opened.encoded is not None
    assert (best.codes == opened.encoded.codes[best.places]).all()
    with pytest.raises(UsageError, match="no encoder"):
        items_of(ReconstructionsChoice("best"), opened, NOBODY, known, ItemCorruption(Corruption()))


@pytest.mark.parametrize(
    ("kind", "order", "sentence"),
    [
        ("stub", "best", "samples of the model itself"),
        ("drawing_stub", "worst", "number by number"),
        ("encoding_stub", "selected", "Nothing is selected"),
    ],
)
def test_why_there_are_none_is_a_sentence(stubs: "SaveStub", kind: str, order: str, sentence: str) -> None:
    _, opened = _with_codes(stubs, kind)
    with pytest.raises(UsageError, match=sentence):
        items_of(ReconstructionsChoice(order), opened, NOBODY, None, None)  # type: ignore[arg-type]


def test_selected_items_are_those_of_the_map() -> None:
    others = replace(ITEMS, source="train")
    encoded = encoded_items(1, np.eye(40, 2, dtype=np.float32), None, None, (), "training items")
    shown = replace(OPENED, encoded=replace(encoded, originals=others, source="train"))
    chosen = items_of(ReconstructionsChoice("selected", count=2), shown, np.array([7, 9, 30]), None, None)
    assert isinstance(chosen, ItemsChosen)
    assert chosen.items is others
    assert chosen.places.tolist() == [7, 9]


@given(st.sampled_from(["first", "random"]), st.integers(), st.integers())
def test_chosen_items_exist_and_differ(order: str, seed: int, count: int) -> None:
    choice = ReconstructionsChoice(order, seed, count)  # type: ignore[arg-type]
    chosen = items_of(choice, OPENED, NOBODY, None, None)
    assert isinstance(chosen, ItemsChosen)
    assert 1 <= len(chosen.places) == len(set(chosen.places.tolist())) <= 40
    assert chosen.places.min() >= 0
    assert chosen.places.max() < 40


@pytest.mark.parametrize("seed", [0, 1])
def test_random_items_depend_on_the_seed_alone(seed: int) -> None:
    def places(seed: int) -> list[int]:
        choice = ReconstructionsChoice("random", seed, 10)
        chosen = items_of(choice, OPENED, NOBODY, None, None)
        assert isinstance(chosen, ItemsChosen)
        return list(chosen.places.tolist())

    assert places(seed) == places(seed)
    assert places(seed) != places(seed + 5)


def test_items_without_a_code_have_no_rank() -> None:
    errors = np.array([0.2, np.nan, 0.1, 0.2], np.float32)
    assert ranked(errors, worst_first=False).tolist() == [2, 0, 3]
    assert ranked(errors, worst_first=True).tolist() == [0, 3, 2]
