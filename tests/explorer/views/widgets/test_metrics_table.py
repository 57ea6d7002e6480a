"""The table of runs and metrics: sorting, selecting, and what its places say."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from explorer.state.metric_values import MetricCell, MetricColumn, MetricRow, MetricTable
from explorer.views.widgets.metrics_table import MetricsTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

_ROWS = (
    MetricRow("/a", "ada", "vae / mnist"),
    MetricRow("/b", "bob", "gan / mnist", is_training=True),
    MetricRow("/c", "cyd", "glo / mnist", is_open=True),
    MetricRow("/d", "dan", "vae / mnist"),
)
_COLUMNS = (
    MetricColumn("kl", "kl", "nats", "10,000 · test", "how far"),
    MetricColumn("fid", "fid ↓", "", "", "how like"),
)
_CELLS = {
    ("/a", "kl"): MetricCell("best", "9.50 ± 0.10", "nine and a half", 9.5, 0.1),
    ("/b", "kl"): MetricCell("impossible", "", "kl needs an evidence bound."),
    ("/c", "kl"): MetricCell("value", "10.0", "ten", 10.0),
    ("/d", "kl"): MetricCell("value", "-1.0", "less than nothing", -1.0),
    ("/a", "fid"): MetricCell("failed", "", "The disk is full."),
}


@pytest.fixture
def table(qtbot: "QtBot") -> MetricsTable:
    view = MetricsTable()
    qtbot.addWidget(view)
    view.resize(600, 240)
    view.show()
    view.show_table(MetricTable(_ROWS, _COLUMNS, _CELLS))
    return view


def _titles(table: MetricsTable) -> list[str]:
    model = table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _data(table: MetricsTable, row: int, column: int, role: Qt.ItemDataRole) -> object:
    return table.model().index(row, column).data(role)


def _click_header(table: MetricsTable, section: int) -> None:
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(section) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_numbers_sort_by_size_with_gaps_last_in_either_direction(table: MetricsTable) -> None:
    assert _titles(table) == ["ada", "bob", "cyd", "dan"]
    table.show_sorting("kl", descending=False)
    assert _titles(table) == ["dan", "ada", "cyd", "bob"]
    table.show_sorting("kl", descending=True)
    assert _titles(table) == ["cyd", "ada", "dan", "bob"]
    table.show_sorting("run", descending=True)
    assert _titles(table) == ["dan", "cyd", "bob", "ada"]
    table.show_sorting("gone", descending=True)
    assert _titles(table) == ["ada", "bob", "cyd", "dan"]


def test_a_click_on_the_header_tells_the_sorting(table: MetricsTable) -> None:
    told: list[tuple[str, bool]] = []
    table.sorting_chosen.connect(lambda column, descending: told.append((column, descending)))
    for _ in range(3):
        _click_header(table, 1)
    _click_header(table, 0)
    assert ("kl", False) in told
    assert ("kl", True) in told
    assert told[2][0] == ""
    assert told[3][0] == "run"


def test_places_say_what_they_are(table: MetricsTable) -> None:
    display, tip = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole
    assert [_data(table, row, 1, display) for row in range(4)] == ["9.50 ± 0.10", "—", "10.0", "-1.0"]
    assert _data(table, 1, 1, tip) == "kl needs an evidence bound."
    assert _data(table, 0, 2, display) == "failed"
    assert _data(table, 0, 2, tip) == "The disk is full."
    assert _data(table, 3, 2, display) == ""
    assert "needs an evidence bound" in str(_data(table, 1, 1, Qt.ItemDataRole.AccessibleTextRole))
    assert "training" in str(_data(table, 1, 0, Qt.ItemDataRole.AccessibleTextRole))
    header = table.model()
    assert header.headerData(1, Qt.Orientation.Horizontal, display) == "kl\n10,000 · test"
    assert header.headerData(2, Qt.Orientation.Horizontal, tip) == "how like"


def test_selected_rows_are_told_and_stay_when_cells_change(table: MetricsTable) -> None:
    told: list[tuple[str, ...]] = []
    table.runs_chosen.connect(told.append)
    for row, keys in ((0, Qt.KeyboardModifier.NoModifier), (2, Qt.KeyboardModifier.ControlModifier)):
        place = table.visualRect(table.model().index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, place)
    assert told == [("/a",), ("/a", "/c")]
    table.show_table(MetricTable(_ROWS, _COLUMNS, {**_CELLS, ("/d", "fid"): MetricCell("value", "3", "", 3.0)}))
    table.show_table(MetricTable(_ROWS[1:], _COLUMNS, _CELLS))
    table.show_table(MetricTable(_ROWS, _COLUMNS[:1], _CELLS))
    assert told == [("/a",), ("/a", "/c")]
    assert sorted(index.data() for index in table.selectionModel().selectedRows()) == ["ada", "cyd"]
    table.select_runs(())
    assert table.selectionModel().selectedRows() == []
    assert len(told) == 2


def test_enter_opens_a_run(table: MetricsTable) -> None:
    told: list[str] = []
    table.run_activated.connect(told.append)
    table.show_sorting("kl", descending=False)
    table.setCurrentIndex(table.model().index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert told == ["/d"]


def test_beside_other_pages_only_the_runs_are_seen(table: MetricsTable) -> None:
    table.show_only_runs(True)
    assert [table.isColumnHidden(column) for column in range(3)] == [False, True, True]
    table.show_table(MetricTable(_ROWS, (*_COLUMNS, MetricColumn("is", "is ↑")), _CELLS))
    table.show_only_runs(True)
    assert table.isColumnHidden(3)
    table.show_only_runs(False)
    assert not any(table.isColumnHidden(column) for column in range(4))


def test_names_of_runs_stay_in_sight_beside_far_columns(table: MetricsTable) -> None:
    table.resize(240, 240)
    assert not table.verticalHeader().isVisible()
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    assert table.verticalHeader().isVisible()
    table.show_sorting("run", descending=True)
    names = [table.model().headerData(row, Qt.Orientation.Vertical) for row in range(4)]
    assert names == ["dan", "cyd", "bob", "ada"]
    table.horizontalScrollBar().setValue(0)
    assert not table.verticalHeader().isVisible()


def test_the_keyboard_sorts_by_the_column_of_the_current_cell(table: MetricsTable) -> None:
    told: list[tuple[str, bool]] = []
    table.sorting_chosen.connect(lambda column, descending: told.append((column, descending)))
    table.setCurrentIndex(table.model().index(0, 1))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(table, key, Qt.KeyboardModifier.AltModifier)
    assert told == [("kl", False), ("kl", True), ("", True)]


def test_the_keyboard_selects_runs_that_are_not_neighbours(table: MetricsTable) -> None:
    chosen: list[tuple[str, ...]] = []
    table.runs_chosen.connect(chosen.append)
    table.setCurrentIndex(table.model().index(0, 0))
    for _ in range(2):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_Space)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert chosen == [("/a",), ("/a", "/c"), ("/a",)]
