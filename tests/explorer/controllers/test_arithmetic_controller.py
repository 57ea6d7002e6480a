"""Sums: from the line that was typed to the terms that are drawn and the point that is gone to."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Signal

from explorer.controllers.arithmetic_controller import ArithmeticController
from explorer.controllers.planner import Planner
from explorer.services.code_sheets import DecodedSheet, SheetWish
from explorer.services.code_sums import SumJob, SummedCodes
from explorer.state.export_values import ExportOptions
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.stand_ins import StandIn

if TYPE_CHECKING:
    from explorer.services.exports import Exportable
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn, JobsStandIn


class DialogStandIn(StandIn):
    sum_requested = Signal(str)
    go_requested = Signal()
    item_activated = Signal(int)
    export_requested = Signal()
    copy_requested = Signal()
    cancelled = Signal()
    seen = Signal(bool)


@pytest.fixture
def dialog() -> DialogStandIn:
    return DialogStandIn()


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", jobs: "JobsStandIn", dialog: DialogStandIn
) -> ArithmeticController:
    return ArithmeticController(store, planner, decoder, jobs, dialog)  # type: ignore[arg-type]


_CODES = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, -2.0]])


def _summed(text: str) -> SummedCodes:
    return SummedCodes(text, SheetWish("terms", _CODES, (), 3, (), ("+ a", "− b", "=")))


@pytest.fixture
def drawn(
    planner: Planner,
    decoder: "DecoderStandIn",
    jobs: "JobsStandIn",
    dialog: DialogStandIn,
    opened: "Open",
    encoded: "Encode",
) -> DecodedSheet:
    """A sum that was computed and drawn."""
    planner.set_opened(opened().with_encoded(encoded()), code=(0.5, 0.5))
    dialog.sum_requested.emit("a - b")
    (job,) = jobs.functions(SumJob)
    jobs.end(job, _summed("a - b"))
    sheet = DecodedSheet(decoder.last("decode_sheet")[0], np.zeros((3, 8, 8, 1), np.uint8))
    decoder.sheet_decoded.emit(sheet)
    return sheet


def test_a_sum_is_computed_drawn_kept_and_gone_to(
    drawn: DecodedSheet, dialog: DialogStandIn, store: SessionStore, jobs: "JobsStandIn"
) -> None:
    assert jobs.functions(SumJob)[0].text == "a - b"
    assert store.state.sliders.expression == "a - b"
    assert dialog.last("show_terms") == (drawn.pictures, ("+ a", "− b", "="))
    dialog.go_requested.emit()
    assert store.state.code == (1.0, -2.0)
    dialog.item_activated.emit(1)
    assert store.state.code == (0.0, 2.0)
    store.undo()
    store.undo()
    assert store.state.code == (0.5, 0.5)


def test_the_terms_are_exported_with_their_signs(
    drawn: DecodedSheet, controller: ArithmeticController, dialog: DialogStandIn
) -> None:
    things: list[Exportable | None] = []
    controller.export_wanted.connect(things.append)
    dialog.export_requested.emit()
    assert things[0] is not None
    assert things[0].recipe is not None
    recipe = things[0].recipe(ExportOptions(columns=3))
    assert recipe.column_titles == ("+ a", "− b", "=")
    assert recipe.codes == ((1.0, 0.0), (0.0, 2.0), (1.0, -2.0))  # type: ignore[union-attr]


def test_another_model_forgets_the_sum(
    drawn: DecodedSheet, planner: Planner, dialog: DialogStandIn, store: SessionStore, opened: "Open"
) -> None:
    planner.set_opened(opened(generation=2))
    assert "again for this model" in dialog.last("show_empty")[0]
    before = store.state.code
    dialog.go_requested.emit()
    assert store.state.code == before


def test_a_problem_is_said_and_a_sum_without_a_model_too(
    planner: Planner, jobs: "JobsStandIn", dialog: DialogStandIn, opened: "Open"
) -> None:
    dialog.sum_requested.emit("a")
    assert dialog.last("show_problem") == ("Open a model first, so that there are codes to add.",)
    planner.set_opened(opened())
    dialog.sum_requested.emit("a")
    jobs.end(jobs.functions(SumJob)[0], SummedCodes("a", problem="No such name."))
    assert dialog.last("show_problem") == ("No such name.",)
    dialog.sum_requested.emit("b")
    dialog.sum_requested.emit("c")
    assert jobs.made[1].cancelled == 1
