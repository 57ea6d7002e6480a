"""Histogram, curve, and the items with the highest scores."""

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from explorer.state.anomaly_values import AnomalyFacts
from explorer.state.reconstruction_choices import AnomalyChoice
from explorer.views.anomaly_page import AnomalyPage
from explorer.views.theme import class_colour
from explorer.views.widgets.anomaly_plots import RocPlot, ScoreHistogram
from explorer.views.widgets.image_grid import ImageGrid
from explorer.views.widgets.pictures import image_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Mouse, Pixels, Press

Plot = TypeVar("Plot", ScoreHistogram, RocPlot)

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


def _shown(page: AnomalyPage, kind: type[Plot], qtbot: "QtBot") -> Plot:
    page.show_facts(FACTS)
    qtbot.waitUntil(lambda: page.findChild(RocPlot) is not None)
    QTest.qWait(0)
    (plot,) = page.findChildren(kind)
    assert isinstance(plot, kind)
    return plot


def _columns_of(drawn: "np.ndarray", colour: "QColor") -> "np.ndarray":
    wanted = np.array([colour.red(), colour.green(), colour.blue()])
    return np.flatnonzero((np.abs(drawn.astype(int) - wanted).max(axis=2) < 12).any(axis=0))


def _drawn(plot: "ScoreHistogram | RocPlot") -> "dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]":
    """Places and values of the curves that a plot draws, by the names of their colours."""
    (drawn,) = plot.findChildren(pyqtgraph.PlotWidget)
    curves = drawn.getPlotItem().listDataItems()
    return {pyqtgraph.mkPen(curve.opts["pen"]).color().name(): curve.getData() for curve in curves}


def _words_above(plot: "ScoreHistogram | RocPlot") -> QLabel:
    (words,) = plot.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return words


def _said(words: QLabel) -> str:
    return QTextDocumentFragment.fromHtml(words.text()).toPlainText().replace("\xa0", " ")


def test_the_share_of_each_group_is_drawn_over_its_scores(page: AnomalyPage, qtbot: "QtBot") -> None:
    histogram = _shown(page, ScoreHistogram, qtbot)
    assert "10 items of class 7" in histogram.toolTip()
    assert _said(_words_above(histogram)).split("■")[1:] == [" class 7, 10   ", " all others, 90"]
    drawn = _drawn(histogram)
    for group, percent in ((0, (0.0, 0.0, 25.0, 75.0)), (1, (60.0, 40.0, 0.0, 0.0))):
        edges, shares = drawn[class_colour(group).name()]
        np.testing.assert_allclose(edges, FACTS.edges)
        np.testing.assert_allclose(shares, percent)


def test_both_groups_are_filled_where_their_scores_are(page: AnomalyPage, pixels: "Pixels", qtbot: "QtBot") -> None:
    histogram = _shown(page, ScoreHistogram, qtbot)
    drawn = pixels(histogram)[60:-60]
    anomalous, usual = (_columns_of(drawn, class_colour(place)) for place in (0, 1))
    assert np.median(anomalous) > np.median(usual)


def test_the_curve_and_the_diagonal_of_chance_are_drawn_and_the_area_is_said(page: AnomalyPage, qtbot: "QtBot") -> None:
    curve = _shown(page, RocPlot, qtbot)
    assert "1.000" in curve.accessibleName()
    assert _said(_words_above(curve)) == "AUROC 1.000"
    drawn = _drawn(curve)
    np.testing.assert_allclose(drawn.pop(class_colour(0).name()), (FACTS.false_alarms, FACTS.found))
    (chance,) = drawn.values()
    np.testing.assert_allclose(chance, ((0.0, 1.0), (0.0, 1.0)))


def test_the_curve_of_a_perfect_score_runs_along_the_upper_left(
    page: AnomalyPage, pixels: "Pixels", qtbot: "QtBot"
) -> None:
    curve = _shown(page, RocPlot, qtbot)
    drawn = pixels(curve)
    columns = _columns_of(drawn[60:-60], class_colour(0))
    assert len(columns) > 0
    assert columns.max() < drawn.shape[1] / 3


def test_words_above_the_plots_take_another_line_where_they_have_no_room_beside_each_other(
    page: AnomalyPage, qtbot: "QtBot"
) -> None:
    histogram = _shown(page, ScoreHistogram, qtbot)
    words = _words_above(histogram)
    one_line = words.height()
    page.resize(320, 260)
    QTest.qWait(0)
    assert words.width() <= histogram.width()
    assert words.height() > 1.5 * one_line


def test_plots_are_made_when_there_is_something_to_draw_and_only_once(page: AnomalyPage, qtbot: "QtBot") -> None:
    assert not page.findChildren(pyqtgraph.PlotWidget)
    first = _shown(page, RocPlot, qtbot)
    assert _shown(page, RocPlot, qtbot) is first
    assert len(page.findChildren(pyqtgraph.PlotWidget)) == 2


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


def test_plots_and_scores_can_be_written_once_there_are_any(page: AnomalyPage, press: "Press", qtbot: "QtBot") -> None:
    buttons = [press.button(page.controls, name) for name in ("Export the plots", "Save the scores")]
    assert [button.isEnabled() for button in buttons] == [False, False]
    _shown(page, RocPlot, qtbot)
    for button, signal in zip(buttons, (page.export_requested, page.save_requested), strict=True):
        with qtbot.waitSignal(signal):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    page.show_empty("Another model has none.")
    assert [button.toolTip() for button in buttons] == ["There are no scores yet"] * 2


def test_a_picture_of_the_plots_has_both_and_leaves_them_as_they_are(page: AnomalyPage, qtbot: "QtBot") -> None:
    histogram = _shown(page, ScoreHistogram, qtbot)
    before = histogram.geometry()
    image = page.picture(2)
    assert image.size() == page.picture_size * 2
    drawn, half = image_pixels(image), page.picture_size.width()
    usual, anomalous = class_colour(1), class_colour(0)
    assert len(_columns_of(drawn[:, :half], usual)) > 100
    curve = _columns_of(drawn[:, half:], anomalous)
    assert len(curve) > 0
    assert len(_columns_of(drawn[100:, half:], usual)) == 0
    assert histogram.geometry() == before
