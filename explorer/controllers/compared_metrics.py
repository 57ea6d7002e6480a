"""What is measured of the two models that are compared, beside each other in the Metrics panel."""

from PySide6.QtCore import QObject, Slot

from explorer.controllers.comparison_link import Side
from explorer.controllers.comparison_shown import side_title
from explorer.controllers.metrics_controller import MetricsController
from explorer.services.jobs import JobRunner, Outcome
from explorer.services.metric_pairs import MeasuredSide, PairJob
from explorer.services.metric_tables import MeasuredTable
from explorer.state.metric_pair import MetricPair
from explorer.state.metric_work import with_work
from explorer.state.session_state import SessionState
from explorer.views.metrics_panel import MetricsPanel

_WAITS = "What is measured of A and of B stands here beside each other when B is open."
_READING = "What is measured of A and B is being read …"

Sides = tuple[MeasuredSide, MeasuredSide]


class ComparedMetrics(QObject):
    """Reads what is measured of the very checkpoints that A and B show, while anybody looks."""

    def __init__(
        self,
        first: Side,
        second: Side,
        metrics: MetricsController,
        panel: MetricsPanel,
        jobs: JobRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._first, self._second = first, second
        self._metrics, self._panel, self._jobs = metrics, panel, jobs
        self._job: PairJob | None = None
        self._is_stale = False
        self._sides: Sides | None = None
        self._measured: MeasuredTable | None = None
        self._problem = self._failure = ""
        panel.seen.connect(self._read)
        panel.pair_measure_requested.connect(self._ask)
        metrics.changed.connect(self._see_work)
        first.store.changed.connect(self._follow_state)
        self._show()

    def follow(self, problem: str = "") -> None:
        """Other models may be A and B now; problem: why there is no B, as a sentence."""
        sides = self._shown_sides()
        if (sides, problem) != (self._sides, self._problem):
            self._sides, self._problem, self._measured, self._failure = sides, problem, None, ""
            self._show()
            self._read()

    def clear_away(self) -> None:
        """Show nothing of two models any more."""
        self._sides = None
        self._metrics.changed.disconnect(self._see_work)
        self._metrics.set_pair(None)
        self._panel.show_pair(None)

    def _shown_sides(self) -> Sides | None:
        first, second = self._first.facts, self._second.facts
        if first is None or second is None:
            return None
        one, other = (
            MeasuredSide(letter, side_title(facts), facts.path, facts.digest)
            for letter, facts in (("A", first), ("B", second))
        )
        return one, other

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if old.metrics.page != new.metrics.page:
            self._read()

    @Slot()
    def _see_work(self) -> None:
        self._show()
        self._read()

    @Slot()
    def _read(self) -> None:
        is_looked_at = self._panel.isVisible() and self._first.store.state.metrics.page == "pair"
        if self._sides is None or not is_looked_at:
            return
        self._is_stale = self._job is not None
        if self._job is None:
            self._job = PairJob(self._sides, self._metrics.wanted)
            self._jobs.start(self._job, self._take)

    @Slot(object)
    def _take(self, outcome: Outcome[MeasuredTable]) -> None:
        job, self._job = self._job, None
        if job is not None and job.sides == self._sides:
            self._measured, self._failure = outcome.value, outcome.error
            self._show()
        if self._is_stale:
            self._read()

    def _show(self) -> None:
        if self._sides is None:
            pair = MetricPair(("", ""), None, self._problem or _WAITS)
        else:
            titles = self._sides[0].title, self._sides[1].title
            shown = self._measured.shown if self._measured is not None else None
            table = with_work(shown, self._metrics.work) if shown is not None else None
            pair = MetricPair(titles, table, self._failure or ("" if table is not None else _READING))
        self._metrics.set_pair(self._measured)
        self._panel.show_pair(pair)

    @Slot()
    def _ask(self) -> None:
        if self._sides is not None:
            files = tuple(dict.fromkeys(side.file for side in self._sides))
            self._metrics.ask_of(files, f"Of {' and '.join(f'{side.letter}, {side.title}' for side in self._sides)}:")
