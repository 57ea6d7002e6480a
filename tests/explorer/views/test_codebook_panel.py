"""The codebook panel: cells and entries, by mouse and keyboard, and what is typed wrongly."""

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from explorer.state.codebook_values import CellEdit, CodebookFacts
from explorer.views.codebook_panel import CodebookPanel, entry_colours
from explorer.views.widgets.controls import SentenceLabel
from explorer.views.widgets.index_grid import IndexGrid
from explorer.views.widgets.scatter_view import ScatterView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels

Kind = TypeVar("Kind", bound=QWidget)
POSITIONS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [0, 0]], dtype=np.float32)
INDICES = np.array([[0, 1, 2], [3, 4, 0]])


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> CodebookPanel:
    view = CodebookPanel()
    qtbot.addWidget(view)
    view.resize(700, 320)
    view.show_codebook(CodebookFacts("grid", POSITIONS, np.array([5, 5, 0, 5, 5]), "20 cells"))
    view.show_indices(INDICES)
    view.show()
    return view


@pytest.fixture
def edits(panel: CodebookPanel) -> list[CellEdit]:
    made: list[CellEdit] = []
    panel.cell_edited.connect(made.append)
    return made


def _part(panel: CodebookPanel, kind: type[Kind]) -> Kind:
    found = panel.findChild(kind)
    assert isinstance(found, kind)
    return found


def test_a_typed_entry_goes_into_the_chosen_cell(
    panel: CodebookPanel, edits: list[CellEdit], mouse: type["Mouse"]
) -> None:
    grid, entry = _part(panel, IndexGrid), _part(panel, QLineEdit)
    mouse(grid).click(grid.cell_rect(1, 2).center())
    assert entry.text() == "0"
    entry.setText("3")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert edits == [CellEdit("grid", 1, 2, 3)]


@pytest.mark.parametrize("typed", ["5", "-1", "two", "", "9999999999"])
def test_an_entry_that_does_not_exist_is_refused_in_a_sentence(
    panel: CodebookPanel, edits: list[CellEdit], typed: str
) -> None:
    entry = _part(panel, QLineEdit)
    entry.setText(typed)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert edits == []
    problem = _part(panel, SentenceLabel)
    assert "entries 0 to 4" in problem.sentence()
    assert problem.isVisible()


def test_a_clicked_entry_goes_into_the_cell_the_arrow_keys_chose(
    panel: CodebookPanel, edits: list[CellEdit], mouse: type["Mouse"]
) -> None:
    grid, entries = _part(panel, IndexGrid), _part(panel, ScatterView)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)
    assert grid.chosen == (1, 0)
    mouse(entries).click(QPointF(*entries.place_of(2)))
    assert edits == [CellEdit("grid", 1, 0, 2)]


def test_the_entry_that_is_there_already_is_no_edit(panel: CodebookPanel, edits: list[CellEdit]) -> None:
    QTest.keyClick(_part(panel, QLineEdit), Qt.Key.Key_Return)
    assert edits == []


def test_cells_with_the_same_entry_have_the_same_colour(panel: CodebookPanel, pixels: "Pixels") -> None:
    grid = _part(panel, IndexGrid)
    drawn = pixels(grid)

    def colour(row: int, column: int) -> list[int]:
        corner = grid.cell_rect(row, column).topLeft().toPoint()
        return [int(value) for value in drawn[corner.y() + 4, corner.x() + 4]]

    assert colour(0, 0) == colour(1, 2)
    assert len({tuple(colour(row, column)) for row in range(2) for column in range(3)}) == 5


def test_usage_and_perplexity_are_said(panel: CodebookPanel) -> None:
    texts = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert "4 of 5 entries used, perplexity 4, 20 cells" in texts


def test_perplexity_of_uniform_use_is_the_number_of_entries() -> None:
    assert CodebookFacts("b", POSITIONS, np.full(5, 7)).perplexity == pytest.approx(5.0)
    assert CodebookFacts("b", POSITIONS, np.array([9, 0, 0, 0, 0])).perplexity == pytest.approx(1.0)
    assert CodebookFacts("b", POSITIONS).perplexity is None


def test_a_codebook_of_equal_vectors_has_colours_too() -> None:
    assert len(entry_colours(np.zeros((3, 2), np.float32))) == 3
