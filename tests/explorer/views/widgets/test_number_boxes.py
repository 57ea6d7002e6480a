"""Boxes for numbers: the digits a number has, and no minus before nothing."""

import pytest
from pytestqt.qtbot import QtBot

from explorer.views.widgets.number_boxes import NumberBox


@pytest.mark.parametrize(
    ("value", "short", "exact"),
    [(-1e-8, "0.000", "-0.00000001"), (0.0, "0.000", "0"), (-1.5, "-1.500", "-1.5"), (100.0, "100.000", "100")],
)
def test_numbers_have_the_digits_they_need(qtbot: QtBot, value: float, short: str, exact: str) -> None:
    boxes = NumberBox(-1e6, 1e6, decimals=3), NumberBox(-1e6, 1e6)
    for box, text in zip(boxes, (short, exact), strict=True):
        qtbot.addWidget(box)
        box.setValue(value)
        assert box.text() == text
