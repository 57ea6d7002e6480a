"""Plots in the colours of the window."""

from collections.abc import Mapping

import pyqtgraph
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QWidget

from explorer.views.theme import palette_of, small_font

_LOW = 120


def empty_plot(owner: QWidget, tooltip: str) -> pyqtgraph.PlotWidget:
    """A plot without a menu that belongs to a widget."""
    plot = pyqtgraph.PlotWidget(enableMenu=False)
    plot.setToolTip(tooltip)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    keep_menu(plot.getPlotItem(), owner)
    return plot


def keep_menu(item: pyqtgraph.PlotItem, owner: QWidget) -> None:
    """Let the menu that a plot makes even where none is wanted belong to a widget, which it would outlive."""
    item.ctrlMenu.setParent(owner, item.ctrlMenu.windowFlags())


def spare_labels(plot: pyqtgraph.PlotWidget) -> None:
    """Leave out what the axes count where a low plot needs the room, or where it would be cut off.

    A bar beside the plot says it, too, or its accessible name.

    For the resize event of the plot's owner.
    """
    for side, room in (("bottom", plot.width()), ("left", plot.height())):
        axis = plot.getAxis(side)
        fits = plot.height() >= _LOW and axis.label.boundingRect().width() <= room
        is_shown = fits and bool(axis.labelText)
        if axis.label.isVisible() != is_shown:
            axis.showLabel(is_shown)


def dress_plot(plot: pyqtgraph.PlotWidget, owner: QWidget, labels: Mapping[str, str]) -> None:
    """Give a plot the colours and fonts of its owner's theme, and its axes their labels by side."""
    palette = palette_of(owner)
    plot.setBackground(QColor(palette.window))
    for side, text in labels.items():
        dress_axis(plot.getAxis(side), owner, text)
    spare_labels(plot)


def dress_axis(axis: pyqtgraph.AxisItem, owner: QWidget, text: str) -> None:
    """Give an axis the colours and fonts of its owner's theme, and a label."""
    palette, font = palette_of(owner), small_font(owner)
    axis.setPen(pyqtgraph.mkPen(palette.hairline))
    axis.setTextPen(pyqtgraph.mkPen(palette.muted))
    axis.setTickFont(font)
    axis.setLabel(text, **{"color": palette.muted, "font-size": f"{QFontInfo(font).pixelSize()}px"})
    # A label stays where the one before it was centred until its axis changes its size.
    axis.resizeEvent()
