"""One picture as large as it fits, crisp."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.views.theme import palette_of
from explorer.views.widgets.pictures import picture_image, whole_scale


class PictureView(QWidget):
    """A picture enlarged by the greatest whole factor of device pixels that fits, or smoothly to the full room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 64)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._image: QImage | None = None
        self._is_smooth = False

    def show_picture(self, picture: NDArray[np.uint8] | None) -> None:
        """Show a picture (height, width, 1 or 3), or none."""
        self._image = None if picture is None else picture_image(picture)
        self.update()

    def set_smooth(self, smooth: bool) -> None:
        """Choose between crisp pixels and smooth enlargement."""
        if smooth != self._is_smooth:
            self._is_smooth = smooth
            self.update()

    def picture_rect(self) -> QRectF:
        """Where the picture lies on this widget, in pixels."""
        if self._image is None:
            return QRectF()
        ratio = self.devicePixelRatioF()
        room_width, room_height = self.width() * ratio, self.height() * ratio
        width, height = self._image.width(), self._image.height()
        scale: float = whole_scale(width, height, room_width, room_height)
        if self._is_smooth or scale == 0:
            scale = min(room_width / width, room_height / height)
        left, top = int((room_width - width * scale) / 2), int((room_height - height * scale) / 2)
        return QRectF(left / ratio, top / ratio, width * scale / ratio, height * scale / ratio)

    def sizeHint(self) -> QSize:
        """Room for a picture that can be looked at."""
        return QSize(280, 280)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture in the middle."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(palette_of(self).canvas))
        if self._image is None:
            return
        target = self.picture_rect()
        is_reduced = target.width() * self.devicePixelRatioF() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._is_smooth or is_reduced)
        painter.drawImage(target, self._image, QRectF(QRect(0, 0, self._image.width(), self._image.height())))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the colours of another theme."""
        self.update()
        super().changeEvent(event)
