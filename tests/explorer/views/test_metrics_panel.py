"""The Metrics panel: its pages, what can be chosen on them, and what they say without anything to show."""

from html import escape
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget

from explorer.state.metric_values import (
    MetricCell,
    MetricColumn,
    MetricRow,
    MetricsChoice,
    MetricsPage,
    MetricTable,
    RunHistory,
    UnitHistory,
)
from explorer.state.training_values import Curve
from explorer.views.metrics_panel import MetricsPanel
from explorer.views.text_dialog import TextDialog
from explorer.views.theme import apply_theme
from explorer.views.widgets.curve_plot import CurvePlot
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.metric_scatter import MetricScatter
from explorer.views.widgets.metrics_bar import MetricsBar
from explorer.views.widgets.metrics_table import MetricsTable
from explorer.views.widgets.unit_heat_map import UnitHeatMap
from explorer.views.widgets.work_progress import WorkProgress

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press

Part = TypeVar("Part", bound=QWidget)

_UNITS = UnitHistory("kl", np.array([1.0, 2.0]), np.array([[0.5, 1.0], [0.25, 2.0]]))
_STEPS = (10.0, 20.0, 30.0)
_CURVES = (Curve("loss", _STEPS, (100.0, 10.0, 1.0)), Curve("kl", _STEPS, (-1.0, 5.0, 10.0)))
_RUN = RunHistory("/a", "ada", _CURVES, 10, _UNITS)
_OTHER = RunHistory("/b", "bob", (Curve("loss", _STEPS, (4.0, 3.0, 2.0)),), 20)
_TABLE = MetricTable(
    (MetricRow("/a", "ada"), MetricRow("/b", "bob")),
    (MetricColumn("kl", "kl", "nats", "500 · test"), MetricColumn("fid", "fid ↓")),
    {(path, name): MetricCell("value", "1", "", 1.0) for path in ("/a", "/b") for name in ("kl", "fid")},
)


@pytest.fixture
def panel(qtbot: "QtBot") -> MetricsPanel:
    view = MetricsPanel()
    qtbot.addWidget(view)
    view.resize(900, 260)
    view.show()
    view.show_table(_TABLE)
    return view


@pytest.fixture
def told(panel: MetricsPanel) -> list[MetricsChoice]:
    heard: list[MetricsChoice] = []
    panel.choice_changed.connect(heard.append)
    return heard


def _part(panel: MetricsPanel, kind: type[Part]) -> Part:
    (found,) = panel.findChildren(kind)
    assert isinstance(found, kind)
    return found


def test_pages_are_chosen_by_buttons(panel: MetricsPanel, told: list[MetricsChoice], press: "Press") -> None:
    for name in ("Curves", "Units", "Scatter", "Table"):
        press(panel, name)
    assert [choice.page for choice in told] == ["curves", "units", "scatter", "table"]


def test_a_narrow_panel_has_its_pages_in_a_list(
    panel: MetricsPanel, told: list[MetricsChoice], choose: "Choose"
) -> None:
    panel.resize(420, 260)
    choose(panel, "Page", "Curves")
    assert told[-1].page == "curves"
    panel.resize(900, 260)
    assert not choose.box(panel, "Page").isVisible()


def test_curves_of_one_run_and_of_several(
    panel: MetricsPanel, told: list[MetricsChoice], choose: "Choose", press: "Press"
) -> None:
    press(panel, "Curves")
    panel.show_histories((_RUN,))
    plot = _part(panel, CurvePlot)
    assert set(plot.shown()) == {"loss", "kl"}
    choose(panel, "Quantity", "Likelihood: loss")
    assert set(plot.shown()) == {"loss"}
    panel.show_histories((_RUN, _OTHER))
    assert plot.shown()["bob"] == (_STEPS, (4.0, 3.0, 2.0))
    choose(panel, "Axis", "by epoch")
    assert plot.shown()["ada"][0] == (1.0, 2.0, 3.0)
    assert plot.shown()["bob"][0] == (0.5, 1.0, 1.5)
    assert told[-1] == MetricsChoice(page="curves", quantity="Likelihood: loss", by_epoch=True)


