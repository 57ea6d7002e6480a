"""The pictures of two models, their difference, and what is said."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar, QPushButton, QToolButton

from explorer.state.comparison_values import PicturePair
from explorer.views.decoded_panel import DecodedPanel
from explorer.views.widgets.difference_legend import DifferenceLegend

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Pixels


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> DecodedPanel:
    view = DecodedPanel()
    qtbot.addWidget(view)
    view.resize(300, 340)
    view.show()
    return view


def grey(level: int) -> np.ndarray:
    return np.full((8, 8, 1), level, np.uint8)


def pair(**values: object) -> PicturePair:
    given: dict[str, object] = {
        "titles": ("A · vae / mnist · epoch 20", "B · a_model_with_a_long_name / a_long_dataset · epoch 3"),
        "first": grey(40),
        "second": grey(120),
        "difference": np.full((8, 8, 3), (33, 102, 172), np.uint8),
        "texts": ("squared difference per pixel 0.0123", "both decode the same code"),
    }
    return PicturePair(**(given | values))  # type: ignore[arg-type]


def test_both_pictures_and_their_difference_are_drawn_in_one_size(panel: DecodedPanel, pixels: "Pixels") -> None:
    panel.show_pair(pair())
    colours = []
    for view in panel.compared.pictures():
        place = view.picture_rect().center().toPoint()
        colours.append(pixels(view)[place.y(), place.x()].tolist())
    assert colours == [[40] * 3, [120] * 3, [33, 102, 172]]
    sizes = {(view.width(), view.height()) for view in panel.compared.pictures()}
    assert max(width for width, _ in sizes) - min(width for width, _ in sizes) <= 1
    assert panel.width() == 300, "long names make the panel no wider"
    assert "half the range" in panel.compared.pictures()[2].toolTip()
    legend = panel.findChild(DifferenceLegend)
    assert isinstance(legend, DifferenceLegend)
    assert legend.isVisible()
    assert panel.compared.words() == "squared difference per pixel 0.0123\nboth decode the same code"
    assert "a_model_with_a_long_name" in panel.compared.pictures()[1].accessibleName()


def test_the_picture_alone_comes_back_and_stays_what_it_is(panel: DecodedPanel) -> None:
    panel.show_pair(pair())
    panel.show_picture(grey(200))
    assert panel.compared.isVisible()
    panel.show_pair(None)
    assert not panel.compared.isVisible()
    assert panel._view.isVisible()


def test_a_missing_b_is_a_sentence(panel: DecodedPanel) -> None:
    panel.show_pair(pair(second=None, difference=None, texts=(), problem="/runs/b is no run; choose another one."))
    assert panel.compared.words() == "/runs/b is no run; choose another one."
    legend = panel.findChild(DifferenceLegend)
    assert isinstance(legend, DifferenceLegend)
    assert not legend.isVisible(), "there is no difference whose colours mean anything"
    panel.show_pair(pair())
    assert panel.compared.words().startswith("squared difference")


def test_copy_and_export_are_of_what_is_shown(panel: DecodedPanel) -> None:
    told: list[str] = []
    for name in ("copy", "export", "pair_copy", "pair_export"):
        getattr(panel, f"{name}_requested").connect(lambda name=name: told.append(name))
    panel.show_picture(grey(200))
    buttons = [one for one in panel.findChildren(QToolButton) if one.isVisible()]
    for shown in (None, pair()):
        panel.show_pair(shown)
        for button in buttons:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == ["copy", "export", "pair_copy", "pair_export"]


def test_a_search_shows_its_progress_and_can_be_cancelled(panel: DecodedPanel, qtbot: "QtBot") -> None:
    panel.show_pair(pair(progress=(0.5, "step 10 of 20")))
    bar = panel.compared.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert bar.isVisible()
    assert bar.value() == bar.maximum() // 2
    cancel = next(one for one in panel.compared.findChildren(QPushButton) if one.text() == "Cancel")
    with qtbot.waitSignal(panel.compared.search_cancelled):
        QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    panel.show_pair(pair())
    assert not bar.isVisible()
