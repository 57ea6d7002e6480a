"""Drawing round points with the mouse: freely, or a box."""

from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from explorer.views.widgets.plane_canvas import PlaneCanvas

Tool = Literal["", "lasso", "box"]
ChoiceMode = Literal["replace", "add", "remove"]

_LEAST_PX = 4.0


class RegionGesture(QObject):
    """Turns the mouse's and the keyboard's events of a map into regions; each handler says whether it took the event.

    A region is drawn with a tool, with Shift held as a box, or with L held freely. Ctrl adds to what is selected, Alt
    takes away from it.
    drawn(outline, mode): positions (count, 2) of the plane round the region. cleared(): Escape with nothing to end.
    tool_changed(str): another tool is in the hand.
    """

    drawn = Signal(object, str)
    cleared = Signal()
    tool_changed = Signal(str)

    def __init__(self, canvas: PlaneCanvas) -> None:
        super().__init__(canvas)
        self._tool: Tool = ""
        self._drawing: Tool = ""
        self._mode: ChoiceMode = "replace"
        self._places: list[tuple[float, float]] = []
        self._lasso_held = False

    @property
    def _canvas(self) -> PlaneCanvas:
        # Not kept in a field: the two would hold each other, and outlive their window until the next collection.
        return cast("PlaneCanvas", self.parent())

    def choose_tool(self, tool: Tool) -> None:
        """Take a tool in the hand, or none."""
        if tool != self._tool:
            self._tool = tool
            self._canvas.setCursor(Qt.CursorShape.CrossCursor if tool else Qt.CursorShape.ArrowCursor)
            self.tool_changed.emit(tool)

    def press(self, event: QMouseEvent) -> bool:
        """Begin a region where a tool or a key says so."""
        keys = event.modifiers()
        kind: Tool = "box" if keys & Qt.KeyboardModifier.ShiftModifier else "lasso" if self._lasso_held else self._tool
        if event.button() != Qt.MouseButton.LeftButton or not kind:
            return bool(self._drawing)
        add, remove = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        self._mode = "add" if keys & add else "remove" if keys & remove else "replace"
        self._drawing, self._places = kind, []
        self._extend(event)
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Draw on."""
        if self._drawing:
            self._extend(event)
        return bool(self._drawing)

    def release(self, event: QMouseEvent) -> bool:
        """End the region; one of hardly any extent means nothing."""
        if not self._drawing or event.button() != Qt.MouseButton.LeftButton:
            return bool(self._drawing)
        outline, scale = self._outline(), self._canvas.viewport.scale
        self._end()
        if float(np.ptp(outline, axis=0).max()) * scale >= _LEAST_PX:
            self.drawn.emit(outline, self._mode)
        return True

    def press_key(self, event: QKeyEvent) -> bool:
        """L held draws freely; Escape ends the region, then puts the tool away, then clears."""
        if event.key() == Qt.Key.Key_L and not event.modifiers():
            self._lasso_held = True
        elif event.key() != Qt.Key.Key_Escape:
            return False
        elif self._drawing:
            self._end()
        elif self._tool:
            self.choose_tool("")
        else:
            self.cleared.emit()
        return True

    def release_key(self, event: QKeyEvent) -> bool:
        """L was let go."""
        if event.key() == Qt.Key.Key_L:
            self._lasso_held = False
        return event.key() == Qt.Key.Key_L

    def let_go(self) -> None:
        """The keyboard went elsewhere."""
        self._lasso_held = False

    def _extend(self, event: QMouseEvent) -> None:
        self._places.append(self._canvas.viewport.to_plane(event.position().x(), event.position().y()))
        self._canvas.show_region(self._outline())

    def _outline(self) -> NDArray[np.float64]:
        places = np.array(self._places)
        if self._drawing != "box":
            return places
        (left, bottom), (right, top) = places[0], places[-1]
        return np.array([[left, bottom], [right, bottom], [right, top], [left, top]])

    def _end(self) -> None:
        self._drawing, self._places = "", []
        self._canvas.show_region(None)
