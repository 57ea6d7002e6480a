"""Builds the window with everything behind it."""

import sys
from collections.abc import Callable
from pathlib import Path

# isort: off
# torch comes before Qt: on Windows the other order fails to load. The trainers import it.
import trainers

# isort: on

from explorer.controllers.anomaly_controller import AnomalyController
from explorer.controllers.anomaly_files_controller import AnomalyFilesController
from explorer.controllers.arithmetic_controller import ArithmeticController
from explorer.controllers.classifier_controller import ClassifierController
from explorer.controllers.code_controller import CodeController
from explorer.controllers.codebook_controller import CodebookController
from explorer.controllers.commands import COMMANDS
from explorer.controllers.compared_grids import Helpers
from explorer.controllers.comparison_controller import ComparisonController
from explorer.controllers.comparison_link import Side
from explorer.controllers.condition_controller import ConditionController
from explorer.controllers.condition_sweep_controller import ConditionSweepController
from explorer.controllers.contour_controller import ContourController
from explorer.controllers.correlations_controller import CorrelationsController
from explorer.controllers.directions_controller import DirectionsController
from explorer.controllers.export_controller import ExportController
from explorer.controllers.file_choice import FileChoice
from explorer.controllers.history_controller import HistoryController
from explorer.controllers.history_films import HistoryFilms
from explorer.controllers.hover_controller import HoverController
from explorer.controllers.item_pictures_controller import ItemPicturesController
from explorer.controllers.library_controller import LibraryController
from explorer.controllers.map_controller import MapController
from explorer.controllers.metric_files_controller import MetricFilesController
from explorer.controllers.metrics_controller import MetricsController
from explorer.controllers.model_controller import ModelController
from explorer.controllers.nearest_controller import NearestController
from explorer.controllers.own_data_controller import OwnDataController
from explorer.controllers.own_picture_controller import OwnPictureController
from explorer.controllers.path_controller import PathController
from explorer.controllers.path_map_controller import PathMapController
from explorer.controllers.plane_controller import PlaneController
from explorer.controllers.planner import Planner
from explorer.controllers.point_colour_controller import PointColourController
from explorer.controllers.reconstructions_controller import ReconstructionsController
from explorer.controllers.restore_controller import RestoreController
from explorer.controllers.run_histories_controller import RunHistoriesController
from explorer.controllers.samples_controller import SamplesController
from explorer.controllers.selection_controller import SelectionController
from explorer.controllers.selection_files_controller import SelectionFilesController
from explorer.controllers.session_controller import SessionController
from explorer.controllers.side_by_side import Room
from explorer.controllers.slider_data_controller import SliderDataController
from explorer.controllers.sliders_controller import SlidersController
from explorer.controllers.status_controller import StatusController
from explorer.controllers.training_controller import TrainingController
from explorer.controllers.traversal_controller import TraversalController
from explorer.controllers.window_controller import WindowController
from explorer.services.decoder import Decoder
from explorer.services.jobs import JobRunner
from explorer.services.library import runs_folder, shipped_models
from explorer.services.preferences import Preferences
from explorer.services.snapshot_reader import SnapshotReader
from explorer.services.training import Training
from explorer.state.session_file import SessionFileError, load_session
from explorer.state.session_state import SessionState
from explorer.state.session_store import SessionStore
from explorer.views.arithmetic_dialog import ArithmeticDialog
from explorer.views.correlation_dialog import CorrelationDialog
from explorer.views.main_window import MainWindow
from explorer.views.measure_dialog import MeasureDialog
from explorer.views.panels import Panels
from explorer.views.traversal_dialog import TraversalDialog

_AUTOSAVE = "last.session.json"


