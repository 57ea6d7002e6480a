"""Colours, fonts and the one stylesheet of the window, in a light and a dark version."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QWidget

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
    """Keeps the application in the chosen theme and follows the desktop's light and dark."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("system_theme")
        self._app = app
        self._mode: ThemeMode = "system"
        self._applied: Palette | None = None
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
        if palette is not self._applied:
            self._applied = palette
            _dress(self._app, palette)


def _dress(app: QApplication, palette: Palette) -> None:
    if app.style().name().lower() != "fusion":
        app.setStyle("Fusion")
    font = app.font()
    font.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(font)
    app.setPalette(_qt_palette(palette))
    app.setStyleSheet(_stylesheet(palette, QFontInfo(font).pixelSize()))


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
        role.BrightText: palette.text,
        role.ToolTipBase: palette.raised,
        role.ToolTipText: palette.text,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.accent_text,
        role.Link: palette.accent,
        role.Mid: palette.outline,
        role.Dark: palette.hairline,
        role.Light: palette.hovered,
        role.Midlight: palette.hovered,
        role.Shadow: palette.canvas,
        role.Accent: palette.accent,
    }
    made = QPalette()
    for name, colour in colours.items():
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(palette.faint))
    return made


def _stylesheet(palette: Palette, base: int) -> str:
    small = max(11, round(0.9 * base))
    values = {name: getattr(palette, name) for name in Palette.__dataclass_fields__}
    return _SHEET.format(**values, small=small)


_SHEET = """
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {outline}; padding: 4px; }}
QMainWindow::separator {{ background: {hairline}; width: 1px; height: 1px; margin: 2px; }}
QMainWindow::separator:hover {{ background: {accent}; }}
QMenuBar {{ background: {window}; border-bottom: 1px solid {hairline}; padding: 0 4px; }}
QMenuBar::item {{ padding: 5px 8px; background: transparent; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {selection}; color: {text}; }}
QMenu {{ background: {window}; border: 1px solid {outline}; padding: 4px 0; }}
QMenu::item {{ padding: 5px 28px 5px 12px; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {hairline}; margin: 4px 0; }}
QMenu::icon {{ padding-left: 8px; }}
QToolBar {{ background: {window}; border: 0; border-bottom: 1px solid {hairline}; padding: 2px 8px; spacing: 4px; }}
QToolBar::separator {{ background: {hairline}; width: 1px; margin: 4px 8px; }}
QStatusBar {{ background: {window}; border-top: 1px solid {hairline}; font-size: {small}px; }}
QStatusBar QLabel {{ color: {muted}; padding-left: 8px; }}
QStatusBar::item {{ border: 0; }}
QLabel[role="muted"] {{ color: {muted}; font-size: {small}px; }}
QLabel[role="error"] {{ color: {error}; }}
QLabel[role="title"] {{ font-weight: 600; }}
QFrame[role="hairline"] {{ background: {hairline}; border: 0; max-height: 1px; min-height: 1px; }}
QPushButton {{ background: {raised}; color: {text}; border: 1px solid {outline}; border-radius: 3px;
    padding: 4px 12px; min-height: 16px; }}
QPushButton:hover {{ background: {hovered}; }}
QPushButton:pressed, QPushButton:checked {{ background: {selection}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:disabled {{ background: {window}; color: {faint}; border-color: {hairline}; }}
QPushButton[role="primary"] {{ background: {accent}; color: {accent_text}; border-color: {accent}; font-weight: 600; }}
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:focus {{ border-color: {text}; }}
QPushButton[role="primary"]:disabled {{ background: {window}; color: {faint}; border-color: {hairline}; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 3px; padding: 3px; }}
QToolButton[role="text"] {{ padding: 3px 8px; }}
QToolButton:hover {{ background: {hovered}; }}
QToolButton:pressed {{ background: {selection}; }}
QToolButton:checked {{ background: {raised}; border-color: {outline}; }}
QToolButton[role="name"] {{ background: {raised}; border-color: {outline}; padding: 2px 6px; min-width: 14px; }}
QToolButton[role="name"]:hover {{ background: {hovered}; }}
QToolButton[role="name"]:checked {{ background: {selection}; border-color: {accent}; color: {text}; }}
QToolButton[role="heading"] {{ padding: 3px 0; font-weight: 600; border: 0; background: transparent; }}
QToolButton[role="heading"]:focus {{ color: {accent}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton:disabled {{ color: {faint}; background: transparent; }}
QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {{ background: {field}; color: {text}; border: 1px solid {outline};
    border-radius: 3px; padding: 2px 6px; min-height: 18px; selection-background-color: {accent};
    selection-color: {accent_text}; }}
QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus {{ border-color: {accent}; }}
QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QLineEdit:disabled {{ color: {faint};
    background: {window}; border-color: {hairline}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: 0; }}
QAbstractSpinBox QLineEdit {{ border: 0; padding: 0; min-height: 0; background: transparent; }}
QLineEdit[wrong="true"] {{ border-color: {error}; }}
QComboBox::drop-down {{ border: 0; width: 18px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {window}; border: 1px solid {outline}; outline: 0;
    selection-background-color: {selection}; selection-color: {text}; }}
QCheckBox::indicator {{ width: 12px; height: 12px; background: {field}; border: 1px solid {faint};
    border-radius: 2px; }}
QCheckBox::indicator:checked {{ background: {accent}; border: 1px solid {accent}; image: none; }}
QCheckBox::indicator:focus {{ border: 1px solid {accent}; }}
QCheckBox::indicator:disabled {{ border-color: {hairline}; }}
QTabBar {{ background: {window}; }}
QTabBar::tab {{ background: {window}; color: {muted}; padding: 6px 12px; border: 0;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:hover, QTabBar::tab:focus {{ color: {text}; }}
QScrollArea, QAbstractScrollArea {{ border: 0; }}
QScrollArea > QWidget > QWidget {{ background: {window}; }}
QListView {{ background: {window}; border: 0; outline: 0; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {outline}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 24px; }}
QScrollBar::handle:horizontal {{ min-width: 24px; }}
QScrollBar::handle:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {field}; border: 0; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
"""
