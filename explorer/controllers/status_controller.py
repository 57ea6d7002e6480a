"""The line at the bottom of the window, its title, and the bar for messages."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from explorer.controllers.plan import Plan
from explorer.controllers.planner import Planner
from explorer.services.opening import Opened
from explorer.state.training_values import TrainingStatus
from explorer.views.main_window import MainWindow

_INTERVAL_MS = 250


class StatusController(QObject):
    """Says how quick things are, what is shown, and what went wrong."""

    def __init__(self, planner: Planner, window: MainWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._planner = planner
        self._window = window
        self._decode_ms = self._picture_ms = 0.0
        self._activity = ""
        self._training = TrainingStatus()
        self._title = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._show)
        self._offered: Callable[[], None] | None = None
        planner.planned.connect(self._see_plan)
        window.message_action.connect(self._take_offer)

    def bring_up_to_date(self) -> None:
        """Say at once what would be said soon; the line changes a few times a second at most."""
        self._timer.stop()
        self._show()

    @Slot(float, float)
    def see_picture(self, decode_ms: float, picture_ms: float) -> None:
        """A picture was shown, so long after the network began and, if the point moved, after that; else 0."""
        self._decode_ms = decode_ms
        self._picture_ms = picture_ms or self._picture_ms
        self._show_soon()

    @Slot(object)
    def see_training(self, status: TrainingStatus) -> None:
        """The run stands elsewhere now."""
        self._training = status
        self._show_soon()

    @Slot(str)
    def see_activity(self, text: str) -> None:
        """Something is being loaded, or with an empty text no longer."""
        self._activity = text
        self._show_soon()

    @Slot(str)
    def tell(self, sentence: str) -> None:
        """Show good news in the message bar."""
        self._window.show_message(sentence, "info")

    @Slot(str)
    def warn(self, sentence: str) -> None:
        """Show what went wrong in the message bar."""
        self._window.show_message(sentence, "error")

    @Slot(str, str, object)
    def offer(self, sentence: str, label: str, act: Callable[[], None]) -> None:
        """Show a sentence with a button that does something about it; the bar closes when it is pressed."""
        self._offered = act
        self._window.show_message(sentence, "info", label)

    @Slot()
    def _take_offer(self) -> None:
        act, self._offered = self._offered, None
        self._window.show_message("", "info")
        if act is not None:
            act()

    @Slot()
    def forget_warning(self) -> None:
        """What went wrong before has been overcome: something else was opened."""
        self._window.show_message("", "info")

    @Slot(object, object)
    def _see_plan(self, old: Plan, new: Plan) -> None:
        self._show_title(new.opened)
        if (
            new.opened is not old.opened
            or new.plane is None
            or old.plane is None
            or (new.plane.caption != old.plane.caption)
        ):
            self._show_soon()

    def _show_soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _show(self) -> None:
        plan = self._planner.plan
        self._window.show_status(tuple(part for part in self._parts(plan) if part))

    def _show_title(self, opened: Opened | None) -> None:
        title = opened.facts.title if opened is not None else ""
        if title == self._title:
            return
        self._title = title
        self._window.set_title(title)
        model, _, data = title.partition(" / ")
        self._window.show_facts(model, data, opened.device if opened is not None else "")

    def _parts(self, plan: Plan) -> tuple[str, ...]:
        speed = f"decode {self._decode_ms:.1f} ms" if self._decode_ms else ""
        reaction = f"input to picture {self._picture_ms:.0f} ms" if self._picture_ms else ""
        rate = f"training {self._training.images_per_second:,.0f} images/s" if self._training.images_per_second else ""
        if plan.opened is None or plan.plane is None:
            return self._activity, rate
        facts = plan.opened.facts
        return self._activity, speed, reaction, rate, plan.plane.caption, facts.title, f"epoch {facts.epoch:.3g}"
