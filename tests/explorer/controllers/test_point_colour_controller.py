"""The colours of points: chosen by the person, measured once, and never those of other items."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.map_controller import MapController
from explorer.controllers.planner import Planner
from explorer.controllers.point_colour_controller import PointColourController
from explorer.services.data_items import DataItems
from explorer.services.opening import Opened
from explorer.services.point_values import MeasuredItems, point_values
from explorer.state.point_colour import PointColour
from explorer.state.session_store import SessionStore
from trainers.data.data_spec import DataSpec

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import BarStandIn, DecoderStandIn, MapStandIn

_ERROR, _AGE = PointColour("error"), PointColour("attribute", "age")


@pytest.fixture(autouse=True)
def controllers(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", latent_map: "MapStandIn", bar: "BarStandIn"
) -> tuple[object, ...]:
    shown = MapController(store, planner, decoder, latent_map, bar)  # type: ignore[arg-type]
    return shown, PointColourController(store, planner, decoder, bar)  # type: ignore[arg-type]


@pytest.fixture
def faces(opened: "Open", encoded: "Encode") -> Opened:
    spec = DataSpec(name="faces", shape=(1, 8, 8), fingerprint="", attribute_names=("age",))
    items = DataItems(np.zeros((60, 1, 8, 8), np.uint8), None, spec, np.arange(60, dtype=np.float32)[:, None])
    return replace(opened().with_encoded(encoded()), items=items)


def _numbers(opened: Opened, colour: PointColour = _ERROR) -> MeasuredItems:
    assert opened.encoded is not None
    return MeasuredItems(opened.encoded, colour, point_values(np.linspace(1, 2, 50, dtype=np.float32), "Error"))


def test_a_choice_becomes_state_and_asks_for_numbers_once(
    planner: Planner, store: SessionStore, bar: "BarStandIn", decoder: "DecoderStandIn", faces: Opened
) -> None:
    planner.set_opened(faces)
    bar.colour_chosen.emit(_ERROR)
    store.update(code=(0.5, 0.5))
    assert store.state.map.colour_by == "error"
    assert decoder.given("measure") == [(faces.encoded, faces.items, _ERROR)]
    assert bar.last("show_colours")[1] == _ERROR


def test_numbers_that_come_are_drawn_with_their_name(
    planner: Planner, bar: "BarStandIn", decoder: "DecoderStandIn", latent_map: "MapStandIn", faces: Opened
) -> None:
    planner.set_opened(faces)
    bar.colour_chosen.emit(_ERROR)
    assert latent_map.last("show_points")[0].values is None
    decoder.items_measured.emit(_numbers(faces))
    assert latent_map.last("show_points")[0].values.name == "Error"
    assert len(decoder.given("measure")) == 1
    bar.colour_chosen.emit(PointColour("none"))
    assert latent_map.last("show_points")[0].values is None


def test_an_attribute_is_there_at_once(
    planner: Planner, bar: "BarStandIn", decoder: "DecoderStandIn", latent_map: "MapStandIn", faces: Opened
) -> None:
    planner.set_opened(faces)
    bar.colour_chosen.emit(_AGE)
    assert latent_map.last("show_points")[0].values.values.tolist() == list(range(50))
    assert decoder.given("measure") == []


def test_numbers_of_other_items_are_not_drawn_and_new_items_are_measured_anew(
    planner: Planner, bar: "BarStandIn", decoder: "DecoderStandIn", latent_map: "MapStandIn",
    faces: Opened, encoded: "Encode",
) -> None:  # fmt: skip
    planner.set_opened(faces)
    bar.colour_chosen.emit(_ERROR)
    decoder.items_measured.emit(_numbers(faces))
    newer = faces.with_encoded(encoded(generation=2))
    planner.set_opened(newer)
    assert latent_map.last("show_points")[0].values is None
    assert decoder.last("measure")[0] is newer.encoded
    decoder.items_measured.emit(_numbers(faces))
    assert latent_map.last("show_points")[0].values is None


def test_what_nobody_looks_at_is_not_measured_further(
    planner: Planner, bar: "BarStandIn", decoder: "DecoderStandIn", faces: Opened
) -> None:
    planner.set_opened(faces)
    bar.colour_chosen.emit(_ERROR)
    bar.colour_chosen.emit(PointColour("class"))
    assert len(decoder.given("cancel_measuring")) == 1
    bar.colour_chosen.emit(_ERROR)
    assert len(decoder.given("measure")) == 2


def test_a_model_that_cannot_has_its_points_in_class_colours(
    planner: Planner, bar: "BarStandIn", decoder: "DecoderStandIn", latent_map: "MapStandIn",
    opened: "Open", encoded: "Encode",
) -> None:  # fmt: skip
    planner.set_opened(replace(opened(capabilities=frozenset()).with_encoded(encoded())))
    bar.colour_chosen.emit(_ERROR)
    assert decoder.given("measure") == []
    assert latent_map.last("show_points")[0].group_names == ("a", "b")
    assert bar.last("show_colours")[1] == PointColour("class")
