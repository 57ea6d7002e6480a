"""The one icon set of the window, by what an icon stands for."""

from typing import cast

import qtawesome
from PySide6.QtGui import QIcon

_GLYPHS = {
    "add": "ph.plus",
    "chevron_down": "ph.caret-down",
    "chevron_right": "ph.caret-right",
    "close": "ph.x",
    "copy": "ph.copy",
    "download": "ph.download-simple",
    "error": "ph.warning-circle",
    "export": "ph.export",
    "file": "ph.file",
    "float": "ph.arrow-square-out",
    "full_screen": "ph.corners-out",
    "help": "ph.question",
    "home": "ph.house-line",
    "info": "ph.info",
    "layout": "ph.layout",
    "model": "ph.cube",
    "open": "ph.folder-open",
    "pause": "ph.pause",
    "play": "ph.play",
    "points": "ph.circles-three",
    "quit": "ph.sign-out",
    "randomise": "ph.shuffle",
    "redo": "ph.arrow-u-up-right",
    "refresh": "ph.arrows-clockwise",
    "reset": "ph.arrow-counter-clockwise",
    "reveal": "ph.folder-notch-open",
    "run": "ph.chart-line-up",
    "save": "ph.floppy-disk",
    "settings": "ph.sliders-horizontal",
    "shipped": "ph.package",
    "smooth": "ph.drop",
    "stop": "ph.stop",
    "theme": "ph.circle-half",
    "tiles": "ph.squares-four",
    "undo": "ph.arrow-u-up-left",
}


def icon(name: str) -> QIcon:
    """The icon for a name of this table, in the text colour of the theme at the moment it is painted."""
    return cast("QIcon", qtawesome.icon(_GLYPHS[name]))


def icon_names() -> tuple[str, ...]:
    """The names that `icon` knows."""
    return tuple(_GLYPHS)
