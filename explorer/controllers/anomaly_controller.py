"""How unusual the model finds the test items."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.anomalies import (
    AnomalyJob,
    ScoredItems,
    chosen_class,
    highest_places,
    is_quick,
    score_refusal,
    seen_anomalies,
)
from explorer.services.decoder import Decoder
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.opening import Opened
from explorer.state.reconstruction_choices import AnomalyChoice, ReconstructionsChoice
from explorer.state.session_store import SessionStore
from explorer.views.anomaly_page import AnomalyPage

_OFFER = "How unusual the model finds each test item, and how well that tells one class from the others."
_SLOW = "It takes this model minutes to say how unusual it finds each test item."
_SCORE = "Score the test items"
_ENDED = "The scoring was ended."
_NO_CODE = "This model has no encoder, so a test item has no place in its latent space."


class AnomalyController(QObject):
    """Scores the test items while the person looks at their scores, once for each model and score.

    told: a sentence why an item cannot be gone to.
    """

    told = Signal(str)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        page: AnomalyPage,
        jobs: JobRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._page = page
        self._jobs = jobs
        self._choice: ReconstructionsChoice | None = None
        self._scored: ScoredItems | None = None
        self._begun: tuple[int, str] | None = None
        self._function: AnomalyJob | None = None
        self._job: Job | None = None
        planner.planned.connect(self._apply)
        page.choice_changed.connect(self._choose)
        page.item_activated.connect(self._go_to)
        page.cancelled.connect(self._cancel)
        page.empty_action.connect(self._start)
        page.show_empty(_OFFER)

    @property
    def shown(self) -> tuple[ScoredItems, str] | None:
        """The scores that the page shows, and the class that counts as anomalous; None where it shows none."""
        opened, scored, choice = self._planner.opened, self._scored, self._store.state.reconstructions
        if opened is None or scored is None or choice.page != "anomalies":
            return None
        name = chosen_class(choice.anomalies, scored)
        is_known = name in scored.items.spec.class_names
        is_shown = is_known and scored.job == AnomalyJob(opened.facts.path, choice.anomalies.score)
        return (scored, name) if is_shown else None

    @Slot(object)
    def _choose(self, choice: AnomalyChoice) -> None:
        self._store.update(reconstructions=replace(self._store.state.reconstructions, anomalies=choice))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        choice = self._store.state.reconstructions
        is_other = old.opened is None or new.opened is None or old.opened.facts.path != new.opened.facts.path
        if new.opened is None or (choice is self._choice and not is_other):
            return
        before, self._choice = self._choice, choice
        is_same = before is not None and (before.page, before.anomalies) == (choice.page, choice.anomalies)
        if not is_same or is_other:
            self._page.show_choice(choice.anomalies)
            self._present(new.opened)

    def _present(self, opened: Opened) -> None:
        choice, can = self._store.state.reconstructions, opened.facts.capabilities
        wanted, scored = AnomalyJob(opened.facts.path, choice.anomalies.score), self._scored
        if self._function is not None and (self._function != wanted or choice.page != "anomalies"):
            self._end_job()
        if choice.page != "anomalies":
            return
        self._page.offer_classes(opened.facts.class_names, "", choice.anomalies.class_name)
        if self._function is not None:
            return
        refusal = score_refusal(choice.anomalies.score, can)
        if scored is not None and scored.job == wanted:
            self._show(scored)
        elif refusal:
            self._page.show_empty(refusal)
        elif (quick := is_quick(choice.anomalies.score, can)) and self._begun != (opened.opening, wanted.score):
            self._start()
        else:
            # Not at every snapshot of a run that is followed.
            self._page.show_empty(_OFFER if quick else _SLOW, _SCORE)

    def _show(self, scored: ScoredItems) -> None:
        name = chosen_class(self._store.state.reconstructions.anomalies, scored)
        self._page.offer_classes(scored.items.spec.class_names, scored.held_out, name)
        seen = seen_anomalies(scored, name)
        if isinstance(seen, str):
            self._page.show_empty(seen)
        else:
            self._page.show_facts(seen)

    @Slot()
    def _start(self) -> None:
        opened = self._planner.opened
        if opened is None or self._job is not None:
            return
        score = self._store.state.reconstructions.anomalies.score
        self._begun = opened.opening, score
        self._function = AnomalyJob(opened.facts.path, score)
        self._page.show_empty("")
        self._page.show_progress(0.0, "reading the test items")
        self._job = self._jobs.start(self._function, self._end)
        self._job.progressed.connect(self._show_progress)

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        # A job that was given up may say once more how far it is.
        if self._job is not None and self.sender() is self._job:
            self._page.show_progress(share, f"scores of the test items: {what.replace('_', ' ')}")

    def _end_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = self._function = None
            self._page.end_progress()

    @Slot()
    def _cancel(self) -> None:
        self._end_job()
        self._page.show_empty(_ENDED, _SCORE)

    @Slot(object)
    def _end(self, outcome: Outcome[ScoredItems]) -> None:
        scored, function = outcome.value, self._function
        if function is None or outcome.cancelled or (scored is not None and scored.job is not function):
            return
        self._job = self._function = None
        self._page.end_progress()
        if scored is not None:
            self._scored = scored
            self._show(scored)
        else:
            self._page.show_empty(outcome.error, _SCORE)

    @Slot(int)
    def _go_to(self, index: int) -> None:
        opened, scored = self._planner.opened, self._scored
        if opened is None or scored is None:
            return
        places, encoded = highest_places(scored), opened.encoded
        if not 0 <= index < len(places):
            return
        place = int(places[index])
        if encoded is not None and encoded.source == "test" and place < len(encoded.codes) and encoded.coded[place]:
            code = tuple(encoded.codes[place].tolist())
            self._store.update(code=code, condition=opened.point_condition(place))
        elif "encoder" in opened.facts.capabilities:
            self._decoder.encode_item(scored.items, place)
        else:
            self.told.emit(_NO_CODE)
