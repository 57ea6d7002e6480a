"""The panels of the window."""

from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from explorer.views.codebook_panel import CodebookPanel
from explorer.views.conditions_panel import ConditionsPanel
from explorer.views.decoded_panel import DecodedPanel
from explorer.views.history_panel import HistoryPanel
from explorer.views.latent_map import LatentMap
from explorer.views.library_panel import LibraryPanel
from explorer.views.map_bar import MapBar
from explorer.views.metrics_panel import MetricsPanel
from explorer.views.paths_panel import PathsPanel
from explorer.views.reconstructions_panel import ReconstructionsPanel
from explorer.views.samples_panel import SamplesPanel
from explorer.views.selection_panel import SelectionPanel
from explorer.views.sliders_panel import SlidersPanel
from explorer.views.train_panel import TrainPanel


class Panels(NamedTuple):
    """The views inside the window."""

    latent_map: LatentMap
    map_bar: MapBar
    decoded: DecodedPanel
    sliders: SlidersPanel
    train: TrainPanel
    library: LibraryPanel
    reconstructions: ReconstructionsPanel
    samples: SamplesPanel
    conditions: ConditionsPanel
    codebook: CodebookPanel
    selection: SelectionPanel
    paths: PathsPanel
    metrics: MetricsPanel
    history: HistoryPanel

    @classmethod
    def made(cls) -> "Panels":
        """All of them, new."""
        return cls(
            LatentMap(),
            MapBar(),
            DecodedPanel(),
            SlidersPanel(),
            TrainPanel(),
            LibraryPanel(),
            ReconstructionsPanel(),
            SamplesPanel(),
            ConditionsPanel(),
            CodebookPanel(),
            SelectionPanel(),
            PathsPanel(),
            MetricsPanel(),
            HistoryPanel(),
        )

    def by_name(self) -> dict[str, QWidget]:
        """The views by their object names."""
        return {panel.objectName(): panel for panel in self}
