"""Keys that move the ring of a map, and what part of the map is seen."""

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from explorer.views.widgets.plane_canvas import PlaneCanvas

_NUDGES_ACROSS = 200
_PUSHES_ACROSS = 12
_ZOOM = 1.25
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class RingKeys(QObject):
    """Arrow keys move the ring, ten times as far with Shift, and with Ctrl the map under it; + and − zoom, Home goes
    home.

    started(), moved(u, v), finished(): a key is held that moves the ring.
    """

    started = Signal()
    moved = Signal(float, float)
    finished = Signal()

    def __init__(self, canvas: PlaneCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._is_moving = False

    def press(self, event: QKeyEvent) -> bool:
        """Take a key; says whether it is one of these."""
        key, modifiers = event.key(), event.modifiers()
        if key in _ARROWS:
            across, up = _ARROWS[Qt.Key(key)]
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                step = min(self._canvas.viewport.width, self._canvas.viewport.height) / _PUSHES_ACROSS
                self._canvas.pan(-across * step, up * step)
            else:
                factor = 10 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
                self._nudge(factor * across, factor * up)
        elif key == Qt.Key.Key_Home:
            self._canvas.go_home()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(inwards=True)
        elif key == Qt.Key.Key_Minus:
            self.zoom(inwards=False)
        else:
            return False
        return True

    def release(self, event: QKeyEvent) -> bool:
        """A released arrow key ends the move; says whether it was one."""
        if event.key() in _ARROWS:
            self.let_go()
        return event.key() in _ARROWS

    def let_go(self) -> None:
        """Nothing is held any longer."""
        if self._is_moving:
            self._is_moving = False
            self.finished.emit()

    def zoom(self, *, inwards: bool) -> None:
        """Zoom by one step, with the middle staying where it is."""
        shown = self._canvas.viewport
        middle = QPointF(shown.x + shown.width / 2, shown.y + shown.height / 2)
        self._canvas.zoom(_ZOOM if inwards else 1 / _ZOOM, middle)

    def _nudge(self, across: int, up: int) -> None:
        viewport, ring = self._canvas.viewport, self._canvas.ring
        if ring is None:
            return
        if not self._is_moving:
            self._is_moving = True
            self.started.emit()
        step = min(viewport.width, viewport.height) / viewport.scale / _NUDGES_ACROSS
        left, bottom, right, top = viewport.rectangle()
        u, v = ring
        # Not out of sight; a ring that is out of sight already comes nearer, but does not jump.
        self.moved.emit(
            min(max(u + across * step, min(left, u)), max(right, u)),
            min(max(v + up * step, min(bottom, v)), max(top, v)),
        )
