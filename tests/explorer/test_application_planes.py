"""Every kind of plane in the whole window, with a real model."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.app import Explorer
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
