"""The code of an item that another model shows."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.data_items import load_data_items
from explorer.services.matching import Matched, MatchWish, how_they_differ, match_item, search_item
from explorer.services.network import OpenModel, open_model
from tests.explorer.stub_models import CLASSES
from trainers.errors import UsageError
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub


def item(seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(seed).random((1, 8, 8)).astype(np.float32)


def matched(model: OpenModel, wish: MatchWish) -> Matched:
    (answer,) = match_item(model, wish)
    return answer


def test_the_encoder_gives_the_code_and_the_picture_is_decoded_from_it(stubs: "SaveStub") -> None:
    model = open_model(str(stubs()), 1)
    found = matched(model, MatchWish("key", item()))
    codes, _ = model.encode(item()[None])
    assert found.code == tuple(codes[0].tolist())
    np.testing.assert_array_equal(found.picture, model.decode(codes)[0])
    np.testing.assert_array_equal(found.values, model.decode_values(codes)[0])
    assert (found.means, found.complete) == ("by its encoder", True)


def test_a_search_tells_the_best_so_far_and_comes_nearer(stubs: "SaveStub") -> None:
    model, parts = open_model(str(stubs("stub")), 1), list[Matched]()
    wanted = model.decode_values(np.array([[1.0, -1.0, 0.5]], np.float32))[0]
    found = search_item(model, MatchWish("key", wanted), no_report, never, parts.append)
    assert found.complete
    assert "optimisation" in found.means
    assert parts
    assert not any(part.complete for part in parts)
    assert how_they_differ(found.values, wanted)[1] < 1e-4 < how_they_differ(np.zeros_like(wanted), wanted)[1]


def test_a_search_that_is_given_up_keeps_the_best_so_far(stubs: "SaveStub") -> None:
    model, parts = open_model(str(stubs("stub")), 1), list[Matched]()
    found = search_item(model, MatchWish("key", item()), no_report, lambda: bool(parts), parts.append)
    assert len(found.code) == 3


def test_a_known_item_tells_its_class_and_a_wish_comes_first(stubs: "SaveStub") -> None:
    model = open_model(str(stubs(condition=CLASSES)), 1)
    items = load_data_items(model.header.data, no_report)
    assert items.labels is not None
    one = items.part(np.array([5]))
    told = matched(model, MatchWish("key", one.images[0] / np.float32(255), item=one)).condition
    assert told.index(1.0) == items.labels[5]
    wished = tuple(float(place == 9) for place in range(10))
    assert matched(model, MatchWish("key", item(), wished, one)).condition == wished


def test_an_unknown_picture_is_told_as_what_it_is_taken_for(stubs: "SaveStub", monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_model(str(stubs(condition=CLASSES)), 1)
    monkeypatch.setattr(model, "classify", lambda values: np.full(len(values), 7))
    assert matched(model, MatchWish("key", item())).condition.index(1.0) == 7
    monkeypatch.setattr(model, "classify", lambda values: np.full(len(values), -1))
    assert matched(model, MatchWish("key", item())).condition == ()


def test_a_model_without_an_encoder_says_so(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub")), 1)
    with pytest.raises(UsageError, match="has no encoder"):
        next(match_item(model, MatchWish("key", item())))


def test_the_difference_is_that_of_the_second_from_the_first() -> None:
    black, white = np.zeros((1, 2, 2), np.float32), np.ones((1, 2, 2), np.float32)
    brighter, error = how_they_differ(black, white)
    assert error == 1.0
    assert brighter[0, 0].tolist() == [33, 102, 172]
    assert how_they_differ(white, black)[0][0, 0].tolist() == [178, 24, 43]
    same, none = how_they_differ(white, white)
    assert (none, same.min()) == (0.0, 255)
