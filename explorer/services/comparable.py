"""What can be compared with the open model: all of the library, and the model itself as it was before."""

from dataclasses import dataclass
from pathlib import Path

from explorer.services.library import check_path, list_library, located, run_of
from explorer.state.training_values import LibraryEntry
from trainers.engine.run_folder import RunFolder
from trainers.errors import TrainersError
from trainers.reporting import Report, StopRequested


@dataclass(frozen=True)
class ComparableJob:
    """Lists what can stand beside a model, as a function for a job.

    runs: the folder of runs. opened: paths opened before. path: of the open model, as sessions keep it.
    """

    runs: Path
    opened: tuple[str, ...]
    path: str

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> tuple[LibraryEntry, ...]:
        """The earlier snapshots of the open model's run, the newest first, and then the library."""
        return (*earlier_snapshots(self.path), *list_library(self.runs, self.opened))


def gone_sentence(paths: tuple[str, ...]) -> str:
    """Why one of these models can no longer be opened, as a sentence; empty where all can."""
    try:
        for path in paths:
            check_path(path)
    except TrainersError as error:
        return str(error)
    return ""


def entry_of(path: str) -> str:
    """The path under which the library lists a model: that of its run, where it is of one."""
    return run_of(str(located(path))) or path


def earlier_snapshots(path: str) -> tuple[LibraryEntry, ...]:
    """The snapshots of the run that a path lies in or is, the newest first."""
    run = run_of(str(located(path)))
    if not run:
        return ()
    folder = RunFolder(Path(run))
    try:
        files = folder.checkpoints()
    except TrainersError:
        return ()
    return tuple(
        LibraryEntry(
            f"{folder.path.name} at epoch {file.epoch:.3g}", f"snapshot at step {file.step:,}", str(file.path), "file"
        )
        for file in reversed(files)
    )
