"""The sheet of traversals: what it offers, and what is told."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from explorer.state.slider_choices import TraversalChoice
from explorer.views.traversal_dialog import TraversalDialog
from explorer.views.widgets.image_grid import ImageGrid

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press


@pytest.fixture
def dialog(qtbot: "QtBot") -> TraversalDialog:
    view = TraversalDialog()
    qtbot.addWidget(view)
    return view


def test_being_seen_is_told_when_it_opens_and_closes(dialog: TraversalDialog) -> None:
    heard: list[bool] = []
    dialog.seen.connect(heard.append)
    dialog.show()
    dialog.close()
    assert heard == [True, False]


def test_choices_are_announced_and_showing_them_is_not(dialog: TraversalDialog, choose: "Choose") -> None:
    heard: list[TraversalChoice] = []
    dialog.choice_changed.connect(heard.append)
    dialog.show()
    dialog.show_choice(TraversalChoice(4, 5, "deviations", 2.0), "")
    assert heard == []
    choose(dialog, "Columns", "by quantile of the data")
    dialog._rows.setValue(6)
    assert heard == [TraversalChoice(4, 5, "quantiles", 2.0), TraversalChoice(6, 5, "quantiles", 2.0)]
    dialog.show_choice(heard[-1], "There are no data")
    assert not choose.box(dialog, "Columns").isEnabled()
    assert choose.box(dialog, "Columns").toolTip() == "There are no data"


def test_a_picture_is_gone_to_by_mouse_and_keys_and_there_is_nothing_to_export_before(
    dialog: TraversalDialog, press: "Press", qtbot: "QtBot"
) -> None:
    dialog.show()
    assert not press.button(dialog, "Export the sheet").isEnabled()
    dialog.show_sheet(np.zeros((6, 8, 8, 1), np.uint8), ("z1", "z2"), ("−1σ", "0", "+1σ"))
    grid = dialog.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    gone: list[int] = []
    dialog.item_activated.connect(gone.append)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.item_rect(4).center().toPoint())
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert gone == [4, 5]
    with qtbot.waitSignal(dialog.export_requested):
        press(dialog, "Export the sheet")
