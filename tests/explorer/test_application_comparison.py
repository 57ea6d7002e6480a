"""Two models side by side in the real window: what B stands at, who is A and who B, and how it ends."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from explorer.services.network import open_model
from explorer.state.session_state import ComparisonChoice, SessionState
from explorer.views.comparison_bar import ComparisonBar
from explorer.views.comparison_dialog import ComparisonDialog
from explorer.views.library_list import LibraryList
from tests.explorer.compared_models import both, decoded, shown, side, snapshots
from tests.explorer.stub_models import MIXED
from trainers.export.difference_map import difference_map

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from explorer.app import Explorer
    from tests.explorer.conftest import SaveStub
LONG_MS = 60_000
Settle = Callable[["Explorer"], None]


@pytest.fixture
def explorer(open_explorer: Callable[[str], "Explorer"], settle: Settle, digits_run: Path) -> "Explorer":
    window = open_explorer(str(digits_run))
    settle(window)
    return window


def test_the_same_code_shows_each_models_own_picture(explorer: "Explorer", settle: Settle, digits_run: Path) -> None:
    earlier = snapshots(digits_run)[0]
    explorer.comparison.compare_with(str(earlier))
    explorer.store.update(code=(0.5, -0.75))
    settle(explorer)
    models = open_model(str(digits_run), 1), open_model(str(earlier), 1)
    expected = [decoded(model, (0.5, -0.75)) for model in models]
    for values, wanted in zip(shown(explorer), expected, strict=True):
        np.testing.assert_allclose(values, wanted, atol=1e-5)
    assert np.abs(expected[0] - expected[1]).max() > 1e-2, "else one could stand for the other"
    compared = explorer.panels.decoded.compared
    assert compared.isVisible()
    picture = compared.pictures()[2]._image
    assert picture is not None
    wanted_map = difference_map(*expected)
    place = np.unravel_index(np.abs(expected[0] - expected[1])[0].argmax(), (8, 8))
    colour = picture.pixelColor(int(place[1]), int(place[0]))
    assert (colour.red(), colour.green(), colour.blue()) == pytest.approx(tuple(wanted_map[place]), abs=1)
    assert "both decode the same code" in compared.words()


def test_the_same_image_is_encoded_by_the_other_model(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    explorer.store.update(code=(1.25, 0.5))
    settle(explorer)
    other = open_model(str(wide_run), 1)
    given = decoded(open_model(str(digits_run), 1), (1.25, 0.5))
    code = tuple(other.encode(given[None])[0][0].tolist())
    assert side(explorer).planner.plan.code == pytest.approx(code, abs=1e-5)
    np.testing.assert_allclose(shown(explorer)[1], decoded(other, code), atol=1e-5)
    assert "B stands at what A decodes" in explorer.panels.decoded.compared.words()


def test_at_an_item_of_the_data_b_encodes_the_item(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.panels.latent_map.point_activated.emit(11)
    settle(explorer)
    opened = explorer.planner.opened
    assert opened is not None
    assert opened.items is not None
    other = open_model(str(wide_run), 1)
    code = other.encode(opened.items.images[11:12])[0][0]
    assert side(explorer).planner.plan.code == pytest.approx(code.tolist(), abs=1e-4)
    assert "B stands at Test item 11" in explorer.panels.decoded.compared.words()


def test_a_model_without_an_encoder_searches_when_the_ring_rests(
    explorer: "Explorer", settle: Settle, stubs: "SaveStub", qtbot: "QtBot"
) -> None:
    explorer.comparison.compare_with(str(stubs("stub")))
    settle(explorer)
    explorer.store.update(code=(0.5, 0.5))
    compared = explorer.panels.decoded.compared
    qtbot.waitUntil(lambda: "found by optimisation" in compared.words(), timeout=LONG_MS)
    settle(explorer)
    assert len(side(explorer).planner.plan.code) == 3


def test_spaces_and_shapes_of_another_kind_are_said_and_left_apart(
    explorer: "Explorer", settle: Settle, stubs: "SaveStub"
) -> None:
    explorer.model.open(str(stubs(blocks=MIXED)))
    settle(explorer)
    explorer.comparison.compare_with("shipped:digits")
    settle(explorer)
    compared = explorer.panels.decoded.compared
    assert "A has pictures of 8 × 8 grey pixels and B pictures of 28 × 28 grey pixels" in compared.words()
    assert "Nothing links the two" in compared.words()
    assert compared.pictures()[2]._image is None, "nothing is resized to make a difference"
    assert compared.pictures()[1]._image is not None
    bar = both(explorer).bar
    assert not bar._link.isEnabled()
    assert "codes of" in bar._link.toolTip()


def test_a_and_b_are_swapped_and_undone(explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path) -> None:
    explorer.comparison.compare_with(str(wide_run))
    explorer.store.update(code=(1.0, 1.0))
    settle(explorer)
    there = side(explorer).planner.plan.code
    explorer.window.action("swap_models").trigger()
    settle(explorer)
    state = explorer.store.state
    assert (state.model, state.comparison.model) == (str(wide_run), str(digits_run))
    assert explorer.planner.plan.code == pytest.approx(there)
    assert explorer.planner.opened is not None
    assert explorer.planner.opened.facts.latent_size == 5
    assert len(side(explorer).planner.plan.code) == 2
    explorer.store.undo()
    settle(explorer)
    assert (explorer.store.state.model, explorer.planner.plan.code) == (str(digits_run), (1.0, 1.0))
    assert len(side(explorer).planner.plan.code) == 5


def test_what_is_still_being_opened_is_not_swapped(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    told: list[str] = []
    explorer.comparison.failed.connect(told.append)
    explorer.comparison.compare_with(str(wide_run))
    explorer.comparison.swap()
    settle(explorer)
    explorer.comparison.compare_with("/nowhere")
    settle(explorer)
    explorer.comparison.swap()
    assert ["still being opened" in sentence for sentence in told] == [True, False]


def test_another_a_keeps_b_and_the_same_model_may_be_both(
    explorer: "Explorer", settle: Settle, digits_run: Path, wide_run: Path
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.model.open(str(wide_run))
    settle(explorer)
    assert side(explorer).planner.opened is not None
    assert side(explorer).models.path == str(wide_run) == explorer.model.path
    explorer.store.update(code=(0.5,) * 5)
    settle(explorer)
    assert side(explorer).planner.plan.code == (0.5,) * 5, "their codes are alike now"
    one, other = shown(explorer)
    np.testing.assert_array_equal(one, other)
    assert "0 (exact)" in explorer.panels.decoded.compared.words()


def test_the_command_lets_a_model_be_chosen_and_compares_no_longer(
    explorer: "Explorer", settle: Settle, qtbot: "QtBot"
) -> None:
    action = explorer.window.action("compare")
    action.trigger()
    assert not action.isChecked(), "nothing is compared before a model is chosen"
    dialog = explorer.window.findChild(ComparisonDialog)
    assert isinstance(dialog, ComparisonDialog)
    entries = dialog.findChild(LibraryList)
    assert isinstance(entries, LibraryList)
    qtbot.waitUntil(lambda: entries.model().rowCount() > 0, timeout=LONG_MS)
    titles = [entries.model().index(row, 0).data() for row in range(entries.model().rowCount())]
    assert any("at epoch" in title for title in titles), "this model before"
    assert "digits" in titles, "and the library"
    QTest.keyClick(entries, Qt.Key.Key_Return)
    settle(explorer)
    assert action.isChecked()
    assert "/checkpoints/" in side(explorer).models.path
    action.trigger()
    settle(explorer)
    assert explorer.comparison.shown is None
    assert not explorer.window.findChildren(ComparisonBar)
    assert not explorer.panels.decoded.compared.isVisible()
    assert not action.isChecked()
    action.trigger()
    settle(explorer)
    assert "/checkpoints/" in side(explorer).models.path, "the model of before is B again"


def test_a_b_that_cannot_be_opened_is_a_sentence_in_its_place(
    explorer: "Explorer", settle: Settle, tmp_path: Path, wide_run: Path
) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no checkpoint")
    explorer.comparison.compare_with(str(broken))
    settle(explorer)
    compared = explorer.panels.decoded.compared
    assert "broken.safetensors" in compared.words()
    assert compared.pictures()[0]._image is not None
    explorer.store.update(code=(0.25, 0.25))
    settle(explorer)
    assert explorer.planner.plan.code == (0.25, 0.25)
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    assert "broken" not in compared.words()
    assert len(shown(explorer)) == 2


def test_a_session_brings_b_back(
    explorer: "Explorer", settle: Settle, wide_run: Path, open_explorer: Callable[[str], "Explorer"]
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    explorer.store.update(code=(0.25, -0.5))
    settle(explorer)
    there = side(explorer).planner.plan.code
    explorer.session.save_now()
    again = open_explorer("")
    settle(again)
    assert again.store.state == explorer.store.state
    assert side(again).planner.plan.code == pytest.approx(there)
    assert again.panels.decoded.compared.isVisible()
    assert again.window.action("compare").isChecked()


def test_a_session_whose_b_is_gone_opens_with_a_and_says_so(
    explorer: "Explorer", settle: Settle, stubs: "SaveStub", open_explorer: Callable[[str], "Explorer"]
) -> None:
    other = stubs()
    explorer.comparison.compare_with(str(other))
    settle(explorer)
    explorer.session.save_now()
    other.unlink()
    again = open_explorer("")
    settle(again)
    assert again.planner.opened is not None
    assert other.name in again.panels.decoded.compared.words()
    again.store.update(code=(0.5, 0.5))
    settle(again)
    picture = both(again).link.pictures[0]
    assert picture is not None
    assert picture.code == (0.5, 0.5)


def test_undo_ends_a_comparison_and_redo_brings_it_back(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.store.undo()
    settle(explorer)
    assert explorer.comparison.shown is None
    explorer.store.redo()
    settle(explorer)
    assert side(explorer).planner.opened is not None


def test_b_is_taken_away_while_it_loads(explorer: "Explorer", settle: Settle, wide_run: Path) -> None:
    for _ in range(3):
        explorer.comparison.compare_with(str(wide_run))
        explorer.comparison.set_shown(False)
    settle(explorer)
    assert explorer.comparison.shown is None
    assert explorer.comparison._ending == []
    assert not explorer.panels.decoded.compared.isVisible()


def test_nothing_runs_after_the_window_closed_in_the_middle(
    explorer: "Explorer", settle: Settle, wide_run: Path, stubs: "SaveStub"
) -> None:
    explorer.comparison.compare_with(str(wide_run))
    settle(explorer)
    explorer.comparison.compare_with(str(stubs("stub")))
    explorer.store.update(code=(1.0, 1.0))
    QApplication.processEvents()
    threads = side(explorer).decoder._threads()
    explorer.close()
    assert all(thread.isFinished() for thread in threads)


def test_no_comparison_costs_nothing(explorer: "Explorer", settle: Settle) -> None:
    assert explorer.comparison.shown is None
    assert explorer.store.state == SessionState(
        model=explorer.store.state.model,
        code=explorer.store.state.code,
        map=explorer.store.state.map,
        comparison=ComparisonChoice(),
    )
