"""A path in the whole window, with a real model: made, looked at, walked, exported."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageSequence
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from explorer.app import Explorer
from explorer.services.paths import WalkedPath
from explorer.state.export_values import ExportOptions
from explorer.views.export_dialog import ExportDialog
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.path_strip import PathStrip
from tests.explorer.conftest import LONG_MS, Choose, Press
from trainers.engine.checkpoint import find_checkpoint, load_model
from trainers.engine.decoding import decode_codes
from trainers.engine.pictures import pixels as pixels_of_images

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels

Settle = Callable[[Explorer], None]


@pytest.fixture
def explorer(open_explorer: Callable[[str], Explorer], settle: Settle, digits_run: Path) -> Explorer:
    window = open_explorer(str(digits_run))
    settle(window)
    window.window.dock("paths_panel").raise_()
    return window


@pytest.fixture
def walked(explorer: Explorer, settle: Settle) -> WalkedPath:
    for index in (3, 8):
        explorer.paths.add_item(index)
    settle(explorer)
    found = explorer.paths.walked
    assert found is not None
    return found


def test_the_ring_items_and_samples_become_key_points_of_a_path_that_the_map_shows(
    explorer: Explorer, settle: Settle, mouse: "type[Mouse]", press: Press, pixels: "Pixels"
) -> None:
    panels, latent_map = explorer.panels, explorer.panels.latent_map
    press(panels.paths, "Add the ring's place")
    encoded = explorer.planner.opened and explorer.planner.opened.encoded
    assert encoded
    mouse(latent_map).move(latent_map.position_of(*encoded.codes[3].tolist()))
    hovered = latent_map.marked
    assert hovered >= 0
    QTest.keyClick(latent_map, Qt.Key.Key_P)
    grid = panels.samples.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    mouse(grid.viewport()).move(grid.item_rect(2).center())
    QTest.keyClick(grid, Qt.Key.Key_P)
    settle(explorer)
    keys = explorer.store.state.path.keys
    assert [key.name for key in keys][0::2] == ["Ring's place", "Sample 3, seed 0"]
    assert keys[1].code == tuple(encoded.codes[hovered].tolist())
    shown = pixels(latent_map)
    explorer.window.action("show_path").trigger()
    assert (pixels(latent_map) != shown).any()
    explorer.window.action("show_path").trigger()
    assert (pixels(latent_map) == shown).all()
    explorer.window.dock("paths_panel").close()
    assert (pixels(latent_map) != shown).any()
    explorer.window.action("path_clear").trigger()
    assert explorer.store.state.path.keys == ()
    explorer.store.undo()
    assert explorer.store.state.path.keys == keys


def test_a_click_on_a_step_shows_what_decoding_it_gives(
    explorer: Explorer, walked: WalkedPath, settle: Settle, mouse: "type[Mouse]", choose: Choose, digits_run: Path
) -> None:
    choose(explorer.panels.paths, "Kind of path", "Geodesic")
    settle(explorer)
    found = explorer.paths.walked
    assert found is not None
    assert found.asked.kind == "geodesic"
    assert found.length <= found.straight
    assert found.straight == pytest.approx(walked.length)
    strip = explorer.panels.paths.findChild(PathStrip)
    assert isinstance(strip, PathStrip)
    mouse(strip.viewport()).click(strip.step_rect(4).center())
    settle(explorer)
    assert explorer.store.state.code == tuple(found.codes[4].tolist())
    expected = decode_codes(load_model(find_checkpoint(digits_run)), found.codes[4:5])
    assert explorer.code.picture is not None
    assert np.abs(explorer.code.picture.picture.astype(int) - pixels_of_images(expected)[0]).max() <= 1
    assert np.abs(found.pictures[4].astype(int) - pixels_of_images(expected)[0]).max() <= 1


def test_the_ring_walks_until_the_person_takes_it(
    explorer: Explorer, walked: WalkedPath, mouse: "type[Mouse]", qtbot: "QtBot"
) -> None:
    stood, latent_map = explorer.store.state.code, explorer.panels.latent_map
    explorer.panels.paths.speed_changed.emit(40)
    explorer.window.action("path_play").trigger()
    qtbot.waitUntil(lambda: explorer.store.state.code == tuple(walked.codes[6].tolist()), timeout=LONG_MS)
    mouse(latent_map).drag([latent_map.position_of(0.0, 0.0), latent_map.position_of(0.5, 0.5)])
    assert not explorer.paths.player.is_playing
    explorer.store.undo()
    assert tuple(explorer.store.state.code) in [tuple(code) for code in walked.codes.tolist()]
    explorer.store.undo()
    assert explorer.store.state.code == stood


def test_the_path_becomes_a_film(
    explorer: Explorer, walked: WalkedPath, settle: Settle, press: Press, tmp_path: Path
) -> None:
    press(explorer.panels.paths, "Export the path")
    dialog = explorer.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    file = tmp_path / "path.gif"
    dialog.export_chosen.emit(str(file), ExportOptions(scale=2, columns=16, there_and_back=False))
    dialog.close()
    settle(explorer)
    with Image.open(file) as film:
        frames = [np.asarray(frame.convert("L"))[::2, ::2].astype(int) for frame in ImageSequence.Iterator(film)]
    assert len(frames) == len(walked.codes)
    seen = np.stack([frames[0], frames[-1]])
    assert np.abs(seen - walked.pictures[[0, -1], :, :, 0]).mean() < 4
    assert np.abs(seen - walked.pictures[[-1, 0], :, :, 0]).mean() > 4
