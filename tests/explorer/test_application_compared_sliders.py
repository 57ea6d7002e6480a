"""The sliders of the second of two models in the real window."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.network import open_model
from explorer.state.session_file import parse_session, session_text
from explorer.views.sliders_panel import SlidersPanel
from explorer.views.widgets.slider_row import SliderRow
from tests.explorer.compared_models import both, decoded, shown, side, snapshots
from tests.explorer.stub_models import CLASSES

if TYPE_CHECKING:
    from explorer.app import Explorer
    from tests.explorer.conftest import Mouse, Press, SaveStub

Settle = Callable[["Explorer"], None]


@pytest.fixture
def explorer(open_explorer: Callable[[str], "Explorer"], settle: Settle, digits_run: Path) -> "Explorer":
    window = open_explorer(str(digits_run))
    settle(window)
    return window


def sliders(explorer: "Explorer", press: "Press") -> SlidersPanel:
    """Those of B, brought into sight."""
    press(explorer.panels.sliders.turns, "B")
    return both(explorer).sliders.panel


def dimension_of(row: SliderRow) -> int:
    assert row._spec is not None
    return row._spec.dimension


def test_a_slider_of_b_moves_b_and_a_follows_to_its_picture(
    explorer: "Explorer", settle: Settle, wide_run: Path, digits_run: Path, mouse: type["Mouse"], press: "Press"
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    panel = sliders(explorer, press)
    settle(explorer)
    assert panel.isVisible()
    assert len(panel.rows()) == 5
    before = explorer.store.state
    place = next(place for place, row in enumerate(panel.rows()) if dimension_of(row) == 3)
    slider = panel.rows()[place].slider
    there = side(explorer).planner.plan.code
    mouse(slider).drag([slider.place_of(there[3]), slider.place_of(0.5), slider.place_of(1.0)])
    settle(explorer)
    code = side(explorer).planner.plan.code
    assert code[3] == pytest.approx(1.0, abs=0.1)
    assert code[:3] + code[4:] == there[:3] + there[4:]
    values = decoded(open_model(str(wide_run), 1), code)
    np.testing.assert_allclose(shown(explorer)[1], values, atol=1e-5)
    expected = open_model(str(digits_run), 1).encode(values[None])[0][0]
    assert explorer.planner.plan.code == pytest.approx(expected.tolist(), abs=1e-4)
    explorer.store.undo()
    settle(explorer)
    assert explorer.store.state.code == before.code, "a drag is one step"


def test_where_nothing_links_them_a_stays_and_the_session_keeps_b(
    explorer: "Explorer", settle: Settle, stubs: "SaveStub", press: "Press"
) -> None:
    explorer.model.open(str(stubs()))
    settle(explorer)
    explorer.comparison.compare_with("shipped:digits")
    settle(explorer)
    code, panel = explorer.store.state.code, sliders(explorer, press)
    panel.dimension_moved.emit(1, 1.25)
    panel.lock_requested.emit(0, True)
    panel.page_chosen.emit("attributes")
    settle(explorer)
    state = explorer.store.state
    assert (state.code, state.sliders.locked) == (code, ())
    assert state.comparison.code[1] == 1.25
    assert (state.comparison.sliders.locked, state.comparison.sliders.page) == ((0,), "attributes")
    assert parse_session(session_text(state)) == state
    explorer.store.undo()
    assert explorer.store.state.comparison.sliders.locked == ()
    assert explorer.store.state.comparison.code[1] == 1.25, "turning a page is no step"
    explorer.store.redo()
    explorer.comparison.swap()
    settle(explorer)
    assert explorer.store.state.sliders.locked == (0,)
    assert side(explorer).store.state.sliders.locked == ()
    assert explorer.planner.plan.code[1] == 1.25


def test_like_codes_have_one_set_of_values_on_both(
    explorer: "Explorer", settle: Settle, digits_run: Path, press: "Press"
) -> None:
    explorer.comparison.compare_with(str(snapshots(digits_run)[0]))
    settle(explorer)
    panel = sliders(explorer, press)
    before = explorer.store.state.code
    panel.drag_started.emit()
    for value in (0.25, 0.5):
        panel.dimension_moved.emit(0, value)
    panel.drag_finished.emit()
    explorer.store.undo()
    assert explorer.store.state.code == before, "a drag is one step"
    panel.dimension_moved.emit(0, 0.75)
    panel.lock_requested.emit(1, True)
    settle(explorer)
    assert (explorer.store.state.code[0], explorer.store.state.sliders.locked) == (0.75, (1,))
    press(explorer.panels.sliders.turns, "A")
    rows = {dimension_of(row): row for row in explorer.panels.sliders.rows()}
    slider = rows[0].slider
    assert slider.value() == round((0.75 + 4.0) / 8.0 * slider.maximum()), "from −4 to 4"


def test_b_is_told_its_own_condition(explorer: "Explorer", settle: Settle, stubs: "SaveStub", press: "Press") -> None:
    told = stubs(condition=CLASSES)
    explorer.comparison.compare_with(str(told))
    settle(explorer)
    panel = sliders(explorer, press)
    assert panel.condition.isVisible()
    press(panel.condition, "2")
    settle(explorer)
    assert side(explorer).planner.plan.condition[:4] == (0.0, 0.0, 1.0, 0.0)
    assert explorer.planner.plan.condition == ()


def test_what_b_has_no_window_for_is_not_offered_and_all_goes_with_b(
    explorer: "Explorer", settle: Settle, wide_run: Path, tmp_path: Path, press: "Press"
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    panel = sliders(explorer, press)
    sheet = "Sheet of traversals: what every dimension does at the current point"
    assert not press.button(panel, sheet).isVisible()
    explorer.comparison.compare_with(str(tmp_path / "gone.safetensors"))
    settle(explorer)
    assert panel.rows() == () or not panel._list.isVisible()
    assert panel._empty.isVisible()
    explorer.comparison.set_shown(False)
    settle(explorer)
    assert len(explorer.panels.sliders.findChildren(SlidersPanel)) == 0
    assert explorer.panels.sliders.rows()[0].isVisible()
