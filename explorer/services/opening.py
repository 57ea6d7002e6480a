"""What is open: a model, the data it learned from, and where they lie; and the jobs that bring them."""

from dataclasses import dataclass, replace
from pathlib import Path

from explorer.services.data_items import DataItems, downloadable, load_data_items
from explorer.services.encodings import EncodedItems, read_encodings
from explorer.services.found_planes import FoundPlane
from explorer.services.library import located, run_of
from explorer.services.network import OpenModel, open_model
from explorer.services.point_values import MeasuredItems
from explorer.services.tensors import prepare_thread
from explorer.state.condition_facts import Condition
from explorer.state.model_facts import ModelFacts
from explorer.state.point_colour import PointColour
from explorer.state.session_state import ItemsChoice
from trainers.data.data_spec import DataSpec
from trainers.engine.checkpoint import checkpoint_path
from trainers.errors import TrainersError
from trainers.reporting import Report, StopRequested

# A session file may say anything, and no file system takes every name.
_MOST_STEPS = 10**15


@dataclass(frozen=True, eq=False)
class Opened:
    """An open model and what is known beside it; parts that are still being loaded are None.

    path: what was opened, as sessions keep it. opening: rises with every opening by the person, but not with the
    snapshots of a run that is followed. items_problem: why there are no test items, as a sentence. items_download: the
    name and title of the dataset that a download would bring, or None.
    device: where the networks run. measured: numbers of the encoded items, when the map has been coloured by them.
    found: the plane found last along directions in the encoded items.
    """

    path: str
    opening: int
    facts: ModelFacts
    encoded: EncodedItems | None = None
    items: DataItems | None = None
    items_problem: str = ""
    items_download: tuple[str, str] | None = None
    device: str = "cpu"
    measured: MeasuredItems | None = None
    found: FoundPlane | None = None

    def with_encoded(self, encoded: EncodedItems) -> "Opened":
        """With codes of the data, and the activity of the dimensions that follows from them."""
        facts = replace(self.facts, activity=encoded.activity, activity_unit=encoded.activity_unit)
        return replace(self, encoded=encoded, facts=facts)

    def measured_by(self, colour: PointColour) -> MeasuredItems | None:
        """The numbers that a colour means, of what is encoded now; None while there are none."""
        measured = self.measured
        is_it = measured is not None and measured.encoded is self.encoded and measured.colour == colour
        return measured if is_it else None

    def point_condition(self, index: int) -> Condition:
        """What the model was told of an encoded item; empty where that is not known or there is nothing to tell."""
        conditions = self.encoded.conditions if self.encoded is not None else None
        return () if conditions is None else tuple(conditions[index].tolist())


def items_fixed(opened: Opened) -> str:
    """Why no other items can be shown as points, as a sentence; empty where they can."""
    if "encoder" in opened.facts.capabilities:
        return opened.items_problem if opened.items is None else ""
    if "code_table" in opened.facts.capabilities:
        return "The model has no encoder, and keeps codes of its training items alone"
    return "The model has no encoder, so the points are its samples"


@dataclass(frozen=True)
class OpeningJob:
    """Loads a checkpoint, as a function for a job. Raises `TrainersError`.

    path: as sessions keep it. file: the checkpoint itself where that is not the newest one that `path` names.
    snapshot: steps of the snapshot that is wanted of the run that `path` lies in, None for what `path` names.
    """

    path: str
    generation: int
    file: str = ""
    snapshot: int | None = None

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> "LoadedModel":
        """The model and the codes that lie beside it; where the snapshot is gone, what `path` names."""
        prepare_thread()
        place, lost = located(self.path), ""
        if self.snapshot is not None:
            file = snapshot_file(str(place), self.snapshot)
            if file is None:
                lost = f"The snapshot of step {self.snapshot:,} is gone, so the model is shown as it is now."
            else:
                place = file
        model = open_model(self.file or str(place), self.generation)
        model.warm_up()
        shown = None if lost else self.snapshot
        return LoadedModel(self.path, model, model.facts(), read_encodings(model), shown, lost)


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """What an `OpeningJob` gives.

    snapshot: steps of the snapshot it is, None for what `path` names. lost: a sentence where another one was wanted.
    """

    path: str
    model: OpenModel
    facts: ModelFacts
    encoded: EncodedItems | None
    snapshot: int | None = None
    lost: str = ""


def snapshot_file(path: str, step: int) -> Path | None:
    """The checkpoint of a step in the run that a path is or lies in; None where there is none."""
    run = run_of(path)
    file = checkpoint_path(Path(run), step) if run and 0 <= step < _MOST_STEPS else None
    return file if file is not None and file.is_file() else None


@dataclass(frozen=True, eq=False)
class FoundItems:
    """Items for models of one data spec, or the sentence saying why there are none.

    download: name and title of the dataset where a download would bring them.
    """

    spec: DataSpec
    items: DataItems | None = None
    problem: str = ""
    download: tuple[str, str] | None = None


@dataclass(frozen=True)
class ItemsJob:
    """Loads items for models of one data spec, as a function for a job."""

    spec: DataSpec
    source: ItemsChoice = "test"

    def __call__(self, report: Report, _stop_requested: StopRequested) -> FoundItems:
        """The items; data that are not on this machine are no error, the model works without."""
        title = downloadable(self.spec.name)
        if title:
            sentence = f"{title} is not on this machine; with it come test pictures and their reconstructions."
            return FoundItems(self.spec, problem=sentence, download=(self.spec.name, title))
        try:
            return FoundItems(self.spec, load_data_items(self.spec, report, self.source))
        except TrainersError as error:
            return FoundItems(self.spec, problem=str(error))
