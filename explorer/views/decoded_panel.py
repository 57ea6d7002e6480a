"""The decoded picture of the current point."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from explorer.state.comparison_values import PicturePair
from explorer.state.own_picture import OwnComparison
from explorer.views.compared_pictures import ComparedPictures
from explorer.views.widgets.controls import icon_button
from explorer.views.widgets.empty_state import EmptyState
from explorer.views.widgets.own_picture_view import OwnPictureView
from explorer.views.widgets.picture_view import PictureView
from explorer.views.widgets.steady_line import SteadyLine

_EMPTY = "The picture at the ring appears here."


class DecodedPanel(QWidget):
    """The picture as large as it fits, its code below, and buttons to copy and export it.

    While there is a picture of the person's own, `own` shows it beside what is at the ring. While two models are
    compared, `compared` shows what both have.
    copy_requested(), export_requested(): of the picture. pair_copy_requested(), pair_export_requested(): of two models.
    """

    copy_requested = Signal()
    export_requested = Signal()
    pair_copy_requested = Signal()
    pair_export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("decoded_panel")
        self._view = PictureView()
        self._view.setAccessibleName("Decoded picture")
        self.own = OwnPictureView()
        self.compared = ComparedPictures()
        self._has_own = self._has_picture = self._has_pair = False
        self._empty = EmptyState()
        self._empty.show_line(_EMPTY)
        self._caption = SteadyLine()
        self._copy = icon_button("copy", "Copy the picture to the clipboard")
        self._export = icon_button("export", "Export the picture as PNG")
        self._copy.clicked.connect(self._request_copy)
        self._export.clicked.connect(self._request_export)
        self._lay_out()
        self.show_picture(None)

    def show_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Show a picture (height, width, 1 or 3), or that there is none."""
        self._view.show_picture(picture)
        self._has_picture = picture is not None
        self._show_page()
        self._copy.setEnabled(picture is not None)
        self._export.setEnabled(picture is not None)
        reason = " (there is no picture yet)" if picture is None else ""
        self._copy.setToolTip(f"Copy the picture to the clipboard{reason}")
        self._export.setToolTip(f"Export the picture as PNG{reason}")

    def show_own(self, shown: OwnComparison | None) -> None:
        """Show a picture of the person's own beside what is at the ring, or the decoded picture alone."""
        self._has_own = shown is not None
        if shown is not None:
            self.own.show_comparison(shown)
        self._show_page()

    def show_pair(self, pair: PicturePair | None) -> None:
        """Show what two models have beside each other, or one model alone."""
        self._has_pair = pair is not None
        if pair is not None:
            self.compared.show_pair(pair)
        self._show_page()

    def show_caption(self, text: str) -> None:
        """Say which code the picture belongs to."""
        self._caption.show_text(text)
        self._view.setAccessibleDescription(text)

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        self._view.set_smooth(smooth)
        self.own.set_smooth(smooth)
        self.compared.set_smooth(smooth)

    @Slot()
    def _request_copy(self) -> None:
        (self.pair_copy_requested if self._has_pair else self.copy_requested).emit()

    @Slot()
    def _request_export(self) -> None:
        (self.pair_export_requested if self._has_pair else self.export_requested).emit()

    def _show_page(self) -> None:
        if self._has_pair:
            self._pages.setCurrentWidget(self.compared)
        elif self._has_own:
            self._pages.setCurrentWidget(self.own)
        else:
            self._pages.setCurrentWidget(self._view if self._has_picture else self._empty)

    def _lay_out(self) -> None:
        self._pages = QStackedLayout()
        self._pages.addWidget(self._view)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.own)
        self._pages.addWidget(self.compared)
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
