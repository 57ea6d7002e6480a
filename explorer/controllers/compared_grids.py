"""Reconstructions and samples of the second model, beside those of the first."""

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers.classifier_controller import ClassifierController
from explorer.controllers.compared_side import ComparedSide
from explorer.controllers.comparison_link import Side
from explorer.controllers.metrics_controller import MetricsController
from explorer.controllers.path_controller import PathController
from explorer.controllers.plan import Code
from explorer.controllers.reconstructions_controller import ReconstructionsController
from explorer.controllers.samples_controller import SamplesController
from explorer.controllers.training_controller import TrainingController
from explorer.state.condition_facts import Condition
from explorer.state.linked_state import code_refusal
from explorer.state.session_state import SessionState
from explorer.views.beside import Beside
from explorer.views.panels import Panels
from explorer.views.reconstructions_panel import ReconstructionsPanel
from explorer.views.samples_panel import SamplesPanel

_WAITS = "What B shows appears here when it is open."


class Helpers(NamedTuple):
    """Controllers that do for B what they do for A."""

    trainer: TrainingController
    classifier: ClassifierController
    paths: PathController
    metrics: MetricsController


class ComparedGrids(QObject):
    """Shows for B the items and samples that are chosen for A.

    failed: a sentence.
    """

    failed = Signal(str)

    def __init__(
        self,
        first: Side,
        second: ComparedSide,
        beside: Panels,
        helpers: Helpers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._first, self._second, self._beside = first, second, beside
        self._helpers = helpers
        self._places: list[Beside] = []
        self._panels: list[ReconstructionsPanel | SamplesPanel] = []
        second.store.changed.connect(self._follow_state)

    def add_reconstructions(self) -> None:
        """Put the items of B there."""
        self.reconstructions = ReconstructionsPanel()
        self._place(self._beside.reconstructions.beside, self.reconstructions)
        items = ReconstructionsController(*self._second.side(), self.reconstructions, self)
        trainer = self._helpers.trainer
        items.data_wanted.connect(self._second.models.reload_items)
        items.download_wanted.connect(trainer.download)
        trainer.download_started.connect(items.see_download)
        trainer.download_ended.connect(items.see_download_end)
        trainer.download_ended.connect(self._see_download)

    def add_samples(self) -> None:
        """Put the samples of B there."""
        self.samples = SamplesPanel()
        self._place(self._beside.samples.beside, self.samples)
        samples = SamplesController(*self._second.side(), self.samples, self)
        classifier = self._helpers.classifier
        samples.classifier_wanted.connect(classifier.train)
        samples.key_point_wanted.connect(self._add_key_point)
        classifier.started.connect(samples.see_training)
        classifier.trained.connect(samples.see_trained)
        classifier.trained.connect(self._second.models.see_classifier)
        classifier.not_trained.connect(samples.see_not_trained)

    def show_titles(self, titles: tuple[str, str]) -> None:
        """Say which models are A and B."""
        for place in self._places:
            place.show_titles(titles)

    def say(self, sentence: str) -> None:
        """Say why B shows nothing, where it shows nothing."""
        if self._second.planner.opened is None:
            for panel in self._panels:
                panel.show_empty(sentence or _WAITS)
            self.samples.show_note("")

    def clear_away(self) -> None:
        """Leave the panels of A alone, and take away those of B."""
        for place in self._places:
            place.leave_alone()

    def _place(self, place: Beside, panel: ReconstructionsPanel | SamplesPanel) -> None:
        panel.setObjectName(f"{panel.objectName()}_of_b")
        panel.keep_pictures_alone()
        panel.set_smooth(self._first.store.state.smooth_pictures)
        self._panels.append(panel)
        self._places.append(place)
        place.put(panel)

    @Slot(str, str)
    def _see_download(self, _name: str, error: str) -> None:
        if not error:
            self._second.models.reload_items()

    @Slot(str, object, object)
    def _add_key_point(self, name: str, code: Code, condition: Condition) -> None:
        first, second = self._first.facts, self._second.side().facts
        refusal = code_refusal(first, second) if first is not None and second is not None else ""
        if refusal:
            self.failed.emit(f"{refusal}, so a sample of B is no key point of A's path.")
        else:
            self._helpers.paths.add_code(f"{name} of B", code, condition)

    @Slot(object, object)
    def _follow_state(self, old: SessionState, new: SessionState) -> None:
        if old.smooth_pictures != new.smooth_pictures:
            for panel in self._panels:
                panel.set_smooth(new.smooth_pictures)
