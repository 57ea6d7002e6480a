"""Points that are no test items: training items with learned codes, and samples."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.colour_options import colour_options
from explorer.services.data_items import load_data_items
from explorer.services.encodings import EncodedItems, place_in_steps
from explorer.services.item_cards import CardWish, encoded_pictures, item_card, original_items
from explorer.services.network import OpenModel, open_model
from explorer.services.opening import Opened
from explorer.services.planes import map_plane
from explorer.services.point_values import measure_in_steps
from explorer.state.point_colour import PointColour
from explorer.state.session_state import MapChoice
from tests.explorer.stub_models import CLASSES
from trainers.data.catalogue import load_dataset
from trainers.reporting import no_report

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub

COUNT = 60


def _placed(model: OpenModel) -> EncodedItems:
    *_, last = place_in_steps(model, load_data_items(model.header.data, no_report), COUNT)
    assert last is not None
    return last


@pytest.fixture
def table(stubs: "SaveStub") -> OpenModel:
    return open_model(str(stubs("table_stub")), 1)


def test_learned_codes_are_shown_as_their_training_items(table: OpenModel) -> None:
    encoded, test_items = _placed(table), load_data_items(table.header.data, no_report)
    training = load_dataset("digits", "train")
    pictures = encoded_pictures(encoded, test_items)
    assert pictures is not None
    assert (pictures[:COUNT] == training.images[:COUNT].numpy()).all()
    card = list(
        item_card(table, CardWish(7, encoded, test_items, map_plane(MapChoice(), (0.0,) * 3, table.facts(), encoded)))
    )[-1]
    assert card is not None
    assert card.original is not None
    assert card.decoded is not None
    assert (card.original[..., 0] == training.images[7, 0].numpy()).all()
    decoded = table.decode_values(encoded.codes[7:8])
    assert f"{np.square(decoded - training.images[7].numpy() / 255.0).mean():.4f}" in card.note


def test_errors_of_learned_codes_are_those_of_decoding_them(table: OpenModel) -> None:
    encoded = _placed(table)
    opened = Opened("p", 1, table.facts(), encoded, load_data_items(table.header.data, no_report))
    reasons = {option.text: option.reason for option in colour_options(opened)}
    assert reasons["By error"] == ""
    assert "no likelihood" in reasons["By likelihood"]
    originals = original_items(encoded, opened.items)
    assert originals is not None
    *_, measured = measure_in_steps(table, encoded, originals, PointColour("error"))
    assert measured is not None
    images = load_dataset("digits", "train").images[:COUNT].numpy() / 255.0
    expected = np.square(table.decode_values(encoded.codes) - images).mean(axis=(1, 2, 3))
    assert measured.values.values == pytest.approx(expected, rel=1e-4)


def test_samples_are_shown_as_what_is_decoded_from_their_codes(stubs: "SaveStub") -> None:
    for condition in (None, CLASSES):
        model = open_model(str(stubs("stub", condition=condition)), 1)
        encoded = _placed(model)
        pictures = encoded_pictures(encoded, load_data_items(model.header.data, no_report))
        assert pictures is not None
        assert encoded.conditions is not None
        expected = model.decode(encoded.codes[40:41], encoded.conditions[40:41])[0]
        assert np.abs(pictures[40].transpose(1, 2, 0).astype(int) - expected).max() <= 1
