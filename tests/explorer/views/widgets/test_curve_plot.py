"""Curves that many runs share a plot with: how they are told apart."""

from typing import TYPE_CHECKING

import pyqtgraph
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea

from explorer.views.widgets.curve_plot import CurvePlot

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

STEPS = (1.0, 2.0, 3.0)


@pytest.fixture
def plot(qtbot: "QtBot") -> CurvePlot:
    made = CurvePlot("step", "value", height=None)
    qtbot.addWidget(made)
    made.resize(420, 160)
    made.show()
    return made


def _show(plot: CurvePlot, count: int) -> None:
    plot.show_curves([(f"run_{place} · loss", STEPS, (place, place + 1.0, place + 2.0)) for place in range(count)])


def _looks(plot: CurvePlot) -> list[tuple[str, Qt.PenStyle]]:
    (drawn,) = plot.findChildren(pyqtgraph.PlotWidget)
    pens = [pyqtgraph.mkPen(curve.opts["pen"]) for curve in drawn.getPlotItem().listDataItems()]
    return [(pen.color().name(), pen.style()) for pen in pens]


def test_more_curves_than_colours_are_other_lines(plot: CurvePlot) -> None:
    _show(plot, 40)
    looks = _looks(plot)
    assert len(set(looks)) == 40
    assert len({colour for colour, _ in looks[:10]}) == 10
    assert {style for _, style in looks[:10]} == {Qt.PenStyle.SolidLine}
    assert looks[10] == (looks[0][0], Qt.PenStyle.DashLine)


def test_a_curve_on_another_shows_it_through_gaps_and_is_like_none_of_the_others(plot: CurvePlot) -> None:
    values = [(float(place), 1.0, 2.0) for place in range(12)]
    values[1] = values[0]
    plot.show_curves([(f"run {place}", STEPS, told) for place, told in enumerate(values)])
    looks = _looks(plot)
    assert (looks[0][1], looks[1][1]) == (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
    assert len(set(looks)) == 12


def test_the_legend_writes_each_line_as_it_is_drawn_and_names_as_they_are(plot: CurvePlot) -> None:
    plot.show_curves([(f"<{place}>", STEPS, (place, 0.0, 1.0)) for place in range(11)])
    entries = plot.legend().split(" &nbsp; ")
    assert [("━━" in entry, "╍╍" in entry) for entry in entries] == [(True, False)] * 10 + [(False, True)]
    assert "&lt;10&gt;" in entries[10]


def test_a_long_legend_scrolls_and_leaves_the_plot_its_room(plot: CurvePlot, qtbot: "QtBot") -> None:
    (names,) = plot.findChildren(QScrollArea)
    (drawn,) = plot.findChildren(pyqtgraph.PlotWidget)
    _show(plot, 2)
    assert names.focusPolicy() == Qt.FocusPolicy.NoFocus
    _show(plot, 24)
    qtbot.waitUntil(lambda: names.verticalScrollBar().maximum() > 0)
    assert drawn.height() > 0.5 * plot.height()
    assert names.focusPolicy() == Qt.FocusPolicy.StrongFocus
    (legend,) = names.findChildren(QLabel)
    assert "run&nbsp;23" in legend.text()
