"""Everything of the second model: a state, a plan and a decoder of its own, and what brings it into the window."""

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.comparison_link import Side
from explorer.controllers.model_controller import ModelController
from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.services.jobs import JobRunner
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore


class ComparedSide(QObject):
    """The services of B. Parts that show B are built on them and belong to it.

    gone: after `end`, nothing of it runs any more.
    """

    gone = Signal()

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self.store = SessionStore(SessionState(), self)
        self.decoder = Decoder(self)
        self.planner = Planner(self.store, self)
        self.models = ModelController(self.store, self.planner, self.decoder, jobs, self)

    def side(self) -> Side:
        """State, plan and decoder."""
        return Side(self.store, self.planner, self.decoder)

    def end(self) -> None:
        """Let everything end and go; what takes a step still takes it, and nobody waits for that."""
        self.decoder.ended.connect(self._go)
        self.decoder.end()

    def stop(self) -> None:
        """End everything now."""
        self.decoder.stop()

    @Slot()
    def _go(self) -> None:
        self.gone.emit()
        self.deleteLater()
