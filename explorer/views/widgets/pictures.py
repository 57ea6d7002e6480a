"""Arrays of pixels as Qt images, and back."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.views.theme import Palette

_VEIL = 0.6


def picture_image(picture: NDArray[np.uint8]) -> QImage:
    """An image with its own memory, ready for fast painting; picture: (height, width, 1 or 3)."""
    height, width, channels = picture.shape
    contiguous = np.ascontiguousarray(picture)
    layout = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    borrowed = QImage(contiguous.data, width, height, width * channels, layout)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)


def image_pixels(image: QImage) -> NDArray[np.uint8]:
    """Pixels (height, width, 3) of an image, red first."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine() // 4, 4)
    return np.ascontiguousarray(rows[:, : plain.width(), 2::-1])


def whole_scale(width: int, height: int, room_width: float, room_height: float) -> int:
    """The largest whole factor by which a picture fits its room, 0 when it does not fit at all."""
    return int(min(room_width // width, room_height // height))


def draw_veil(painter: QPainter, room: QRect, palette: Palette) -> None:
    """Let what is drawn in a room stand back behind the colour of the canvas."""
    colour = QColor(palette.canvas)
    colour.setAlphaF(_VEIL)
    painter.fillRect(room, colour)
