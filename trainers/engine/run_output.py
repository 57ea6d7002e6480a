"""What a run leaves behind while it goes on: events, checkpoints, and the state to go on from."""

from trainers.engine.checkpoint import TrainingMark
from trainers.engine.event_log import EventLog
from trainers.engine.events import Event, Saved, SaveReason
from trainers.engine.resume_point import ResumePoint
from trainers.engine.run_folder import RunFolder
from trainers.engine.snapshot_keeper import SnapshotKeeper
from trainers.engine.training_request import TrainingRequest
from trainers.models.latent_model import LatentModel


class RunOutput:
    """Writes into a run folder and tells of it.

    run: path of the folder.
    """

    def __init__(self, folder: RunFolder, log: EventLog, request: TrainingRequest) -> None:
        self.run = str(folder.path)
        self._folder = folder
        self._log = log
        self._seed = request.seed
        self._keeper = SnapshotKeeper(folder, request.snapshots_kept)

    def tell(self, event: Event) -> None:
        """Hand on an event."""
        self._log.tell(event)

    def save_checkpoint(self, model: LatentModel, step: int, epoch: float, reason: SaveReason) -> str:
        """Write a checkpoint, tell of it, and give its path inside the folder."""
        mark = TrainingMark(run=self._folder.path.name, step=step, epoch=epoch, seed=self._seed)
        path = self._keeper.save(model, mark).relative_to(self._folder.path).as_posix()
        self.tell(Saved(path=path, step=step, epoch=epoch, reason=reason))
        return path

    def save_resume_point(self, point: ResumePoint) -> None:
        """Write the state to go on from."""
        point.save(self._folder.resume_path)


class NoOutput(RunOutput):
    """The output of the processes for which the first one writes and speaks."""

    def __init__(self) -> None:
        self.run = ""

    def tell(self, event: Event) -> None:
        """Do nothing."""

    def save_checkpoint(self, model: LatentModel, step: int, epoch: float, reason: SaveReason) -> str:
        """Do nothing."""
        return ""

    def save_resume_point(self, point: ResumePoint) -> None:
        """Do nothing."""
