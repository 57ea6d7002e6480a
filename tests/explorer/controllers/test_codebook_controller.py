"""The codebook's controller."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.controllers.codebook_controller import CodebookController
from explorer.controllers.planner import Planner
from explorer.services.codebooks import CodeGrid
from explorer.state.codebook_values import CellEdit, CodebookFacts
from explorer.state.session_store import SessionStore

if TYPE_CHECKING:
    from explorer.services.opening import Opened
    from tests.explorer.controllers.conftest import Open
    from tests.explorer.controllers.stand_ins import CodebookStandIn, DecoderStandIn


@pytest.fixture(autouse=True)
def controller(planner: Planner, decoder: "DecoderStandIn", codebook: "CodebookStandIn") -> CodebookController:
    return CodebookController(planner, decoder, codebook)  # type: ignore[arg-type]


@pytest.fixture
def rounding(opened: "Open") -> "Opened":
    made = opened()
    return replace(made, facts=replace(made.facts, quantized_blocks=("top", "bottom")))


def test_a_model_without_a_codebook_says_which_have_one(
    planner: Planner, codebook: "CodebookStandIn", decoder: "DecoderStandIn", opened: "Open"
) -> None:
    planner.set_opened(opened())
    assert "codebook" in codebook.last("show_empty")[0]
    assert decoder.given("read_grid") == []


def test_the_grid_follows_the_point_and_the_codebook_the_model(
    planner: Planner, store: SessionStore, decoder: "DecoderStandIn", rounding: "Opened"
) -> None:
    planner.set_opened(rounding)
    store.update(code=(1.0, 2.0))
    assert [block for block, _ in decoder.given("read_codebook")] == ["top"]
    assert decoder.last("read_grid") == ((1.0, 2.0), "top")


def test_another_block_is_read_and_late_answers_about_the_first_are_dropped(
    planner: Planner, codebook: "CodebookStandIn", decoder: "DecoderStandIn", rounding: "Opened"
) -> None:
    planner.set_opened(rounding)
    codebook.block_chosen.emit("bottom")
    assert decoder.last("read_codebook")[0] == "bottom"
    assert decoder.last("read_grid")[1] == "bottom"
    decoder.grid_read.emit(CodeGrid("top", np.zeros((2, 2), np.int64)))
    decoder.codebook_read.emit(CodebookFacts("top", np.zeros((3, 2), np.float32)))
    assert codebook.given("show_indices") == codebook.given("show_codebook") == []
    decoder.grid_read.emit(CodeGrid("bottom", np.ones((2, 2), np.int64)))
    assert codebook.last("show_indices")[0].tolist() == [[1, 1], [1, 1]]


def test_an_edit_is_asked_for_at_the_current_point(
    planner: Planner, codebook: "CodebookStandIn", decoder: "DecoderStandIn", store: SessionStore, rounding: "Opened"
) -> None:
    planner.set_opened(rounding)
    store.update(code=(3.0, 4.0))
    codebook.cell_edited.emit(CellEdit("top", 0, 1, 5))
    assert decoder.last("edit_grid") == ((3.0, 4.0), CellEdit("top", 0, 1, 5))
