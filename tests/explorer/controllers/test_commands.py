"""The table of commands."""

import re
from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from explorer.controllers.commands import COMMANDS
from explorer.state.session_state import MapChoice
from explorer.views.icons import icon_names
from explorer.views.map_bar import MapBar
from explorer.views.selection_panel import SelectionPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_names_and_shortcuts_are_each_given_once() -> None:
    shortcuts = [part.strip() for command in COMMANDS for part in command.shortcut.split(";") if part.strip()]
    for values in ([command.name for command in COMMANDS], shortcuts):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_shortcuts_icons_and_menus_exist() -> None:
    for command in COMMANDS:
        for part in filter(None, command.shortcut.split(";")):
            assert not QKeySequence(part.strip()).isEmpty(), part
        assert not command.icon or command.icon in icon_names()
        assert command.menu.split("/")[0] in ("File", "Edit", "View", "Model", "Data", "Help")
        assert command.tooltip


def test_tooltips_name_shortcuts_that_exist(qtbot: "QtBot") -> None:
    bar, panel = MapBar(), SelectionPanel()
    for view in (bar, panel):
        qtbot.addWidget(view)
    bar.show_choice(MapChoice(), ("z1", "z2", "z3"), principal_possible=True)
    panel.show_count(3, 50)
    known = {part.strip() for command in COMMANDS for part in command.shortcut.split(";")}
    tips = [widget.toolTip() for view in (bar, panel) for widget in view.findChildren(QWidget)]
    named = {key for tip in tips for key in re.findall(r"\((Ctrl\+[^ )]+)", tip)}
    assert {"Ctrl+L", "Ctrl+Shift+L", "Ctrl+T", "Ctrl+P", "Ctrl+U", "Ctrl+0", "Ctrl+Alt+T", "Ctrl+G"} <= named <= known
