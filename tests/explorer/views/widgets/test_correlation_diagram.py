"""Circles of two tables: where they are, how large and in what colour, and what is said of them."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from explorer.state.direction_values import Correlations
from explorer.views.correlation_dialog import CorrelationDialog
from explorer.views.widgets.correlation_diagram import CorrelationDiagram

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Pixels

_NAMES = ("smile", "age", "a name so long that nobody could read all of it at the left of a small diagram")
_COSINES = np.array([[1.0, -0.5, 0.0], [-0.5, 1.0, 0.25], [0.0, 0.25, 1.0]])
_CORRELATIONS = np.array([[1.0, 0.1, np.nan], [0.1, 1.0, np.nan], [np.nan, np.nan, np.nan]])


@pytest.fixture
def diagram(qtbot: "QtBot") -> CorrelationDiagram:
    view = CorrelationDiagram()
    qtbot.addWidget(view)
    view.show_correlations(Correlations(_NAMES, _COSINES, _CORRELATIONS))
    view.show()
    return view


def _colour(diagram: CorrelationDiagram, pixels: "Pixels", table: int, row: int, column: int) -> np.ndarray:
    place = diagram.centre(table, row, column).toPoint()
    return np.asarray(pixels(diagram)[place.y(), place.x()], int)


def test_what_is_above_nothing_is_blue_and_below_it_red_and_what_is_unknown_is_empty(
    diagram: CorrelationDiagram, pixels: "Pixels"
) -> None:
    above, below = _colour(diagram, pixels, 0, 0, 0), _colour(diagram, pixels, 0, 0, 1)
    assert above[2] > above[0] + 40
    assert below[0] > below[2] + 40
    nothing = _colour(diagram, pixels, 0, 0, 2)
    assert (nothing == _colour(diagram, pixels, 1, 2, 2)).all()
    assert abs(int(nothing[0]) - int(nothing[2])) < 8


def test_a_larger_number_has_a_larger_circle(diagram: CorrelationDiagram, pixels: "Pixels") -> None:
    picture = pixels(diagram).astype(int)
    half = int((diagram.centre(0, 0, 1) - diagram.centre(0, 0, 0)).x() / 2) - 1

    def area(table: int, row: int, column: int) -> int:
        place = diagram.centre(table, row, column).toPoint()
        cell = picture[place.y() - half : place.y() + half, place.x() - half : place.x() + half]
        return int((np.abs(cell[:, :, 0] - cell[:, :, 2]) > 12).sum())

    assert area(0, 0, 0) > area(0, 0, 1) > area(0, 1, 2) > area(1, 0, 1) > 0


def test_numbers_are_said_under_the_cursor(diagram: CorrelationDiagram) -> None:
    expected = "smile and age: cosine of the directions −0.50, correlation of the attributes +0.10"
    assert diagram.text_at(diagram.centre(0, 0, 1)) == expected
    assert diagram.text_at(diagram.centre(1, 0, 1)) == expected
    assert diagram.text_at(diagram.centre(1, 2, 0)).endswith("correlation of the attributes not known")
    assert diagram.text_at(QPointF(1, 1)) == ""


def test_the_picture_has_the_whole_diagram_at_any_scale(qtbot: "QtBot") -> None:
    dialog = CorrelationDialog()
    qtbot.addWidget(dialog)
    many = tuple(f"attribute {place}" for place in range(40))
    dialog.show_correlations(Correlations(many, np.eye(40), np.eye(40)), "40 of them")
    single, double = dialog.picture(1), dialog.picture(2)
    assert (double.width(), double.height()) == (2 * single.width(), 2 * single.height())
    assert single.width() > 2 * 40 * 16
