"""The page of A and B in the Metrics panel: there while two models are compared."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from explorer.state.metric_pair import MetricPair
from explorer.state.metric_values import MetricCell, MetricColumn, MetricRow, MetricsChoice, MetricTable
from explorer.views.metrics_panel import MetricsPanel
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.metrics_table import MetricsTable
from explorer.views.widgets.pair_table import PairTable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press

_CELLS = {(path, "kl"): MetricCell("value", "1", "", 1.0) for path in ("/a", "/b")}
_TABLE = MetricTable(
    (MetricRow("/a", "ada"), MetricRow("/b", "bob")), (MetricColumn("kl", "kl"),), _CELLS, ("Other data.",)
)
_PAIR = MetricPair(("ada", "bob"), _TABLE)


@pytest.fixture
def panel(qtbot: "QtBot") -> MetricsPanel:
    view = MetricsPanel()
    qtbot.addWidget(view)
    view.resize(900, 260)
    view.show()
    return view


@pytest.fixture
def paired(panel: MetricsPanel) -> MetricsPanel:
    panel.show_choice(MetricsChoice(page="pair"))
    panel.show_pair(_PAIR)
    return panel


def _seen(panel: MetricsPanel) -> list[type]:
    kinds = (MetricsTable, PairTable, EmptyState)
    return [kind for kind in kinds if any(view.isVisible() for view in panel.findChildren(kind))]


def _sentences(panel: MetricsPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_the_page_is_there_while_two_are_compared(paired: MetricsPanel, press: "Press", choose: "Choose") -> None:
    assert _seen(paired) == [PairTable]
    assert press.button(paired, "A | B").isChecked()
    assert "Other data." in _sentences(paired)
    paired.show_pair(None)
    assert _seen(paired) == [MetricsTable], "the choice is kept for the next second model, and the table shown"
    assert not press.button(paired, "A | B").isVisible()
    assert press.button(paired, "Table").isChecked()
    assert choose.box(paired, "Page").findText("A | B") < 0
    paired.show_pair(_PAIR)
    assert _seen(paired) == [PairTable]


def test_it_is_chosen_like_any_other(panel: MetricsPanel, press: "Press", choose: "Choose") -> None:
    told: list[MetricsChoice] = []
    panel.choice_changed.connect(told.append)
    panel.show_pair(_PAIR)
    assert _seen(panel) == [MetricsTable]
    press(panel, "A | B")
    panel.resize(420, 260)
    choose(panel, "Page", "Table")
    choose(panel, "Page", "A | B")
    assert [choice.page for choice in told] == ["pair", "table", "pair"]
    assert _seen(panel) == [PairTable]


def test_measuring_there_is_of_both(paired: MetricsPanel, press: "Press") -> None:
    asked: list[str] = []
    paired.measure_requested.connect(lambda: asked.append("runs"))
    paired.pair_measure_requested.connect(lambda: asked.append("both"))
    press(paired, "Measure both…")
    press(paired, "Table")
    press(paired, "Measure…")
    assert asked == ["both", "runs"]
    press(paired, "A | B")
    paired.show_measuring(0.5, "kl", 1.0)
    assert not press.button(paired, "Measure both…").isEnabled()
    paired.end_measuring()
    assert press.button(paired, "Measure both…").isEnabled()


def test_without_anything_it_says_what_would_stand_there(paired: MetricsPanel) -> None:
    asked: list[bool] = []
    paired.pair_measure_requested.connect(lambda: asked.append(True))
    paired.show_pair(MetricPair(("ada", "bob"), MetricTable(_TABLE.rows)))
    assert _seen(paired) == [EmptyState]
    (empty,) = paired.findChildren(EmptyState)
    (button,) = empty.findChildren(QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [True]
    paired.show_pair(MetricPair(("ada", ""), None, "B is gone."))
    assert empty.findChildren(QLabel)[0].text() == "B is gone."
    assert not button.isVisible(), "nothing can be measured of what is not there"


def test_what_is_copied_is_what_is_seen(paired: MetricsPanel, press: "Press") -> None:
    buttons = [button for button in paired.findChildren(QToolButton) if button.menu() is not None]
    assert all(button.isEnabled() for button in buttons)
    press(paired, "Table")
    assert not any(button.isEnabled() for button in buttons), "the table of runs is empty"
