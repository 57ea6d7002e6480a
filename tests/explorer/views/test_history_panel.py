"""The History panel by itself."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from explorer.state.history_values import RunSnapshots, SnapshotColumn, SnapshotMark
from explorer.views.history_panel import HistoryPanel
from explorer.views.widgets.filmstrip import Filmstrip
from explorer.views.widgets.scrub_slider import ScrubSlider
from tests.explorer.conftest import Choose, Press

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Mouse, Pixels

HISTORY = RunSnapshots(
    "/runs/a", tuple(SnapshotMark(step, step / 10, (("loss", 90.0 - step),)) for step in range(0, 60, 5))
)


@pytest.fixture
def panel(qtbot: "QtBot") -> HistoryPanel:
    made = HistoryPanel()
    qtbot.addWidget(made)
    made.resize(800, 220)
    made.show()
    made.show_history(HISTORY)
    made.show_place(3, "epoch 1.5 · step 15 · 4 of 12")
    return made


@pytest.fixture
def slider(panel: HistoryPanel) -> ScrubSlider:
    found = panel.findChild(ScrubSlider)
    assert isinstance(found, ScrubSlider)
    return found


@pytest.fixture
def strip(panel: HistoryPanel) -> Filmstrip:
    found = panel.findChild(Filmstrip)
    assert isinstance(found, Filmstrip)
    return found


@pytest.fixture
def chosen(panel: HistoryPanel) -> list[int]:
    places: list[int] = []
    panel.place_chosen.connect(places.append)
    return places


def column(step: int, grey: int, count: int = 4) -> SnapshotColumn:
    return SnapshotColumn(step, np.full((count, 8, 8, 1), grey, np.uint8), ("",) * count)


def test_keys_go_through_the_snapshots(panel: HistoryPanel, slider: ScrubSlider, chosen: list[int]) -> None:
    played: list[bool] = []
    panel.play_toggled.connect(lambda: played.append(True))
    keys = (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space)
    for key in keys:
        QTest.keyClick(slider, key)
    assert chosen == [4, 3, 0, 11]
    assert played == [True]


def test_the_handle_comes_to_where_it_is_pressed_and_follows(
    panel: HistoryPanel, slider: ScrubSlider, chosen: list[int], mouse: "type[Mouse]"
) -> None:
    said: list[str] = []
    panel.drag_started.connect(lambda: said.append("start"))
    panel.drag_finished.connect(lambda: said.append("end"))
    right, left = QPointF(slider.width() - 1, 8), QPointF(1, 8)
    mouse(slider).drag([right, QPointF(slider.width() / 2, 8), left])
    assert chosen[0] == 11
    assert chosen[-1] == 0
    assert len(chosen) == 3
    assert said == ["start", "end"]


def test_showing_a_place_announces_nothing(panel: HistoryPanel, slider: ScrubSlider, chosen: list[int]) -> None:
    panel.show_place(7, "epoch 3.5 · step 35 · 8 of 12")
    assert slider.value() == 7
    assert panel.place_text() == "epoch 3.5 · step 35 · 8 of 12"
    panel.show_history(RunSnapshots("/runs/a", HISTORY.marks[:4]))
    panel.show_place(1, "")
    assert (slider.value(), slider.maximum()) == (1, 3)
    assert chosen == []


def test_the_strip_goes_to_what_is_clicked_and_draws_what_it_is_given(
    panel: HistoryPanel, strip: Filmstrip, chosen: list[int], mouse: "type[Mouse]", pixels: "Pixels"
) -> None:
    bare = pixels(strip.viewport())
    for mark in HISTORY.marks:
        panel.show_pictures(column(mark.step, 255))
    assert strip.pictured() == 12
    drawn = pixels(strip.viewport())
    assert (drawn == 255).all(axis=2).sum() > (bare == 255).all(axis=2).sum() + 12 * 2 * 64
    mouse(strip.viewport()).click(strip.column_rect(6).center())
    assert chosen == [6]
    assert "step 30" in strip.place_text(6)
    assert "loss 60" in strip.place_text(6)
    panel.show_place(6, "")
    assert (pixels(strip.viewport()) != drawn).any()


def test_the_strip_is_gone_through_with_keys(panel: HistoryPanel, strip: Filmstrip, chosen: list[int]) -> None:
    for key in (
        Qt.Key.Key_Right,
        Qt.Key.Key_Return,
        Qt.Key.Key_End,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Home,
        Qt.Key.Key_Return,
    ):
        QTest.keyClick(strip, key)
    assert chosen == [4, 11, 0]
    assert "Snapshot 1:" in strip.accessibleDescription()


def test_many_snapshots_are_scrolled_to(panel: HistoryPanel, strip: Filmstrip) -> None:
    panel.show_history(RunSnapshots("/runs/a", tuple(SnapshotMark(step, step / 10) for step in range(100))))
    panel.show_place(99, "")
    room = strip.column_rect(99)
    assert 0 <= room.left() < room.right() <= strip.viewport().width()
    panel.show_place(0, "")
    assert strip.column_rect(0).left() >= 0


@pytest.mark.parametrize("count", [1, 12, 100])
@pytest.mark.parametrize("height", [30, 90, 400])
def test_the_strip_fits_every_size(
    panel: HistoryPanel, strip: Filmstrip, count: int, height: int, pixels: "Pixels"
) -> None:
    marks = tuple(
        SnapshotMark(step, step / 10, (("loss", float("nan") if step % 2 else 5.0),)) for step in range(count)
    )
    panel.show_history(RunSnapshots("/runs/a", marks))
    panel.show_pictures(column(0, 255))
    strip.resize(300, height)
    assert (pixels(strip.viewport()) == 255).all(axis=2).sum() >= 8 * 8


def test_what_cannot_be_done_says_why(panel: HistoryPanel, press: Press, slider: ScrubSlider) -> None:
    panel.show_history(RunSnapshots("/runs/a", HISTORY.marks[:1]))
    assert not press.button(panel, "Play").isEnabled()
    assert press.button(panel, "Play").toolTip() == "There is only one snapshot"
    assert not slider.isEnabled()
    panel.show_history(RunSnapshots())
    assert press.button(panel, "Export the history").toolTip() == "There are no snapshots"
    panel.show_history(HISTORY)
    assert press.button(panel, "Play").isEnabled()


def test_live_is_offered_while_the_run_trains(panel: HistoryPanel, press: Press) -> None:
    wanted: list[bool] = []
    panel.live_requested.connect(lambda: wanted.append(True))
    assert press.button(panel, "Live").isHidden()
    panel.show_live(True, True)
    assert not press.button(panel, "Live").isEnabled()
    assert "newest snapshot is shown" in press.button(panel, "Live").toolTip()
    panel.show_live(True, False)
    press(panel, "Live")
    assert wanted == [True]


def test_speed_loop_and_film_are_chosen(panel: HistoryPanel, choose: Choose, press: Press) -> None:
    speeds: list[int] = []
    loops: list[bool] = []
    panel.speed_changed.connect(speeds.append)
    panel.loop_toggled.connect(loops.append)
    choose(panel, "Speed", "20 / s")
    press(panel, "Loop")
    choose(panel, "Film", "Film: map")
    assert (speeds, loops, panel.film_kind) == ([20], [False], "map")
    panel.show_playing(True)
    assert press.button(panel, "Play").toolTip() == "Stay at this snapshot"


def test_an_empty_panel_says_what_to_do(panel: HistoryPanel, press: Press) -> None:
    wanted: list[bool] = []
    panel.empty_action.connect(lambda: wanted.append(True))
    panel.show_note("A sentence.")
    panel.show_empty("This model is no run.", "Open a run folder…")
    press(panel, "Open a run folder…")
    assert wanted == [True]
    panel.show_history(HISTORY)
    panel.show_note("")
    assert press.button(panel, "Play").isVisible()


@pytest.mark.usefixtures("dark")
def test_it_is_drawn_in_dark_colours(
    panel: HistoryPanel, strip: Filmstrip, slider: ScrubSlider, pixels: "Pixels"
) -> None:
    assert np.median(pixels(strip.viewport())) < 90
    assert np.median(pixels(slider)) < 90
