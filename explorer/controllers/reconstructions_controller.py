"""Test items beside what the model makes of them."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.controllers.reconstruction_wording import compared, summary
from explorer.services.corruptions import shown_corruption, strength_range, trained_kind
from explorer.services.decoder import Decoder
from explorer.services.exports import Exportable
from explorer.services.item_errors import ErrorsWish, ItemErrors
from explorer.services.likeness import difference_scale
from explorer.services.reconstructions import Reconstructions, ReconstructionsWish
from explorer.services.wanted_items import wanted_items
from explorer.state.model_facts import ModelFacts
from explorer.state.reconstruction_choices import ReconstructionsChoice
from explorer.state.scatter_values import Scatter
from explorer.state.session_store import SessionStore
from explorer.views.reconstructions_panel import ReconstructionsPanel

_LOADING = "The test pictures are being read."
_FIRST, _AGAIN = "Show the first items", "Measure them again"
_MEASURED_FIRST = "The errors of all items are measured first."
_UNMEASURED = "Not all items were measured, so it is not known which are the {}."


class ReconstructionsController(QObject):
    """Keeps the reconstructions as the plan says.

    data_wanted: the data that were missing should be looked for again. download_wanted: name of the dataset that
    should be fetched. export_wanted: what the panel shows, as an `Exportable`, or None.
    """

    data_wanted = Signal()
    download_wanted = Signal(str)
    export_wanted = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        panel: ReconstructionsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._decoder = decoder
        self._panel = panel
        self._choice: ReconstructionsChoice | None = None
        self._wish: ReconstructionsWish | None = None
        self._shown: Reconstructions | None = None
        self._measuring: ErrorsWish | None = None
        self._errors: ItemErrors | None = None
        self._downloading = ""
        self._download_error = ""
        self._empty_button = ""
        planner.planned.connect(self._apply)
        decoder.reconstructed.connect(self._show)
        decoder.errors_measured.connect(self._take_errors)
        decoder.errors_progressed.connect(self._show_measuring)
        panel.choice_changed.connect(self._choose)
        panel.item_activated.connect(self._take_item)
        panel.empty_action.connect(self._act)
        decoder.reconstruction_failed.connect(self._show_failure)
        decoder.search_progressed.connect(self._show_search)
        panel.search_cancelled.connect(self._cancel_search)
        panel.show_scale(difference_scale())

    @Slot(str)
    def see_download(self, name: str) -> None:
        """A dataset is being fetched."""
        self._downloading, self._download_error = name, ""
        self._explain(self._planner.plan)

    @Slot(str, str)
    def see_download_end(self, _name: str, error: str) -> None:
        """The dataset is here, or the sentence says why not."""
        self._downloading, self._download_error = "", error
        self._explain(self._planner.plan)

    def shown(self) -> Exportable | None:
        """The reconstructions as they are shown; None while there are none."""
        return exportables.reconstructions(self._planner.plan, self._store.state.reconstructions, self._shown)

    @Slot()
    def export(self) -> None:
        """Ask where the reconstructions go."""
        self.export_wanted.emit(self.shown())

    @Slot()
    def _act(self) -> None:
        opened, choice = self._planner.plan.opened, self._store.state.reconstructions
        if self._empty_button == _FIRST:
            self._store.update(reconstructions=replace(choice, order="first"))
        elif self._empty_button == _AGAIN:
            self._ask()
        elif opened is not None and opened.items_download is not None:
            self.download_wanted.emit(opened.items_download[0])
        else:
            self.data_wanted.emit()

    @Slot(object)
    def _choose(self, choice: ReconstructionsChoice) -> None:
        self._store.update(reconstructions=choice)

    @Slot(int)
    def _take_item(self, index: int) -> None:
        made = self._shown
        if made is not None and 0 <= index < len(made.codes):
            code, condition = made.codes[index].tolist(), made.conditions[index].tolist()
            self._store.update(code=tuple(code), condition=tuple(condition))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        choice, is_new = self._store.state.reconstructions, new.opened is not old.opened
        if choice is not self._choice or is_new:
            self._show_choice(choice, new.opened.facts)
        if new.reconstructions is None:
            if is_new:
                self._explain(new)
        elif new.reconstructions != old.reconstructions:
            self._ask()

    def _show_choice(self, choice: ReconstructionsChoice, facts: ModelFacts) -> None:
        earlier, self._choice = self._choice, choice
        fitting = shown_corruption(choice.corruption, facts)
        self._panel.show_choice(choice)
        self._panel.show_corruption(fitting, strength_range(fitting.kind), trained_kind(facts), facts.frame is None)
        is_other = earlier is not None and (earlier.measure, earlier.differences) != (
            choice.measure,
            choice.differences,
        )
        if is_other and self._shown is not None:
            self._show(self._shown)

    def _ask(self) -> None:
        opened, choice = self._planner.plan.opened, self._store.state.reconstructions
        if opened is None:
            return
        self._wish = None
        wanted = wanted_items(choice, self._store.state.selection, opened, self._errors)
        if wanted.errors is not None:
            self._measure(wanted.errors)
        elif wanted.problem:
            self._say_empty(wanted.problem, _FIRST if wanted.is_of_the_order else "")
        elif wanted.reconstructions is not None:
            self._forget_errors()
            self._wish = wanted.reconstructions
            self._decoder.reconstruct(self._wish)

    def _forget_errors(self) -> None:
        if self._measuring is not None:
            self._measuring = None
            self._decoder.cancel_errors()
            self._panel.end_search()

    def _measure(self, wish: ErrorsWish) -> None:
        if self._measuring is None or not self._measuring.is_like(wish):
            self._measuring = wish
            self._decoder.measure_errors(wish)
            if self._shown is None:
                # What stands there may offer to begin what is going on now.
                self._empty_button = ""
                self._panel.show_empty(_MEASURED_FIRST)
            self._panel.show_measuring(0.0, f"errors of {len(wish.encoded.codes):,} items")

    @Slot(float, str)
    def _show_measuring(self, share: float, what: str) -> None:
        # Progress of what was given up may still be on its way.
        if self._measuring is not None:
            self._panel.show_measuring(share, what)

    @Slot(object)
    def _take_errors(self, measured: ItemErrors) -> None:
        if measured.wish is self._measuring:
            self._errors, self._measuring = measured, None
            self._panel.end_search()
            self._ask()

    def _say_empty(self, sentence: str, button: str = "") -> None:
        self._forget_errors()
        self._shown, self._empty_button = None, button
        self._panel.show_empty(sentence, button) if button else self._panel.show_empty(sentence)

    def _explain(self, plan: Plan) -> None:
        opened = plan.opened
        if opened is None or plan.reconstructions is not None:
            return
        if opened.items_download is not None:
            self._offer_download(*opened.items_download, opened.items_problem)
        elif opened.items_problem:
            self._say_empty(opened.items_problem, "Look again")
        else:
            self._say_empty(_LOADING)

    def _offer_download(self, name: str, title: str, problem: str) -> None:
        if self._downloading == name:
            self._say_empty(f"{title} is being downloaded.")
        else:
            self._say_empty(self._download_error or problem, f"Download {title}")

    @Slot(float, str)
    def _show_search(self, share: float, what: str) -> None:
        self._panel.show_search(share, f"searching for codes: {what}")

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._measuring = None
        self._panel.end_search()
        self._say_empty(sentence)

    @Slot()
    def _cancel_search(self) -> None:
        self._panel.end_search()
        if self._measuring is None:
            self._decoder.cancel_search()
            return
        self._measuring = None
        self._decoder.cancel_errors()
        self._say_empty(_UNMEASURED.format(self._store.state.reconstructions.order), _AGAIN)

    @Slot(object)
    def _show(self, made: Reconstructions) -> None:
        if made.wish is not self._wish:
            return
        self._shown = made
        choice = self._store.state.reconstructions
        facts = self._planner.opened.facts if self._planner.opened is not None else None
        if made.points is not None and facts is not None and facts.frame is not None:
            originals, points = made.points
            scatter = Scatter(points, facts.frame, originals=originals, ground=facts.ground)
            self._panel.show_points(scatter, summary(made, "error"))
        else:
            self._panel.show_pictures(compared(made, choice))
        if made.complete:
            self._panel.end_search()
