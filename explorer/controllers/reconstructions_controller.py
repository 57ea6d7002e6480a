"""Test items beside what the model makes of them."""

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.plan import Plan, chosen_items
from explorer.controllers.planner import Planner
from explorer.services.decoder import Decoder
from explorer.services.reconstructions import Reconstructions
from explorer.state.scatter_values import Scatter
from explorer.state.session_state import ReconstructionsChoice
from explorer.state.session_store import SessionStore
from explorer.views.reconstructions_panel import ReconstructionsPanel

_LOADING = "The test pictures are being read."


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
        self._shown: Reconstructions | None = None
        self._downloading = ""
        self._download_error = ""
        planner.planned.connect(self._apply)
        decoder.reconstructed.connect(self._show)
        panel.choice_changed.connect(self._choose)
        panel.item_activated.connect(self._take_item)
        panel.empty_action.connect(self._fetch)
        decoder.reconstruction_failed.connect(self._show_failure)
        decoder.search_progressed.connect(self._show_search)
        panel.search_cancelled.connect(self._cancel_search)

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

    @Slot()
    def _fetch(self) -> None:
        opened = self._planner.plan.opened
        if opened is not None and opened.items_download is not None:
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

    @Slot()
    def export(self) -> None:
        """Ask where the reconstructions go."""
        choice = self._store.state.reconstructions
        self.export_wanted.emit(exportables.reconstructions(self._planner.plan, choice, self._shown))

    @Slot(object, object)
    def _apply(self, old: Plan, new: Plan) -> None:
        if new.opened is None:
            return
        if new.reconstructions is None:
            if new.opened is not old.opened:
                self._explain(new)
            return
        if new.reconstructions != old.reconstructions:
            choice = self._store.state.reconstructions
            self._panel.show_choice(choice)
            items = new.opened.items
            if items is not None:
                self._decoder.reconstruct(items, chosen_items(choice, len(items)))

    def _explain(self, plan: Plan) -> None:
        opened = plan.opened
        if opened is None or plan.reconstructions is not None:
            return
        if opened.items_download is not None:
            self._offer_download(*opened.items_download, opened.items_problem)
        elif opened.items_problem:
            self._panel.show_empty(opened.items_problem, "Look again")
        else:
            self._panel.show_empty(_LOADING)

    def _offer_download(self, name: str, title: str, problem: str) -> None:
        if self._downloading == name:
            self._panel.show_empty(f"{title} is being downloaded.")
        else:
            self._panel.show_empty(self._download_error or problem, f"Download {title}")

    @Slot(float, str)
    def _show_search(self, share: float, what: str) -> None:
        self._panel.show_search(share, f"searching for codes: {what}")

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self._shown = None
        self._panel.end_search()
        self._panel.show_empty(sentence)

    @Slot()
    def _cancel_search(self) -> None:
        self._decoder.cancel_search()
        self._panel.end_search()

    @Slot(object)
    def _show(self, made: Reconstructions) -> None:
        self._shown = made
        mean_error = float(made.errors.mean())
        facts = self._planner.opened.facts if self._planner.opened is not None else None
        if made.points is not None and facts is not None and facts.frame is not None:
            originals, points = made.points
            scatter = Scatter(points, facts.frame, originals=originals, ground=facts.ground)
            self._panel.show_points(scatter, mean_error, made.note)
        else:
            pictures, errors = (made.originals, made.reconstructions), made.errors.tolist()
            self._panel.show_pairs(*pictures, errors, made.class_names, mean_error, made.note)
        if made.complete:
            self._panel.end_search()
