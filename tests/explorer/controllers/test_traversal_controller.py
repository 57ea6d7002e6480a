"""The sheet of traversals follows the point while it is seen."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Signal

from explorer.controllers.planner import Planner
from explorer.controllers.traversal_controller import TraversalController
from explorer.services.code_sheets import DecodedSheet, SheetWish
from explorer.state.export_values import ExportOptions
from explorer.state.session_store import SessionStore
from explorer.state.slider_choices import MOST_ROWS, TraversalChoice
from tests.explorer.controllers.stand_ins import StandIn

if TYPE_CHECKING:
    from explorer.services.exports import Exportable
    from tests.explorer.controllers.conftest import Encode, Open
    from tests.explorer.controllers.stand_ins import DecoderStandIn


class DialogStandIn(StandIn):
    choice_changed = Signal(object)
    item_activated = Signal(int)
    export_requested = Signal()
    copy_requested = Signal()
    seen = Signal(bool)


@pytest.fixture
def dialog() -> DialogStandIn:
    return DialogStandIn()


@pytest.fixture(autouse=True)
def controller(
    store: SessionStore, planner: Planner, decoder: "DecoderStandIn", dialog: DialogStandIn
) -> TraversalController:
    return TraversalController(store, planner, decoder, dialog)  # type: ignore[arg-type]


def _last(decoder: "DecoderStandIn") -> SheetWish:
    wish = decoder.last("decode_sheet")[0]
    assert isinstance(wish, SheetWish)
    return wish


def _answer(wish: SheetWish) -> DecodedSheet:
    return DecodedSheet(wish, np.zeros((len(wish.codes), 8, 8, 1), np.uint8))


def test_nothing_is_decoded_while_nobody_looks(
    planner: Planner, decoder: "DecoderStandIn", dialog: DialogStandIn, opened: "Open", store: SessionStore
) -> None:
    planner.set_opened(opened(), code=(0.5, 0.25))
    assert decoder.given("decode_sheet") == []
    dialog.seen.emit(True)
    assert len(decoder.given("decode_sheet")) == 1
    dialog.seen.emit(False)
    assert len(decoder.given("cancel_sheet")) == 1
    store.update(code=(1.0, 1.0))
    assert len(decoder.given("decode_sheet")) == 1


def test_rows_are_the_most_active_dimensions_through_the_current_point(
    planner: Planner, decoder: "DecoderStandIn", dialog: DialogStandIn, opened: "Open", store: SessionStore
) -> None:
    store.update(sliders=replace(store.state.sliders, traversal=TraversalChoice(2, 3, reach=2.0)))
    facts = {"activity": (0.1, 3.0, 2.0), "means": (0.0, 1.0, 0.0), "deviations": (1.0, 0.5, 1.0)}
    planner.set_opened(opened(3, **facts), code=(9.0, 8.0, 7.0))
    dialog.seen.emit(True)
    wish = _last(decoder)
    assert (wish.row_titles, wish.column_titles) == (("z2", "z3"), ("−2σ", "0", "+2σ"))
    assert wish.codes.reshape(2, 3, 3)[:, 0].tolist() == [[9.0, 0.0, 7.0], [9.0, 8.0, -2.0]]
    decoder.sheet_decoded.emit(_answer(wish))
    assert dialog.last("show_sheet")[1:] == (("z2", "z3"), ("−2σ", "0", "+2σ"))


def test_columns_by_quantile_are_where_the_data_are(
    planner: Planner, decoder: "DecoderStandIn", dialog: DialogStandIn, opened: "Open", encoded: "Encode"
) -> None:
    data = encoded(count=1000)
    planner.set_opened(opened().with_encoded(data), code=(0.0, 0.0))
    dialog.seen.emit(True)
    dialog.choice_changed.emit(TraversalChoice(2, 3, "quantiles"))
    wish = _last(decoder)
    first = wish.row_titles.index("z1")
    expected = np.quantile(data.codes[:, 0].astype(float), [0.01, 0.5, 0.99])
    assert wish.column_titles == ("1%", "50%", "99%")
    assert wish.codes.reshape(2, 3, 2)[first, :, 0] == pytest.approx(expected)


def test_a_click_goes_to_the_code_and_undo_comes_back(
    planner: Planner, decoder: "DecoderStandIn", dialog: DialogStandIn, opened: "Open", store: SessionStore
) -> None:
    planner.set_opened(opened(), code=(0.5, 0.25))
    dialog.seen.emit(True)
    wish = _last(decoder)
    decoder.sheet_decoded.emit(_answer(wish))
    dialog.item_activated.emit(1)
    assert store.state.code == tuple(wish.codes[1].tolist())
    assert _last(decoder) is not wish
    # An answer to what was asked before is of another point.
    shown = len(dialog.given("show_sheet"))
    decoder.sheet_decoded.emit(_answer(wish))
    assert len(dialog.given("show_sheet")) == shown
    store.undo()
    assert store.state.code == (0.5, 0.25)


def test_the_sheet_is_exported_with_its_titles(
    planner: Planner,
    decoder: "DecoderStandIn",
    dialog: DialogStandIn,
    opened: "Open",
    controller: TraversalController,
) -> None:
    things: list[Exportable | None] = []
    controller.export_wanted.connect(things.append)
    planner.set_opened(opened(), code=(0.5, 0.25))
    dialog.export_requested.emit()
    dialog.seen.emit(True)
    wish = _last(decoder)
    decoder.sheet_decoded.emit(_answer(wish))
    dialog.export_requested.emit()
    assert things[0] is None
    assert things[1] is not None
    assert things[1].recipe is not None
    recipe = things[1].recipe(ExportOptions(2, 9))
    assert recipe.row_titles == wish.row_titles
    assert recipe.column_titles == wish.column_titles
    assert np.array(recipe.codes) == pytest.approx(wish.codes, abs=1e-6)  # type: ignore[union-attr]


def test_a_choice_that_no_sheet_could_show_is_brought_within_bounds(
    planner: Planner, dialog: DialogStandIn, opened: "Open", store: SessionStore
) -> None:
    wild = TraversalChoice(10**6, -5, "deviations", -1e9)
    store.update(sliders=replace(store.state.sliders, traversal=wild))
    planner.set_opened(opened())
    dialog.seen.emit(True)
    shown = dialog.last("show_choice")[0]
    assert (shown.rows, shown.steps, shown.reach) == (MOST_ROWS, 2, 100.0)
