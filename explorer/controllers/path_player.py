"""The ring that walks along a path by itself."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.services.paths import WalkedPath
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore

_USUAL_SPEED = 10


class PathPlayer(QObject):
    """Moves the point from step to step, there and back, or round and round where the path is closed.

    The whole walk is one step of undo. Whatever else moves the point ends it.

    playing_changed(bool): the walk has begun or ended.
    """

    playing_changed = Signal(bool)

    def __init__(self, store: SessionStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._path: WalkedPath | None = None
        self._place, self._direction = 0, 1
        self._is_stepping = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self.set_speed(_USUAL_SPEED)
        store.changed.connect(self._see_change)

    @property
    def is_playing(self) -> bool:
        """Whether the ring walks."""
        return self._timer.isActive()

    @Slot(int)
    def set_speed(self, steps_per_second: int) -> None:
        """Choose how fast the ring walks, also while it does."""
        self._timer.setInterval(round(1000 / steps_per_second))

    def play(self, path: WalkedPath, place: int) -> None:
        """Walk along a path from one of its steps on; -1 for the first."""
        self.stop()
        self._path, self._place, self._direction = path, max(place, 0) - int(place < 0), 1
        self._store.begin_gesture()
        self._timer.start()
        self.playing_changed.emit(True)
        self._step()

    @Slot()
    def stop(self) -> None:
        """Stand still."""
        if self._timer.isActive():
            self._timer.stop()
            self._store.end_gesture()
            self.playing_changed.emit(False)

    @Slot()
    def give_way(self) -> None:
        """Stand still because the person takes hold of the point: what they do is a step of its own."""
        if self._timer.isActive():
            self.stop()
            self._store.begin_gesture()

    @Slot()
    def _step(self) -> None:
        path = self._path
        if path is None:
            return
        self._place, self._direction = next_step(self._place, self._direction, len(path.codes), path.asked.closed)
        code, told = path.codes[self._place].tolist(), path.conditions[self._place].tolist()
        self._is_stepping = True
        self._store.update(code=tuple(code), condition=tuple(told))
        self._is_stepping = False

    @Slot(object, object)
    def _see_change(self, old: SessionState, new: SessionState) -> None:
        is_moved = (old.code, old.condition, old.model) != (new.code, new.condition, new.model)
        if is_moved and not self._is_stepping:
            self.stop()


def next_step(place: int, direction: int, steps: int, closed: bool) -> tuple[int, int]:
    """The step after one and the direction it is reached in, 1 or -1.

    The last step of a closed path is the first once more, so that it is passed over.
    """
    if closed:
        return (place + 1) % max(steps - 1, 1), 1
    turned = direction if 0 <= place + direction < steps else -direction
    return min(max(place + turned, 0), steps - 1), turned
