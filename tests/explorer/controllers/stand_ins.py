"""Stand-ins for views and services: they tell what they were given, and say what a test has them say."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSize, Signal

from explorer.services.jobs import Outcome
from explorer.state.training_values import TrainingStatus


class StandIn(QObject):
    """Takes every call and keeps it: `calls` is a list of (name, arguments)."""

    def __init__(self, **answers: object) -> None:
        super().__init__()
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.answers = answers

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith("_"):
            raise AttributeError(name)

        def take(*arguments: object) -> object:
            self.calls.append((name, arguments))
            return self.answers.get(name)

        return take

    def given(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every call of one name."""
        return [arguments for called, arguments in self.calls if called == name]

    def last(self, name: str) -> tuple[Any, ...]:
        """The arguments of the newest call of one name."""
        return self.given(name)[-1]


class MapStandIn(StandIn):
    drag_started = Signal()
    latent_dragged = Signal(float, float)
    drag_finished = Signal()
    view_changed = Signal(object)
    point_activated = Signal(int)
    point_hovered = Signal(int)
    points_chosen = Signal(object, str)
    selection_cleared = Signal()
    corner_wanted = Signal(int, int)
    key_point_wanted = Signal(int)
    hidden_classes_chosen = Signal(object)
    empty_action = Signal()


class BarStandIn(StandIn):
    plane_chosen = Signal(object)
    corner_wanted = Signal(int)
    work_cancelled = Signal()
    spacing_chosen = Signal(str)
    tiles_toggled = Signal(bool)
    points_toggled = Signal(bool)
    items_chosen = Signal(str)
    colour_chosen = Signal(object)
    contours_toggled = Signal(bool)
    home_requested = Signal()


class SlidersStandIn(StandIn):
    drag_started = Signal()
    dimension_moved = Signal(int, float)
    drag_finished = Signal()
    category_chosen = Signal(object, int)
    reset_requested = Signal(int)
    lock_requested = Signal(int, bool)
    randomise_requested = Signal()
    traversals_requested = Signal()
    page_chosen = Signal(str)
    seen = Signal()

    def isVisible(self) -> bool:
        return bool(self.answers.get("isVisible", True))


class GridStandIn(StandIn):
    choice_changed = Signal(object)
    item_activated = Signal(int)
    key_point_wanted = Signal(int)
    search_cancelled = Signal()
    drawing_cancelled = Signal()
    training_cancelled = Signal()
    nearest_cancelled = Signal()
    nearest_activated = Signal(int)
    note_action = Signal()
    empty_action = Signal()


class CodebookStandIn(StandIn):
    cell_edited = Signal(object)
    block_chosen = Signal(str)


class SelectionStandIn(StandIn):
    search_requested = Signal(str)
    members_requested = Signal(str)
    name_requested = Signal(str)
    group_chosen = Signal(int)
    group_renamed = Signal(int, str)
    group_removed = Signal(int)
    table_requested = Signal()
    pictures_requested = Signal()
    export_cancelled = Signal()
    shown_chosen = Signal(str)
    item_activated = Signal(int)
    key_point_wanted = Signal(int)
    shown_at_last = Signal()


class TrainStandIn(StandIn):
    training_requested = Signal(object)
    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()
    model_chosen = Signal(str)
    data_chosen = Signal(str)
    download_requested = Signal(str)


class LibraryStandIn(StandIn):
    open_requested = Signal(str)
    resume_requested = Signal(str)
    reveal_requested = Signal(str)
    refresh_requested = Signal()


class DecoderStandIn(StandIn):
    picture_decoded = Signal(object)
    matched = Signal(object)
    match_progressed = Signal(float, str)
    match_failed = Signal(str)
    tiles_decoded = Signal(object)
    sweep_decoded = Signal(object)
    reconstructed = Signal(object)
    reconstruction_failed = Signal(str)
    samples_drawn = Signal(object)
    samples_progressed = Signal(float, str)
    code_drawn = Signal(object)
    items_encoded = Signal(object)
    search_progressed = Signal(float, str)
    path_progressed = Signal(float, str)
    path_found = Signal(object)
    path_failed = Signal(str)
    errors_measured = Signal(object)
    item_encoded = Signal(object)
    errors_progressed = Signal(float, str)
    codebook_read = Signal(object)
    grid_read = Signal(object)
    items_measured = Signal(object)
    contours_found = Signal(object)
    card_made = Signal(object)
    items_pictured = Signal(object)
    histograms_counted = Signal(object)
    posterior_found = Signal(object)
    sheet_decoded = Signal(object)
    export_failed = Signal(str)
    failed = Signal(str)
    idle = Signal()


class HistoryStandIn(StandIn):
    """Stands in for the History panel."""

    place_chosen = Signal(int)
    drag_started = Signal()
    drag_finished = Signal()
    play_toggled = Signal()
    speed_changed = Signal(int)
    loop_toggled = Signal(bool)
    live_requested = Signal()
    export_requested = Signal()
    empty_action = Signal()


class ReaderStandIn(StandIn):
    """Stands in for what reads snapshots."""

    listed = Signal(object)
    list_failed = Signal(str)
    loaded = Signal(object)
    placed = Signal(object)
    lost = Signal(object)
    pictured = Signal(object)
    strip_ended = Signal(str)
    run = ""

    def look_at(self, path: str, run: str) -> None:
        self.calls.append(("look_at", (path, run)))
        self.run = run


class WindowStandIn(StandIn):
    message_action = Signal()


class MetricsPanelStandIn(StandIn):
    choice_changed = Signal(object)
    measure_requested = Signal()
    pair_measure_requested = Signal()
    measuring_cancelled = Signal()
    snapshots_requested = Signal()
    snapshots_cancelled = Signal()
    copy_requested = Signal(str)
    save_requested = Signal(str)
    export_requested = Signal()
    open_requested = Signal(str)
    unit_activated = Signal(int)
    seen = Signal()
    has_plot = False
    picture_size = QSize(6, 4)


class MeasureDialogStandIn(StandIn):
    measure_requested = Signal(object)
    weights_wanted = Signal()


class FilesStandIn(StandIn):
    chosen = Signal(str, str)


class ModelStandIn(StandIn):
    """Stands in for the controller that opens models."""

    opened = Signal(str)
    snapshot_lost = Signal()
    path = "/runs/a"


class TrainingStandIn(StandIn):
    """Stands in for the service that trains."""

    status_changed = Signal(object)
    curves_changed = Signal(object)
    units_measured = Signal()
    checkpoint_saved = Signal(str)
    ended = Signal(object)
    status = TrainingStatus(phase="running", run="/runs/b")
    run = "/runs/b"


class JobStandIn(QObject):
    progressed = Signal(float, str)
    cancelled = 0

    def cancel(self) -> None:
        self.cancelled += 1


class JobsStandIn(StandIn):
    """Keeps jobs until the test lets them end; `made` holds one for every start."""

    def __init__(self, **answers: object) -> None:
        super().__init__(**answers)
        self.made: list[JobStandIn] = []

    def start(self, function: object, ended: Callable[[object], None]) -> JobStandIn:
        self.calls.append(("start", (function, ended)))
        self.made.append(JobStandIn())
        return self.made[-1]

    def functions(self, kind: type) -> list[Any]:
        return [function for function, _ in self.given("start") if isinstance(function, kind)]

    def end(self, function: object, value: object = None, error: str = "", cancelled: bool = False) -> None:
        ended = next(ended for started, ended in self.given("start") if started is function)
        ended(Outcome(value, error, cancelled))
