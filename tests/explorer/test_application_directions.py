"""Sliders along attributes, traversals and sums in the whole window, with a real model."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from explorer.app import Explorer
from explorer.state.export_values import ExportOptions
from tests.explorer.conftest import Mouse
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.engine.decoding import decode_codes
from trainers.engine.pictures import pixels
from trainers.export.recipe_drawing import draw_recipe

Settle = Callable[[Explorer], None]


def _on_attributes(explorer: Explorer) -> None:
    explorer.panels.sliders.page_chosen.emit("attributes")


def test_dragging_an_attribute_moves_code_ring_and_picture_as_one_step(
    open_explorer: Callable[[str], Explorer], settle: Settle, wide_run: Path, mouse: type[Mouse]
) -> None:
    explorer, model = open_explorer(str(wide_run)), load_model(find_checkpoint(wide_run))
    settle(explorer)
    explorer.panels.latent_map.point_activated.emit(3)
    _on_attributes(explorer)
    settle(explorer)
    page, store = explorer.panels.sliders.attributes, explorer.store
    assert [row.slider.accessibleName() for row in page.rows()][:2] == ["0", "1"]
    before, ring = store.state.code, explorer.planner.plan.ring
    row = page.rows()[1]
    place = row.slider.place_of
    mouse(row.slider).drag([place(row.slider.exact()), place(3.0), QPointF(10_000, 5)])
    settle(explorer)
    assert row.box.value() == pytest.approx(6.0, abs=1e-3)
    found = explorer.directions.directions
    assert found is not None
    assert found.table is not None
    expected = found.table.direction("1").placed(np.array(before), 6.0)
    assert store.state.code == pytest.approx(expected)
    assert explorer.planner.plan.ring != ring
    assert explorer.code.picture is not None
    decoded = pixels(decode_codes(model, np.array([store.state.code])))[0]
    assert np.abs(explorer.code.picture.picture.astype(int) - decoded).max() <= 1
    explorer.window.action("undo").trigger()
    settle(explorer)
    assert store.state.code == before
    assert row.box.value() == pytest.approx(found.positions(before)[1], abs=1e-3)
    # The ring moves the sliders of attributes, too.
    explorer.panels.latent_map.latent_dragged.emit(1.0, -1.0)
    settle(explorer)
    assert row.box.value() == pytest.approx(found.positions(store.state.code)[1], abs=1e-3)


def test_a_locked_dimension_stays_under_ring_chance_and_attributes(
    open_explorer: Callable[[str], Explorer], settle: Settle, wide_run: Path
) -> None:
    explorer = open_explorer(str(wide_run))
    settle(explorer)
    explorer.panels.latent_map.point_activated.emit(3)
    explorer.panels.sliders.lock_requested.emit(0, True)
    kept = explorer.store.state.code[0]
    explorer.panels.latent_map.latent_dragged.emit(kept + 2.0, 0.5)
    assert explorer.store.state.code[:2] == (kept, 0.5)
    explorer.panels.sliders.randomise_requested.emit()
    settle(explorer)
    _on_attributes(explorer)
    settle(explorer)
    explorer.panels.sliders.attributes.moved.emit(2, 2.0)
    explorer.panels.sliders.reset_requested.emit(-1)
    assert explorer.store.state.code[0] == kept
    assert explorer.planner.opened is not None
    assert explorer.store.state.code[1:] == explorer.planner.opened.facts.means[1:]
    # An item is taken as it is.
    explorer.panels.latent_map.point_activated.emit(7)
    assert explorer.store.state.code[0] != kept


def test_traversals_and_sums_are_drawn_gone_to_and_exported_as_the_engine_draws_them(
    open_explorer: Callable[[str], Explorer], settle: Settle, wide_run: Path
) -> None:
    explorer, model = open_explorer(str(wide_run)), load_model(find_checkpoint(wide_run))
    settle(explorer)
    explorer.window.action("traversals").trigger()
    settle(explorer)
    thing = explorer.traversals.sheet
    assert thing is not None
    assert thing.recipe is not None
    shown = explorer.traversals._shown
    assert shown is not None
    assert len(shown.pictures) == 5 * 9
    drawn = draw_recipe(model, thing.recipe(ExportOptions()))
    assert np.abs(drawn.pictures.astype(int) - shown.pictures).max() <= 1
    explorer.traversals._dialog.item_activated.emit(4)
    settle(explorer)
    assert explorer.store.state.code == pytest.approx(shown.wish.codes[4])
    explorer.traversals._dialog.close()
    explorer.window.action("arithmetic").trigger()
    explorer.arithmetic._dialog.sum_requested.emit('"3" - "5" + #2')
    settle(explorer)
    total = explorer.arithmetic._shown
    assert total is not None
    assert total.wish.column_titles == ("+ 3", "− 5", "+ #2", "=")
    explorer.arithmetic._dialog.go_requested.emit()
    assert explorer.store.state.code == pytest.approx(total.wish.codes[3])
    explorer.arithmetic._dialog.sum_requested.emit("nobody")
    settle(explorer)
    assert "named 'nobody'" in explorer.arithmetic._dialog.problem()
    explorer.arithmetic._dialog.close()


def test_a_model_without_data_offers_the_decoders_own_directions(
    open_explorer: Callable[[str], Explorer], settle: Settle, stubs: Callable[..., Path]
) -> None:
    explorer = open_explorer(str(stubs("stub")))
    settle(explorer)
    _on_attributes(explorer)
    settle(explorer)
    page = explorer.panels.sliders.attributes
    assert page.rows() == ()
    page.empty_action.emit()
    settle(explorer)
    assert explorer.window.message() == ""
    explorer.window.action("correlations").trigger()