def test_the_snapshot_on_the_screen_is_marked_in_curves_and_units(
    panel: MetricsPanel, press: "Press", choose: "Choose"
) -> None:
    panel.mark_snapshot("/a", 20, 1.5)
    press(panel, "Curves")
    assert not panel.findChildren(CurvePlot)
    panel.show_histories((_OTHER, _RUN))
    plot = _part(panel, CurvePlot)
    assert plot.marked_step() == 20
    choose(panel, "Axis", "by epoch")
    assert plot.marked_step() == 1.5
    press(panel, "Units")
    heat_map = _part(panel, UnitHeatMap)
    # Epoch 1.5 lies half way between the columns of epochs 1 and 2.
    assert heat_map.marked_column() == 1.0
    panel.mark_snapshot("/b", 20, 1.5)
    assert heat_map.marked_column() == -1
    press(panel, "Curves")
    assert plot.marked_step() == 1.5
    panel.mark_snapshot("", 20, 1.5)
    assert plot.marked_step() == -1


def test_on_a_logarithmic_axis_what_is_not_above_zero_is_not_drawn(panel: MetricsPanel, press: "Press") -> None:
    press(panel, "Curves")
    panel.show_histories((_RUN,))
    press(panel, "Logarithmic values")
    plot = _part(panel, CurvePlot)
    assert plot.shown()["kl"] == ((20.0, 30.0), (5.0, 10.0))
    low, high = plot.visible_values()
    assert -1.0 < low < high < 3.0
    press(panel, "Logarithmic values")
    assert plot.shown()["kl"][1] == (-1.0, 5.0, 10.0)
    assert plot.visible_values()[1] > 90.0


def test_units_of_the_first_run_that_has_any(panel: MetricsPanel, press: "Press", choose: "Choose") -> None:
    press(panel, "Units")
    panel.show_histories((_OTHER, _RUN))
    heat_map = _part(panel, UnitHeatMap)
    assert heat_map.isVisible()
    assert "ada" in heat_map.text()
    taken: list[int] = []
    panel.unit_activated.connect(taken.append)
    choose(panel, "Order of the units", "by activity")
    heat_map.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(heat_map, key)
    assert taken == [1]


