"""A picture of the person's own: given a code, edited beside what it was, marked on the map, and taken away again."""

from collections.abc import Callable, Hashable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from explorer.controllers import exportables
from explorer.controllers.file_choice import FileChoice
from explorer.controllers.model_controller import ModelController
from explorer.controllers.own_picture_intake import OwnPictureIntake
from explorer.controllers.own_picture_shown import comparison, misfit
from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.controllers.restore_controller import RestoreController
from explorer.services.decoder import DecodedPicture, Decoder
from explorer.services.jobs import Job, JobRunner, Outcome
from explorer.services.own_pictures import (
    OwnCodeJob,
    OwnFound,
    Pixels,
    Task,
    cut_short,
    own_marks,
    read_pixels,
    search_refusal,
)
from explorer.state.own_picture import OwnCandidates, OwnPicture
from explorer.state.session_store import SessionStore
from explorer.views.decoded_panel import DecodedPanel
from explorer.views.latent_map import LatentMap

_NONE = "There is no picture of yours here; drop a file on the window, or paste one."
_NOT_FOUND = "It has no code yet: search for one."


class OwnPictureController(QObject):
    """Keeps the own picture of the session in the Decoded panel and on the map, with a code of the open model.

    failed: a sentence. export_wanted: something to export, or None.
    """

    failed = Signal(str)
    export_wanted = Signal(object)
    _partly_found = Signal(object)

    def __init__(
        self,
        store: SessionStore,
        planner: Planner,
        decoder: Decoder,
        models: ModelController,
        panel: DecodedPanel,
        latent_map: LatentMap,
        jobs: JobRunner,
        files: FileChoice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._planner = planner
        self._models = models
        self._jobs = jobs
        self._panel = panel
        self._map = latent_map
        self._picture: DecodedPicture | None = None
        self._pixels: tuple[str, Pixels | None] = ("", None)
        self._found: OwnFound | None = None
        self._job: Job | None = None
        self._wish: OwnCodeJob | None = None
        self._began_at: tuple[float, ...] = ()
        # What is being looked for, and what was looked for in vain, each with why.
        self._sought: Hashable = None
        self._given_up: tuple[Hashable, str] = (None, "")
        self._opening = -1
        self._marked: Hashable = None
        self._intake = OwnPictureIntake(store, planner, jobs, files, self)
        self._intake.failed.connect(self.failed)
        self._connect(decoder)

    def actions(self) -> dict[str, Callable[[], None]]:
        """What the commands about an own picture do, by their names."""
        return {
            "open_picture": self._intake.ask_file,
            "paste_picture": self._intake.paste,
            "own_code": self.go_back,
            "search_code": self.search,
            "end_picture": self.end,
            "export_edited": self.export,
        }

    def take_from(self, restore: RestoreController) -> None:
        """Take the pictures that were dropped or pasted as files and are no exports of ours."""
        restore.picture_dropped.connect(self._intake.take_file)
        self._intake.file_pasted.connect(restore.take_dropped)

    @Slot()
    def go_back(self) -> None:
        """Put the ring at the picture's own code."""
        own = self._own(self._planner.plan)
        if own is None or not own.code:
            self.failed.emit(_NONE if own is None else _NOT_FOUND)
        else:
            self._store.update(code=own.code, condition=own.condition)

    @Slot()
    def search(self) -> None:
        """Search for a better code of the picture, or for its first."""
        own, opened = self._own(self._planner.plan), self._planner.opened
        refusal = search_refusal(opened.facts) if opened is not None else ""
        if own is None or refusal:
            self.failed.emit(f"{refusal}." if own is not None else _NONE)
        else:
            self._start("refine" if own.code else "find", own, self._planner.plan)

    @Slot()
    def cancel_search(self) -> None:
        """Search no further; the best so far is the code."""
        if self._job is None:
            return
        self._job.cancel()
        best, self._job = self._found, None
        if self._wish is not None and best is not None and best.wish is self._wish:
            self._keep(cut_short(best))
        else:
            self._give_up(_NOT_FOUND)

    @Slot()
    def end(self) -> None:
        """Show the decoded picture alone."""
        if self._store.state.own_picture is None:
            self.failed.emit(_NONE)
        self._store.update(own_picture=None)

    @Slot()
    def export(self) -> None:
        """Ask where the strip of original, reconstruction, edited and difference goes."""
        own = self._own(self._planner.plan)
        if own is None or not own.code:
            self.failed.emit(_NONE if own is None else _NOT_FOUND)
        else:
            self.export_wanted.emit(exportables.edited(self._planner.plan, own, self._picture))

    @Slot()
    def see_opened(self) -> None:
        """Another model is open, which may have images of another size."""
        own, opened = self._store.state.own_picture, self._planner.opened
        if own is not None and opened is not None and own.shape != opened.facts.image_shape:
            self.failed.emit(misfit(own, opened.facts))

    def _connect(self, decoder: Decoder) -> None:
        view = self._panel.own
        view.back_requested.connect(self.go_back)
        view.search_requested.connect(self.search)
        view.search_cancelled.connect(self.cancel_search)
        view.candidate_chosen.connect(self._choose)
        view.export_requested.connect(self.export)
        view.end_requested.connect(self.end)
        decoder.picture_decoded.connect(self._see_picture)
        self._planner.planned.connect(self._apply)
        self._partly_found.connect(self._see_partial)

    def _own(self, plan: Plan) -> OwnPicture | None:
        """The picture, where the open model can have a code of it; without its code where that is another model's."""
        own, opened = self._store.state.own_picture, plan.opened
        is_open = opened is not None and self._store.state.model == opened.path
        if own is None or opened is None or not is_open or own.shape != opened.facts.image_shape:
            return None
        if own.pixels != self._pixels[0]:
            pixels, problem = read_pixels(own)
            self._pixels = own.pixels, pixels
            if problem:
                self.failed.emit(problem)
        if self._pixels[1] is None:
            return None
        is_of_it = own.digest == opened.facts.digest or opened.opening == self._opening
        return own if is_of_it and len(own.code) == opened.facts.latent_size else replace(own, code=(), means="")

    @Slot(object, object)
    def _apply(self, _old: Plan, new: Plan) -> None:
        own = self._own(new)
        if own is None:
            self._forget()
            return
        self._seek(own, new)
        self._show()

    def _seek(self, own: OwnPicture, plan: Plan) -> None:
        """See to it that there is a code of the open model, and that what is known of it is known."""
        assert plan.opened is not None
        facts = plan.opened.facts
        has_encoder = "encoder" in facts.capabilities
        # Snapshots of a run that is followed come every second, which is too often for a search.
        if own.code and (own.digest == facts.digest or not has_encoder):
            self._opening = plan.opened.opening
            if self._found is not None and not _is_of(self._found, own):
                self._found = None
            if self._found is None and has_encoder:
                self._start_once("look", own, plan)
        else:
            self._start_once("find", own, plan)

    def _start_once(self, task: Task, own: OwnPicture, plan: Plan) -> None:
        digest = plan.opened.facts.digest if plan.opened is not None else ""
        key = task, own.pixels, own.code if task == "look" else (), digest
        if key not in (self._sought, self._given_up[0]):
            self._start(task, own, plan, key)

    def _start(self, task: Task, own: OwnPicture, plan: Plan, key: Hashable = None) -> None:
        model = self._models.model
        if model is None:
            return
        self._stop()
        is_other = plan.opened is not None and plan.opened.opening != self._opening
        if task == "refine" or (task == "find" and is_other):
            self._found = None
        self._sought, self._began_at = key, plan.code
        self._wish = OwnCodeJob(model, own, plan.condition, task, self._partly_found.emit)
        self._job = self._jobs.start(self._wish, self._take_found)
        if self._wish.searches:
            self._job.progressed.connect(self._see_progress)
            self._panel.own.show_search(0.0, "searching")

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self._wish = None
        self._panel.own.end_search()

    def _give_up(self, problem: str) -> None:
        self._given_up = self._sought, problem
        self._stop()
        self._sought = None
        self._show()

    def _forget(self) -> None:
        if self._job is not None:
            self._stop()
        self._found, self._sought, self._given_up, self._marked = None, None, (None, ""), None
        self._panel.show_own(None)
        self._panel.own.show_candidates(None)
        self._map.show_own_picture(None)

    @Slot(float, str)
    def _see_progress(self, share: float, what: str) -> None:
        if self._job is not None and self.sender() is self._job:
            self._panel.own.show_search(share, what)

    @Slot(object)
    def _see_partial(self, found: OwnFound) -> None:
        if found.wish is self._wish:
            self._found = found
            self._show()

    @Slot(object)
    def _take_found(self, outcome: Outcome[OwnFound]) -> None:
        if outcome.cancelled:
            return
        if outcome.value is None:
            self._give_up(outcome.error)
        elif outcome.value.wish is self._wish:
            self._keep(outcome.value)

    def _keep(self, found: OwnFound) -> None:
        own, plan = self._store.state.own_picture, self._planner.plan
        self._stop()
        self._found, self._sought, self._given_up = found, None, (None, "")
        if own is None or plan.opened is None:
            return
        if found.wish.task == "look":
            self._show()
            return
        is_other = plan.opened.opening != self._opening
        self._opening = plan.opened.opening
        changed = replace(
            own,
            code=found.code,
            condition=found.wish.condition,
            digest=plan.opened.facts.digest,
            means=found.means,
        )
        # A person who has the ring elsewhere while a run goes on keeps it there.
        moves = found.wish.task == "refine" or is_other or not own.code or plan.code == own.code
        undoable = found.wish.task == "refine" or plan.code != self._began_at
        self._store.update(undoable=undoable, own_picture=changed, code=found.code if moves else plan.code)

    @Slot(int)
    def _choose(self, place: int) -> None:
        own, found = self._own(self._planner.plan), self._found
        if own is None or found is None or self._job is not None or not 0 <= place < len(found.candidates):
            return
        code = tuple(found.candidates[place].tolist())
        means = f"{found.means}; from start {place + 1}"
        told = found.wish.condition
        self._store.update(own_picture=replace(own, code=code, condition=told, means=means), code=code, condition=told)

    @Slot(object)
    def _see_picture(self, picture: DecodedPicture) -> None:
        self._picture = picture
        if self._own(self._planner.plan) is not None:
            self._show()

    def _show(self) -> None:
        plan = self._planner.plan
        own, pixels, found = self._own(plan), self._pixels[1], self._found
        if own is None or pixels is None or plan.opened is None or plan.plane is None:
            return
        problem = "" if own.code or self._job is not None else self._given_up[1]
        picture = self._picture.picture if self._picture is not None else None
        if not own.code:
            picture = found.best if found is not None else None
        self._panel.show_own(comparison(own, pixels, picture, plan, problem))
        has_candidates = found is not None and len(found.candidates) > 0
        self._panel.own.show_candidates(_candidates(found, own) if found is not None and has_candidates else None)
        self._mark(own, plan)

    def _mark(self, own: OwnPicture, plan: Plan) -> None:
        found = self._found
        code = own.code if own.code or found is None else found.code
        key = plan.plane.key if plan.plane is not None else None, code, id(found)
        if key == self._marked or plan.plane is None:
            return
        self._marked = key
        self._map.show_own_picture(own_marks(plan.plane, code, found) if code else None)


def _candidates(found: OwnFound, own: OwnPicture) -> OwnCandidates:
    codes = [tuple(code) for code in found.candidates.tolist()]
    return OwnCandidates(found.pictures, found.errors, codes.index(own.code) if own.code in codes else -1)


def _is_of(found: OwnFound, own: OwnPicture) -> bool:
    is_its = found.wish.own.pixels == own.pixels
    return is_its and (found.code == own.code or own.code in map(tuple, found.candidates.tolist()))
