"""Histogram, curve, and the items with the highest scores."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.state.anomaly_values import AnomalyFacts
from explorer.state.reconstruction_choices import AnomalyChoice
from explorer.views.anomaly_page import AnomalyPage
from explorer.views.theme import class_colour
from explorer.views.widgets.anomaly_plots import RocPlot, ScoreHistogram
from explorer.views.widgets.image_grid import ImageGrid

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Mouse, Pixels, Press

FACTS = AnomalyFacts(
    ("class 7", 10),
    ("all others", 90),
    "squared error",
    np.linspace(0.0, 1.0, 5),
    np.array([0.0, 0.0, 0.25, 0.75]),
    np.array([0.6, 0.4, 0.0, 0.0]),
    np.array([0.0, 0.0, 1.0]),
    np.array([0.0, 1.0, 1.0]),
    1.0,
    np.full((3, 8, 8, 1), 99, np.uint8),
    ("7  0.9", "7  0.8", "1  0.7"),
)


@pytest.fixture
def page(qtbot: "QtBot", dark: None) -> AnomalyPage:
    view = AnomalyPage()
    qtbot.addWidget(view)
    qtbot.addWidget(view.controls)
    view.resize(900, 260)
    view.controls.show()
    view.show()
    return view


def _columns_of(drawn: "np.ndarray", colour: "QColor") -> "np.ndarray":
    wanted = np.array([colour.red(), colour.green(), colour.blue()])
    return np.flatnonzero((np.abs(drawn.astype(int) - wanted).max(axis=2) < 12).any(axis=0))


def test_the_groups_lie_where_their_scores_are(page: AnomalyPage, pixels: "Pixels") -> None:
    page.show_facts(FACTS)
    histogram = page.findChild(ScoreHistogram)
    assert isinstance(histogram, ScoreHistogram)
    assert "10 items of class 7" in histogram.toolTip()
    drawn = pixels(histogram)[60:-60]
    anomalous, usual = (_columns_of(drawn, class_colour(place)) for place in (0, 1))
    assert np.median(anomalous) > np.median(usual)


def test_the_curve_of_a_perfect_score_runs_along_the_upper_left(page: AnomalyPage, pixels: "Pixels") -> None:
    page.show_facts(FACTS)
    curve = page.findChild(RocPlot)
    assert isinstance(curve, RocPlot)
    assert "1.000" in curve.accessibleName()
    drawn = pixels(curve)
    columns = _columns_of(drawn[40:-60], class_colour(0))
    assert len(columns) > 0
    assert columns.max() < drawn.shape[1] / 3


def test_class_and_score_are_chosen(page: AnomalyPage, choose: "Choose") -> None:
    told: list[AnomalyChoice] = []
    page.choice_changed.connect(told.append)
    page.offer_classes(("0", "1", "7"), "7", "7")
    box = choose.box(page.controls, "Anomalous class")
    assert box.currentText() == "7 (held out)"
    choose(page.controls, "Anomalous class", "1")
    choose(page.controls, "Score", "Squared error")
    assert told == [AnomalyChoice("1"), AnomalyChoice("1", "error")]
    page.show_choice(AnomalyChoice("0", "likelihood"))
    assert (box.currentText(), choose.box(page.controls, "Score").currentText()) == ("0", "Likelihood")
    assert len(told) == 2


def test_no_class_is_shown_as_chosen_where_the_items_do_not_have_it(page: AnomalyPage, choose: "Choose") -> None:
    told: list[AnomalyChoice] = []
    page.choice_changed.connect(told.append)
    page.offer_classes(("0", "1"), "", "ostrich")
    box = choose.box(page.controls, "Anomalous class")
    assert (box.currentIndex(), box.placeholderText()) == (-1, "choose one")
    choose(page.controls, "Anomalous class", "0")
    assert told == [AnomalyChoice("0")]


def test_a_click_takes_an_item_with_a_high_score(page: AnomalyPage, mouse: "type[Mouse]") -> None:
    told: list[int] = []
    page.item_activated.connect(told.append)
    page.show_facts(FACTS)
    grid = page.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    mouse(grid.viewport()).click(grid.item_rect(2).center())
    assert told == [2]


def test_what_goes_on_can_be_ended_and_what_is_missing_is_said(
    page: AnomalyPage, press: "Press", qtbot: "QtBot"
) -> None:
    page.show_empty("It takes minutes.", "Score the test items")
    with qtbot.waitSignal(page.empty_action):
        press(page, "Score the test items")
    page.show_progress(0.4, "scores of the test items")
    with qtbot.waitSignal(page.cancelled):
        press(page, "Cancel")
    page.end_progress()
