"""Lettered discs for places of the plane that were chosen."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from explorer.views.theme import Palette

_RADIUS = 9.0


def draw_letter(painter: QPainter, x: float, y: float, letter: str, palette: Palette) -> None:
    """A disc in the accent colour with a letter in it, edged so that it shows on any picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(palette.accent_text), 1.5))
    painter.setBrush(QColor(palette.accent))
    disc = QRectF(x - _RADIUS, y - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    painter.drawEllipse(disc)
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, letter)
