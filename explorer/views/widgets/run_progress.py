"""How far a run is: a bar, the epoch, the remaining time and the speed."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from explorer.state.training_values import TrainingStatus
from explorer.views.widgets.controls import muted_label

_WORDS = {
    "idle": "",
    "starting": "Starting",
    "running": "Training",
    "paused": "Paused",
    "stopping": "Stopping after this step",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
}


class RunProgress(QWidget):
    """A thin bar over two lines of text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar(minimum=0, maximum=1000, textVisible=False)
        self._bar.setAccessibleName("Training progress")
        self._state = muted_label()
        self._epoch = muted_label()
        self._left = muted_label()
        self._speed = muted_label()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._bar)
        for left, right in ((self._state, self._epoch), (self._left, self._speed)):
            line = QHBoxLayout()
            line.addWidget(left)
            line.addStretch()
            line.addWidget(right)
            layout.addLayout(line)

    def show_status(self, status: TrainingStatus) -> None:
        """Show where a run stands."""
        is_starting = status.phase == "starting"
        self._bar.setRange(0, 0 if is_starting else 1000)
        if not is_starting:
            self._bar.setValue(round(1000 * min(status.step / max(status.total_steps, 1), 1.0)))
        elsewhere = " elsewhere" if not status.is_own and status.phase in ("starting", "running", "paused") else ""
        self._state.setText(_WORDS[status.phase] + elsewhere)
        self._epoch.setText(f"epoch {status.epoch:.1f} of {status.epochs}" if status.epochs else "")
        is_moving = status.phase == "running"
        self._left.setText(f"{duration_text(status.seconds_left)} left" if is_moving and status.seconds_left else "")
        self._speed.setText(f"{status.images_per_second:,.0f} images/s" if is_moving else "")

    def text(self) -> str:
        """All that the lines say."""
        labels = (self._state, self._epoch, self._left, self._speed)
        return " · ".join(label.text() for label in labels if label.text())


def duration_text(seconds: float) -> str:
    """A time in the two largest units that matter, such as 2 min 10 s."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
