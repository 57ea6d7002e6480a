"""Reconstructions and samples in the whole window, with a real model: the worst items, corrupted ones, near copies."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF

from explorer.app import Explorer
from explorer.state.export_values import ExportOptions
from explorer.views.export_dialog import ExportDialog
from explorer.views.widgets.anomaly_plots import RocPlot
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.mask_painter import MaskPainter
from tests.explorer.conftest import LONG_MS, Choose, Press
from trainers.export.picture_formats import read_provenance
from trainers.export.recipes import ReconstructionsRecipe

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from explorer.services.reconstructions import Reconstructions
    from tests.explorer.conftest import Mouse

Settle = Callable[[Explorer], None]


@pytest.fixture
def explorer(open_explorer: Callable[[str], Explorer], settle: Settle, digits_run: Path) -> Explorer:
    window = open_explorer(str(digits_run))
    window.window.dock("reconstructions_panel").raise_()
    settle(window)
    return window


def _exported(explorer: Explorer, path: Path, qtbot: "QtBot") -> "NDArray[np.uint8]":
    explorer.window.action("export_reconstructions").trigger()
    dialog = explorer.window.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    dialog.export_chosen.emit(str(path), ExportOptions(1, 8))
    dialog.close()
    qtbot.waitUntil(path.is_file, timeout=LONG_MS)
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_the_worst_items_are_those_of_the_highest_errors_and_go_to_the_ring(
    explorer: Explorer, settle: Settle, choose: Choose, press: Press
) -> None:
    made: list[Reconstructions] = []
    explorer.decoder.reconstructed.connect(made.append)
    choose(explorer.panels.reconstructions, "Order", "Worst")
    settle(explorer)
    worst = made[-1].likeness.errors
    assert (np.diff(worst) <= 0.0).all()
    choose(explorer.panels.reconstructions, "Order", "Best")
    settle(explorer)
    assert made[-1].likeness.errors.max() < worst.min()
    explorer.panels.reconstructions.item_activated.emit(0)
    assert explorer.store.state.code == tuple(made[-1].codes[0].tolist())
    press(explorer.panels.reconstructions, "Anomalies")
    settle(explorer)
    curve = explorer.panels.reconstructions.findChild(RocPlot)
    assert isinstance(curve, RocPlot)
    assert "area under the curve" in curve.accessibleName()


def test_what_is_painted_over_is_restored_and_exported_as_it_is_shown(
    explorer: Explorer,
    settle: Settle,
    choose: Choose,
    mouse: "type[Mouse]",
    tmp_path: Path,
    qtbot: "QtBot",
) -> None:
    made: list[Reconstructions] = []
    explorer.decoder.reconstructed.connect(made.append)
    choose(explorer.panels.reconstructions, "Corruption", "Painted mask")
    settle(explorer)
    painter = explorer.panels.reconstructions.findChild(MaskPainter)
    assert isinstance(painter, MaskPainter)
    room = painter.picture_rect()
    places = [room.topLeft() + QPointF(room.width() * part, room.height() / 2) for part in (0.2, 0.8)]
    mouse(painter).drag(places)
    settle(explorer)
    shown = made[-1]
    assert shown.corrupted is not None
    hidden = painter.covered
    assert 0 < hidden.sum() < 64
    assert (shown.corrupted[:, hidden] == 128).all()
    assert (shown.corrupted[:, ~hidden] == shown.originals[:, ~hidden]).all()
    file = tmp_path / "restored.png"
    sheet = _exported(explorer, file, qtbot)
    assert sheet.shape == (12 * 8 + 11 * 2, 8 * 8 + 7 * 2, 3)
    assert (sheet[10:18, :8, 0] == shown.corrupted[0, :, :, 0]).all()
    found = read_provenance(file)
    assert found is not None
    assert isinstance(found.recipe, ReconstructionsRecipe)
    assert found.recipe.mask
    explorer.store.undo()
    settle(explorer)
    assert not painter.covered.any()


def test_each_sample_stands_over_the_training_item_nearest_to_it_which_can_be_gone_to(
    explorer: Explorer, settle: Settle, press: Press, mouse: "type[Mouse]"
) -> None:
    panel = explorer.panels.samples
    explorer.window.dock("samples_panel").raise_()
    press(panel, "Nearest training items")
    settle(explorer)
    found = explorer.nearest.found
    assert found is not None
    assert explorer.samples.samples is not None
    assert (found.drawn.pictures == explorer.samples.samples.pictures).all()
    grid = panel.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    room = grid.item_rect(1)
    mouse(grid.viewport()).click(QPointF(room.center().x(), room.bottom() - 3))
    settle(explorer)
    near = np.array(explorer.store.state.code)
    model = explorer.model.model
    assert model is not None
    assert near == pytest.approx(model.encode(found.items.images[1:2])[0][0], abs=1e-4)
