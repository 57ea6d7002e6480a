"""The controls of the condition: buttons, a list, or sliders."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from explorer.state.condition_facts import ConditionFacts
from explorer.views.condition_controls import ConditionControls

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Press

DIGITS = ConditionFacts("classes", tuple("0123456789"), usual=(1.0, *(0.0,) * 9))
NAMES = tuple(f"name {number}" for number in range(60))
ATTRIBUTES = ConditionFacts(
    "attributes",
    tuple(f"a{number}" for number in range(12)),
    (-1.0,) * 12,
    (*(1.0,) * 11, -1.0),
    usual=(*(0.0,) * 11, -1.0),
)


@pytest.fixture
def controls(qtbot: "QtBot") -> ConditionControls:
    view = ConditionControls()
    qtbot.addWidget(view)
    view.resize(320, 200)
    view.show()
    return view


@pytest.fixture
def told(controls: ConditionControls) -> list[object]:
    heard: list[object] = []
    controls.name_chosen.connect(heard.append)
    controls.drag_started.connect(lambda: heard.append("started"))
    controls.attribute_moved.connect(lambda place, value: heard.append((place, round(value, 2))))
    controls.drag_finished.connect(lambda: heard.append("finished"))
    controls.reset_requested.connect(lambda place: heard.append(("reset", place)))
    return heard


def _checked(controls: ConditionControls) -> list[str]:
    return [button.text() for button in controls.findChildren(QToolButton) if button.isChecked()]


def test_the_least_height_is_that_of_the_rows_at_the_width_there_is(controls: ConditionControls) -> None:
    controls.show_facts(DIGITS)
    least = []
    for width in (240, 600):
        controls.resize(width, 200)
        QApplication.processEvents()
        buttons = controls.findChildren(QToolButton, options=Qt.FindChildOption.FindChildrenRecursively)
        named = [button for button in buttons if button.property("role") == "name"]
        assert max(button.geometry().bottom() for button in named) < controls.minimumSizeHint().height()
        least.append(controls.minimumSizeHint().height())
    row = named[0].height()
    assert row < least[0] - least[1] < 4 * row


def test_ten_classes_are_buttons_that_wrap(controls: ConditionControls, told: list[object], press: "Press") -> None:
    controls.show_facts(DIGITS)
    assert _checked(controls) == ["0"]
    press(controls, "class 7")
    assert (_checked(controls), told) == (["7"], [7])
    controls.show_condition(DIGITS.of_name(3))
    assert (_checked(controls), told) == (["3"], [7])
    QApplication.processEvents()
    buttons = [press.button(controls, f"class {number}") for number in range(10)]
    assert len({button.y() for button in buttons}) == 2
    assert all(button.geometry().right() < controls.width() for button in buttons)


def test_arrow_keys_go_through_the_classes(controls: ConditionControls, told: list[object], press: "Press") -> None:
    controls.show_facts(DIGITS)
    QApplication.processEvents()
    first = press.button(controls, "class 0")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    QTest.keyClick(press.button(controls, "class 1"), Qt.Key.Key_Right)
    assert told == [1, 2]
    assert _checked(controls) == ["2"]


def test_many_names_are_a_list(controls: ConditionControls, told: list[object]) -> None:
    controls.show_facts(ConditionFacts("identity", NAMES, usual=(1.0, *(0.0,) * 59)))
    box = controls.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    assert box.isVisible()
    assert (box.count(), box.accessibleName()) == (60, "Identity")
    box.activated.emit(4)
    assert told == [4]


def test_attributes_are_sliders_of_their_range(
    controls: ConditionControls, told: list[object], mouse: "type[Mouse]"
) -> None:
    controls.show_facts(ATTRIBUTES)
    assert len(controls.rows()) == 5
    slider = controls.rows()[1].slider
    mouse(slider).drag([slider.place_of(0.0), slider.place_of(0.5)])
    assert told == ["started", (1, 0.0), (1, 0.5), "finished"]
    box = controls.rows()[0].box
    box.selectAll()
    QTest.keyClicks(box, "1.75")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert told[-2] == (0, 1.75)


def test_an_attribute_that_never_varied_still_has_a_slider(controls: ConditionControls) -> None:
    controls.show_facts(ATTRIBUTES)
    controls.scroll_to(11)
    slider = controls.rows()[-1].slider
    assert slider.accessibleName() == "a11"
    assert slider.place_of(-1.0).x() == pytest.approx(slider.width() / 2, abs=1)


def test_reset_is_offered_away_from_what_is_usual(
    controls: ConditionControls, told: list[object], press: "Press"
) -> None:
    controls.show_facts(DIGITS)
    button = press.button(controls, "Back to the usual condition")
    assert not button.isEnabled()
    assert button.toolTip() == "This is the usual condition"
    controls.show_condition(DIGITS.of_name(4))
    press(controls, "Back to the usual condition")
    assert told == [("reset", -1)]


def test_another_model_brings_other_buttons(controls: ConditionControls) -> None:
    controls.show_facts(DIGITS)
    controls.show_facts(ConditionFacts("classes", ("cat", "dog"), usual=(1.0, 0.0)))
    texts = [button.text() for button in controls.findChildren(QToolButton) if button.isCheckable() and button.parent()]
    assert texts == ["cat", "dog"]


def test_buttons_of_the_same_names_stay(controls: ConditionControls) -> None:
    controls.show_facts(DIGITS)
    before = controls._buttons.buttons()
    controls.show_facts(ConditionFacts())
    controls.show_facts(DIGITS)
    assert controls._buttons.buttons() == before
    controls.show_facts(ConditionFacts("classes", ("a", "b"), usual=(1.0, 0.0)))
    assert [button.accessibleName() for button in controls._buttons.buttons()] == ["class a", "class b"]