def test_pages_without_anything_say_what_they_would_show(panel: MetricsPanel, press: "Press") -> None:
    empty = _part(panel, EmptyState)
    asked: list[str] = []
    panel.measure_requested.connect(lambda: asked.append("runs"))
    panel.snapshots_requested.connect(lambda: asked.append("snapshots"))
    press(panel, "Curves")
    assert empty.isVisible()
    press(panel, "Units")
    panel.show_histories((_OTHER,))
    assert empty.isVisible()
    assert "recorded no values" in " ".join(label.text() for label in empty.findChildren(QLabel))
    (button,) = empty.findChildren(QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["snapshots"]
    panel.show_histories((RunHistory("/c", "cyd", problem="There is no record of it."),))
    assert empty.findChildren(QLabel)[0].text() == "There is no record of it."
    assert not button.isVisible()
    press(panel, "Scatter")
    assert _part(panel, MetricScatter).isVisible()
    panel.show_table(MetricTable(_TABLE.rows, (), {}))
    assert empty.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["snapshots", "runs"]


def test_axes_of_the_scatter(panel: MetricsPanel, told: list[MetricsChoice], press: "Press", choose: "Choose") -> None:
    press(panel, "Scatter")
    choose(panel, "Across", "fid")
    choose(panel, "Upwards", "kl")
    assert (told[-1].across, told[-1].upwards) == ("fid", "kl")
    assert _part(panel, MetricScatter).titles() == ("ada", "bob")


def test_selected_runs_and_sorting_are_part_of_the_choice(panel: MetricsPanel, told: list[MetricsChoice]) -> None:
    table = _part(panel, MetricsTable)
    place = table.visualRect(table.model().index(1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert told[-1].runs == ("/b",)
    table.sorting_chosen.emit("fid", True)
    assert told[-1] == MetricsChoice(runs=("/b",), sorted_by="fid", descending=True)
    count = len(told)
    panel.show_choice(MetricsChoice())
    assert len(told) == count
    assert table.selectionModel().selectedRows() == []


def test_copying_and_saving_need_something_measured(panel: MetricsPanel) -> None:
    told: list[tuple[str, str]] = []
    panel.copy_requested.connect(lambda form: told.append(("copy", form)))
    panel.save_requested.connect(lambda form: told.append(("save", form)))
    buttons = [button for button in panel.findChildren(QToolButton) if button.menu() is not None]
    assert all(button.isEnabled() for button in buttons)
    for button in buttons:
        for action in button.menu().actions():
            action.trigger()
    assert told == [(what, form) for what in ("copy", "save") for form in ("csv", "markdown", "latex")]
    panel.show_table(MetricTable(_TABLE.rows, _TABLE.columns, {}))
    assert not any(button.isEnabled() for button in buttons)
    assert {button.toolTip() for button in buttons} == {"Nothing is measured yet"}


def test_measuring_shows_how_far_it_is_and_can_be_cancelled(panel: MetricsPanel, press: "Press") -> None:
    cancelled: list[bool] = []
    panel.measuring_cancelled.connect(lambda: cancelled.append(True))
    panel.show_measuring(0.25, "kl", 75.0)
    progress, snapshots = panel.findChildren(WorkProgress)
    assert not snapshots.isVisible()
    assert "kl" in progress.accessibleDescription()
    assert "1 min 15 s left" in progress.accessibleDescription()
    assert not press.button(panel, "Measure…").isEnabled()
    press(progress, "Cancel")
    assert cancelled == [True]
    panel.end_measuring()
    assert not progress.isVisible()
    assert press.button(panel, "Measure…").isEnabled()


def test_what_a_reader_must_know_stands_over_table_and_scatter(panel: MetricsPanel, press: "Press") -> None:
    def lines() -> list[str]:
        return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]

    panel.show_notes(("These runs learned from different data.",))
    assert "These runs learned from different data." in lines()
    press(panel, "Units")
    assert "These runs learned from different data." not in lines()
    press(panel, "Scatter")
    assert "These runs learned from different data." in lines()


def test_in_a_low_panel_rows_have_the_room_and_the_notes_are_read_behind_a_button(
    panel: MetricsPanel, press: "Press", qtbot: "QtBot"
) -> None:
    notes = ("Not measured: fid. There is no file <weights>.", "These runs learned from different data.")
    panel.show_notes(notes, True)
    table = _part(panel, MetricsTable)
    line = next(label for label in panel.findChildren(QLabel) if label.text() == " ".join(notes))
    assert line.isVisible()
    assert "&lt;weights&gt;" in line.toolTip()
    high, header = table.rowHeight(0), table.horizontalHeader().height()
    panel.resize(500, 160)
    assert not line.isVisible()
    assert table.rowHeight(0) < high
    qtbot.waitUntil(lambda: table.horizontalHeader().height() < header)
    button = press.button(panel, "What to know of these numbers: 2 notes")
    for _ in range(2):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    (dialog,) = panel.findChildren(TextDialog)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert all(escape(note) in said for note in notes)
    dialog.close()
    panel.show_notes(())
    assert not button.isVisible()


def test_a_plot_is_exported_and_a_table_copied_and_saved(panel: MetricsPanel, press: "Press", qtbot: "QtBot") -> None:
    export = press.button(panel, "Export the plot as a picture")
    tables = [button for button in panel.findChildren(QToolButton) if button.menu() is not None]
    assert (export.isVisible(), panel.has_plot) == (False, False)
    press(panel, "Curves")
    assert (export.isVisible(), export.isEnabled(), panel.has_plot) == (True, False, False)
    assert not any(button.isVisible() for button in tables)
    panel.show_histories((_RUN,))
    with qtbot.waitSignal(panel.export_requested):
        QTest.mouseClick(export, Qt.MouseButton.LeftButton)
    plot = _part(panel, CurvePlot)
    size = plot.size()
    assert panel.picture(2).size() == panel.picture_size * 2
    assert plot.size() == size
    press(panel, "Table")
    assert all(button.isVisible() for button in tables)


@pytest.mark.parametrize("width", [500, 680, 900])
@pytest.mark.parametrize("page", ["curves", "scatter"])
def test_the_bar_is_one_row_at_every_width(
    panel: MetricsPanel, qtbot: "QtBot", width: int, page: MetricsPage, qapp: QApplication
) -> None:
    apply_theme(qapp, "dark")
    panel.show_histories((_RUN,))
    panel.show_notes(("These runs learned from different data.",))
    panel.show_choice(MetricsChoice(page=page))
    panel.resize(width, 200)
    (bar,) = panel.findChildren(MetricsBar)
    qtbot.waitUntil(lambda: bar.height() < 44)
