"""The snapshots of a run one after the other, by themselves."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_USUAL_SPEED = 10


class SnapshotPlayer(QObject):
    """Says when the next snapshot is due; one that is still being read is waited for, and none is skipped.

    due(): the next one should be shown. playing_changed(bool): playing has begun or ended.
    """

    due = Signal()
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_awaited = self._is_late = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self.set_speed(_USUAL_SPEED)

    @property
    def is_playing(self) -> bool:
        """Whether the snapshots follow each other."""
        return self._timer.isActive()

    @Slot(int)
    def set_speed(self, snapshots_per_second: int) -> None:
        """Choose how fast they do, also while they do."""
        self._timer.setInterval(round(1000 / snapshots_per_second))

    def play(self) -> None:
        """Begin with the next one, now."""
        self._is_awaited = self._is_late = False
        self._timer.start()
        self.playing_changed.emit(True)
        self._tick()

    @Slot()
    def stop(self) -> None:
        """Stay at the one that is shown."""
        if self._timer.isActive():
            self._timer.stop()
            self.playing_changed.emit(False)

    def shown(self) -> None:
        """The snapshot that was due is on the screen."""
        self._is_awaited = False
        if self._is_late and self.is_playing:
            self._timer.start()
            self._tick()

    @Slot()
    def _tick(self) -> None:
        self._is_late = self._is_awaited
        if not self._is_late:
            self._is_awaited = True
            self.due.emit()
