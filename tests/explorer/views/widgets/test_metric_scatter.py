"""One metric against another: which runs have both, and which is opened."""

from typing import TYPE_CHECKING

import pyqtgraph
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.state.metric_values import MetricCell, MetricColumn, MetricRow, MetricTable
from explorer.views.widgets.metric_scatter import MetricScatter

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse

_COLUMNS = (MetricColumn("kl", "kl", "nats"), MetricColumn("fid", "fid ↓"))
_ROWS = tuple(MetricRow(f"/{name}", name) for name in ("ada", "bob", "cyd"))
_VALUES = {("ada", "kl"): 1.0, ("ada", "fid"): 30.0, ("bob", "kl"): 2.0, ("cyd", "kl"): 3.0, ("cyd", "fid"): 10.0}
_TABLE = MetricTable(
    _ROWS,
    _COLUMNS,
    {(f"/{run}", name): MetricCell("value", f"{value:g}", "", value, 0.5) for (run, name), value in _VALUES.items()},
)


@pytest.fixture
def scatter(qtbot: "QtBot") -> MetricScatter:
    view = MetricScatter()
    qtbot.addWidget(view)
    view.resize(500, 260)
    view.show()
    qtbot.waitExposed(view)
    assert view.show_runs(_TABLE, *_COLUMNS) == 2
    return view


def test_only_runs_with_both_are_shown_and_lie_where_their_numbers_are(scatter: MetricScatter) -> None:
    assert scatter.titles() == ("ada", "cyd")
    ada, cyd = scatter.pixel_of(0), scatter.pixel_of(1)
    assert ada.x() < cyd.x()
    assert ada.y() < cyd.y()
    assert scatter.show_runs(MetricTable(_ROWS, _COLUMNS, {}), *_COLUMNS) == 0


def test_a_point_says_its_numbers_and_a_click_opens_its_run(scatter: MetricScatter, mouse: "type[Mouse]") -> None:
    opened: list[str] = []
    scatter.run_activated.connect(opened.append)
    viewport = scatter._plot.viewport()
    place = QPointF(viewport.mapFrom(scatter, scatter.pixel_of(1).toPoint()))
    assert scatter.text() == ""
    mouse(viewport).move(place)
    assert scatter.text() == "cyd: kl 3, fid ↓ 10"
    mouse(viewport).click(place)
    mouse(viewport).click(place + QPointF(-60, -40))
    assert opened == ["/cyd"]


def test_the_keyboard_goes_from_run_to_run(scatter: MetricScatter) -> None:
    opened: list[str] = []
    scatter.run_activated.connect(opened.append)
    scatter.setFocus()
    QTest.keyClick(scatter, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(scatter, key)
    assert scatter.accessibleDescription().startswith("ada")
    QTest.keyClick(scatter, Qt.Key.Key_Left)
    QTest.keyClick(scatter, Qt.Key.Key_Return)
    assert opened == ["/cyd"]


def test_one_run_and_equal_numbers_do_no_harm(scatter: MetricScatter) -> None:
    cell = MetricCell("value", "0", "", 0.0)
    alone = MetricTable(_ROWS[:1], _COLUMNS, {("/ada", "kl"): cell, ("/ada", "fid"): cell})
    assert scatter.show_runs(alone, *_COLUMNS) == 1
    assert 0 < scatter.pixel_of(0).x() < scatter.width()


def test_the_tab_key_points_at_the_first_run_which_stays_pointed_at_when_the_table_is_read_again(
    scatter: MetricScatter,
) -> None:
    QApplication.sendEvent(scatter, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert scatter.text().startswith("ada")
    QTest.keyClick(scatter, Qt.Key.Key_Right)
    scatter.show_runs(MetricTable(_ROWS[::-1], _COLUMNS, _TABLE.cells), *_COLUMNS)
    assert scatter.text().startswith("cyd")


def test_a_double_click_opens_a_run_once(scatter: MetricScatter, mouse: "type[Mouse]") -> None:
    opened: list[str] = []
    scatter.run_activated.connect(opened.append)
    viewport = scatter._plot.viewport()
    mouse(viewport).double_click(QPointF(viewport.mapFrom(scatter, scatter.pixel_of(0).toPoint())))
    assert opened == ["/ada"]


def test_what_an_axis_counts_is_left_out_rather_than_cut_off(scatter: MetricScatter) -> None:
    def is_said() -> bool:
        (plot,) = scatter.findChildren(pyqtgraph.PlotWidget)
        return bool(plot.getAxis("left").label.isVisible())

    long = MetricColumn("fid", "fid ↓", "distances of features that a classifier has of pictures")
    scatter.show_runs(_TABLE, _COLUMNS[0], long)
    scatter.resize(500, 600)
    assert is_said()
    scatter.resize(500, 180)
    assert not is_said()
    scatter.show_runs(_TABLE, *_COLUMNS)
    assert is_said()
