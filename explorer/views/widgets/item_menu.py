"""What can be done with one of many pictures, as a menu."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget


def open_item_menu(widget: QWidget, place: QPoint, take: Callable[[], None], add: Callable[[], None]) -> QMenu:
    """A menu at a place of a widget that brings the ring to an item, or lets the path go on to it."""
    menu = QMenu(widget)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("Take to the ring").triggered.connect(take)
    menu.addAction("Add to the path").triggered.connect(add)
    menu.popup(widget.mapToGlobal(place))
    return menu
