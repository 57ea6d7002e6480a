"""Pictures of every kind exported from the window and dropped on it again."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from explorer.state.session_state import MapChoice
from explorer.views.export_dialog import ExportDialog
from trainers.engine.checkpoint import find_checkpoint

if TYPE_CHECKING:
    from explorer.app import Explorer

MAP = MapChoice(spacing="probability", points_shown=False, contours_shown=True)


@pytest.fixture
def explorer(
    open_explorer: Callable[[str], "Explorer"], settle: Callable[["Explorer"], None], digits_run: Path
) -> "Explorer":
    window = open_explorer(str(digits_run))
    settle(window)
    return window


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".svg", ".pdf"])
@pytest.mark.parametrize(
    "command", ["export_decoded", "export_map", "export_map_view", "export_samples", "export_reconstructions"]
)
def test_a_dropped_export_brings_the_exact_state_back(
    explorer: "Explorer",
    settle: Callable[["Explorer"], None],
    wide_run: Path,
    tmp_path: Path,
    command: str,
    suffix: str,
) -> None:
    explorer.store.update(samples=replace(explorer.store.state.samples, seed=11, count=16))
    settle(explorer)
    _export_and_drop(explorer, settle, explorer.window.action(command).trigger, tmp_path / f"a{suffix}", wide_run)


@pytest.mark.parametrize("suffix", [".png", ".gif", ".mp4"])
def test_a_dropped_path_brings_its_key_points_back(
    explorer: "Explorer", settle: Callable[["Explorer"], None], wide_run: Path, tmp_path: Path, suffix: str
) -> None:
    explorer.window.dock("paths_panel").raise_()
    for index in (3, 8, 5):
        explorer.paths.add_item(index)
    settle(explorer)
    assert len(explorer.store.state.path.keys) == 3
    _export_and_drop(explorer, settle, explorer.paths.export, tmp_path / f"path{suffix}", wide_run)


def test_a_dropped_sheet_of_traversals_brings_its_point_back(
    explorer: "Explorer", settle: Callable[["Explorer"], None], wide_run: Path, tmp_path: Path
) -> None:
    explorer.window.action("traversals").trigger()
    settle(explorer)

    def ask() -> None:
        explorer.export.ask(explorer.traversals.sheet)

    _export_and_drop(explorer, settle, ask, tmp_path / "traversals.png", wide_run)


def test_a_start_whose_model_has_moved_offers_to_find_it(
    explorer: "Explorer",
    open_explorer: Callable[[str], "Explorer"],
    settle: Callable[["Explorer"], None],
    digits_run: Path,
    tmp_path: Path,
) -> None:
    moved, gone = tmp_path / "moved", tmp_path / "gone"
    shutil.copytree(digits_run, gone)
    explorer.panels.library.open_requested.emit(str(gone))
    settle(explorer)
    explorer.store.update(code=(0.25, 0.5))
    saved = explorer.store.state
    explorer.close()
    gone.rename(moved)
    again = open_explorer("")
    settle(again)
    assert f"is gone: there is none at {gone}" in again.window.message()
    again.window.message_action.emit()
    dialog = again.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(find_checkpoint(moved)))
    dialog.close()
    settle(again)
    assert again.model.path == str(find_checkpoint(moved))
    assert replace(again.store.state, model="") == replace(saved, model="")


def _export_and_drop(
    explorer: "Explorer", settle: Callable[["Explorer"], None], ask: Callable[[], None], file: Path, other: Path
) -> None:
    explorer.store.update(code=(0.375, -1.25), map=MAP)
    settle(explorer)
    saved, picture = explorer.store.state, _decoded(explorer)
    ask()
    dialog = explorer.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.export_chosen.emit(str(file), dialog.options())
    dialog.close()
    dialog.setParent(None)
    settle(explorer)
    assert file.is_file(), explorer.window.message()
    explorer.panels.library.open_requested.emit(str(other))
    settle(explorer)
    explorer.store.update(map=MapChoice())
    assert explorer.store.state.model != saved.model
    explorer.window.file_dropped.emit(str(file))
    settle(explorer)
    assert replace(explorer.store.state, model="") == replace(saved, model="")
    assert explorer.planner.opened is not None
    assert "Back where the picture was exported" in explorer.window.message()
    np.testing.assert_array_equal(_decoded(explorer), picture)


def _decoded(explorer: "Explorer") -> np.ndarray:
    assert explorer.code.picture is not None
    return explorer.code.picture.picture
