"""The view of an own picture: three pictures of one size, words, candidates, and what can be done."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QToolButton

from explorer.state.own_picture import OwnCandidates, OwnComparison
from explorer.views.decoded_panel import DecodedPanel
from explorer.views.widgets.image_grid import ImageGrid

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Pixels

LONG = "fitted: " + ", ".join(["cropped about its middle", "resized from 4000 × 3000 to 8 × 8"] * 8)


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> DecodedPanel:
    view = DecodedPanel()
    qtbot.addWidget(view)
    view.resize(320, 380)
    view.show()
    return view


def comparison(**values: object) -> OwnComparison:
    grey = [np.full((8, 8, 1), level, np.uint8) for level in (40, 120)]
    given: dict[str, object] = {
        "name": "face.png",
        "original": grey[0],
        "edited": grey[1],
        "difference": np.full((8, 8, 3), (33, 102, 172), np.uint8),
        "texts": ("squared error per pixel 0.0123", "code: mean of the posterior"),
        "search": "Refine",
    }
    return OwnComparison(**(given | values))  # type: ignore[arg-type]


def centre_colours(panel: DecodedPanel, pixels: "Pixels") -> list[list[int]]:
    colours = []
    for view in panel.own.pictures():
        place = view.picture_rect().center().toPoint()
        colours.append(pixels(view)[place.y(), place.x()].tolist())
    return colours


def button(panel: DecodedPanel, words: str) -> QToolButton:
    return next(one for one in panel.own.findChildren(QToolButton) if words in one.accessibleName())


def test_original_edited_and_difference_are_drawn_in_one_size(panel: DecodedPanel, pixels: "Pixels") -> None:
    panel.show_own(comparison(texts=("squared error per pixel 0.0123", LONG)))
    assert centre_colours(panel, pixels) == [[40] * 3, [120] * 3, [33, 102, 172]]
    sizes = [view.size() for view in panel.own.pictures()]
    assert max(size.height() for size in sizes) - min(size.height() for size in sizes) <= 1
    assert max(size.width() for size in sizes) - min(size.width() for size in sizes) <= 1
    words = [label.text() for label in panel.own.findChildren(QLabel) if label.isVisible()]
    assert "face.png" in words
    assert any("0.0123" in text for text in words)


def test_the_decoded_picture_alone_comes_back(panel: DecodedPanel) -> None:
    panel.show_picture(np.zeros((8, 8, 1), np.uint8))
    assert not panel.own.isVisible()
    panel.show_own(comparison())
    panel.show_picture(np.zeros((8, 8, 1), np.uint8))
    assert panel.own.isVisible(), "a new decoded picture does not hide the comparison"
    panel.show_own(None)
    assert not panel.own.isVisible()


def test_buttons_say_what_the_person_wants_and_why_not(panel: DecodedPanel) -> None:
    wanted: list[str] = []
    own = panel.own
    own.back_requested.connect(lambda: wanted.append("back"))
    own.search_requested.connect(lambda: wanted.append("search"))
    own.export_requested.connect(lambda: wanted.append("export"))
    own.end_requested.connect(lambda: wanted.append("end"))
    panel.show_own(comparison(is_edited=True))
    refine = next(one for one in own.findChildren(QPushButton) if one.text() == "Refine")
    for one in (button(panel, "own code"), refine, button(panel, "Export"), button(panel, "alone")):
        QTest.mouseClick(one, Qt.MouseButton.LeftButton)
    assert wanted == ["back", "search", "export", "end"]
    panel.show_own(comparison(is_edited=False, search_refusal="The model draws pixel by pixel"))
    assert not button(panel, "own code").isEnabled()
    assert (refine.isEnabled(), refine.toolTip()) == (False, "The model draws pixel by pixel")
    panel.show_own(comparison(problem="It has no code yet: search for one.", has_code=False, search="Search"))
    assert refine.isEnabled()
    assert not button(panel, "Export").isEnabled()
    assert any("It has no code yet" in label.text() for label in own.findChildren(QLabel) if label.isVisible())


def test_a_search_shows_its_progress_and_can_be_cancelled(panel: DecodedPanel, qtbot: "QtBot") -> None:
    panel.show_own(comparison())
    own = panel.own
    bar = own.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert not bar.isVisible()
    own.show_search(0.25, "step 50 of 200")
    assert bar.isVisible()
    assert bar.value() == bar.maximum() // 4
    refine = next(one for one in own.findChildren(QPushButton) if one.text() == "Refine")
    assert (refine.isEnabled(), refine.toolTip()) == (False, "A search is under way")
    cancel = next(one for one in own.findChildren(QPushButton) if one.text() == "Cancel")
    with qtbot.waitSignal(own.search_cancelled):
        QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    own.end_search()
    assert not bar.isVisible()
    assert refine.isEnabled()


def test_candidates_are_chosen_by_a_click_or_by_keyboard(panel: DecodedPanel, qtbot: "QtBot") -> None:
    panel.show_own(comparison())
    pictures = np.zeros((3, 8, 8, 1), np.uint8)
    grid = panel.own.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    assert not grid.isVisible()
    panel.own.show_candidates(OwnCandidates(pictures, (0.5, 0.25, 0.125), 2))
    assert grid.isVisible()
    chosen: list[int] = []
    panel.own.candidate_chosen.connect(chosen.append)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=_middle(grid, 1))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert chosen == [1, 2]
    panel.own.show_candidates(None)
    assert not grid.isVisible()


def _middle(grid: ImageGrid, index: int) -> QPoint:
    return grid.item_rect(index).center().toPoint()


def test_while_there_is_no_code_the_best_so_far_is_not_called_edited(panel: DecodedPanel) -> None:
    for has_code, title in ((False, "best so far"), (True, "edited")):
        panel.show_own(comparison(has_code=has_code))
        titles = {label.text() for label in panel.own.findChildren(QLabel) if label.isVisible()}
        assert title in titles
        assert {"original", "difference"} < titles
