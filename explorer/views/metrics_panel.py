"""What was measured of runs, what they told while they were trained, and how much of their codes they use."""

from dataclasses import replace
from functools import cached_property
from html import escape
from typing import TypeVar

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.curve_choices import chosen_curves, curve_choices
from explorer.state.metric_pair import MetricPair
from explorer.state.metric_values import MetricsChoice, MetricsPage, MetricTable, RunHistory
from explorer.views.text_dialog import TextDialog
from explorer.views.widgets.controls import NO_LIMIT
from explorer.views.widgets.curve_plot import CurvePlot
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.metric_scatter import MetricScatter
from explorer.views.widgets.metrics_bar import MetricsBar
from explorer.views.widgets.metrics_table import MetricsTable
from explorer.views.widgets.note_line import NoteLine
from explorer.views.widgets.pair_table import PairTable
from explorer.views.widgets.run_progress import duration_text
from explorer.views.widgets.unit_heat_map import UnitHeatMap
from explorer.views.widgets.widget_picture import widget_picture
from explorer.views.widgets.work_progress import WorkProgress

_LIST_WIDTH = 220
# In a lower panel the rows of the table need the room of the line of notes, of which the bar has a button, too.
_LOW = 200
_NO_CURVES = "The curves of a run appear here once it has told of some steps."
_NO_UNITS = (
    "This run has recorded no values of its units: it has no codes for items, or an earlier version trained it. "
    "Its snapshots can be measured instead."
)
_NO_SCATTER = "Runs with two metrics appear here as points; measure them first."
_NO_PAIR = "What is measured of A and of B stands here beside each other; nothing is measured of them yet."
_MEASURE, _MEASURE_BOTH, _SNAPSHOTS = "Measure…", "Measure both…", "Measure the snapshots"
_Plot = TypeVar("_Plot", bound=QWidget)


