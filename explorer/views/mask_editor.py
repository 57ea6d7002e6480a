"""Where the mask is painted that hides a part of every item."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from explorer.state.item_groups import packed, unpacked
from explorer.state.reconstruction_choices import CorruptionChoice
from explorer.views.widgets.controls import enable, icon_button
from explorer.views.widgets.mask_painter import MaskPainter
from explorer.views.widgets.number_boxes import WholeNumberBox

_WIDEST_BRUSH = 32
_CLEAR = "Paint nothing over"


class MaskEditor(QWidget):
    """The first item to be painted on, how wide the brush is, and a button that clears it.

    changed(dict): `mask` and `mask_shape` of a `CorruptionChoice`.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = MaskPainter()
        self._brush = WholeNumberBox(1, _WIDEST_BRUSH)
        self._brush.setAccessibleName("Brush")
        self._brush.setToolTip("Brush: how many pixels it is wide")
        self._brush.setFixedWidth(40)
        self._clear = icon_button("remove", _CLEAR)
        self._clear.setAccessibleName("Clear the mask")
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addWidget(self._brush)
        beside.addWidget(self._clear)
        beside.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(4)
        layout.addWidget(self._painter, stretch=1)
        layout.addLayout(beside)
        self._brush.valueChanged.connect(self._painter.set_brush)
        self._brush.setValue(4)
        self._painter.painted.connect(self._tell)
        self._clear.clicked.connect(lambda: self.changed.emit({"mask": "", "mask_shape": ()}))
        self.show_mask(CorruptionChoice())

    def show_picture(self, picture: NDArray[np.uint8]) -> None:
        """Show what is painted on: (height, width, 1 or 3)."""
        self._painter.show_picture(picture)

    def show_mask(self, choice: CorruptionChoice) -> None:
        """Show which pixels are painted over; announces nothing."""
        enable(self._clear, _CLEAR, "" if choice.mask else "Nothing is painted over yet")
        shape = self._painter.covered.shape
        is_theirs = choice.mask_shape == shape
        self._painter.show_mask(unpacked(choice.mask if is_theirs else "", shape[0] * shape[1]).reshape(shape))

    def _tell(self, mask: NDArray[np.bool_]) -> None:
        changes: dict[str, Any] = {"mask": packed(mask.ravel()), "mask_shape": tuple(mask.shape)}
        self.changed.emit(changes)
