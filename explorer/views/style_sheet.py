"""The one style sheet of the window. Its colours are roles of the palette, so that it is the same in every theme."""

ROLES = {
    "window": "window",
    "canvas": "shadow",
    "field": "base",
    "raised": "button",
    "hovered": "light",
    "hairline": "dark",
    "outline": "mid",
    "text": "text",
    "muted": "placeholder-text",
    "faint": "bright-text",
    "accent": "highlight",
    "accent_text": "highlighted-text",
    "selection": "midlight",
    "error": "link-visited",
}
"""What the colours of `Palette` are called in a palette of Qt, whose own names for them are few."""


def style_sheet(font_px: int) -> str:
    """The style sheet for a font of so many pixels; every colour of `Palette` has a role of its own."""
    colours = {name: f"palette({role})" for name, role in ROLES.items()}
    return _SHEET.format(**colours, small=max(11, round(0.9 * font_px)))


_SHEET = """
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {outline}; padding: 4px; }}
QMainWindow::separator {{ background: {hairline}; width: 1px; height: 1px; margin: 2px; }}
QMainWindow::separator:hover {{ background: {accent}; }}
QSplitter::handle {{ background: {hairline}; margin: 0 2px; width: 1px; height: 1px; }}
QSplitter::handle:hover {{ background: {accent}; }}
QMenuBar {{ background: {window}; border-bottom: 1px solid {hairline}; padding: 0 4px; }}
QMenuBar::item {{ padding: 5px 8px; background: transparent; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {selection}; color: {text}; }}
QMenu {{ background: {window}; border: 1px solid {outline}; padding: 4px 0; }}
QMenu::item {{ padding: 5px 28px 5px 12px; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {hairline}; margin: 4px 0; }}
QMenu::icon {{ padding-left: 8px; }}
QToolBar {{ background: {window}; border: 0; border-bottom: 1px solid {hairline}; padding: 2px; spacing: 4px; }}
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
QToolButton[role="name"]:focus {{ border-color: {text}; }}
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
QListView::indicator {{ width: 12px; height: 12px; background: {field}; border: 1px solid {faint};
    border-radius: 2px; }}
QListView::indicator:checked {{ background: {accent}; border: 1px solid {accent}; image: none; }}
QListView::indicator:disabled {{ border-color: {hairline}; }}
QCheckBox::indicator:checked {{ background: {accent}; border: 1px solid {accent}; image: none; }}
QCheckBox::indicator:focus {{ border: 1px solid {accent}; }}
QCheckBox::indicator:disabled {{ border-color: {hairline}; }}
QTabBar {{ background: {window}; }}
QTabBar::tab {{ background: {window}; color: {muted}; padding: 6px 12px; border: 0;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:hover, QTabBar::tab:focus {{ color: {text}; }}
QScrollArea, QAbstractScrollArea {{ border: 0; }}
QScrollArea:focus {{ border: 1px solid {accent}; }}
QScrollArea > QWidget > QWidget {{ background: {window}; }}
QListView {{ background: {window}; border: 0; outline: 0; }}
QTableView {{ background: {window}; border: 0; outline: 0; selection-background-color: {selection};
    selection-color: {text}; }}
QTableView::item {{ padding: 0 8px; border: 0; }}
QTableView::item:selected {{ background: {selection}; color: {text}; }}
QTableView::item:focus {{ border: 1px solid {accent}; }}
QHeaderView {{ background: {window}; border: 0; }}
QTableCornerButton::section {{ background: {window}; border: 0; border-bottom: 1px solid {hairline}; }}
QHeaderView::section {{ background: {window}; color: {muted}; font-size: {small}px; border: 0;
    border-bottom: 1px solid {hairline}; padding: 2px 8px; }}
QHeaderView::section:vertical {{ color: {text}; border-bottom: 0; border-right: 1px solid {hairline}; }}
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
