"""Histograms and posterior marks on the sliders."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.planner import Planner
from explorer.controllers.slider_data_controller import SliderDataController
from explorer.services.code_histograms import CodeHistograms, ItemPosterior

if TYPE_CHECKING:
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, MapStandIn, SlidersStandIn


@pytest.fixture(autouse=True)
def controller(
    planner: Planner, decoder: "DecoderStandIn", sliders: "SlidersStandIn", latent_map: "MapStandIn"
) -> SliderDataController:
    return SliderDataController(planner, decoder, sliders, latent_map)  # type: ignore[arg-type]


def test_every_encoding_is_counted_once_between_the_ends_of_the_sliders(
    planner: Planner, decoder: "DecoderStandIn", sliders: "SlidersStandIn", opened: "Open", encoded: "Encode"
) -> None:
    data = encoded()
    planner.set_opened(opened(means=(1.0, 0.0), deviations=(0.5, 1.0)).with_encoded(data))
    planner.set_opened(replace(planner.opened, device="cuda"))  # type: ignore[type-var]
    ((counted, low, high),) = decoder.given("count_codes")
    assert counted is data
    assert (low.tolist(), high.tolist()) == ([-1.0, -4.0], [3.0, 4.0])
    shares = np.ones((2, 40), np.float32)
    decoder.histograms_counted.emit(CodeHistograms(encoded(generation=2), shares))
    assert sliders.given("show_histograms") == []
    decoder.histograms_counted.emit(CodeHistograms(data, shares))
    assert sliders.last("show_histograms")[0] is shares


def test_the_mark_is_of_the_item_under_the_cursor_else_of_the_one_taken(
    planner: Planner,
    decoder: "DecoderStandIn",
    sliders: "SlidersStandIn",
    latent_map: "MapStandIn",
    opened: "Open",
    encoded: "Encode",
) -> None:
    planner.set_opened(opened().with_encoded(encoded()))
    latent_map.point_activated.emit(3)
    latent_map.point_hovered.emit(5)
    decoder.posterior_found.emit(ItemPosterior(3, np.array([9.0, 9.0], np.float32), None))
    assert sliders.given("show_mark") == [(None,)]
    decoder.posterior_found.emit(ItemPosterior(5, np.array([1.0, 2.0], np.float32), np.array([0.5, 0.25], np.float32)))
    assert sliders.last("show_mark")[0] == ([1.0, 2.0], [0.5, 0.25])
    latent_map.point_hovered.emit(-1)
    assert [arguments[2] for arguments in decoder.given("find_posterior")] == [3, 5, 3]
    decoder.posterior_found.emit(ItemPosterior(3, np.array([0.0, 1.0], np.float32), None))
    assert sliders.last("show_mark")[0] == ([0.0, 1.0], [0.0, 0.0])


def test_another_model_has_no_marks_and_no_histograms_until_they_are_known(
    planner: Planner,
    decoder: "DecoderStandIn",
    sliders: "SlidersStandIn",
    latent_map: "MapStandIn",
    opened: "Open",
    encoded: "Encode",
) -> None:
    planner.set_opened(opened().with_encoded(encoded()))
    latent_map.point_activated.emit(3)
    # A snapshot of the same run: the same item, seen by the newer encoder.
    planner.set_opened(opened(generation=2).with_encoded(encoded(generation=2)))
    assert len(decoder.given("find_posterior")) == 2
    planner.set_opened(opened(generation=3, opening=2))
    assert sliders.last("show_histograms") == (None,)
    assert sliders.last("show_mark") == (None,)
    latent_map.point_hovered.emit(-1)
    assert len(decoder.given("find_posterior")) == 2
