"""Exported pictures of two models, dropped on the window again."""

import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from typer.testing import CliRunner

from explorer.state.session_state import ComparisonChoice, PlaneChoice
from explorer.state.slider_choices import SlidersChoice
from explorer.views.export_dialog import ExportDialog
from tests.explorer.compared_models import both, shown, side, snapshots
from trainers.cli.application import app
from trainers.engine.checkpoint import find_checkpoint
from trainers.export.picture_formats import read_provenance

if TYPE_CHECKING:
    from explorer.app import Explorer
    from explorer.state.session_state import SessionState

Settle = Callable[["Explorer"], None]
Export = Callable[[], Path]


@pytest.fixture
def explorer(open_explorer: Callable[[str], "Explorer"], settle: Settle, digits_run: Path) -> "Explorer":
    window = open_explorer(str(digits_run))
    settle(window)
    return window


@pytest.fixture
def other(wide_run: Path, tmp_path: Path) -> Path:
    """A run that a test may delete."""
    return shutil.copytree(wide_run, tmp_path / "other")


@pytest.fixture
def export(explorer: "Explorer", settle: Settle, tmp_path: Path) -> Export:
    """Exports both pictures."""

    def write() -> Path:
        file = tmp_path / "pair.png"
        explorer.window.action("export_pair").trigger()
        dialog = explorer.window.findChild(ExportDialog)
        assert isinstance(dialog, ExportDialog)
        dialog.export_chosen.emit(str(file), dialog.options())
        dialog.close()
        dialog.setParent(None)
        settle(explorer)
        assert file.is_file(), explorer.window.message()
        return file

    return write


def test_both_come_back_with_what_was_shown_of_b_in_one_step(
    explorer: "Explorer", settle: Settle, export: Export, digits_run: Path, other: Path
) -> None:
    explorer.comparison.compare_with(str(other))
    explorer.store.update(code=(0.5, -0.5))
    settle(explorer)
    both(explorer).map.bar.plane_chosen.emit(PlaneChoice("dimensions", 3, 4))
    sliders = SlidersChoice(page="attributes")
    explorer.store.update(comparison=replace(explorer.store.state.comparison, sliders=sliders))
    settle(explorer)
    saved, pictures = explorer.store.state, shown(explorer)
    file = export()
    explorer.comparison.set_shown(False)
    explorer.model.open("shipped:digits")
    settle(explorer)
    explorer.store.update(comparison=ComparisonChoice(), code=(1.0, 1.0))
    explorer.preferences.remember_opened(str(other))
    before = explorer.store.state
    explorer.window.file_dropped.emit(str(file))
    settle(explorer)
    assert _places(explorer) == (str(find_checkpoint(digits_run)), str(find_checkpoint(other)))
    assert _alone(explorer.store.state) == _alone(saved)
    np.testing.assert_array_equal(shown(explorer), pictures)
    about = read_provenance(file)
    assert about is not None
    assert about.beside is not None
    assert explorer.window.message() == (
        f"Back where the picture was exported, with {about.model} as A and {about.beside.model} as B."
    )
    explorer.store.undo()
    settle(explorer)
    assert explorer.store.state == before
    assert explorer.comparison.shown is None


def test_a_snapshot_of_the_same_run_is_b_again_beside_the_open_run(
    explorer: "Explorer", settle: Settle, export: Export, digits_run: Path
) -> None:
    first = str(snapshots(digits_run)[0])
    explorer.comparison.compare_with(first)
    explorer.store.update(code=(0.5, -0.5))
    settle(explorer)
    saved, pictures = explorer.store.state, shown(explorer)
    file = export()
    explorer.store.update(comparison=ComparisonChoice(), code=(0.0, 0.0))
    settle(explorer)
    explorer.window.file_dropped.emit(str(file))
    settle(explorer)
    assert (explorer.store.state.model, explorer.store.state.comparison.model) == (str(digits_run), first)
    assert _alone(explorer.store.state) == _alone(saved)
    np.testing.assert_array_equal(shown(explorer), pictures)


def test_a_b_that_was_never_opened_by_itself_is_found_while_it_stands_there(
    explorer: "Explorer", settle: Settle, export: Export, other: Path
) -> None:
    explorer.comparison.compare_with(str(other))
    settle(explorer)
    file = export()
    explorer.store.update(code=(1.0, 1.0))
    explorer.window.file_dropped.emit(str(file))
    settle(explorer)
    assert str(other) not in explorer.preferences.opened
    assert _places(explorer)[1] == str(find_checkpoint(other))


def test_without_b_its_a_comes_back_and_b_can_be_shown_where_it_lies(
    explorer: "Explorer", settle: Settle, export: Export, digits_run: Path, other: Path, tmp_path: Path
) -> None:
    explorer.comparison.compare_with(str(other))
    explorer.store.update(code=(0.5, -0.5))
    settle(explorer)
    pictures, file = shown(explorer), export()
    about = read_provenance(file)
    assert about is not None
    assert about.beside is not None
    explorer.store.update(comparison=ComparisonChoice(), code=(0.0, 0.0))
    moved = other.rename(tmp_path / "moved")
    settle(explorer)
    explorer.window.file_dropped.emit(str(file))
    settle(explorer)
    assert (explorer.store.state.model, explorer.store.state.code) == (str(digits_run), (0.5, -0.5))
    assert explorer.comparison.shown is None
    assert explorer.window.message() == (
        f"Back where the picture was exported, but its B, {about.beside.model}, is not in the library; "
        "find it to see both."
    )
    explorer.window.message_action.emit()
    dialog = explorer.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(find_checkpoint(moved)))
    dialog.close()
    settle(explorer)
    assert _places(explorer)[1] == str(find_checkpoint(moved))
    np.testing.assert_array_equal(shown(explorer), pictures)


def test_the_copied_command_makes_the_pixels_that_were_exported(
    explorer: "Explorer", settle: Settle, export: Export, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer.comparison.compare_with(str(other))
    explorer.store.update(code=(0.5, -0.5))
    settle(explorer)
    file = export()
    explorer.window.action("export_pair").trigger()
    dialog = explorer.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.command_wanted.emit("again.png", dialog.options())
    dialog.close()
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, shlex.split(QGuiApplication.clipboard().text())[1:])
    assert result.exit_code == 0, result.stderr
    with Image.open(file) as exported, Image.open(tmp_path / "again.png") as again:
        assert exported.size == again.size
        assert exported.tobytes() == again.tobytes()


def test_a_picture_of_one_model_ends_a_comparison(
    explorer: "Explorer", settle: Settle, other: Path, tmp_path: Path
) -> None:
    explorer.comparison.compare_with(str(other))
    settle(explorer)
    thing, file = explorer.export._decoded(), tmp_path / "a.png"
    assert thing is not None
    explorer.export.export(thing, str(file), thing.offer.options)
    settle(explorer)
    explorer.window.file_dropped.emit(str(file))
    settle(explorer)
    assert explorer.comparison.shown is None


def _places(explorer: "Explorer") -> tuple[str, str]:
    """The checkpoints that A and B show."""
    first, second = explorer.planner.opened, side(explorer).planner.opened
    assert first is not None
    assert second is not None
    return first.facts.path, second.facts.path


def _alone(state: "SessionState") -> "SessionState":
    """A state without what it says of this machine."""
    return replace(
        state,
        model="",
        comparison=replace(state.comparison, model=""),
        metrics=replace(state.metrics, runs=()),
    )
