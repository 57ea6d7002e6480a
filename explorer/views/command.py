"""One command of the window as a row of a table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """A menu entry, its shortcut and, where it has one, its toolbar button.

    name: by which the window's actions are found.
    menu: "File", "Edit", "View", "Model", "Data" or "Help"; a path such as "File/Export" makes a submenu.
    shortcut: in Qt's portable text, for example "Ctrl+Z"; several are separated by "; ".
    icon: a name of `explorer.views.icons`, or empty.
    """

    name: str
    text: str
    menu: str
    shortcut: str = ""
    icon: str = ""
    tooltip: str = ""
    checkable: bool = False
    on_toolbar: bool = False
