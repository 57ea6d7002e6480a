"""What a widget looks like at another size and scale than it has on the screen."""

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget


def widget_picture(widget: QWidget, size: QSize, scale: int) -> QImage:
    """A widget as it would be at a size in pixels of the screen, each of them `scale` wide and high."""
    before = widget.size()
    widget.resize(size)
    _settle()
    pixmap = QPixmap(size * scale)
    pixmap.setDevicePixelRatio(scale)
    widget.render(pixmap)
    widget.resize(before)
    return pixmap.toImage()


def _settle() -> None:
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
