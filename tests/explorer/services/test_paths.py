"""Paths of an open model: every step decodes to its picture, lengths and neighbours are those of the path."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.decoder import Decoder
from explorer.services.encodings import EncodedItems, encoded_items
from explorer.services.network import OpenModel, open_model
from explorer.services.paths import KeyPictures, PathAsked, PathWork, WalkedPath, find_walk
from explorer.state.path_values import PathKind
from tests.explorer.stub_models import CLASSES
from trainers.errors import StoppedError, UsageError
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import SaveStub

KEYS = (((-1.0, 0.5), ()), ((1.0, -1.0), ()), ((0.0, 2.0), ()))
Found = KeyPictures | WalkedPath


def asked_of(kind: PathKind = "linear", steps: int = 9, closed: bool = False) -> PathAsked:
    return PathAsked(KEYS, kind, steps, closed)


@pytest.fixture(scope="module")
def model(digits_run: Path) -> OpenModel:
    return open_model(str(digits_run), 1)


@pytest.fixture(scope="module")
def items() -> EncodedItems:
    codes = np.random.default_rng(0).standard_normal((300, 2)).astype(np.float32)
    codes[7] = np.nan
    return encoded_items(1, codes, None, None, (), "test items")


@pytest.fixture
def decoder() -> "Iterator[Decoder]":
    made = Decoder()
    yield made
    made.stop()


def find(model: OpenModel, work: PathWork, partial: "Callable[[Found], None]" = lambda _: None) -> WalkedPath:
    found = find_walk(model, work, no_report, never, partial)
    assert isinstance(found, WalkedPath)
    return found


@pytest.mark.parametrize("kind", ["linear", "spherical", "neighbours", "geodesic"])
def test_every_kind_goes_through_the_key_points_and_shows_what_decoding_gives(
    model: OpenModel, items: EncodedItems, kind: PathKind
) -> None:
    early: list[Found] = []
    asked = asked_of(kind)
    found = find(model, PathWork(asked, items), early.append)
    np.testing.assert_allclose(found.codes[list(asked.places)], [code for code, _ in KEYS])
    assert np.abs(found.pictures.astype(int) - model.decode(found.codes)).max() <= 1
    values = model.decode_values(found.codes).reshape(9, -1).astype(np.float64)
    np.testing.assert_allclose(found.lengths, np.sqrt((np.diff(values, axis=0) ** 2).sum(axis=1)), rtol=1e-4)
    pictured, walked = early
    assert isinstance(pictured, KeyPictures)
    assert np.abs(pictured.pictures.astype(int) - found.pictures[list(asked.places)]).max() <= 1
    assert isinstance(walked, WalkedPath)
    assert walked.support is None


def test_the_linear_path_is_what_others_are_compared_with(model: OpenModel, items: EncodedItems) -> None:
    straight = find(model, PathWork(asked_of()))
    assert straight.straight == straight.length
    for kind in ("spherical", "geodesic"):
        assert find(model, PathWork(asked_of(kind))).straight == pytest.approx(straight.length, rel=1e-5)
    assert find(model, PathWork(asked_of("geodesic"))).length < straight.length


def test_the_length_of_a_way_is_not_that_of_the_chords_between_its_steps(model: OpenModel) -> None:
    rough, fine = (find(model, PathWork(asked_of(steps=steps))) for steps in (3, 201))
    assert fine.length == pytest.approx(fine.lengths.sum(), rel=1e-2)
    assert rough.length == pytest.approx(fine.length, rel=1e-2)
    assert rough.lengths.sum() < 0.96 * fine.length


def test_items_near_a_step_are_counted(model: OpenModel, items: EncodedItems) -> None:
    found = find(model, PathWork(asked_of(), items))
    assert found.support is not None
    known = items.codes[np.isfinite(items.codes).all(axis=1)].astype(np.float64)
    far = np.linalg.norm(found.codes[:, None] - known, axis=2)
    assert found.support.tolist() == (far <= found.reach).sum(axis=1).tolist()
    assert found.support.max() > 0


def test_a_known_path_is_not_found_again(model: OpenModel, items: EncodedItems) -> None:
    first = find(model, PathWork(asked_of("geodesic")))
    early: list[Found] = []
    again = find(
        model, PathWork(asked_of("geodesic"), items, KeyPictures(KEYS, first.pictures[:3]), first), early.append
    )
    assert early == []
    assert again.codes is first.codes
    assert again.support is not None


def test_a_closed_path_ends_where_it_begins(model: OpenModel) -> None:
    asked = asked_of(steps=10, closed=True)
    found = find(model, PathWork(asked))
    assert asked.places == (0, 3, 6, 9)
    np.testing.assert_allclose(found.codes[9], found.codes[0])


def test_one_key_point_is_a_picture(model: OpenModel) -> None:
    found = find_walk(model, PathWork(PathAsked(KEYS[:1], "linear", 5, False)), no_report, never, lambda _: None)
    assert isinstance(found, KeyPictures)
    assert len(found.pictures) == 1


def test_conditions_change_along_the_path(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub", condition=CLASSES)), 1)
    told = [tuple(float(place == number) for place in range(10)) for number in (2, 7)]
    keys = tuple(((0.5, 0.5, 0.5), condition) for condition in told)
    found = find(model, PathWork(PathAsked(keys, "linear", 5, False)))
    assert found.conditions.shape == (5, 10)
    np.testing.assert_allclose(found.conditions[2], (np.array(told[0]) + told[1]) / 2)
    assert found.lengths.min() > 0, "the code stays, and the class changes the picture"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (PathAsked((((1.0, 0.0), ()), ((-1.0, 0.0), ())), "spherical", 5, False), "lie opposite each other"),
        (asked_of("neighbours"), "needs encoded data"),
    ],
)
def test_what_is_no_path_is_said_after_the_pictures(model: OpenModel, asked: PathAsked, words: str) -> None:
    early: list[Found] = []
    with pytest.raises(UsageError, match=words):
        find(model, PathWork(asked), early.append)
    assert len(early) == 1


def test_too_few_items_and_separate_groups_are_said(model: OpenModel) -> None:
    def of(codes: np.ndarray) -> EncodedItems:
        return encoded_items(1, codes.astype(np.float32), None, None, (), "test items")

    noise = np.random.default_rng(1).standard_normal((60, 2)) * 0.05
    with pytest.raises(UsageError, match="more than 10 encoded items and there are 5"):
        find(model, PathWork(asked_of("neighbours"), of(noise[:5])))
    apart = noise + np.repeat([[-1.0, 0.5], [1.0, -1.0]], 30, axis=0)
    with pytest.raises(UsageError, match="separate groups"):
        find(model, PathWork(asked_of("neighbours"), of(apart)))


def test_a_model_that_draws_number_by_number_has_no_geodesic(stubs: "SaveStub") -> None:
    model = open_model(str(stubs("drawing_stub")), 1)
    keys = (((0.0, 0.0, 0.0), ()), ((1.0, 1.0, 1.0), ()))
    with pytest.raises(UsageError, match="do not change smoothly"):
        find(model, PathWork(PathAsked(keys, "geodesic", 5, False)))
    assert len(find(model, PathWork(PathAsked(keys, "linear", 5, False))).pictures) == 5


def test_a_search_stops_when_asked_to(model: OpenModel) -> None:
    with pytest.raises(StoppedError):
        find_walk(model, PathWork(asked_of("geodesic")), no_report, lambda: True, lambda _: None)


def test_the_decoder_gives_keys_then_path_and_what_was_replaced_never_comes(
    model: OpenModel, decoder: Decoder, qtbot: "QtBot"
) -> None:
    found: list[Found] = []
    failed: list[str] = []
    decoder.path_found.connect(found.append)
    decoder.path_failed.connect(failed.append)
    decoder.use(model)
    decoder.find_path(PathWork(asked_of("geodesic", 40)))
    decoder.find_path(PathWork(asked_of("linear", 5)))
    qtbot.waitUntil(lambda: any(isinstance(one, WalkedPath) for one in found), timeout=60_000)
    qtbot.waitUntil(decoder.is_idle, timeout=60_000)
    assert [one.asked.kind for one in found if isinstance(one, WalkedPath)] == ["linear"]
    opposite = PathAsked((((1.0, 0.0), ()), ((-1.0, 0.0), ())), "spherical", 5, False)
    decoder.find_path(PathWork(opposite))
    qtbot.waitUntil(lambda: failed != [], timeout=60_000)
    decoder.find_path(PathWork(replace(opposite, kind="geodesic", steps=200)))
    decoder.cancel_path()
    qtbot.waitUntil(decoder.is_idle, timeout=60_000)
    assert not any(isinstance(one, WalkedPath) and one.asked.steps == 200 for one in found)
