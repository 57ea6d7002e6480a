"""Runs, opened files and shipped models, and what their paths mean."""

import os
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from explorer.state.training_values import LibraryEntry
from trainers.data.data_spec import data_title
from trainers.engine.checkpoint import SUFFIX, find_checkpoint, read_header
from trainers.engine.run_folder import RunFolder
from trainers.errors import TrainersError
from trainers.reporting import Report, StopRequested

SHIPPED = "shipped:"
RUNS_VARIABLE = "LATENT_EXPLORER_RUNS"


def runs_folder(home: Path) -> Path:
    """Where new runs go: LATENT_EXPLORER_RUNS, else a folder of the user's data; may not exist."""
    chosen = os.environ.get(RUNS_VARIABLE, "")
    return Path(chosen).expanduser().absolute() if chosen else home / "runs"


def new_run_folder(runs: Path, model: str, data: str) -> Path:
    """A folder for a new run that does not exist yet."""
    stem = f"{model}-{data_title(data)}-{time.strftime('%Y%m%d-%H%M%S')}"
    taken = 0
    while (runs / (stem + (f"-{taken}" if taken else ""))).exists():
        taken += 1
    return runs / (stem + (f"-{taken}" if taken else ""))


def shipped_models() -> dict[str, Path]:
    """Checkpoints that travel with the application, by the path under which sessions know them."""
    folder = Path(str(files("resources") / "checkpoints"))
    return {f"{SHIPPED}{file.stem}": file for file in sorted(folder.glob(f"*{SUFFIX}"))}


def located(path: str) -> Path:
    """Where the checkpoint or run of a session or library path lies on this machine."""
    return shipped_models().get(path) or Path(path)


def check_path(path: str) -> str:
    """A path to be opened, as sessions keep it; raises `UsageError` where there is nothing to open."""
    read_header(find_checkpoint(located(path)))
    return canonical(path)


def canonical(path: str) -> str:
    """A path as sessions keep it."""
    if path.startswith(SHIPPED):
        return path
    place = Path(path).expanduser().absolute()
    return next((name for name, file in shipped_models().items() if file.absolute() == place), str(place))


def list_library(runs: Path, opened: tuple[str, ...]) -> tuple[LibraryEntry, ...]:
    """Shipped models, then runs with the newest first, then files opened before that are neither."""
    folders = [path for path in runs.iterdir() if RunFolder(path).exists] if runs.is_dir() else []
    places = [Path(path) for path in opened]
    folders += [path for path in places if path not in folders and RunFolder(path).exists]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    checkpoints = [path for path in places if path.suffix == SUFFIX and path.is_file()]
    return (
        *(_shipped_entry(path, file) for path, file in shipped_models().items()),
        *(_run_entry(path) for path in folders),
        *(_file_entry(path) for path in checkpoints),
    )


@dataclass(frozen=True)
class ListingJob:
    """`list_library` as a function for a job."""

    runs: Path
    opened: tuple[str, ...]

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> tuple[LibraryEntry, ...]:
        """The entries."""
        return list_library(self.runs, self.opened)


def run_of(path: str) -> str:
    """The run folder that a path lies in or is, or an empty text."""
    place = Path(path)
    return next((str(folder) for folder in (place, *place.parents) if RunFolder(folder).exists), "")


def is_trained_elsewhere(run: str) -> bool:
    """Whether a live process trains in a run folder."""
    return RunFolder(Path(run)).is_running()


def _shipped_entry(path: str, file: Path) -> LibraryEntry:
    return LibraryEntry(path.removeprefix(SHIPPED), f"shipped · {_header_detail(file)}", path, "shipped")


def _file_entry(path: Path) -> LibraryEntry:
    return LibraryEntry(path.name, _header_detail(path), str(path), "file")


def _header_detail(file: Path) -> str:
    try:
        header = read_header(file)
    except TrainersError as error:
        return str(error)
    return f"{header.model} / {data_title(header.data.name)} · epoch {header.training.epoch:g}"


def _run_entry(path: Path) -> LibraryEntry:
    run = RunFolder(path)
    is_training = run.is_running()
    try:
        request = run.request()
        newest = run.checkpoints()[-1:]
    except TrainersError as error:
        return LibraryEntry(path.name, str(error), str(path), "run", is_training)
    reached = f"epoch {newest[0].epoch:.3g} of {request.epochs}" if newest else "no checkpoint yet"
    detail = f"{request.model} / {data_title(request.data)} · {reached}"
    return LibraryEntry(path.name, detail, str(path), "run", is_training)
