"""Two models whose files go away, whose snapshots are gone through, and which are left in the middle."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from explorer.views.comparison_dialog import ComparisonDialog
from tests.explorer.compared_models import both, side, snapshots

if TYPE_CHECKING:
    from explorer.app import Explorer
    from tests.explorer.conftest import Press

Settle = Callable[["Explorer"], None]


@pytest.fixture
def run(wide_run: Path, tmp_path: Path) -> Path:
    """A run that a test may delete."""
    return shutil.copytree(wide_run, tmp_path / "mine")


@pytest.fixture
def explorer(open_explorer: Callable[[str], "Explorer"], settle: Settle, digits_run: Path) -> "Explorer":
    window = open_explorer(str(digits_run))
    settle(window)
    return window


def test_a_snapshot_that_a_was_brought_to_is_the_same_snapshot_as_b(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path
) -> None:
    explorer.history.go_first()
    settle(explorer)
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.comparison.swap()
    settle(explorer)
    first, second = explorer.planner.opened, side(explorer).planner.opened
    assert first is not None
    assert second is not None
    assert explorer.store.state.snapshot is None
    assert first.facts.path == str(snapshots(wide_run)[-1]), "the step of the one means nothing for the other"
    assert second.facts.path == str(snapshots(digits_run)[0])
    explorer.store.undo()
    settle(explorer)
    assert explorer.planner.opened is not None
    assert explorer.planner.opened.facts.path == str(snapshots(digits_run)[0])


def test_what_is_gone_stays_b_with_its_sliders_and_is_not_swapped(
    explorer: "Explorer", settle: Settle, digits_run: Path, run: Path
) -> None:
    told: list[str] = []
    explorer.comparison.failed.connect(told.append)
    explorer.comparison.compare_with(str(run))
    settle(explorer)
    shutil.rmtree(run)
    both(explorer).sliders.panel.dimension_moved.emit(0, 0.5)
    settle(explorer)
    assert side(explorer).planner.plan.code[0] == 0.5
    before = explorer.store.state
    explorer.comparison.swap()
    settle(explorer)
    assert explorer.store.state == before
    assert told == [f"There is no run folder and no checkpoint at {run}. Both stay where they are."]


def test_it_may_end_and_begin_again_at_once(explorer: "Explorer", settle: Settle, digits_run: Path, run: Path) -> None:
    explorer.comparison.compare_with(str(run))
    settle(explorer)
    explorer.comparison.set_shown(False)
    explorer.comparison.compare_with(str(digits_run))
    explorer.comparison.set_shown(False)
    explorer.comparison.compare_with(str(run))
    settle(explorer)
    assert side(explorer).models.path == str(run)
    assert explorer.panels.sliders.turns.side == 0


def test_the_first_is_left_alone_in_the_turn_in_which_the_second_goes(
    explorer: "Explorer", settle: Settle, run: Path
) -> None:
    explorer.comparison.compare_with(str(run))
    settle(explorer)
    explorer.comparison.set_shown(False)
    explorer.model.open("shipped:digits")
    explorer.store.update(code=(0.5, 0.5), map=replace(explorer.store.state.map, colour_by="none"))
    explorer.metrics.changed.emit()
    assert explorer.panels.metrics._pair is None
    settle(explorer)
    assert explorer.model.path == "shipped:digits"


def test_one_question_at_a_time(explorer: "Explorer", settle: Settle) -> None:
    for _ in range(2):
        explorer.comparison.ask()
    (dialog,) = explorer.window.findChildren(ComparisonDialog)
    dialog.reject()
    settle(explorer)
    explorer.comparison.ask()
    dialog = explorer.window.findChildren(ComparisonDialog)[-1]
    assert dialog.isVisible()
    dialog.reject()


def test_two_models_are_swapped_looked_at_and_left_without_a_mouse(
    explorer: "Explorer", settle: Settle, digits_run: Path, run: Path, press: "Press"
) -> None:
    explorer.comparison.compare_with(str(run))
    settle(explorer)
    explorer.window.activateWindow()
    bar = both(explorer).bar
    order = ["Swap A and B", "Choose another model as B", "What is known of A and B, in two columns"]
    bar._link.setFocus()
    for name in [*order, "Compare no longer"]:
        QTest.keyClick(explorer.window.focusWidget(), Qt.Key.Key_Tab)
        assert explorer.window.focusWidget() is press.button(bar, name)
    for _ in range(2):
        QTest.keyClick(press.button(bar, "Swap A and B"), Qt.Key.Key_Space)
    settle(explorer)
    assert (explorer.model.path, side(explorer).models.path) == (str(run), str(digits_run)), "once"
    QTest.keyClick(press.button(both(explorer).bar, "Compare no longer"), Qt.Key.Key_Space)
    settle(explorer)
    assert explorer.comparison.shown is None
