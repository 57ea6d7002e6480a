"""Cards of single items: what is known at once, and what the model makes of them."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.data_items import DataItems, load_data_items
from explorer.services.encodings import EncodedItems, encode_in_steps, place_in_steps
from explorer.services.item_cards import CardWish, item_card
from explorer.services.network import OpenModel, open_model
from explorer.services.planes import map_plane
from explorer.state.item_card import ItemCard
from explorer.state.session_state import MapChoice
from trainers.latent.neighbour_map import NEIGHBOURS, NeighbourMap
from trainers.reporting import no_report

if TYPE_CHECKING:
    from pathlib import Path

    from tests.explorer.conftest import SaveStub


def _cards(model: OpenModel, encoded: EncodedItems, items: DataItems | None, index: int) -> list[ItemCard]:
    facts = model.facts()
    plane = map_plane(MapChoice(), (0.0,) * facts.latent_size, facts, encoded)
    return [card for card in item_card(model, CardWish(index, encoded, items, plane)) if card is not None]


def test_the_original_comes_first_then_the_reconstruction_with_its_error(digits_run: "Path") -> None:
    model = open_model(str(digits_run), 1)
    items = load_data_items(model.header.data, no_report)
    encoded = [found for found in encode_in_steps(model, items, 50) if found is not None][-1]
    first, last = _cards(model, encoded, items, 7)
    assert first.original is not None
    assert first.decoded is None
    assert items.labels is not None
    assert last.title == f"Test item 7 · {items.labels[7]}"
    assert last.original is not None
    assert last.decoded is not None
    assert (last.original[..., 0] == items.images[7, 0]).all()
    values = model.decode_values(encoded.codes[7:8])
    assert (last.decoded == model.pictures.small(values)[0]).mean() > 0.99
    assert f"{((values - items.images[7:8] / 255.0) ** 2).mean():.4f}" in last.note
    inner, outer = (np.asarray(outline) - encoded.codes[7] for outline in last.outlines)
    np.testing.assert_allclose(outer, 2.0 * inner, atol=1e-4)


@pytest.mark.parametrize("source", ["train", "test"])
def test_points_of_other_items_get_no_original_that_is_not_theirs(digits_run: "Path", source: str) -> None:
    model = open_model(str(digits_run), 1)
    items = load_data_items(model.header.data, no_report)
    encoded = [found for found in encode_in_steps(model, items, 50) if found is not None][-1]
    strange = replace(encoded, source="train" if source == "train" else "test")
    card = _cards(model, strange, items if source == "train" else items.part(np.arange(20)), 7)[-1]
    assert card.original is None
    assert card.outlines == ()
    assert card.decoded is not None


def test_without_an_encoder_a_sample_is_decoded_as_it_was_drawn(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub")), 1)
    encoded = [found for found in place_in_steps(model, None, 100) if found is not None][-1]
    card = _cards(model, encoded, load_data_items(model.header.data, no_report), 3)[-1]
    assert card.title.startswith("Sample 3")
    assert card.original is None
    assert card.decoded is not None
    assert (card.decoded == model.pictures.small(model.decode_values(encoded.codes[3:4]))[0]).all()


def test_on_a_map_of_neighbours_lines_lead_to_the_nearest_codes(digits_run: "Path") -> None:
    model = open_model(str(digits_run), 1)
    items = load_data_items(model.header.data, no_report)
    encoded = [found for found in encode_in_steps(model, items, 50) if found is not None][-1]
    placed = NeighbourMap(encoded.codes.astype(np.float64), encoded.codes.astype(np.float64) * 2.0, np.arange(50), 1.0)
    flat = map_plane(MapChoice(), (0.0, 0.0), model.facts(), encoded)
    wish = CardWish(7, encoded, items, replace(flat, neighbours=placed))
    *_, last = [card for card in item_card(model, wish) if card is not None]
    assert len(last.outlines) == NEIGHBOURS
    assert last.outlines[0][0] == pytest.approx(encoded.codes[7] * 2.0)
    assert last.note.endswith("lines to the nearest codes")
