"""Runs and what was measured of them, as a table that sorts itself."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from explorer.state.metric_values import MetricCell, MetricTable
from explorer.views.icons import icon

_AnyIndex = QModelIndex | QPersistentModelIndex
_SORT = Qt.ItemDataRole.UserRole + 1
_PATH = Qt.ItemDataRole.UserRole + 2
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MARKS = {"impossible": "—", "waiting": "…", "measuring": "measuring", "failed": "failed"}
_PALE = (*_MARKS, "other")
_RUN_WIDTH, _NARROWEST, _WIDEST, _ROW_HEIGHT = 200, 88, 280, 24
_BRIEF_RUN_WIDTH, _BRIEF_ROW_HEIGHT = 144, 20
_FIRST = "run"
_ORDERS = {Qt.Key.Key_Down: Qt.SortOrder.AscendingOrder, Qt.Key.Key_Up: Qt.SortOrder.DescendingOrder}


class MetricsModel(QAbstractTableModel):
    """The table for a view: the run in the first column, then a column for each metric."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = MetricTable()
        self._is_brief = False

    @property
    def table(self) -> MetricTable:
        """What the model holds."""
        return self._table

    def set_table(self, table: MetricTable) -> None:
        """Take another table; where rows and columns stay, only what stands in them is announced."""
        old, paths = self._table, [row.path for row in table.rows]
        is_same = old.columns == table.columns and [row.path for row in old.rows] == paths
        if not is_same:
            self.beginResetModel()
        self._table = table
        if not is_same:
            self.endResetModel()
        elif paths:
            self.dataChanged.emit(self.index(0, 0), self.index(len(paths) - 1, len(table.columns)))

    def set_brief(self, is_brief: bool) -> None:
        """Choose whether a column is headed by its name alone, without the conditions in a second line."""
        self._is_brief = is_brief
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._table.columns))

    def rowCount(self, parent: _AnyIndex = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        """How many runs there are."""
        return 0 if parent.isValid() else len(self._table.rows)

    def columnCount(self, parent: _AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """One more than there are metrics."""
        return 0 if parent.isValid() else 1 + len(self._table.columns)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What stands in a place."""
        if not index.isValid():
            return None
        if role == _PATH:
            return self._table.rows[index.row()].path
        if index.column() == 0:
            return self._of_run(index.row(), role)
        return self._of_cell(index.row(), index.column() - 1, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns, with what they are in the tooltip; and of the rows."""
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            return self._table.rows[section].title if 0 <= section < len(self._table.rows) else None
        if orientation != Qt.Orientation.Horizontal or not 0 <= section <= len(self._table.columns):
            return None
        column = self._table.columns[section - 1] if section else None
        if role == Qt.ItemDataRole.DisplayRole:
            conditions = "" if column is None or self._is_brief else column.conditions
            return "Run" if column is None else f"{column.title}\n{conditions}".rstrip()
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return "Run, file or shipped model" if column is None else column.explanation
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter if column is None else _RIGHT
        return None

    def _of_run(self, place: int, role: int) -> object:
        row = self._table.rows[place]
        said = f"{row.title}, {row.detail}{', open' * row.is_open}{', training' * row.is_training}"
        found: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: row.title,
            Qt.ItemDataRole.ToolTipRole: f"{row.title}\n{row.detail}",
            Qt.ItemDataRole.AccessibleTextRole: said,
            Qt.ItemDataRole.DecorationRole: icon("run") if row.is_training else None,
            Qt.ItemDataRole.FontRole: bold() if row.is_open else None,
            _SORT: row.title.lower(),
        }
        return found.get(role)

    def _of_cell(self, place: int, column: int, role: int) -> object:
        metric = self._table.columns[column]
        cell = self._table.cell(self._table.rows[place].path, metric.name)
        said = cell.explanation if cell.kind in ("missing", "impossible", "failed") else cell_text(cell)
        found: dict[int, object] = {
            Qt.ItemDataRole.DisplayRole: cell_text(cell),
            Qt.ItemDataRole.ToolTipRole: cell.explanation,
            Qt.ItemDataRole.AccessibleTextRole: f"{metric.title} {said}",
            Qt.ItemDataRole.TextAlignmentRole: _RIGHT,
            Qt.ItemDataRole.FontRole: bold() if cell.kind == "best" else None,
            Qt.ItemDataRole.ForegroundRole: cell_colour(cell, self._palette()),
            _SORT: cell.value,
        }
        return found.get(role)

    def _palette(self) -> QPalette:
        owner = self.parent()
        return owner.palette() if isinstance(owner, QWidget) else QPalette()


class _Sorting(QSortFilterProxyModel):
    """Numbers by size, names by the alphabet; rows without a number come last in either direction."""

    def lessThan(self, left: _AnyIndex, right: _AnyIndex) -> bool:
        one, other = left.data(_SORT), right.data(_SORT)
        if one is None or other is None:
            is_last = other is None and one is not None
            return is_last if self.sortOrder() == Qt.SortOrder.AscendingOrder else one is None and other is not None
        return bool(one < other)


class MetricsTable(QTableView):
    """The table; clicks on its header sort it, and its selected rows are the chosen runs.

    Without a mouse: Alt+Down sorts by the column of the current cell from its lowest value, Alt+Up from its highest,
    and the same again not at all; Ctrl and arrows go to another row, Space selects it or takes it out of the selection.

    runs_chosen(paths): the person selected rows. sorting_chosen(column, descending): "run", or the name of a metric.
    run_activated(path): a row was double clicked, or Enter pressed.
    """

    runs_chosen = Signal(object)
    sorting_chosen = Signal(str, bool)
    run_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("metrics_table")
        self._rows = MetricsModel(self)
        self._sorting = _Sorting(self)
        self._sorting.setSourceModel(self._rows)
        self._is_told = self._shows_only_runs = self._is_brief = False
        self._runs: tuple[str, ...] = ()
        self.setModel(self._sorting)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(
            "Runs and their metrics; Enter opens a run, Space selects one, the selected ones are compared; "
            "Alt+Down and Alt+Up sort by the column of the current cell"
        )
        self._set_up_headers()
        self.selectionModel().selectionChanged.connect(self._tell_runs)
        self.activated.connect(self._tell_activated)

    def show_table(self, table: MetricTable) -> None:
        """Show a table; the chosen runs stay chosen where they are still there."""
        self._is_told = True
        self._rows.set_table(table)
        self._is_told = False
        self.select_runs(self._runs)

    def set_brief(self, is_brief: bool) -> None:
        """Choose whether rows, headers and the column of runs take as little room as they can."""
        if is_brief != self._is_brief:
            self._is_brief = is_brief
            self._rows.set_brief(is_brief)
            self.verticalHeader().setDefaultSectionSize(_BRIEF_ROW_HEIGHT if is_brief else _ROW_HEIGHT)
            self._fit_columns()

    def select_runs(self, paths: tuple[str, ...]) -> None:
        """Select the rows of some runs; announces nothing."""
        self._runs = paths
        model, selection = self._sorting, self.selectionModel()
        wanted = [row for row in range(model.rowCount()) if model.index(row, 0).data(_PATH) in paths]
        if wanted == sorted(index.row() for index in selection.selectedRows()):
            return
        self._is_told = True
        selection.clearSelection()
        for row in wanted:
            flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
            selection.select(model.index(row, 0), flags)
        self._is_told = False

    def show_sorting(self, column: str, *, descending: bool) -> None:
        """Sort by a column, or by the order of the table where it is empty or not there; announces nothing."""
        names = (_FIRST, *(found.name for found in self._rows.table.columns))
        place = names.index(column) if column in names else -1
        # Without a column, too, a falling order would turn the rows round.
        is_falling = descending and place >= 0
        order = Qt.SortOrder.DescendingOrder if is_falling else Qt.SortOrder.AscendingOrder
        header = self.horizontalHeader()
        blocked = header.blockSignals(True)
        header.setSortIndicator(place, order)
        header.blockSignals(blocked)
        self._sorting.sort(place, order)

    def show_only_runs(self, only_runs: bool) -> None:
        """Hide everything but the names of the runs, so that the table is a list of them."""
        if only_runs == self._shows_only_runs and self.horizontalHeader().hiddenSectionCount() == self._hidden():
            return
        self._shows_only_runs = only_runs
        for section in range(1, self.horizontalHeader().count()):
            self.setColumnHidden(section, only_runs)
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAlwaysOff if only_runs else policy.ScrollBarAsNeeded)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sort, and select rows one by one."""
        key, current = Qt.Key(event.key()), self.currentIndex()
        if not current.isValid():
            super().keyPressEvent(event)
        elif key in _ORDERS and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self._sort_by(current.column(), _ORDERS[key])
        elif key == Qt.Key.Key_Space:
            flags = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(current, flags)
        else:
            super().keyPressEvent(event)

    def _sort_by(self, section: int, order: Qt.SortOrder) -> None:
        header = self.horizontalHeader()
        is_again = header.sortIndicatorSection() == section and header.sortIndicatorOrder() == order
        header.setSortIndicator(-1 if is_again else section, order)

    def _fit_columns(self) -> None:
        self.setColumnWidth(0, _BRIEF_RUN_WIDTH if self._is_brief else _RUN_WIDTH)
        for section in range(1, self.horizontalHeader().count()):
            self.resizeColumnToContents(section)
            self.setColumnWidth(section, max(_NARROWEST, min(self.columnWidth(section), _WIDEST)))
        self.show_only_runs(self._shows_only_runs)

    def _hidden(self) -> int:
        return self.horizontalHeader().count() - 1 if self._shows_only_runs else 0

    def _set_up_headers(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(48)
        header.sortIndicatorChanged.connect(self._tell_sorting)
        self._sorting.modelReset.connect(self._fit_columns)
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(_ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        rows.setHighlightSections(False)
        rows.hide()
        # Names of runs that the first column takes out of sight are said in front of the rows.
        self.horizontalScrollBar().valueChanged.connect(lambda place: rows.setVisible(place > 0))

    @Slot()
    def _tell_runs(self) -> None:
        if not self._is_told:
            rows = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
            self._runs = tuple(str(index.data(_PATH)) for index in rows)
            self.runs_chosen.emit(self._runs)

    @Slot(int, Qt.SortOrder)
    def _tell_sorting(self, section: int, order: Qt.SortOrder) -> None:
        names = (_FIRST, *(found.name for found in self._rows.table.columns))
        name = names[section] if 0 <= section < len(names) else ""
        self.sorting_chosen.emit(name, order == Qt.SortOrder.DescendingOrder)

    @Slot(QModelIndex)
    def _tell_activated(self, index: QModelIndex) -> None:
        self.run_activated.emit(str(index.data(_PATH)))


def bold() -> QFont:
    """A font for what stands out."""
    font = QFont()
    font.setBold(True)
    return font


def cell_text(cell: MetricCell) -> str:
    """What is read in a place: its value, or a mark for what it is without one."""
    return cell.text or _MARKS.get(cell.kind, "")


def cell_colour(cell: MetricCell, palette: QPalette) -> QColor | None:
    """The colour of what is no value that can be compared; None for the usual one."""
    if cell.kind not in _PALE:
        return None
    return palette.color(
        QPalette.ColorRole.LinkVisited if cell.kind == "failed" else QPalette.ColorRole.PlaceholderText
    )
