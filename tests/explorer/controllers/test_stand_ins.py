"""What a stand-in can be asked to emit is what the real part emits, so that no test hears what nobody says."""

import pytest
from PySide6.QtCore import QMetaMethod, QMetaObject, QObject

from explorer.controllers.file_choice import FileChoice
from explorer.controllers.model_controller import ModelController
from explorer.services.decoder import Decoder
from explorer.services.jobs import Job
from explorer.services.snapshot_reader import SnapshotReader
from explorer.services.training import Training
from explorer.views.codebook_panel import CodebookPanel
from explorer.views.history_panel import HistoryPanel
from explorer.views.latent_map import LatentMap
from explorer.views.library_panel import LibraryPanel
from explorer.views.main_window import MainWindow
from explorer.views.map_bar import MapBar
from explorer.views.measure_dialog import MeasureDialog
from explorer.views.metrics_panel import MetricsPanel
from explorer.views.paths_panel import PathsPanel
from explorer.views.reconstructions_panel import ReconstructionsPanel
from explorer.views.samples_panel import SamplesPanel
from explorer.views.selection_panel import SelectionPanel
from explorer.views.sliders_panel import SlidersPanel
from explorer.views.train_panel import TrainPanel
from tests.explorer.controllers import stand_ins
from tests.explorer.controllers.path_walks import PathsStandIn

STANDS_FOR: dict[type[QObject], tuple[type[QObject], ...]] = {
    stand_ins.MapStandIn: (LatentMap,),
    stand_ins.BarStandIn: (MapBar,),
    stand_ins.SlidersStandIn: (SlidersPanel,),
    stand_ins.GridStandIn: (ReconstructionsPanel, SamplesPanel),
    stand_ins.CodebookStandIn: (CodebookPanel,),
    stand_ins.SelectionStandIn: (SelectionPanel,),
    stand_ins.TrainStandIn: (TrainPanel,),
    stand_ins.LibraryStandIn: (LibraryPanel,),
    stand_ins.DecoderStandIn: (Decoder,),
    stand_ins.HistoryStandIn: (HistoryPanel,),
    stand_ins.ReaderStandIn: (SnapshotReader,),
    stand_ins.WindowStandIn: (MainWindow,),
    stand_ins.MetricsPanelStandIn: (MetricsPanel,),
    stand_ins.MeasureDialogStandIn: (MeasureDialog,),
    stand_ins.FilesStandIn: (FileChoice,),
    stand_ins.ModelStandIn: (ModelController,),
    stand_ins.TrainingStandIn: (Training,),
    stand_ins.JobStandIn: (Job,),
    PathsStandIn: (PathsPanel,),
}


def signals(kind: type[QObject]) -> set[str]:
    """The signatures of everything that is emitted: `{"moved(int,double)", …}`."""
    about: QMetaObject = vars(kind)["staticMetaObject"]
    methods = [about.method(place) for place in range(about.methodCount())]
    return {
        bytes(method.methodSignature().data()).decode()
        for method in methods
        if method.methodType() == QMetaMethod.MethodType.Signal
    }


@pytest.mark.parametrize("kind", STANDS_FOR, ids=lambda kind: kind.__name__)
def test_a_stand_in_emits_nothing_that_the_real_one_does_not(kind: type[QObject]) -> None:
    assert signals(kind) <= set.union(*(signals(real) for real in STANDS_FOR[kind]))


def test_every_stand_in_stands_for_something() -> None:
    kinds = {kind for kind in vars(stand_ins).values() if isinstance(kind, type) and kind.__name__.endswith("StandIn")}
    assert kinds - set(STANDS_FOR) == {stand_ins.StandIn, stand_ins.JobsStandIn}
