"""What is drawn from the prior."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot

from explorer.controllers.plan import Plan, fitting_samples
from explorer.controllers.planner import Planner
from explorer.services.classifiers import ClassifierJob
from explorer.services.decoder import Decoder
from explorer.services.sample_coverage import coverage_text
from explorer.services.samples import DrawnSamples, SamplesWish
from explorer.state.model_facts import ModelFacts
from explorer.state.scatter_values import Scatter
from explorer.state.session_state import SamplesChoice
from explorer.state.session_store import SessionStore
from explorer.views.samples_panel import SamplesPanel

_CANCELLED = "The drawing was cancelled"
_FAILED = "The samples could not be drawn"
_EARLIER = "these are the samples before it."
_AGAIN = "Draw again"
_TRAIN, _TRAIN_TIP = "Train the classifier", "Train a small network that tells the classes apart; it is kept for later"


class SamplesController(QObject):
    """Keeps the samples as the plan says, and says what they are.

    classifier_wanted: the `ClassifierJob` that would bring what recognises them. key_point_wanted: name, code and
    condition of a sample that a path is to go on to. shown: the `DrawnSamples` that are shown now.
    """

    classifier_wanted = Signal(object)
    key_point_wanted = Signal(str, object, object)
    shown = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        panel: SamplesPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._panel = panel
        self._shown: DrawnSamples | None = None
        self._shown_opening = 0
        self._is_awaited = False
        self._nearest = False
        self._nearest_pictures: NDArray[np.uint8] | None = None
        self._training: ClassifierJob | None = None
        self._untrained: tuple[ClassifierJob | None, str] = (None, "")
        self._action: Literal["draw", "train"] = "draw"
        planner.planned.connect(self._apply)
        decoder.samples_drawn.connect(self._show)
        decoder.samples_progressed.connect(self._show_progress)
        # Behind whatever answers are on their way.
        decoder.idle.connect(self._see_idle, Qt.ConnectionType.QueuedConnection)
        panel.choice_changed.connect(self._choose)
        panel.item_activated.connect(self._take_item)
        panel.key_point_wanted.connect(self._offer_key_point)
        panel.drawing_cancelled.connect(self._cancel)
        panel.note_action.connect(self._act)
        panel.empty_action.connect(self._draw)
        panel.show_empty("Samples from the prior appear here once a model is open.")

    @property
    def nearest(self) -> NDArray[np.uint8] | None:
        """The training items that stand below them, None for none."""
        return self._nearest_pictures

    @Slot(object)
    def see_nearest(self, pictures: NDArray[np.uint8] | None) -> None:
        """These training items stand below the samples now."""
        self._nearest_pictures = pictures

    @property
    def samples(self) -> DrawnSamples | None:
        """The samples that are shown."""
        return self._shown

    @Slot(object)
    def see_training(self, job: ClassifierJob) -> None:
        """A classifier is being trained."""
        self._training, self._untrained = job, (None, "")
        self._say()

    @Slot()
    def see_trained(self) -> None:
        """There is a classifier that was not there before."""
        self._training = None
        if self._shown is not None and self._belongs() and not self._is_awaited:
            self._decoder.recognise_samples(self._shown)

    @Slot(str)
    def see_not_trained(self, trouble: str) -> None:
        """There is none; the sentence says why, and is empty where the person wanted none any more."""
        self._untrained, self._training = (self._training, trouble), None
        self._say()

    @Slot(object)
    def _choose(self, choice: SamplesChoice) -> None:
        self._store.update(samples=choice)

    @Slot(int)
    def _take_item(self, index: int) -> None:
        drawn = self._shown
        if drawn is not None and self._belongs() and 0 <= index < len(drawn.codes):
            code, condition = drawn.codes[index].tolist(), drawn.conditions[index].tolist()
            self._store.update(code=tuple(code), condition=tuple(condition))

    @Slot(int)
    def _offer_key_point(self, index: int) -> None:
        drawn = self._shown
        if drawn is not None and self._belongs() and 0 <= index < len(drawn.codes):
            code, told = tuple(drawn.codes[index].tolist()), tuple(drawn.conditions[index].tolist())
            name = f"Sample {index + 1}, seed {self._store.state.samples.seed}"
            self.key_point_wanted.emit(name, code, told)

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        if new.samples != old.samples or new.condition != old.condition:
            facts = new.opened.facts
            self._panel.offer(_level_names(facts), _conditions(facts, new.condition))
        if new.opened is not old.opened:
            self._panel.show_prior(new.opened.facts.prior, new.opened.facts.frame is None)
        if self._store.state.samples.nearest != self._nearest:
            self._nearest = self._store.state.samples.nearest
            self._panel.show_choice(fitting_samples(self._store.state.samples, new.opened.facts))
        if new.samples != old.samples:
            self._panel.show_choice(fitting_samples(self._store.state.samples, new.opened.facts))
            self._draw()

    @Slot()
    def _draw(self) -> None:
        plan = self._planner.plan
        if plan.opened is None:
            return
        choice = fitting_samples(self._store.state.samples, plan.opened.facts)
        condition = plan.condition if choice.condition == "current" else ()
        self._is_awaited = True
        self._decoder.draw_samples(
            SamplesWish(choice.count, choice.seed, choice.temperatures, condition, choice.rising)
        )

    @Slot(object)
    def _show(self, drawn: DrawnSamples) -> None:
        opened = self._planner.opened
        if opened is None:
            return
        self._shown, self._shown_opening, self._is_awaited = drawn, opened.opening, False
        facts = opened.facts
        if drawn.points is not None and facts.frame is not None:
            groups = np.empty(0, dtype=np.int64) if drawn.classes is None else drawn.classes
            self._panel.show_points(Scatter(drawn.points, facts.frame, groups, ground=facts.ground))
        else:
            self._panel.show_pictures(drawn.pictures, drawn.column_titles, _row_titles(drawn, facts))
        self._panel.end_drawing()
        self._say()
        self.shown.emit(drawn)

    @Slot(float, str)
    def _show_progress(self, share: float, what: str) -> None:
        if not self._is_awaited:
            return
        if not self._belongs():
            self._shown = None
            self._panel.show_empty("The samples of this model appear here when all of them are drawn.")
        self._panel.show_note("")
        self._panel.show_drawing(share, f"drawing samples: {what}")

    @Slot()
    def _cancel(self) -> None:
        self._decoder.cancel_samples()
        self._give_up(_CANCELLED)

    @Slot()
    def _see_idle(self) -> None:
        if self._is_awaited and self._decoder.is_idle():
            self._give_up(_FAILED)

    def _give_up(self, why: str) -> None:
        self._is_awaited, self._action = False, "draw"
        self._panel.end_drawing()
        if self._shown is not None and self._belongs():
            self._panel.show_note(f"{why}; {_EARLIER}", _AGAIN)
        else:
            self._panel.show_empty(f"{why}.", _AGAIN)

    def _belongs(self) -> bool:
        # Samples of a run that is followed stay good for it while its snapshots come.
        opened = self._planner.opened
        return opened is not None and opened.opening == self._shown_opening

    def _say(self) -> None:
        drawn, opened = self._shown, self._planner.opened
        if drawn is None or opened is None or self._is_awaited:
            return
        self._action = "train"
        if drawn.missing is None:
            self._panel.show_note(coverage_text(drawn, opened.facts))
        elif self._training == drawn.missing:
            self._panel.show_note("")
        else:
            job, trouble = self._untrained
            unknown = f"Nothing on this machine recognises the classes of {drawn.missing.title} yet."
            self._panel.show_note(trouble if trouble and job == drawn.missing else unknown, _TRAIN, _TRAIN_TIP)

    @Slot()
    def _act(self) -> None:
        if self._action == "draw":
            self._draw()
        elif self._shown is not None and self._shown.missing is not None:
            self.classifier_wanted.emit(self._shown.missing)


def _level_names(facts: ModelFacts) -> tuple[str, ...]:
    names = [" ".join(block.name for block in facts.blocks if block.level == level) for level in range(facts.levels)]
    return tuple(name or f"level {level + 1}" for level, name in enumerate(names))


def _conditions(facts: ModelFacts, condition: tuple[float, ...]) -> tuple[str, ...]:
    told = facts.condition
    if not told.can_be_set:
        return ()
    if told.is_choice:
        chosen = told.text(condition)
        return (f"Every {'class' if told.kind == 'classes' else 'identity'}", chosen[:1].upper() + chosen[1:])
    return ("Middle attributes", "Chosen attributes")


def _row_titles(drawn: DrawnSamples, facts: ModelFacts) -> tuple[str, ...]:
    if not (drawn.rising and facts.condition.is_choice):
        return ()
    told = [tuple(row.tolist()) for row in drawn.conditions[:: len(drawn.column_titles)]]
    return tuple(facts.condition.text(condition) for condition in told) if len(set(told)) > 1 else ()
