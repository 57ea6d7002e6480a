"""The export dialog: file, scale, and what it refuses."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from explorer.views.export_dialog import ExportDialog
from explorer.views.widgets.controls import SentenceLabel
from explorer.views.widgets.number_boxes import WholeNumberBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Press


@pytest.fixture
def dialog(qtbot: "QtBot", tmp_path: Path) -> ExportDialog:
    view = ExportDialog("Export map", str(tmp_path / "map.png"), (640, 480), 2)
    qtbot.addWidget(view)
    view.show()
    return view


def _texts(dialog: ExportDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def test_file_and_scale_are_announced(dialog: ExportDialog, press: "Press", tmp_path: Path, qtbot: "QtBot") -> None:
    assert "1280 × 960 pixels" in _texts(dialog)
    box = dialog.findChild(WholeNumberBox)
    assert isinstance(box, WholeNumberBox)
    box.selectAll()
    QTest.keyClicks(box, "3")
    assert "1920 × 1440 pixels" in _texts(dialog)
    with qtbot.waitSignal(dialog.export_chosen) as chosen:
        press(dialog, "Export")
    assert chosen.args == [str(tmp_path / "map.png"), 3]
    assert not dialog.isVisible()


def test_a_missing_folder_is_refused_in_place(dialog: ExportDialog, press: "Press", tmp_path: Path) -> None:
    line = next(line for line in dialog.findChildren(QLineEdit) if line.accessibleName() == "File")
    line.selectAll()
    QTest.keyClicks(line, str(tmp_path / "nowhere" / "map.png"))
    assert not press.button(dialog, "Export").isEnabled()
    label = dialog.findChild(SentenceLabel)
    assert isinstance(label, SentenceLabel)
    assert label.isVisibleTo(dialog)
    assert label.sentence() == f"There is no folder {tmp_path / 'nowhere'}."
    line.clear()
    assert "Name a file to write." in _texts(dialog)


def test_escape_announces_nothing(dialog: ExportDialog, qtbot: "QtBot") -> None:
    with qtbot.assertNotEmitted(dialog.export_chosen):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
