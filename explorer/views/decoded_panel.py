"""The decoded picture of the current point."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget
from superqt import QElidingLabel

from explorer.views.widgets.controls import icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.picture_view import PictureView

_EMPTY = "The picture at the ring appears here."


class DecodedPanel(QWidget):
    """The picture as large as it fits, its code below, and buttons to copy and export it.

    copy_requested(), export_requested().
    """

    copy_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("decoded_panel")
        self._view = PictureView()
        self._view.setAccessibleName("Decoded picture")
        self._empty = EmptyState()
        self._empty.show_line(_EMPTY)
        self._caption = QElidingLabel("")
        self._caption.setProperty("role", "muted")
        self._caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = icon_button("copy", "Copy the picture to the clipboard")
        self._export = icon_button("export", "Export the picture as PNG")
        self._copy.clicked.connect(self.copy_requested)
        self._export.clicked.connect(self.export_requested)
        self._lay_out()
        self.show_picture(None)

    def show_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Show a picture (height, width, 1 or 3), or that there is none."""
        self._view.show_picture(picture)
        self._pages.setCurrentWidget(self._empty if picture is None else self._view)
        self._copy.setEnabled(picture is not None)
        self._export.setEnabled(picture is not None)
        reason = " (there is no picture yet)" if picture is None else ""
        self._copy.setToolTip(f"Copy the picture to the clipboard{reason}")
        self._export.setToolTip(f"Export the picture as PNG{reason}")

    def show_caption(self, text: str) -> None:
        """Say which code the picture belongs to."""
        self._caption.setText(text)
        self._caption.setToolTip(text)
        self._view.setAccessibleDescription(text)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._view.set_smooth(smooth)

    def _lay_out(self) -> None:
        self._pages = QStackedLayout()
        self._pages.addWidget(self._view)
        self._pages.addWidget(self._empty)
        below = QHBoxLayout()
        below.setContentsMargins(8, 4, 8, 4)
        below.setSpacing(4)
        below.addWidget(self._caption, stretch=1)
        below.addWidget(self._copy)
        below.addWidget(self._export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._pages, stretch=1)
        layout.addLayout(below)
