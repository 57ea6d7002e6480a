"""Metrics of two models beside each other, a row for each metric."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from explorer.state.metric_pair import MetricPair, PairRow, pair_rows
from explorer.state.metric_values import MetricCell
from explorer.views.widgets.metrics_table import bold, cell_colour, cell_text

_AnyIndex = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HEADINGS = ("Metric", "A", "B", "B − A", "Better", "Unit", "Measured with")
_METRIC, _A, _B, _DIFFERENCE, _BETTER, _UNIT, _WITH = range(len(_HEADINGS))
_SERVED = frozenset(
    (
        _ROLE.DisplayRole,
        _ROLE.ToolTipRole,
        _ROLE.AccessibleTextRole,
        _ROLE.TextAlignmentRole,
        _ROLE.FontRole,
        _ROLE.ForegroundRole,
    )
)
_ABOUT = {
    _METRIC: "An arrow leads to where it is better",
    _DIFFERENCE: "Where both were measured under the same conditions",
    _BETTER: "Which of the two is better, by the direction of the metric",
    _WITH: "Extractor, importance samples, number and split of the items or samples",
}
_NARROWEST, _WIDEST, _WIDEST_NAME, _ROW_HEIGHT = 56, 200, 152, 24


class PairModel(QAbstractTableModel):
    """The rows for a view."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._owner = parent
        self._titles = ("", "")
        self._rows: tuple[PairRow, ...] = ()

    def show_pair(self, pair: MetricPair) -> bool:
        """Take what is measured; where the metrics stay, only what stands in their rows is announced.

        Says whether anything is other than before.
        """
        rows = pair_rows(pair.table) if pair.table is not None else ()
        if (rows, pair.titles) == (self._rows, self._titles):
            return False
        is_same = [row.column.name for row in rows] == [row.column.name for row in self._rows]
        if not is_same:
            self.beginResetModel()
        self._rows, self._titles = rows, pair.titles
        if not is_same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, _WITH))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, _A, _B)
        return True

    def rowCount(self, parent: _AnyIndex = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        """How many metrics there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """Always as many."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def data(self, index: _AnyIndex, role: int = _ROLE.DisplayRole) -> object:
        """What stands in a place."""
        if not index.isValid() or role not in _SERVED:
            return None
        row, column = self._rows[index.row()], index.column()
        if column in (_A, _B):
            return self._of_cell(row, column, role)
        texts = {
            _METRIC: (row.column.title, row.column.explanation),
            _DIFFERENCE: (row.difference, row.explanation),
            _BETTER: (row.verdict, row.explanation),
            _UNIT: (row.column.unit, row.column.unit),
            _WITH: (row.column.conditions, row.column.explanation),
        }
        text, explanation = texts[column]
        found: dict[int, object] = {
            _ROLE.DisplayRole: text,
            _ROLE.ToolTipRole: explanation,
            _ROLE.AccessibleTextRole: f"{row.column.name} {_HEADINGS[column]}: {text or 'nothing'}",
            _ROLE.TextAlignmentRole: _RIGHT if column == _DIFFERENCE else _LEFT,
        }
        return found.get(role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> object:
        """Names of the columns, those of A and B with their models."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_HEADINGS):
            return None
        title = self._titles[section - _A] if section in (_A, _B) else ""
        found: dict[int, object] = {
            _ROLE.DisplayRole: _HEADINGS[section],
            _ROLE.ToolTipRole: f"{_HEADINGS[section]} is {title}" if title else _ABOUT.get(section),
            _ROLE.TextAlignmentRole: _RIGHT if section in (_A, _B, _DIFFERENCE) else _LEFT,
        }
        return found.get(role)

    def _of_cell(self, row: PairRow, column: int, role: int) -> object:
        cell: MetricCell = row.first if column == _A else row.second
        found: dict[int, object] = {
            _ROLE.DisplayRole: cell_text(cell),
            _ROLE.ToolTipRole: cell.explanation,
            _ROLE.AccessibleTextRole: f"{row.column.name} of {_HEADINGS[column]}: {cell_text(cell) or 'not measured'}",
            _ROLE.TextAlignmentRole: _RIGHT,
            _ROLE.FontRole: bold() if cell.kind == "best" and row.verdict.startswith(_HEADINGS[column]) else None,
            _ROLE.ForegroundRole: self._colour(cell),
        }
        return found.get(role)

    def _colour(self, cell: MetricCell) -> QColor | None:
        return cell_colour(cell, self._owner.palette())


class PairTable(QTableView):
    """The table; it is read, and nothing in it can be changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pair_table")
        self._rows = PairModel(self)
        self.setModel(self._rows)
        self.setAccessibleName("Metrics of A and of B beside each other")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_pair(self, pair: MetricPair) -> None:
        """Show what was measured of two models."""
        if not self._rows.show_pair(pair):
            return
        for section in range(_WITH):
            self.resizeColumnToContents(section)
            widest = _WIDEST_NAME if section == _METRIC else _WIDEST
            self.setColumnWidth(section, max(_NARROWEST, min(self.columnWidth(section), widest)))
