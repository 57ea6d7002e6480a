"""Every kind of plane in the whole window, with a real model."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.app import Explorer
from explorer.views.widgets.controls import SentenceLabel
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.engine.decoding import decode_codes
from trainers.engine.pictures import pixels


def test_every_kind_of_plane_shows_what_decoding_its_codes_gives(
    open_explorer: Callable[[str], Explorer], settle: Callable[[Explorer], None], wide_run: Path
) -> None:
    explorer, model = open_explorer(str(wide_run)), load_model(find_checkpoint(wide_run))
    settle(explorer)
    latent_map = explorer.panels.latent_map
    for place, index in enumerate((2, 11, 29)):
        latent_map.corner_wanted.emit(place, index)
    settle(explorer)
    chosen = explorer.store.state.map.plane
    for kind in ("images", "attributes", "residual", "neighbours", "principal"):
        explorer.panels.map_bar.plane_chosen.emit(replace(chosen, kind=kind))
        settle(explorer)
        plane = explorer.planner.plan.plane
        assert plane is not None
        assert (plane.choice.kind, plane.problem) == (kind, "")
        assert explorer.map.tiles_complete
        left, bottom, right, top = plane.home
        latent_map.latent_dragged.emit((2 * left + right) / 3, (bottom + top) / 2)
        settle(explorer)
        assert explorer.planner.plan.ring == pytest.approx(((2 * left + right) / 3, (bottom + top) / 2), abs=1e-6)
        expected = pixels(decode_codes(model, np.array([explorer.store.state.code])))[0]
        assert explorer.code.picture is not None
        assert np.abs(explorer.code.picture.picture.astype(int) - expected).max() <= 1


def test_a_map_of_neighbours_that_is_given_up_leaves_the_map_usable_and_can_be_made_again(
    open_explorer: Callable[[str], Explorer], settle: Callable[[Explorer], None], wide_run: Path
) -> None:
    explorer = open_explorer(str(wide_run))
    settle(explorer)
    bar, before = explorer.panels.map_bar, explorer.store.state.map.plane
    wanted = replace(before, kind="neighbours")
    bar.plane_chosen.emit(wanted)
    bar.work_cancelled.emit()
    settle(explorer)
    (note,) = (label for label in bar.findChildren(SentenceLabel) if label.isVisible())
    assert "was given up; choose it again under Plane" in note.sentence()
    explorer.panels.latent_map.latent_dragged.emit(0.25, 0.5)
    settle(explorer)
    assert explorer.store.state.map.plane == before
    assert explorer.planner.plan.ring == pytest.approx((0.25, 0.5), abs=1e-6)
    assert not note.isVisible()
    bar.plane_chosen.emit(wanted)
    settle(explorer)
    assert explorer.planner.plan.plane is not None
    assert explorer.planner.plan.plane.neighbours is not None
