"""Two models on the screen: all that is built when a comparison begins and goes when it ends."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from explorer.controllers.code_controller import CodeController
from explorer.controllers.compared_grids import ComparedGrids, Helpers
from explorer.controllers.compared_map import ComparedMap
from explorer.controllers.compared_metrics import ComparedMetrics
from explorer.controllers.compared_side import ComparedSide
from explorer.controllers.compared_sliders import ComparedSliders
from explorer.controllers.comparison_link import ComparisonLink, Side
from explorer.controllers.comparison_shown import (
    facts_rows,
    facts_table,
    link_offer,
    pair_exportable,
    picture_pair,
    side_title,
)
from explorer.controllers.plan import first_plane
from explorer.services.exports import Exportable
from explorer.services.jobs import JobRunner
from explorer.services.likeness import difference_scale
from explorer.state.linked_state import code_refusal
from explorer.state.model_facts import ModelFacts
from explorer.state.session_state import PlaneChoice
from explorer.views.comparison_bar import ComparisonBar
from explorer.views.main_window import MainWindow
from explorer.views.panels import Panels
from explorer.views.text_dialog import TextDialog


class Room(NamedTuple):
    """Where two models are shown, and what of A's shows them."""

    code: CodeController
    panels: Panels
    window: MainWindow
    helpers: Helpers


class SideBySide(QObject):
    """Builds B beside A, step by step, and keeps what is said of both up to date.

    failed: a sentence. progressed: what is being loaded; empty when nothing is. gone: after `end`, nothing of it runs.
    """

    failed = Signal(str)
    progressed = Signal(str)
    gone = Signal()

    def __init__(self, first: Side, room: Room, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._first, self._room = first, room
        self._problem = self._wanted = ""
        self.second = ComparedSide(jobs, self)
        self.link = ComparisonLink(first, self.second.side(), self)
        self.link.show_first(room.code.picture)
        room.panels.decoded.compared.show_scale(difference_scale())
        self.bar = ComparisonBar(room.window)
        self.bar.hide()
        self.map = ComparedMap(first, room.panels.latent_map, self.second, room.window, self)
        self.sliders = ComparedSliders(first, self.second, room.panels.sliders.turns, self.map, self)
        self.grids = ComparedGrids(first, self.second, room.panels, room.helpers, self)
        self.metrics = ComparedMetrics(first, self.second.side(), room.helpers.metrics, room.panels.metrics, jobs, self)
        self._connect()
        grids = (self.grids.add_reconstructions, self.grids.add_samples)
        # All of it at once would hold the window up for longer than a person should notice. The last comes first.
        self._steps = [self._place_bar, *grids, self.sliders.add, self.map.add]
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._take_step)
        self._turn.start()

    @property
    def is_at_rest(self) -> bool:
        """Whether all of B is there and nothing of it is on its way."""
        return not self._steps and not self.second.models.is_opening() and self.second.decoder.is_idle()

    def show_model(self, path: str) -> None:
        """Open a model as B, or, where it is B already, let both agree again."""
        self._wanted = path
        if self._steps:
            self.show()
            return
        if self.second.store.state.model == path:
            self.link.agree()
        else:
            self._problem = ""
            self.second.planner.set_opened(None)
            self._say("")
            self.link.forget_second()
            self.second.store.update(undoable=False, model=path)
        self.show()

    def agree(self) -> None:
        """Another A is open: B goes where it is."""
        self.link.agree()
        self.show()

    def show(self) -> None:
        """Say which models these are, and show what they have."""
        first, second = self._first.facts, self.second.side().facts
        names = side_title(first), side_title(second) or Path(self._first.store.state.comparison.model).name
        self.bar.show_titles(*_with_facts(names, first, second))
        self.bar.show_link(link_offer(self.link, first, second))
        self.sliders.show_titles(names)
        self.grids.show_titles((f"A · {names[0]}", f"B · {names[1]}"))
        self.metrics.follow(self._problem)
        self._show_pictures()

    def exportable(self) -> Exportable | None:
        """The pictures of both with their difference; None while there are none."""
        return pair_exportable(self.link, self._first.facts, self.second.side().facts)

    def end(self) -> None:
        """Leave A alone; what takes a step still takes it, and nobody waits for that."""
        # An answer on its way to B must arrive at nobody, so whoever takes answers goes before what they would draw on.
        for source in (self.second.models, self.second.planner, self.second.store, self.link):
            source.blockSignals(True)
        self._turn.stop()
        for taker in (self.link, self.map, self.sliders, self.grids, self.metrics):
            taker.deleteLater()
        self._room.panels.decoded.show_pair(None)
        self.map.clear_away()
        self.sliders.clear_away()
        self.grids.clear_away()
        self.metrics.clear_away()
        self.bar.hide()
        self.bar.deleteLater()
        self.second.gone.connect(self._go)
        self.second.end()

    def stop(self) -> None:
        """End everything now."""
        self.second.stop()

    def _connect(self) -> None:
        models = self.second.models
        models.opened.connect(self._see_second)
        models.failed.connect(self._see_failure)
        models.progressed.connect(self.progressed)
        self.grids.failed.connect(self.failed)
        self.bar.facts_requested.connect(self._show_facts)
        self.second.decoder.failed.connect(self.failed)
        self.link.changed.connect(self._show_pictures)
        self._room.panels.decoded.compared.search_cancelled.connect(self.link.cancel_search)

    @Slot()
    def _take_step(self) -> None:
        self._steps.pop()()
        if self._steps:
            self._turn.start()
        else:
            self.show_model(self._wanted)

    def _place_bar(self) -> None:
        self._room.window.put_above(self.bar)
        self.bar.show()

    @Slot()
    def _see_second(self) -> None:
        first, second, choice = self._first.facts, self.second.side().facts, self._first.store.state.comparison
        if second is None:
            return
        self._problem = ""
        if first is not None and code_refusal(first, second) and choice.map.plane == PlaneChoice():
            own = replace(choice.map, plane=first_plane(second))
            self._first.store.update(undoable=False, comparison=replace(choice, map=own))
        self.link.agree()
        self.show()

    @Slot(str)
    def _see_failure(self, sentence: str) -> None:
        self._problem = sentence
        self._say(sentence)
        self._show_pictures()

    def _say(self, sentence: str) -> None:
        self.map.say(sentence)
        self.sliders.say(sentence)
        self.grids.say(sentence)
        self.metrics.follow(sentence)

    @Slot()
    def _show_facts(self) -> None:
        first, second = self._first.facts, self.second.side().facts
        if first is not None and second is not None:
            TextDialog("A and B", facts_table(facts_rows(first, second)), self._room.window).show()

    @Slot()
    def _show_pictures(self) -> None:
        pair = picture_pair(self.link, self._first.facts, self.second.side().facts, self._problem)
        self._room.panels.decoded.show_pair(pair)

    @Slot()
    def _go(self) -> None:
        self.gone.emit()
        self.deleteLater()


def _with_facts(names: tuple[str, str], first: ModelFacts | None, second: ModelFacts | None) -> tuple[str, str]:
    if first is None or second is None:
        return names
    rows = facts_rows(first, second)
    said = ["\n".join(f"{row[0]}: {row[1 + side]}" for row in rows) for side in range(2)]
    return f"{names[0]}\n{said[0]}", f"{names[1]}\n{said[1]}"
