"""Dialogs for files: what is announced of the path that the person chose."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from explorer.controllers.file_choice import FileChoice

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: "QtBot") -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def _choose(window: QWidget, path: str) -> None:
    (dialog,) = (found for found in window.findChildren(QFileDialog) if found.isVisible())
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(path)
    dialog.close()


def test_a_new_file_ends_as_it_must_whatever_is_typed(window: QWidget) -> None:
    files = FileChoice(window)
    chosen: list[tuple[str, str]] = []
    files.chosen.connect(lambda purpose, path: chosen.append((purpose, path)))
    for typed in ("/folder/mine", "/folder/mine.CSV", "/folder/mine.2"):
        files.ask_new_file("table", "Save", "Values (*.csv)", "table.csv", ".csv")
        (dialog,) = (found for found in window.findChildren(QFileDialog) if found.isVisible())
        assert dialog.defaultSuffix() == "csv"
        _choose(window, typed)
    assert [path for _, path in chosen] == ["/folder/mine.csv", "/folder/mine.CSV", "/folder/mine.2.csv"]
    assert {purpose for purpose, _ in chosen} == {"table"}


def test_a_file_that_is_there_keeps_its_name_whatever_was_asked_before(window: QWidget) -> None:
    files = FileChoice(window)
    chosen: list[str] = []
    files.chosen.connect(lambda _purpose, path: chosen.append(path))
    files.ask_new_file("table", "Save", "", "table.csv", ".csv")
    _choose(window, "/folder/one")
    files.ask_file("weights", "Open", "")
    _choose(window, "/folder/weights")
    assert chosen == ["/folder/one.csv", "/folder/weights"]
