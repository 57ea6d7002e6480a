"""The decoder: every kind of answer, about the model that is open and no other."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.data_items import DataItems, load_data_items
from explorer.services.decoder import DecodedPicture, Decoder
from explorer.services.network import OpenModel, open_model
from explorer.services.planes import MapPlane, map_plane
from explorer.services.reconstructions import ReconstructionsWish
from explorer.services.samples import SamplesWish
from explorer.services.tile_decoding import decode_tiles
from explorer.services.tiles import TileCache, tile_plan
from explorer.state.condition_sweep import condition_sweep
from explorer.state.map_values import MapView
from explorer.state.session_state import MapChoice
from tests.explorer.stub_models import ATTRIBUTES, CLASSES, SlowStub
from trainers.reporting import no_report

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from explorer.services.reconstructions import Reconstructions
    from explorer.services.samples import DrawnSamples
    from explorer.services.tile_decoding import DecodedTiles
    from tests.explorer.conftest import SaveStub

VIEW = MapView(-3.0, -3.0, 3.0, 3.0, 300, 300)


@pytest.fixture(scope="module")
def model(digits_run: Path) -> OpenModel:
    return open_model(str(digits_run), 1)


@pytest.fixture(scope="module")
def items(model: OpenModel) -> DataItems:
    return load_data_items(model.header.data, no_report)


@pytest.fixture
def plane(model: OpenModel) -> MapPlane:
    return map_plane(MapChoice(), (0.0, 0.0), model.facts(), None)


@pytest.fixture
def decoder(model: OpenModel) -> Iterator[Decoder]:
    service = Decoder()
    service.use(model)
    yield service
    service.stop()


def test_a_code_becomes_its_picture(qtbot: "QtBot", decoder: Decoder, model: OpenModel) -> None:
    with qtbot.waitSignal(decoder.picture_decoded) as told:
        decoder.decode((0.5, -1.0))
    decoded: DecodedPicture = told.args[0]
    assert decoded.code == (0.5, -1.0)
    assert (decoded.picture == model.decode(np.array([[0.5, -1.0]]))[0]).all()
    assert decoded.milliseconds > 0


def test_tiles_come_coarse_first_and_show_what_lies_under_them(
    qtbot: "QtBot", decoder: Decoder, model: OpenModel, plane: MapPlane
) -> None:
    told: list[DecodedTiles] = []
    decoder.tiles_decoded.connect(told.append)
    with qtbot.waitSignal(decoder.idle):
        decoder.decode_tiles(plane, VIEW)
    qtbot.waitUntil(lambda: bool(told) and told[-1].complete)
    assert [mosaic.level for mosaic in told[0].mosaics] == [tile_plan(VIEW, 8).coarse.level]
    fine = told[-1].mosaics[-1]
    grid = tile_plan(VIEW, 8).fine
    centre = np.array([[fine.left + grid.side / 2, fine.top - grid.side / 2]])
    corner = fine.picture[:8, :8].astype(int)
    assert np.abs(corner - model.decode(plane.codes(centre))[0]).max() <= 1


def test_known_tiles_are_not_decoded_again(
    qtbot: "QtBot", decoder: Decoder, model: OpenModel, plane: MapPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(decoder.idle):
        decoder.decode_tiles(plane, VIEW)
    monkeypatch.setattr(model, "decode", None)
    told: list[DecodedTiles] = []
    decoder.tiles_decoded.connect(told.append)
    with qtbot.waitSignal(decoder.idle):
        decoder.decode_tiles(plane, VIEW)
    qtbot.waitUntil(lambda: bool(told) and told[-1].complete)


def test_tiles_of_another_condition_are_not_taken_for_these(qtbot: "QtBot", stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub", condition=CLASSES)), 1)
    facts, cache = model.facts(), TileCache()
    pictures = []
    for place in (3, 5, 3):
        told = facts.condition.of_name(place)
        *_, last = decode_tiles(model, map_plane(MapChoice(), (0.0,) * 3, facts, None, told), VIEW, cache)
        assert last is not None
        pictures.append(last.mosaics[-1].picture)
    assert (pictures[0] != pictures[1]).any()
    assert (pictures[0] == pictures[2]).all()


def test_a_sweep_shows_one_code_under_every_condition(qtbot: "QtBot", stubs: "SaveStub") -> None:
    model = open_model(str(stubs("stub", condition=CLASSES)), 1)
    facts = model.facts()
    service = Decoder()
    service.use(model)
    try:
        sweep = condition_sweep(facts.condition, facts.condition.of_name(2))
        with qtbot.waitSignal(service.sweep_decoded) as told:
            service.decode_sweep((0.5, 1.0, -1.0), sweep)
    finally:
        service.stop()
    expected = model.decode(np.tile([0.5, 1.0, -1.0], (10, 1)), np.eye(10))
    assert told.args[0].sweep is sweep
    assert np.abs(told.args[0].pictures.astype(int) - expected).max() <= 1


def test_slow_drawing_tells_how_far_it_is_and_can_be_called_off(
    qtbot: "QtBot", stubs: "SaveStub", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlowStub, "go_on", threading.Event())
    stopped: list[bool] = []
    monkeypatch.setattr(SlowStub, "stopped", stopped)
    service = Decoder()
    service.use(open_model(str(stubs("slow_stub")), 1))
    try:
        with qtbot.waitSignal(service.samples_progressed) as told:
            service.draw_samples(SamplesWish(4, 0))
        assert told.args == [0.005, "number 1 of 100"]
        # Pictures are decoded meanwhile.
        with qtbot.waitSignal(service.picture_decoded):
            service.decode((0.0, 0.0, 0.0))
        service.cancel_samples()
        qtbot.waitUntil(service.is_idle)
        assert stopped == [True]
        SlowStub.go_on.set()
        with qtbot.waitSignal(service.samples_drawn) as drawn:
            service.draw_samples(SamplesWish(4, 0))
        assert len(drawn.args[0].codes) == 4
    finally:
        service.stop()


def test_samples_can_be_recognised_without_being_drawn_again(qtbot: "QtBot", decoder: Decoder) -> None:
    with qtbot.waitSignal(decoder.samples_drawn) as told:
        decoder.draw_samples(SamplesWish(6, 0))
    drawn: DrawnSamples = told.args[0]
    with qtbot.waitSignal(decoder.samples_drawn) as told_again:
        decoder.recognise_samples(drawn)
    assert told_again.args[0].pictures is drawn.pictures
    assert told_again.args[0].missing == drawn.missing


def test_reconstructions_are_of_the_items_asked_for(qtbot: "QtBot", decoder: Decoder, items: DataItems) -> None:
    with qtbot.waitSignal(decoder.reconstructed) as told:
        decoder.reconstruct(ReconstructionsWish(items, np.array([5, 2])))
    made: Reconstructions = told.args[0]
    assert (made.originals == items.images[[5, 2]].transpose(0, 2, 3, 1)).all()
    assert made.class_names == items.class_names_of(np.array([5, 2]))
    assert len(made.likeness.errors) == len(made.codes) == 2


def test_samples_are_the_pictures_of_their_codes(qtbot: "QtBot", decoder: Decoder, model: OpenModel) -> None:
    with qtbot.waitSignal(decoder.samples_drawn) as told:
        decoder.draw_samples(SamplesWish(30, 11, (0.7,)))
    drawn: DrawnSamples = told.args[0]
    assert drawn.pictures.shape == (30, 8, 8, 1)
    assert drawn.codes == pytest.approx(model.sample_codes(30, 0.7, 11))


def test_a_drawn_code_has_the_models_size(qtbot: "QtBot", decoder: Decoder) -> None:
    with qtbot.waitSignal(decoder.code_drawn) as told:
        decoder.draw_code(4)
    assert len(told.args[0]) == 2


def test_items_are_encoded_for_the_generation_that_is_open(qtbot: "QtBot", decoder: Decoder, items: DataItems) -> None:
    with qtbot.waitSignal(decoder.items_encoded) as told:
        decoder.encode(items, 50)
    assert (told.args[0].generation, len(told.args[0].codes)) == (1, 50)


def test_answers_about_an_earlier_model_are_dropped(qtbot: "QtBot", decoder: Decoder, digits_run: Path) -> None:
    told: list[DecodedPicture] = []
    decoder.picture_decoded.connect(told.append)
    decoder.decode((1.0, 1.0))
    while not decoder.is_idle():
        # Without events: the answer is on its way when the next model takes over, and must not arrive.
        time.sleep(0.001)
    decoder.use(open_model(str(digits_run), 2))
    decoder.decode((2.0, 2.0))
    qtbot.waitUntil(lambda: bool(told))
    assert [decoded.code for decoded in told] == [(2.0, 2.0)]


def test_an_error_of_the_network_is_a_sentence(qtbot: "QtBot", decoder: Decoder) -> None:
    with qtbot.waitSignal(decoder.failed) as told:
        decoder.decode((1.0, 2.0, 3.0))
    assert str(told.args[0]).startswith("The model could not be run:")


def test_items_that_cannot_be_told_to_the_model_have_no_reconstructions(
    qtbot: "QtBot", stubs: "SaveStub", items: DataItems
) -> None:
    decoder = Decoder()
    decoder.use(open_model(str(stubs(condition=ATTRIBUTES)), 1))
    try:
        with qtbot.assertNotEmitted(decoder.failed), qtbot.waitSignal(decoder.reconstruction_failed) as told:
            decoder.reconstruct(ReconstructionsWish(items, np.arange(3)))
    finally:
        decoder.stop()
    assert "attributes" in str(told.args[0])
