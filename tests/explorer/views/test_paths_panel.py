"""The panel of paths alone: what it announces, and what it offers when."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox

from explorer.state.path_values import PathChoice, ShownKey, ShownPath
from explorer.views.paths_panel import PathsPanel
from explorer.views.widgets.key_point_list import KeyPointList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.explorer.conftest import Choose, Press

PICTURES = np.full((4, 8, 8, 1), 90, np.uint8)
PATH = ShownPath(PICTURES, np.array([1.0, 2.0, 1.5]), np.array([1, 2, 3, 4]), ("A", "", "", "B"), "units")
KEYS = tuple(ShownKey(letter, "Ring's place", "z = (0)", PICTURES[0]) for letter in "ABC")


@pytest.fixture
def panel(qtbot: "QtBot", dark: None) -> PathsPanel:
    view = PathsPanel()
    qtbot.addWidget(view)
    view.resize(860, 240)
    view.show()
    return view


def test_choices_are_announced_and_shown_without_being_announced(
    panel: PathsPanel, press: "Press", choose: "Choose"
) -> None:
    chosen: list[PathChoice] = []
    panel.choice_changed.connect(chosen.append)
    panel.show_choice(PathChoice(kind="spherical", steps=9), 2)
    assert chosen == []
    choose(panel, "Kind of path", "Geodesic")
    steps = next(box for box in panel.findChildren(QSpinBox) if box.accessibleName() == "Steps")
    steps.setValue(24)
    press(panel, "Closed")
    press(panel, "On the map")
    assert chosen[-1] == PathChoice(kind="geodesic", steps=24, closed=True, on_map=False)
    panel.show_choice(chosen[-1], 5)
    assert steps.minimum() == 5


def test_what_needs_a_path_is_offered_with_one(panel: PathsPanel, press: "Press") -> None:
    panel.show_empty("Two key points are needed.", "Add the ring's place")
    for name in ("Play", "Copy the path", "Export the path"):
        assert not press.button(panel, name).isEnabled()
        assert "no path" in press.button(panel, name).toolTip()
    heard: list[str] = []
    panel.empty_action.connect(lambda: heard.append("empty"))
    panel.play_toggled.connect(lambda wanted: heard.append(f"play {wanted}"))
    panel.export_requested.connect(lambda: heard.append("export"))
    press(panel, "Add the ring's place")
    panel.show_path(PATH)
    press(panel, "Play")
    panel.show_playing(True)
    press(panel, "Play")
    press(panel, "Export the path")
    assert heard == ["empty", "play True", "play False", "export"]


def test_key_points_can_be_moved_as_far_as_there_is_room(panel: PathsPanel, press: "Press") -> None:
    moved: list[tuple[int, int]] = []
    removed: list[int] = []
    panel.key_moved.connect(lambda place, to: moved.append((place, to)))
    panel.key_removed.connect(removed.append)
    assert not press.button(panel, "Remove").isEnabled()
    panel.show_keys(KEYS)
    keys = panel.findChild(KeyPointList)
    assert isinstance(keys, KeyPointList)
    keys.setCurrentRow(0)
    assert not press.button(panel, "Earlier").isEnabled()
    press(panel, "Later")
    press(panel, "Later")
    assert not press.button(panel, "Later").isEnabled()
    press(panel, "Remove")
    assert (moved, removed) == ([(0, 1), (1, 2)], [2])


def test_the_speed_is_a_number_of_steps(panel: PathsPanel, choose: "Choose") -> None:
    speeds: list[int] = []
    panel.speed_changed.connect(speeds.append)
    choose(panel, "Speed", "40 / s")
    assert speeds == [40]


def test_everything_has_a_name_and_fits_a_narrow_window(panel: PathsPanel) -> None:
    for box in (*panel.findChildren(QComboBox), *panel.findChildren(QSpinBox)):
        assert box.accessibleName()
    assert panel.minimumSizeHint().width() <= 420


def test_an_empty_panel_says_what_it_waits_for(panel: PathsPanel) -> None:
    assert any("appears here once a model is open" in label.text() for label in panel.findChildren(QLabel))
    seen: list[bool] = []
    panel.seen_changed.connect(seen.append)
    panel.hide()
    panel.show()
    assert seen == [False, True]
