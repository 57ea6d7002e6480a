"""The row above the maps of two models, and the choice of the second."""

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from explorer.state.comparison_values import LinkOffer
from explorer.state.training_values import LibraryEntry
from explorer.views.comparison_bar import ComparisonBar
from explorer.views.comparison_dialog import ComparisonDialog
from explorer.views.library_list import LibraryList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press

ENTRIES = (
    LibraryEntry("mine at epoch 3", "snapshot at step 30", "/runs/mine/checkpoints/step-30.safetensors", "file"),
    LibraryEntry("digits", "shipped", "shipped:digits", "shipped"),
)


@pytest.fixture
def bar(qtbot: "QtBot") -> ComparisonBar:
    view = ComparisonBar()
    qtbot.addWidget(view)
    view.resize(420, 40)
    view.show()
    return view


def test_names_are_cut_short_rather_than_making_the_window_wider(bar: ComparisonBar) -> None:
    name = "a_model_with_a_very_long_name / a_dataset_with_another_one · epoch 1000"
    bar.show_titles(f"{name}\nLevels: 1", name)
    assert bar.titles() == (name, name)
    assert bar.width() == 420
    assert bar.minimumSizeHint().width() <= 420


def test_a_link_is_chosen_by_the_person_and_never_by_showing_it(
    bar: ComparisonBar, choose: "Choose", press: "Press"
) -> None:
    told: list[object] = []
    bar.link_chosen.connect(told.append)
    bar.swap_requested.connect(lambda: told.append("swap"))
    bar.choice_requested.connect(lambda: told.append("choose"))
    bar.end_requested.connect(lambda: told.append("end"))
    bar.show_link(LinkOffer("code"))
    assert told == []
    choose(bar, "Link", "Same image")
    for name in ("Swap A and B", "Choose another model as B", "Compare no longer"):
        press(bar, name)
    assert told == ["picture", "swap", "choose", "end"]


def test_a_link_that_is_not_possible_says_why(bar: ComparisonBar, choose: "Choose") -> None:
    told: list[object] = []
    bar.link_chosen.connect(told.append)
    reason = "A has codes of 2 numbers and B of 10"
    bar.show_link(LinkOffer("picture", {"code": reason}))
    box = choose.box(bar, "Link")
    assert box.currentText() == "Same image"
    assert reason in box.toolTip()
    assert box.itemData(0, Qt.ItemDataRole.ToolTipRole) == reason
    assert not box.model().flags(box.model().index(0, 0)) & Qt.ItemFlag.ItemIsEnabled
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (told, box.currentText()) == ([], "Same image")
    bar.show_link(LinkOffer(None, {"code": reason, "picture": "Other pixels"}))
    assert not box.isEnabled()
    assert "Other pixels" in box.toolTip()
    bar.show_link(LinkOffer("code"))
    assert box.isEnabled()
    assert box.model().flags(box.model().index(0, 0)) & Qt.ItemFlag.ItemIsEnabled


def test_the_dialog_begins_at_the_first_and_enter_chooses(qtbot: "QtBot", press: "Press") -> None:
    dialog = ComparisonDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    chosen: list[str] = []
    dialog.model_chosen.connect(chosen.append)
    assert press.button(dialog, "Compare").toolTip() == "Select a model first"
    dialog.show_entries(ENTRIES, "")
    entries = dialog.findChild(LibraryList)
    assert isinstance(entries, LibraryList)
    QTest.keyClick(entries, Qt.Key.Key_Down)
    QTest.keyClick(entries, Qt.Key.Key_Return)
    assert chosen == ["shipped:digits"]
    assert not dialog.isVisible()


def test_the_dialog_offers_what_is_not_in_the_library(qtbot: "QtBot", press: "Press") -> None:
    for button, name in (("Other file…", "file_wanted"), ("Other run…", "run_wanted")):
        dialog = ComparisonDialog()
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.show_entries((), "")
        with qtbot.waitSignal(getattr(dialog, name)):
            press(dialog, button)
        assert not dialog.isVisible()
