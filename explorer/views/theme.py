"""Colours and fonts of the window in a light and a dark version, and how one becomes the other."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from explorer.views.style_sheet import style_sheet

ThemeMode = Literal["system", "light", "dark"]

CLASS_COLOURS = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
    "#5D3FD3",
    "#9EE493",
    "#7A1F1F",
)
"""Okabe and Ito (2008) without black, extended to ten; no pair is closer for a colour-blind eye than theirs are."""

_MORE_COLOURS = (
    "#962400",
    "#96FFF3",
    "#692451",
    "#3DBA8A",
    "#3528BA",
    "#008E86",
    "#DB7559",
    "#D7FF9E",
    "#2DD7C6",
    "#007D59",
)
"""Ten more, found with `extend_palette(..., colorblind_safe=True, cvd_severity=100)` of glasbey (McInnes, 2022)."""

ALL_CLASS_COLOURS = (*CLASS_COLOURS, *_MORE_COLOURS)

NO_CLASS_COLOUR = "#B4B4B4"

_STEP_MS = 8
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


@dataclass(frozen=True)
class Palette:
    """The greys, the accent and the colour of failure of one theme.

    window: behind the panels; canvas: behind pictures; field: where text is typed; raised: what can be pressed.
    """

    is_dark: bool
    window: str
    canvas: str
    field: str
    raised: str
    hovered: str
    hairline: str
    outline: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_text: str
    selection: str
    error: str


DARK = Palette(
    is_dark=True,
    window="#252525",
    canvas="#191919",
    field="#1e1e1e",
    raised="#343434",
    hovered="#404040",
    hairline="#383838",
    outline="#4a4a4a",
    text="#e4e4e4",
    muted="#a3a3a3",
    faint="#6e6e6e",
    accent="#4aa3ff",
    accent_text="#0b1a2b",
    selection="#2d4865",
    error="#ff8a7a",
)
LIGHT = Palette(
    is_dark=False,
    window="#f4f4f4",
    canvas="#e6e6e6",
    field="#ffffff",
    raised="#ffffff",
    hovered="#e9e9e9",
    hairline="#dadada",
    outline="#bdbdbd",
    text="#1d1d1d",
    muted="#636363",
    faint="#9c9c9c",
    accent="#0a66d0",
    accent_text="#ffffff",
    selection="#cfe2f8",
    error="#b3261e",
)


def apply_theme(app: QApplication, mode: ThemeMode) -> None:
    """Dress the application; `system` follows the desktop and changes with it."""
    follower = app.findChild(SystemTheme)
    if follower is None:
        follower = SystemTheme(app)
    follower.set_mode(mode)


def palette_of(widget: QWidget) -> Palette:
    """The palette that a custom-painted widget draws with."""
    return DARK if widget.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def class_colour(group: int) -> QColor:
    """Colour of a class by its index; grey for -1, and the twenty colours again after the twentieth."""
    return QColor(NO_CLASS_COLOUR) if group < 0 else QColor(ALL_CLASS_COLOURS[group % len(ALL_CLASS_COLOURS)])


def small_font(widget: QWidget) -> QFont:
    """The font of labels inside pictures and plots: nine tenths of the widget's, but at least 11 px."""
    font = QFont(widget.font())
    font.setPixelSize(max(11, round(0.9 * QFontInfo(font).pixelSize())))
    return font


class SystemTheme(QObject):
    """Keeps the application in the chosen theme and follows the desktop's light and dark.

    The style sheet never changes, it speaks of the palette's roles: Qt would take a fifth of a second over another one.
    Each widget looks its roles up anew, in short steps, and then one panel after the other is painted.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("system_theme")
        self._app = app
        self._mode: ThemeMode = "system"
        self._applied: Palette | None = None
        self._unpolished: list[QWidget] = []
        self._unpainted: list[QWidget] = []
        app.styleHints().colorSchemeChanged.connect(self._follow)

    def set_mode(self, mode: ThemeMode) -> None:
        """Choose the theme; `system` takes the desktop's, dark where the desktop does not say."""
        self._mode = mode
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}
        self._app.styleHints().setColorScheme(schemes[mode])
        self._follow()

    @Slot()
    def _follow(self) -> None:
        is_light = self._mode == "light" or (
            self._mode == "system" and self._app.styleHints().colorScheme() == Qt.ColorScheme.Light
        )
        palette = LIGHT if is_light else DARK
        if palette is self._applied:
            return
        is_first, self._applied = self._applied is None, palette
        self._app.setPalette(_qt_palette(palette))
        if is_first:
            _dress(self._app)
        else:
            self._polish_all()

    def _polish_all(self) -> None:
        windows = [widget for widget in self._app.topLevelWidgets() if widget.isVisible()]
        # From the end: what is hidden, what is seen, and the windows themselves, which lie under all their panels.
        self._unpolished = windows + sorted(self._app.allWidgets(), key=QWidget.isVisible, reverse=True)
        panels = [panel for window in windows for panel in window.findChildren(QWidget, options=_DIRECT)]
        # Of those that still wait for the theme before, some may be gone.
        waiting = [panel for panel in self._unpainted if isValid(panel)]
        self._unpainted = waiting + [panel for panel in panels if panel.isVisible() and panel.updatesEnabled()]
        for panel in self._unpainted:
            panel.setUpdatesEnabled(False)
        QTimer.singleShot(0, self._take_step)

    @Slot()
    def _take_step(self) -> None:
        if self._unpolished:
            self._polish_some()
        elif self._unpainted:
            panel = self._unpainted.pop()
            if isValid(panel):
                panel.setUpdatesEnabled(True)
        if self._unpolished or self._unpainted:
            QTimer.singleShot(0, self._take_step)

    def _polish_some(self) -> None:
        style, since = self._app.style(), QElapsedTimer()
        since.start()
        while self._unpolished and since.elapsed() < _STEP_MS:
            widget = self._unpolished.pop()
            if isValid(widget):
                style.polish(widget)


def _dress(app: QApplication) -> None:
    if app.style().name().lower() != "fusion":
        app.setStyle("Fusion")
    font = app.font()
    font.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(font)
    app.setStyleSheet(style_sheet(QFontInfo(font).pixelSize()))


def _qt_palette(palette: Palette) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: palette.window,
        role.WindowText: palette.text,
        role.Base: palette.field,
        role.AlternateBase: palette.window,
        role.Text: palette.text,
        role.PlaceholderText: palette.muted,
        role.Button: palette.raised,
        role.ButtonText: palette.text,
        role.BrightText: palette.faint,
        role.ToolTipBase: palette.raised,
        role.ToolTipText: palette.text,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.accent_text,
        role.Link: palette.accent,
        role.Mid: palette.outline,
        role.Dark: palette.hairline,
        role.Light: palette.hovered,
        role.Midlight: palette.selection,
        role.LinkVisited: palette.error,
        role.Shadow: palette.canvas,
        role.Accent: palette.accent,
    }
    made = QPalette()
    for name, colour in colours.items():
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(palette.faint))
    return made
