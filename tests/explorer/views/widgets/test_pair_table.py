"""The table of A and B: what stands in its places, and what is read aloud of them."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from explorer.state.metric_pair import MetricPair
from explorer.state.metric_values import MetricCell, MetricColumn, MetricRow, MetricTable
from explorer.views.widgets.pair_table import PairTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

_ROLE = Qt.ItemDataRole
_COLUMNS = (
    MetricColumn("fid", "fid ↓", "distance", "net · 500 samples · test", "how like"),
    MetricColumn("kl", "kl", "nats"),
)
_CELLS = {
    ("/a", "fid"): MetricCell("value", "30", "thirty", 30.0),
    ("/b", "fid"): MetricCell("best", "20", "twenty", 20.0),
    ("/a", "kl"): MetricCell("measuring", "", "Is being measured."),
    ("/b", "kl"): MetricCell("other", "5 at epoch 2", "of another snapshot"),
}
_TABLE = MetricTable((MetricRow("/a", "ada"), MetricRow("/b", "bob")), _COLUMNS, _CELLS)


@pytest.fixture
def table(qtbot: "QtBot") -> PairTable:
    view = PairTable()
    qtbot.addWidget(view)
    view.resize(700, 200)
    view.show()
    view.show_pair(MetricPair(("ada", "bob"), _TABLE))
    return view


def _said(table: PairTable, row: int, role: Qt.ItemDataRole = _ROLE.DisplayRole) -> list[object]:
    model = table.model()
    return [model.index(row, column).data(role) for column in range(model.columnCount())]


def test_a_row_has_both_values_their_difference_and_how_they_were_measured(table: PairTable) -> None:
    assert _said(table, 0) == ["fid ↓", "30", "20", "−10", "B", "distance", "net · 500 samples · test"]
    aloud = ["fid of A: 30", "fid of B: 20", "fid B − A: −10", "fid Better: B"]
    assert _said(table, 0, _ROLE.AccessibleTextRole)[1:5] == aloud
    assert _said(table, 0, _ROLE.ToolTipRole)[1:5] == ["thirty", "twenty", "B is better.", "B is better."]
    fonts = [font is not None and font.bold() for font in _said(table, 0, _ROLE.FontRole)]  # type: ignore[attr-defined]
    assert fonts == [False, False, True, False, False, False, False]


def test_what_is_no_value_of_this_checkpoint_is_paler(table: PairTable) -> None:
    assert _said(table, 1) == ["kl", "measuring", "5 at epoch 2", "", "", "nats", ""]
    colours = _said(table, 1, _ROLE.ForegroundRole)
    assert colours[1] == colours[2] == table.palette().placeholderText().color()
    assert colours[0] is None


def test_headers_say_which_model_a_and_b_are(table: PairTable) -> None:
    model = table.model()
    tips = [model.headerData(section, Qt.Orientation.Horizontal, _ROLE.ToolTipRole) for section in (1, 2)]
    assert tips == ["A is ada", "B is bob"]


def test_the_chosen_row_stays_while_values_come(table: PairTable) -> None:
    table.selectRow(1)
    cells = {**_CELLS, ("/a", "kl"): MetricCell("value", "4", "four", 4.0)}
    table.show_pair(MetricPair(("ada", "bob"), MetricTable(_TABLE.rows, _COLUMNS, cells)))
    assert [index.row() for index in table.selectionModel().selectedRows()] == [1]
    assert _said(table, 1)[1] == "4"
    table.show_pair(MetricPair(("ada", "bob"), MetricTable(_TABLE.rows, _COLUMNS[:1], _CELLS)))
    assert table.model().rowCount() == 1
