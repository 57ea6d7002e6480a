"""Lettered discs for places of the plane that were chosen."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from explorer.views.theme import Palette

_RADIUS = 9.0


def draw_letter(painter: QPainter, x: float, y: float, letter: str, palette: Palette) -> None:
    """A disc in the accent colour with a letter in it, edged so that it shows on any picture."""
    _draw_disc(painter, x, y, letter, QColor(palette.accent), QColor(palette.accent_text))


def draw_key_letter(painter: QPainter, x: float, y: float, letter: str) -> None:
    """The same for a key point of a path: as light as its line, and so not taken for an image that spans the plane."""
    _draw_disc(painter, x, y, letter, QColor(255, 255, 255), QColor(0, 0, 0))


def _draw_disc(painter: QPainter, x: float, y: float, letter: str, ground: QColor, ink: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(ground)
    disc = QRectF(x - _RADIUS, y - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    painter.drawEllipse(disc)
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, letter)