class MetricsPanel(QWidget):
    """A table of runs and metrics; beside its list of runs their curves, their units, or a scatter of two metrics.

    While two models are compared it has a page of what is measured of both, which measures them with
    pair_measure_requested().
    choice_changed(MetricsChoice); measure_requested(), measuring_cancelled(); snapshots_requested(),
    snapshots_cancelled(): the units of the first chosen run at its snapshots; copy_requested(format),
    save_requested(format): of the table; export_requested(): a picture of the plot; open_requested(path): a run;
    unit_activated(index): a number of the code; seen(): the panel came into sight.
    """

    choice_changed = Signal(object)
    measure_requested = Signal()
    pair_measure_requested = Signal()
    measuring_cancelled = Signal()
    snapshots_requested = Signal()
    snapshots_cancelled = Signal()
    copy_requested = Signal(str)
    save_requested = Signal(str)
    export_requested = Signal()
    open_requested = Signal(str)
    unit_activated = Signal(int)
    seen = Signal()
    # Of a figure, whatever the shape of the panel.
    picture_size = QSize(720, 400)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("metrics_panel")
        self._choice = MetricsChoice()
        self._content = MetricTable()
        self._pair: MetricPair | None = None
        self._histories: tuple[RunHistory, ...] = ()
        self._unit_names: tuple[str, ...] = ()
        self._drawn: object = None
        self._notes: tuple[str, ...] = ()
        self._has_failures = False
        # Run, step and epoch of what is on the screen.
        self._mark = ("", -1, -1.0)
        self._bar = MetricsBar()
        self._table = MetricsTable()
        self._pair_table = PairTable()
        self._empty = EmptyState()
        self._note = NoteLine()
        self._progress = WorkProgress("Measure no further; what is measured already is kept")
        self._snapshots = WorkProgress("Measure no further snapshots")
        self._lay_out()
        self._connect()
        self.show_choice(self._choice)

    def show_choice(self, choice: MetricsChoice) -> None:
        """Show what is chosen; announces nothing."""
        self._choice = choice
        self._table.select_runs(choice.runs)
        self._table.show_sorting(choice.sorted_by, descending=choice.descending)
        self._show_page()

    def show_table(self, table: MetricTable) -> None:
        """Show what is measured, and in a line what a reader must know of it."""
        self._content = table
        self._table.show_table(table)
        self._table.show_sorting(self._choice.sorted_by, descending=self._choice.descending)
        self._show_page()

    def show_pair(self, pair: MetricPair | None) -> None:
        """Show what is measured of A and B, or that nothing is compared."""
        if pair != self._pair:
            self._pair = pair
            self._bar.offer_pair(pair is not None)
            self._show_page()

    def show_notes(self, notes: tuple[str, ...], has_failures: bool = False) -> None:
        """Say what a reader must know of table and scatter, what matters most first.

        Sentences in a line where there is room for it, and whole behind a button. has_failures: the first of them say
        what went wrong.
        """
        self._notes, self._has_failures = notes, has_failures
        self._show_notes()

    def show_histories(self, histories: tuple[RunHistory, ...], unit_names: tuple[str, ...] = ()) -> None:
        """Show what the chosen runs told.

        unit_names: of the numbers of the code of the first of them, where they are known.
        """
        self._histories, self._unit_names = histories, unit_names
        self._show_page()

    def mark_snapshot(self, run: str, step: int, epoch: float) -> None:
        """Draw a line where the snapshot of a run stands that the rest of the window shows."""
        self._mark = run, step, epoch
        self._show_mark()

    def show_measuring(self, share: float, what: str, seconds_left: float) -> None:
        """Show how far measuring is; the seconds are negative where nobody can tell."""
        left = f", {duration_text(seconds_left)} left" if seconds_left >= 0 else ""
        self._progress.show_progress(share, f"measuring {what}{left}")
        self._bar.set_measuring("Something is being measured already; cancel it first")

    def end_measuring(self) -> None:
        """Nothing is being measured."""
        self._progress.end()
        self._bar.set_measuring("")

    def show_snapshots(self, share: float, what: str) -> None:
        """Show how far the measuring of snapshots is, from 0 to 1."""
        self._snapshots.show_progress(share, what)

    def end_snapshots(self) -> None:
        """No snapshots are being measured."""
        self._snapshots.end()

    @property
    def has_plot(self) -> bool:
        """Whether curves, units or a scatter are shown now."""
        return not self._beside.isHidden() and self._pages.currentWidget() not in (self._empty, self._pair_table)

    def picture(self, scale: int) -> QImage:
        """The plot that is shown, each pixel of it `scale` wide and high."""
        page = self._pages.currentWidget()
        assert page is not None
        return widget_picture(page, self.picture_size, scale)

    def take_keyboard(self) -> None:
        """Put the keyboard into the table."""
        self._table.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the panel is in sight."""
        super().showEvent(event)
        self.seen.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room to the rows of the table where there is little."""
        super().resizeEvent(event)
        self._table.set_brief(self.height() < _LOW)
        self._show_notes()

    # A plot takes some 20 ms to build, and many people never look at one.

    @cached_property
    def _curves(self) -> CurvePlot:
        return self._added(CurvePlot("step", "value", height=None))

    @cached_property
    def _units(self) -> UnitHeatMap:
        heat_map = self._added(UnitHeatMap())
        heat_map.unit_activated.connect(self.unit_activated)
        return heat_map

    @cached_property
    def _scatter(self) -> MetricScatter:
        scatter = self._added(MetricScatter())
        scatter.run_activated.connect(self.open_requested)
        return scatter

    def _added(self, plot: _Plot) -> _Plot:
        self._pages.addWidget(plot)
        QWidget.setTabOrder(self._table, plot)
        return plot

    def _lay_out(self) -> None:
        self._beside = QWidget()
        self._pages = QStackedLayout(self._beside)
        for page in (self._empty, self._pair_table):
            self._pages.addWidget(page)
        content = QHBoxLayout()
        content.setSpacing(0)
        content.addWidget(self._table, stretch=1)
        content.addWidget(self._beside, stretch=4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(self._note)
        layout.addLayout(content, stretch=1)
        layout.addWidget(self._progress)
        layout.addWidget(self._snapshots)

    def _connect(self) -> None:
        self._bar.choice_changed.connect(self._take_choice)
        self._table.runs_chosen.connect(lambda runs: self._take_choice(replace(self._choice, runs=runs)))
        self._table.sorting_chosen.connect(self._take_sorting)
        self._table.run_activated.connect(self.open_requested)
        self._bar.measure_requested.connect(self._request_measuring)
        self._bar.notes_requested.connect(self._open_notes)
        self._bar.export_requested.connect(self.export_requested)
        self._empty.action.connect(self._take_empty)
        self._snapshots.cancelled.connect(self.snapshots_cancelled)
        self._bar.copy_requested.connect(self.copy_requested)
        self._bar.save_requested.connect(self.save_requested)
        self._progress.cancelled.connect(self.measuring_cancelled)

    @Slot()
    def _take_empty(self) -> None:
        if self._choice.page == "units":
            self.snapshots_requested.emit()
        else:
            self._request_measuring()

    @Slot()
    def _request_measuring(self) -> None:
        (self.pair_measure_requested if self._page == "pair" else self.measure_requested).emit()

    @property
    def _page(self) -> MetricsPage:
        page = self._choice.page
        return "table" if page == "pair" and self._pair is None else page

    @Slot(object)
    def _take_choice(self, choice: MetricsChoice) -> None:
        self.show_choice(choice)
        self.choice_changed.emit(choice)

    @Slot(str, bool)
    def _take_sorting(self, column: str, descending: bool) -> None:
        self._take_choice(replace(self._choice, sorted_by=column, descending=descending))

    @Slot()
    def _open_notes(self) -> None:
        if self.findChild(TextDialog) is None:
            TextDialog("Notes on the metrics", _paragraphs(self._notes_of_page()), self).show()

    def _notes_of_page(self) -> tuple[str, ...]:
        if self._page == "pair":
            return self._pair.table.sentences if self._pair is not None and self._pair.table is not None else ()
        return self._notes if self._page in ("table", "scatter") else ()

    def _show_notes(self) -> None:
        notes = self._notes_of_page()
        self._bar.show_notes(notes, self._has_failures and self._page != "pair")
        text = " ".join(notes) if self.height() >= _LOW else ""
        if text != self._note.text() or self._note.isHidden() == bool(text):
            self._note.show_note(text, whole=_paragraphs(notes))

    def _show_page(self) -> None:
        page = self._page
        is_table = page == "table"
        self._bar.show_choice(replace(self._choice, page=page))
        self._bar.set_measured(_has_values(self._pair.table if page == "pair" and self._pair else self._content))
        self._show_notes()
        self._table.show_only_runs(not is_table)
        self._table.setMaximumWidth(NO_LIMIT if is_table else _LIST_WIDTH)
        self._table.setVisible(page != "pair")
        self._beside.setVisible(not is_table)
        if page == "curves":
            self._show_curves()
        elif page == "units":
            self._show_units()
        elif page == "scatter":
            self._show_scatter()
        elif page == "pair":
            self._show_pair()
        self._bar.set_drawn(self.has_plot)
        self._show_mark()

    def _show_curves(self) -> None:
        known = tuple(history for history in self._histories if history.curves)
        choices = curve_choices(known)
        title = self._bar.offer_quantities(tuple(choice.title for choice in choices))
        chosen = next((choice for choice in choices if choice.title == title), None)
        if chosen is None:
            self._show_empty(_first_problem(self._histories) or _NO_CURVES)
            return
        by_epoch = self._choice.by_epoch
        drawn = (tuple(history.path for history in known), title, by_epoch)
        if drawn != self._drawn:
            # Other curves have another range, whatever the person zoomed to in those before.
            self._curves.show_curves(())
            self._drawn = drawn
        self._curves.set_logarithmic(self._choice.logarithmic)
        self._curves.name_steps("epoch" if by_epoch else "step")
        self._curves.name_values(chosen.unit)
        self._curves.show_curves(chosen_curves(known, chosen, by_epoch=by_epoch))
        self._pages.setCurrentWidget(self._curves)

    def _show_units(self) -> None:
        found = next((history for history in self._histories if history.units is not None), None)
        if found is None or found.units is None:
            problem = _first_problem(self._histories)
            self._show_empty(problem or _NO_UNITS, "" if problem or not self._histories else _SNAPSHOTS)
            return
        several = " · of several chosen runs the first that recorded any" if len(self._histories) > 1 else ""
        title = f"{found.title}: {found.units.quantity} of each unit over the epochs{several}"
        names = self._unit_names if found is self._histories[0] else ()
        self._units.show_units(found.units, title, names, by_activity=self._choice.by_activity)
        self._pages.setCurrentWidget(self._units)

    def _show_scatter(self) -> None:
        columns = {column.name: column for column in self._content.columns}
        across, upwards = self._content.usual_axes(self._choice.across, self._choice.upwards)
        self._bar.offer_metrics(tuple(columns), across, upwards)
        shown = self._scatter.show_runs(self._content, columns[across], columns[upwards]) if columns else 0
        if shown:
            self._pages.setCurrentWidget(self._scatter)
        else:
            self._show_empty(_NO_SCATTER, _MEASURE)

    def _show_pair(self) -> None:
        pair = self._pair
        if pair is None or pair.table is None or not pair.table.columns:
            problem = pair.problem if pair is not None else ""
            self._show_empty(problem or _NO_PAIR, "" if problem else _MEASURE_BOTH)
        else:
            self._pair_table.show_pair(pair)
            self._pages.setCurrentWidget(self._pair_table)

    def _show_mark(self) -> None:
        run, step, epoch = self._mark
        shown = [history for history in self._histories if history.path == run]
        page = self._pages.currentWidget()
        if isinstance(page, CurvePlot):
            page.mark_step((epoch if self._choice.by_epoch else step) if shown else -1)
        elif isinstance(page, UnitHeatMap):
            with_units = next((history for history in self._histories if history.units is not None), None)
            page.mark_epoch(epoch if with_units in shown else -1)

    def _show_empty(self, text: str, button: str = "") -> None:
        self._empty.show_line(text, button)
        self._pages.setCurrentWidget(self._empty)


def _paragraphs(sentences: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)


def _has_values(table: MetricTable | None) -> bool:
    return table is not None and any(cell.value is not None for cell in table.cells.values())


def _first_problem(histories: tuple[RunHistory, ...]) -> str:
    return next((history.problem for history in histories if history.problem), "")
