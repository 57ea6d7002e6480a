"""The one icon set of the window, by what an icon stands for."""

import qtawesome
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap

_GLYPHS = {
    "add": "ph.plus",
    "box": "ph.selection",
    "chevron_down": "ph.caret-down",
    "chevron_right": "ph.caret-right",
    "close": "ph.x",
    "contours": "ph.intersect",
    "compare": "ph.columns",
    "copy": "ph.copy",
    "down": "ph.caret-down",
    "download": "ph.download-simple",
    "error": "ph.warning-circle",
    "export": "ph.export",
    "file": "ph.file",
    "find": "ph.magnifying-glass",
    "float": "ph.arrow-square-out",
    "full_screen": "ph.corners-out",
    "help": "ph.question",
    "home": "ph.house-line",
    "image": "ph.image",
    "info": "ph.info",
    "anomalies": "ph.chart-bar",
    "arithmetic": "ph.plus-minus",
    "circles": "ph.dots-nine",
    "difference": "ph.square-half",
    "lasso": "ph.scribble-loop",
    "layout": "ph.layout",
    "lock": "ph.lock-simple",
    "loop": "ph.repeat",
    "mark": "ph.map-pin",
    "measure": "ph.ruler",
    "model": "ph.cube",
    "nearest": "ph.fingerprint",
    "open": "ph.folder-open",
    "path": "ph.path",
    "paste": "ph.clipboard",
    "pause": "ph.pause",
    "play": "ph.play",
    "points": "ph.circles-three",
    "quit": "ph.sign-out",
    "randomise": "ph.shuffle",
    "redo": "ph.arrow-u-up-right",
    "refresh": "ph.arrows-clockwise",
    "remove": "ph.trash",
    "reset": "ph.arrow-counter-clockwise",
    "reveal": "ph.folder-notch-open",
    "rising": "ph.thermometer",
    "run": "ph.chart-line-up",
    "save": "ph.floppy-disk",
    "settings": "ph.sliders-horizontal",
    "shipped": "ph.package",
    "smooth": "ph.drop",
    "stop": "ph.stop",
    "swap": "ph.arrows-left-right",
    "theme": "ph.circle-half",
    "tiles": "ph.squares-four",
    "traversal": "ph.table",
    "undo": "ph.arrow-u-up-left",
    "up": "ph.caret-up",
    "unlock": "ph.lock-simple-open",
}


def icon(name: str) -> QIcon:
    """The icon for a name of this table, in the text colour of the theme at the moment it is painted."""
    return QIcon(_GlyphEngine(_GLYPHS[name]))


def icon_names() -> tuple[str, ...]:
    """The names that `icon` knows."""
    return tuple(_GLYPHS)


class _GlyphEngine(QIconEngine):
    """Draws a glyph of the icon font; the library's own engine keeps the colour it was made with."""

    def __init__(self, glyph: str) -> None:
        super().__init__()
        self._prefix = glyph.partition(".")[0]
        self._character = str(qtawesome.charmap(glyph))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        is_disabled = mode == QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if is_disabled else QPalette.ColorGroup.Active
        painter.save()
        painter.setPen(QGuiApplication.palette().color(group, QPalette.ColorRole.Text))
        painter.setFont(qtawesome.font(self._prefix, rect.height()))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._character)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap
