"""The export dialog: file, scale, and what it refuses."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from explorer.state.export_values import FILM_SUFFIXES, PICTURE_SUFFIXES, ExportOffer, ExportOptions
from explorer.views.export_dialog import ExportDialog
from explorer.views.widgets.controls import SentenceLabel
from explorer.views.widgets.number_boxes import WholeNumberBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Press


def offer(folder: Path, **changes: object) -> ExportOffer:
    plain = ExportOffer("Export map", str(folder / "map.png"), 1, 480, 640, ExportOptions(scale=2))
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def dialog(qtbot: "QtBot", tmp_path: Path) -> ExportDialog:
    view = ExportDialog(offer(tmp_path))
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
    assert chosen.args == [str(tmp_path / "map.png"), ExportOptions(scale=3)]
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


def test_only_choices_that_make_sense_are_there(qtbot: "QtBot", tmp_path: Path) -> None:
    sheet = offer(tmp_path, count=12, height=8, width=8, options=ExportOptions(2, 4), has_columns=True, has_film=True)
    view = ExportDialog(sheet)
    qtbot.addWidget(view)
    view.show()
    names = {box.accessibleName() for box in view.findChildren(QWidget) if box.isVisible()}
    assert {"File", "Scale", "Columns", "Background"} <= names
    assert not {"Tiles", "Pictures a second"} & names
    assert "70 × 52 pixels" in _texts(view)
    _type_file(view, tmp_path / "path.mp4")
    assert "Pictures a second" in {box.accessibleName() for box in view.findChildren(QWidget) if box.isVisible()}
    assert "16 × 16 pixels, 12 pictures" in _texts(view)


def test_a_map_counts_its_tiles(qtbot: "QtBot", tmp_path: Path) -> None:
    tiles = offer(tmp_path, count=200, height=28, width=28, options=ExportOptions(1, 20, 20), has_tiles=True)
    view = ExportDialog(tiles)
    qtbot.addWidget(view)
    view.show()
    assert "560 × 280 pixels" in _texts(view)


@pytest.mark.parametrize(
    ("name", "part"), [("map.jpg", "Let the name end in .png"), ("map.mp4", ".png"), ("map", ".p")]
)
def test_other_kinds_are_refused_in_place(
    dialog: ExportDialog, press: "Press", tmp_path: Path, name: str, part: str
) -> None:
    _type_file(dialog, tmp_path / name)
    label = dialog.findChild(SentenceLabel)
    assert isinstance(label, SentenceLabel)
    assert part in label.sentence()
    assert not press.button(dialog, "Export").isEnabled()


def test_a_script_that_cannot_be_says_why(qtbot: "QtBot", press: "Press", tmp_path: Path) -> None:
    view = ExportDialog(offer(tmp_path, scripts_missing="Only the window draws this."))
    qtbot.addWidget(view)
    view.show()
    for label in ("Copy as command", "Copy as Python"):
        assert not press.button(view, label).isEnabled()
        assert press.button(view, label).toolTip() == "Only the window draws this."


def test_scripts_are_wanted_with_what_is_chosen(
    dialog: ExportDialog, press: "Press", qtbot: "QtBot", tmp_path: Path
) -> None:
    with qtbot.waitSignal(dialog.command_wanted) as wanted:
        press(dialog, "Copy as command")
    assert wanted.args == [str(tmp_path / "map.png"), ExportOptions(scale=2)]
    assert dialog.isVisible()


def test_the_kinds_are_those_that_are_written() -> None:
    from trainers.export import films, picture_formats

    assert set(PICTURE_SUFFIXES) == set(picture_formats._WRITERS)
    assert FILM_SUFFIXES == films.FILM_SUFFIXES


def _type_file(dialog: ExportDialog, file: Path) -> None:
    line = next(line for line in dialog.findChildren(QLineEdit) if line.accessibleName() == "File")
    line.setText(str(file))
