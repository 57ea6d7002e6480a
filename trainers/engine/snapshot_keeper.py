"""Checkpoints of a run in progress: only good ones, and not more than the schedule allows."""

from contextlib import suppress
from pathlib import Path

from trainers.engine.checkpoint import TrainingMark, checkpoint_path, save_checkpoint
from trainers.engine.run_folder import RunFolder
from trainers.engine.snapshot_schedule import Snapshot, superfluous
from trainers.models.latent_model import LatentModel


class SnapshotKeeper:
    """Writes checkpoints into a run folder and removes those that its thinning schedule no longer keeps."""

    def __init__(self, folder: RunFolder, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._snapshots = {Snapshot(file.step, file.epoch.is_integer()) for file in folder.checkpoints()}

    def save(self, model: LatentModel, mark: TrainingMark) -> Path:
        """Write a checkpoint and give its path; raises `FailureError` if it cannot be written."""
        path = checkpoint_path(self._folder.path, mark.step)
        save_checkpoint(path, model, mark)
        self._snapshots.add(Snapshot(mark.step, mark.epoch.is_integer()))
        for snapshot in superfluous(self._snapshots, self._limit):
            # Windows removes no file that somebody reads; it is tried again at the next save.
            with suppress(PermissionError):
                checkpoint_path(self._folder.path, snapshot.step).unlink(missing_ok=True)
                self._snapshots.remove(snapshot)
        return path
