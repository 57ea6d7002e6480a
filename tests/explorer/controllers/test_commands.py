"""The table of commands."""

from collections import Counter

from PySide6.QtGui import QKeySequence

from explorer.controllers.commands import COMMANDS
from explorer.views.icons import icon_names


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
