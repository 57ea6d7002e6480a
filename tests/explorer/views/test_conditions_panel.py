"""The panel of conditions: what it marks and announces."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from explorer.state.condition_facts import ConditionFacts
from explorer.state.condition_sweep import condition_sweep
from explorer.views.conditions_panel import ConditionsPanel
from explorer.views.widgets.image_grid import ImageGrid

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels

DIGITS = ConditionFacts("classes", tuple("0123456789"), usual=(1.0, *(0.0,) * 9))


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> ConditionsPanel:
    view = ConditionsPanel()
    qtbot.addWidget(view)
    view.resize(680, 160)
    return view


def test_a_click_on_a_class_announces_it(panel: ConditionsPanel, mouse: "type[Mouse]", pixels: "Pixels") -> None:
    taken: list[int] = []
    panel.item_activated.connect(taken.append)
    panel.show()
    panel.show_sweep(condition_sweep(DIGITS, DIGITS.of_name(4)), np.full((10, 28, 28, 1), 90, np.uint8))
    grid = panel.findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    assert len({grid.item_rect(index).top() for index in range(10)}) == 1
    mouse(grid.viewport()).click(grid.item_rect(7).center())
    assert taken == [7]
    drawn = pixels(grid.viewport())
    marked, plain = (grid.item_rect(index).toRect() for index in (4, 3))
    assert (drawn[marked.top() - 2, marked.center().x()] != drawn[plain.top() - 2, plain.center().x()]).any()


def test_it_says_when_it_comes_into_sight(panel: ConditionsPanel) -> None:
    seen: list[bool] = []
    panel.seen_changed.connect(seen.append)
    panel.show()
    panel.hide()
    assert seen == [True, False]


def test_the_empty_state_is_a_line(panel: ConditionsPanel) -> None:
    panel.show_empty("This model takes no class.")
    assert "This model takes no class." in [label.text() for label in panel.findChildren(QLabel)]
