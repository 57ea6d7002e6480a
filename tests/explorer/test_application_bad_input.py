"""What no map can be made of, in the whole window: a sentence where the person looks, and the map stays usable."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QLabel

from explorer.app import Explorer
from explorer.controllers import model_controller
from explorer.state.session_state import DirectionChoice, PlaneChoice
from explorer.views.widgets.controls import SentenceLabel
from tests.explorer.conftest import SaveStub
from tests.explorer.stub_models import saved_stub, stub_model

Open = Callable[[str], Explorer]
Settle = Callable[[Explorer], None]


def _said(explorer: Explorer) -> str:
    """Every sentence that stands in the window: above and on the map, in the panel of the selection, in the bar."""
    panels = explorer.panels
    lines = [
        line.sentence()
        for panel in (panels.map_bar, panels.selection)
        for line in panel.findChildren(SentenceLabel)
        if not line.isHidden()
    ]
    notes = [label.text() for label in panels.latent_map.findChildren(QLabel) if not label.isHidden()]
    return "\n".join((*lines, *notes, explorer.window.message()))


def _plane(explorer: Explorer) -> PlaneChoice:
    assert explorer.planner.plan.plane is not None
    return explorer.planner.plan.plane.choice


def _stays_usable(explorer: Explorer, settle: Settle) -> None:
    before = explorer.store.state.code
    left, bottom, right, top = explorer.panels.latent_map.viewport.rectangle()
    ring = explorer.planner.plan.ring
    assert ring is not None
    u = (3 * left + right) / 4 if ring[0] > (left + right) / 2 else (left + 3 * right) / 4
    explorer.panels.latent_map.latent_dragged.emit(u, (bottom + 2 * top) / 3)
    settle(explorer)
    assert explorer.store.state.code != before
    assert explorer.map.tiles_complete
    assert explorer.code.picture is not None
    assert explorer.code.picture.code == explorer.store.state.code


@pytest.fixture
def wide(open_explorer: Open, settle: Settle, wide_run: Path) -> Explorer:
    explorer = open_explorer(str(wide_run))
    settle(explorer)
    return explorer


def test_three_images_on_a_line(wide: Explorer, settle: Settle) -> None:
    encoded = wide.planner.opened.encoded  # type: ignore[union-attr]
    assert encoded is not None
    first, second = encoded.codes[3].astype(float), encoded.codes[11].astype(float)
    for corner, code in enumerate((first, second, 0.25 * first + 0.75 * second)):
        wide.store.update(code=tuple(code.tolist()))
        wide.panels.latent_map.corner_wanted.emit(corner, -1)
    settle(wide)
    assert "A, B and C lie on a line; choose another image" in _said(wide)
    assert _plane(wide).kind == "dimensions"
    _stays_usable(wide, settle)


def test_too_few_points_for_neighbours_and_classes_without_members(
    open_explorer: Open, settle: Settle, wide_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_controller, "MOST_ITEMS", 5)
    explorer = open_explorer(str(wide_run))
    settle(explorer)
    explorer.panels.map_bar.plane_chosen.emit(PlaneChoice("neighbours"))
    settle(explorer)
    assert "t-SNE needs" in _said(explorer)
    assert _plane(explorer).kind == "dimensions"
    encoded = explorer.planner.opened.encoded  # type: ignore[union-attr]
    assert encoded is not None
    assert encoded.labels is not None
    missing = next(place for place in range(10) if place not in encoded.labels)
    across = DirectionChoice(missing, int(encoded.labels[0]))
    explorer.panels.map_bar.plane_chosen.emit(PlaneChoice("residual", across=across))
    settle(explorer)
    assert f"None of these items is of class {missing}" in _said(explorer)
    explorer.panels.selection.members_requested.emit(f"class {missing}")
    assert f"No item on the map is of class {missing}" in _said(explorer)
    explorer.panels.selection.search_requested.emit("class owl")
    assert "There is no class “class owl”" in _said(explorer)
    _stays_usable(explorer, settle)


def test_codes_that_are_all_the_same(stubs: SaveStub, open_explorer: Open, settle: Settle, tmp_path: Path) -> None:
    model = stub_model("encoding_stub")
    with torch.no_grad():
        model.encoder.weight.zero_()
    explorer = open_explorer(str(saved_stub(tmp_path / "constant.safetensors", model)))
    settle(explorer)
    assert "z1 and z2 are each the same for all points" in explorer.panels.latent_map.accessibleDescription()
    for kind, sentence in (
        ("principal", "All codes are the same, so they have no principal directions"),
        ("attributes", "same line"),
        ("residual", "Both ends of this direction have the same mean"),
        ("neighbours", "points with different codes and there are 1"),
    ):
        explorer.panels.map_bar.plane_chosen.emit(replace(PlaneChoice(), kind=kind))  # type: ignore[arg-type]
        settle(explorer)
        assert sentence in _said(explorer)
        assert _plane(explorer).kind == "dimensions"
        _stays_usable(explorer, settle)


def test_codes_that_are_no_numbers(stubs: SaveStub, open_explorer: Open, settle: Settle, tmp_path: Path) -> None:
    model = stub_model("encoding_stub")
    with torch.no_grad():
        model.encoder.weight[1].fill_(3e38)
    explorer = open_explorer(str(saved_stub(tmp_path / "broken.safetensors", model)))
    settle(explorer)
    assert "no number" in _said(explorer)
    _stays_usable(explorer, settle)


def test_a_selection_of_nothing(wide: Explorer, settle: Settle) -> None:
    wide.panels.latent_map.points_chosen.emit(np.empty(0, np.int64), "replace")
    assert "No points lie in what was drawn" in _said(wide)
    wide.panels.selection.name_requested.emit("mine")
    assert "Nothing is selected, so there is nothing to name" in _said(wide)
    for name in ("export_table", "export_items"):
        wide.window.action(name).trigger()
        assert "Nothing is selected, so there is nothing to write" in _said(wide)
    assert wide.store.state.selection.groups == ()
    _stays_usable(wide, settle)


def test_a_plane_for_a_model_that_was_just_replaced(
    wide: Explorer, settle: Settle, digits_run: Path, stubs: SaveStub
) -> None:
    encoded = wide.planner.opened.encoded  # type: ignore[union-attr]
    assert encoded is not None
    for corner, index in enumerate((2, 11, 29)):
        wide.panels.latent_map.corner_wanted.emit(corner, index)
    wide.panels.map_bar.plane_chosen.emit(PlaneChoice("residual", across=DirectionChoice(3, 5)))
    wide.model.open(str(stubs()))
    wide.panels.map_bar.plane_chosen.emit(PlaneChoice("neighbours"))
    settle(wide)
    assert wide.planner.opened is not None
    assert wide.planner.opened.facts.latent_size == 3
    _stays_usable(wide, settle)
    wide.panels.map_bar.plane_chosen.emit(
        PlaneChoice("images", corners=tuple(tuple(code.tolist()) for code in encoded.codes[:3]))  # type: ignore[arg-type]
    )
    settle(wide)
    assert "A and B and C cannot be images of this model" in _said(wide)
    _stays_usable(wide, settle)
    wide.model.open(str(digits_run))
    wide.panels.map_bar.plane_chosen.emit(PlaneChoice("attributes", across=DirectionChoice(99, 98)))
    settle(wide)
    assert _plane(wide).kind == "dimensions"
    _stays_usable(wide, settle)