class Explorer:
    """The window with everything behind it.

    home: folder of what the window remembers. path: what to open, empty for where the last session was left, else
    the shipped model.
    """

    def __init__(self, home: Path, path: str = "") -> None:
        self._is_closed = False
        self.panels = Panels.made()
        # Services and controllers belong to the window, so that nothing of them outlives it.
        self.window = MainWindow(self.panels.by_name())
        self.preferences = Preferences(home)
        self.store = SessionStore(_first_state(home / _AUTOSAVE, path), self.window)
        self.jobs = JobRunner(self.window)
        self.decoder = Decoder(self.window)
        self.training = Training(self.window)
        self.reader = SnapshotReader(self.window)
        self.planner = Planner(self.store, self.window)
        self.window.add_commands(COMMANDS)
        self._build_controllers(home)
        self._connect_messages()
        self._connect_commands()
        self._connect_exports()
        self._connect_panels()

    def start(self, size: tuple[int, int] | None = None) -> None:
        """Show the window, of its last size where none is given, and begin to load what belongs in it."""
        self.frame.restore()
        if size is not None:
            self.window.resize(*size)
        self.window.show()
        if self.restore.has_model():
            self.model.restore()
        else:
            self.restore.open_state(self.store.state)
        self.library.refresh()
        self.trainer.load_choices()

    def close(self) -> None:
        """End everything and delete the window; nothing runs afterwards."""
        if self._is_closed:
            return
        self._is_closed = True
        self.window.hide()
        self.frame.remember()
        self.session.save_now()
        self.metrics.close()
        self.training.close(self.preferences.keeps_training)
        self.jobs.stop()
        self.comparison.stop()
        self.decoder.stop()
        self.reader.stop()
        self.window.deleteLater()

    def _build_controllers(self, home: Path) -> None:
        store, planner, decoder, jobs, panels = self.store, self.planner, self.decoder, self.jobs, self.panels
        window, runs, files = self.window, runs_folder(home), FileChoice(self.window)
        self.status = StatusController(planner, window, window)
        self.model = ModelController(store, planner, decoder, jobs, window)
        self.map = MapController(store, planner, decoder, panels.latent_map, panels.map_bar, window)
        self.hover = HoverController(planner, decoder, panels.latent_map, window)
        self.plane = PlaneController(store, planner, jobs, panels.latent_map, panels.map_bar, window)
        self.colours = PointColourController(store, planner, decoder, panels.map_bar, window)
        self.selection = SelectionController(store, planner, panels.latent_map, panels.selection, window)
        self.pictures = ItemPicturesController(planner, decoder, self.selection, panels.selection, window)
        self.files = SelectionFilesController(planner, decoder, self.selection, panels.selection, jobs, files, window)
        self.contours = ContourController(store, planner, decoder, panels.latent_map, panels.map_bar, window)
        self.code = CodeController(store, planner, decoder, panels.decoded, window)
        self.sliders = SlidersController(store, planner, decoder, panels.sliders, window)
        traversals, sums = TraversalDialog(window), ArithmeticDialog(window)
        self.traversals = TraversalController(store, planner, decoder, traversals, window)
        self.directions = DirectionsController(store, planner, jobs, panels.sliders, window)
        self.correlations = CorrelationsController(planner, self.directions, CorrelationDialog(window), window)
        self.arithmetic = ArithmeticController(store, planner, decoder, jobs, sums, window)
        self.slider_data = SliderDataController(planner, decoder, panels.sliders, panels.latent_map, window)
        self.condition = ConditionController(store, planner, panels.sliders.condition, window)
        self.reconstructions = ReconstructionsController(store, planner, decoder, panels.reconstructions, window)
        page = panels.reconstructions.anomalies
        self.anomalies = AnomalyController(store, planner, decoder, page, jobs, window)
        self.anomaly_files = AnomalyFilesController(self.anomalies, page, jobs, files, window)
        self.samples = SamplesController(store, planner, decoder, panels.samples, window)
        self.classifier = ClassifierController(jobs, panels.samples, window)
        self.nearest = NearestController(store, planner, decoder, panels.samples, jobs, window)
        self.codebook = CodebookController(planner, decoder, panels.codebook, window)
        self.sweep = ConditionSweepController(store, planner, decoder, panels.conditions, window)
        self.paths = PathController(store, planner, decoder, panels.paths, window)
        self.path_map = PathMapController(store, planner, self.paths, panels.latent_map, window)
        self.trainer = TrainingController(self.training, self.model, decoder, jobs, panels.train, runs, window)
        self.own_data = OwnDataController(jobs, files, panels.train, window)
        self.library = LibraryController(self.model, jobs, self.preferences, runs, panels.library, files, window)
        self.history = HistoryController(store, planner, self.reader, self.model, self.training, panels.history, window)
        self._build_metrics(files)
        self.session = SessionController(store, files, home / _AUTOSAVE, window)
        self.export = ExportController(store, planner, self.code, self.samples, panels.latent_map, jobs, window, window)
        self.films = HistoryFilms(self.history, self.export, self.reconstructions, panels.history, window)
        self.restore = RestoreController(store, planner, jobs, self.preferences, runs, files, window)
        own_parts = (panels.decoded, panels.latent_map, jobs, files)
        self.own = OwnPictureController(store, planner, decoder, self.model, *own_parts, window)
        self._build_comparison(runs, files)
        grids = (panels.reconstructions, panels.samples, panels.conditions, panels.selection)
        pictures = (panels.decoded, *grids, panels.paths, panels.history, traversals, sums)
        self.frame = WindowController(store, self.preferences, window, pictures, trainers.__version__, window)

    def _build_metrics(self, files: FileChoice) -> None:
        store, jobs, training, panel, window = self.store, self.jobs, self.training, self.panels.metrics, self.window
        self.metrics = MetricsController(store, self.model, jobs, training, panel, MeasureDialog(window), files, window)
        self.histories = RunHistoriesController(store, self.planner, jobs, training, self.metrics, panel, window)
        self.metric_files = MetricFilesController(self.metrics, jobs, files, panel, window)

    def _build_comparison(self, runs: Path, files: FileChoice) -> None:
        first = Side(self.store, self.planner, self.decoder)
        helpers = Helpers(self.trainer, self.classifier, self.paths, self.metrics)
        room = Room(self.code, self.panels, self.window, helpers)
        listed = (self.jobs, self.preferences, runs, files)
        self.comparison = ComparisonController(first, self.model, room, *listed, self.window)

    def _connect_messages(self) -> None:
        for source in (self.model, self.decoder, self.session, self.export, self.files, self.restore, self.paths):
            source.failed.connect(self.status.warn)
        self.own.failed.connect(self.status.warn)
        self.films.failed.connect(self.status.warn)
        self.comparison.failed.connect(self.status.warn)
        self.comparison.progressed.connect(self.status.see_activity)
        self.export.offered.connect(self.status.offer)
        self.restore.offered.connect(self.status.offer)
        for teller in (self.session, self.export, self.condition, self.selection, self.files, self.restore, self.paths):
            teller.told.connect(self.status.tell)
        for dialog in (self.correlations, self.arithmetic):
            dialog.told.connect(self.status.tell)
        self.metrics.failed.connect(self.status.warn)
        for written in (self.metric_files, self.anomaly_files):
            written.failed.connect(self.status.warn)
            written.told.connect(self.status.tell)
        self.histories.told.connect(self.status.tell)
        self.history.failed.connect(self.status.warn)
        self.own_data.failed.connect(self.status.warn)
        self.own_data.told.connect(self.status.tell)
        self.own_data.progressed.connect(self.status.see_activity)
        self.model.opened.connect(self.status.forget_warning)
        self.model.opened.connect(self.restore.see_opened)
        self.model.opened.connect(self.own.see_opened)
        self.model.progressed.connect(self.status.see_activity)
        self.trainer.progressed.connect(self.status.see_activity)
        self.training.status_changed.connect(self.status.see_training)
        self.training.status_changed.connect(self.frame.see_training)
        self.code.picture_shown.connect(self.status.see_picture)

    def _connect_commands(self) -> None:
        for name, slot in {**self._file_slots(), **self._map_slots(), **self._work_slots()}.items():
            self.window.action(name).triggered.connect(slot)

    def _file_slots(self) -> dict[str, Callable[..., object]]:
        library, export = self.library, self.export
        return {
            "open_file": library.ask_file,
            "open_run": library.ask_run,
            "open_shipped": library.open_shipped,
            "open_session": self.session.ask_open,
            "save_session": self.session.ask_save,
            "export_decoded": export.export_decoded,
            "export_map": export.export_map,
            "export_map_view": export.export_map_view,
            "export_reconstructions": self.reconstructions.export,
            "export_conditions": self.sweep.export,
            "export_samples": export.export_samples,
            "export_table": self.files.ask_table,
            "export_items": self.files.ask_folder,
            "export_path": self.paths.export,
            "export_history": self.films.ask,
            "export_plot": self.metric_files.export_plot,
            "export_anomalies": self.anomaly_files.export,
            "export_scores": self.anomaly_files.ask_table,
            "export_metrics": self.metric_files.ask_csv,
            "copy_decoded": export.copy_decoded,
            "copy_map": export.copy_map,
            "copy_samples": export.copy_samples,
            "copy_path": self.paths.copy,
            "copy_command": export.copy_command,
            "copy_python": export.copy_python,
        }

    def _map_slots(self) -> dict[str, Callable[..., object]]:
        panels = self.panels
        return {
            "find_item": panels.selection.begin_search,
            "select_nothing": self.selection.clear,
            "name_selection": panels.selection.begin_naming,
            "nearest_items": self.pictures.show_nearest,
            "show_contours": self.contours.set_shown,
            "go_to_map": panels.latent_map.take_keyboard,
            "choose_plane": panels.map_bar.open_planes,
            "choose_colour": panels.map_bar.open_colours,
            "go_to_legend": panels.latent_map.go_to_legend,
            "look_closely": panels.latent_map.look_closely,
            "zoom_in": panels.latent_map.zoom_in,
            "zoom_out": panels.latent_map.zoom_out,
            "home_view": self.map.go_home,
            "show_tiles": self.map.set_tiles_shown,
            "show_points": self.map.set_points_shown,
            "show_path": self.paths.set_on_map,
        }

    def _work_slots(self) -> dict[str, Callable[..., object]]:
        return {
            "path_add": self.paths.add_ring,
            "path_play": self.paths.play_or_pause,
            "path_clear": self.paths.remove_all,
            "traversals": self.traversals.open,
            "correlations": self.correlations.open,
            "arithmetic": self.arithmetic.open,
            **self.own.actions(),
            **self.own_data.actions(),
            **self.comparison.actions(),
            **self.history.actions(),
            "measure": self.metrics.ask,
            "copy_metrics": self.metric_files.copy_markdown,
            "train_start": self.trainer.start,
            "train_pause": self.trainer.pause_or_go_on,
            "train_stop": self.training.stop,
        }

    def _connect_exports(self) -> None:
        panels, export = self.panels, self.export
        panels.decoded.export_requested.connect(export.export_decoded)
        panels.decoded.copy_requested.connect(export.copy_decoded)
        panels.samples.export_requested.connect(export.export_samples)
        panels.samples.copy_requested.connect(export.copy_samples)
        sheets = (self.paths, self.traversals, self.correlations, self.arithmetic, self.comparison)
        plots = (self.metric_files, self.anomaly_files)
        for shown in (self.reconstructions, self.sweep, self.own, self.films, *sheets, *plots):
            shown.export_wanted.connect(export.ask)
        for copied in sheets:
            copied.copy_wanted.connect(export.copy)

    def _connect_panels(self) -> None:
        panels, library = self.panels, self.library
        self.samples.key_point_wanted.connect(self.paths.add_code)
        self.samples.shown.connect(self.nearest.see_samples)
        self.nearest.changed.connect(self.samples.see_nearest)
        self.nearest.told.connect(self.status.tell)
        self.anomalies.told.connect(self.status.tell)
        self.pictures.key_point_wanted.connect(self.paths.add_item)
        panels.sliders.drag_started.connect(self.paths.player.give_way)
        self.window.dock("paths_panel").toggleViewAction().toggled.connect(self.paths.set_open)
        panels.sliders.traversals_requested.connect(self.traversals.open)
        panels.sliders.attributes.correlations_requested.connect(self.correlations.open)
        panels.sliders.attributes.arithmetic_requested.connect(self.arithmetic.open)
        panels.library.compare_requested.connect(self.comparison.compare_with)
        panels.library.resume_requested.connect(self.trainer.resume_run)
        self.map.help_wanted.connect(library.open_shipped)
        self.reconstructions.data_wanted.connect(self.model.reload_items)
        self.reconstructions.download_wanted.connect(self.trainer.download)
        self.trainer.download_started.connect(self.reconstructions.see_download)
        self.trainer.download_ended.connect(self.reconstructions.see_download_end)
        self.samples.classifier_wanted.connect(self.classifier.train)
        self.classifier.started.connect(self.samples.see_training)
        self.classifier.trained.connect(self.samples.see_trained)
        self.classifier.trained.connect(self.model.see_classifier)
        self.classifier.not_trained.connect(self.samples.see_not_trained)
        self.trainer.run_ended.connect(library.refresh)
        self.window.dock("history_panel").visibilityChanged.connect(self.history.strip.set_seen)
        self.history.marked.connect(self.trainer.mark_step)
        self.history.marked.connect(panels.metrics.mark_snapshot)
        self.history.run_wanted.connect(library.ask_run)
        library.listed.connect(self.metrics.see_entries)
        self.histories.unit_wanted.connect(panels.sliders.show_dimension)
        library.session_wanted.connect(self.session.open)
        self.session.opened.connect(self.restore.open_state)
        self.window.file_dropped.connect(self.restore.take_dropped)
        self.restore.other_dropped.connect(self.own_data.take_dropped)
        self.own_data.other_dropped.connect(library.open_dropped)
        self.own.take_from(self.restore)
        self.window.closing.connect(self.close)


def _first_state(autosave: Path, path: str) -> SessionState:
    if not path and autosave.is_file():
        try:
            return load_session(autosave)
        except SessionFileError as error:
            print(f"The last session is not restored: {error}", file=sys.stderr)
    return SessionState(model=path or next(iter(shipped_models()), ""))
