"""Choosing what to measure."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget

from explorer.state.metric_values import MeasureWish, MetricOffer
from explorer.views.measure_dialog import MeasureDialog
from explorer.views.widgets.number_boxes import WholeNumberBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press

_OFFERS = (
    MetricOffer("kl", "how far", is_usual=True),
    MetricOffer("fid", "how like"),
    MetricOffer("bits", "how many", reason="bits needs an exact likelihood."),
)


@pytest.fixture
def dialog(qtbot: "QtBot") -> MeasureDialog:
    view = MeasureDialog()
    qtbot.addWidget(view)
    view.show_runs(("/a", "/b"), "Of ada, bob:")
    view.show()
    return view


def _type(dialog: MeasureDialog, name: str, text: str) -> None:
    box = next(box for box in dialog.findChildren(WholeNumberBox) if box.accessibleName() == name)
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_usual_metrics_are_ticked_and_impossible_ones_say_why(dialog: MeasureDialog, press: "Press") -> None:
    assert not press.button(dialog, "Measure").isEnabled()
    dialog.show_offers(_OFFERS)
    assert dialog.chosen() == ("kl",)
    (metrics,) = dialog.findChildren(QListWidget)
    assert metrics.item(2).toolTip() == "bits needs an exact likelihood."
    assert not metrics.item(2).flags() & Qt.ItemFlag.ItemIsEnabled
    assert metrics.item(1).toolTip() == "how like"


def test_what_is_ticked_is_measured_as_the_boxes_say(dialog: MeasureDialog, press: "Press", choose: "Choose") -> None:
    told: list[MeasureWish] = []
    dialog.measure_requested.connect(told.append)
    dialog.show_offers(_OFFERS)
    (metrics,) = dialog.findChildren(QListWidget)
    metrics.setCurrentRow(1)
    QTest.keyClick(metrics, Qt.Key.Key_Space)
    choose(dialog, "Split", "train")
    _type(dialog, "Items", "500")
    _type(dialog, "Samples", "2000")
    _type(dialog, "Importance samples K", "50")
    press(dialog, "Measure")
    assert told == [MeasureWish(("/a", "/b"), ("kl", "fid"), 50, 2000, 500, "train")]
    assert not dialog.isVisible()


def test_without_numbers_everything_is_usual(dialog: MeasureDialog, press: "Press") -> None:
    told: list[MeasureWish] = []
    dialog.measure_requested.connect(told.append)
    dialog.show_offers(_OFFERS)
    press(dialog, "Measure")
    assert told == [MeasureWish(("/a", "/b"), ("kl",))]


def test_nothing_ticked_cannot_be_measured(dialog: MeasureDialog, press: "Press") -> None:
    dialog.show_offers(_OFFERS[1:])
    button = press.button(dialog, "Measure")
    assert not button.isEnabled()
    assert button.toolTip() == "Tick a metric first"
    dialog.show_problem("There is no run.")
    dialog.show_runs(("/a",), "Of ada:")
    assert dialog.chosen() == ()


def test_weights_of_a_file_are_part_of_the_wish(dialog: MeasureDialog, press: "Press") -> None:
    told: list[MeasureWish] = []
    asked: list[bool] = []
    dialog.measure_requested.connect(told.append)
    dialog.weights_wanted.connect(lambda: asked.append(True))
    dialog.show_offers(_OFFERS)
    press(dialog, "Where they usually lie…")
    dialog.show_weights("/somewhere/weights.pth")
    assert press.button(dialog, "weights.pth").toolTip().startswith("/somewhere/weights.pth")
    press(dialog, "Measure")
    assert asked == [True]
    assert told[0].inception_weights == "/somewhere/weights.pth"
