"""One training run on disk: what was asked, what happened, what was saved."""

import json
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import Field, ValidationError

import trainers
from trainers.atomic_writing import remove_unfinished, write_atomically
from trainers.config import Config
from trainers.data.data_spec import DataSpec
from trainers.data.file_listing import readable
from trainers.engine.checkpoint import CHECKPOINT_FOLDER, RUN_FILE, checkpoint_files, find_checkpoint, read_mark
from trainers.engine.events import Event, parse_event
from trainers.engine.run_lock import is_locked
from trainers.engine.training_request import TrainingRequest
from trainers.errors import UsageError

FORMAT = 1
EVENTS_FILE = "events.jsonl"
RESUME_FILE = "resume.pt"
METRICS_FILE = "metrics.json"


class RunRecord(Config):
    """What `run.json` holds: all that decides the outcome of a run."""

    format: int = Field(default=FORMAT, description="version of this layout")
    request: TrainingRequest = Field(description="the request with nothing left open")
    data: DataSpec = Field(description="the training data, with their fingerprint")
    versions: dict[str, str] = Field(description="versions of what computes")
    threads: int = Field(ge=1, description="processor threads; another number rounds sums differently")
    created: float = Field(default_factory=time.time, description="seconds since 1970")


@dataclass(frozen=True)
class CheckpointFile:
    """A checkpoint of a run and where in the run it was taken."""

    path: Path
    step: int
    epoch: float


class RunFolder:
    """A run folder; nothing is read or written before it is asked for.

    path: the folder. It holds run.json, events.jsonl, checkpoints/, resume.pt and metrics.json.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        """Whether a run was ever begun here."""
        return (self.path / RUN_FILE).is_file()

    @property
    def has_resume(self) -> bool:
        """Whether there is a state from which training goes on."""
        return self.resume_path.is_file()

    @property
    def resume_path(self) -> Path:
        """The file with everything training needs to go on."""
        return self.path / RESUME_FILE

    def is_running(self) -> bool:
        """Whether a live process trains here."""
        return is_locked(self.path)

    def check_is_new(self) -> None:
        """Raise `UsageError` if the folder already holds a run, or its name is no text and cannot be recorded."""
        if readable(str(self.path)) != str(self.path):
            raise UsageError(f"The name of the folder {readable(str(self.path))} is no valid text; choose another.")
        if self.exists:
            raise UsageError(f"{self.path} already holds a run; resume it, or choose another folder.")

    def create(self, request: TrainingRequest, data: DataSpec) -> None:
        """Begin a run; raises `UsageError` if the folder already holds one, which is left as it is."""
        self.check_is_new()
        versions = {
            "trainers": trainers.__version__,
            "torch": str(torch.__version__),
            "python": platform.python_version(),
        }
        self._write(RunRecord(request=request, data=data, versions=versions, threads=torch.get_num_threads()))

    def extend(self, request: TrainingRequest, threads: int) -> None:
        """Put a longer request, or one for other processes, in the place of the one recorded."""
        self._write(self.record().model_copy(update={"request": request, "threads": threads}))

    def remove_unfinished(self) -> None:
        """Delete what a killed process had begun to write; only for whoever holds the lock of the run."""
        for folder in (self.path, self.path / CHECKPOINT_FOLDER):
            remove_unfinished(folder)

    def record(self) -> RunRecord:
        """What `run.json` says; raises `UsageError` if there is none or it cannot be understood."""
        path = self.path / RUN_FILE
        try:
            values = json.loads(path.read_bytes())
        except OSError as error:
            raise UsageError(f"{self.path} is not a run folder: it has no {RUN_FILE}.") from error
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path} is damaged; the checkpoints beside it can still be opened.") from error
        _check_version(path, values)
        try:
            return RunRecord.model_validate(values)
        except ValidationError as error:
            raise UsageError(f"{path} is damaged; the checkpoints beside it can still be opened.") from error

    def request(self) -> TrainingRequest:
        """What was asked to be trained; raises like `record`."""
        return self.record().request

    def checkpoints(self) -> tuple[CheckpointFile, ...]:
        """The checkpoints that can be read, the oldest step first."""
        found = []
        for path in checkpoint_files(self.path):
            try:
                mark = read_mark(path)
            except UsageError:
                # One that the run's thinning removes at this moment, or a damaged one; the others still count.
                continue
            found.append(CheckpointFile(path, mark.step, mark.epoch))
        return tuple(found)

    def latest(self) -> Path:
        """The newest checkpoint; raises `UsageError` if there is none."""
        return find_checkpoint(self.path)

    def read_events(self, after: int = 0) -> tuple[Event, ...]:
        """What the run has said, without the first `after` events; a torn last line is left out."""
        try:
            text = (self.path / EVENTS_FILE).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ()
        events = (parse_event(line) for line in text.splitlines())
        return tuple(event for event in events if event is not None)[after:]

    @property
    def metrics_path(self) -> Path:
        """Where the measurements of its checkpoints are kept."""
        return self.path / METRICS_FILE

    def _write(self, record: RunRecord) -> None:
        write_atomically(self.path / RUN_FILE, record.model_dump_json(indent=1).encode())


def run_of_checkpoint(checkpoint: Path) -> RunFolder | None:
    """The run in whose folder a checkpoint lies, or None for one that was taken out of its run."""
    folder = checkpoint.absolute().parent
    if folder.name != CHECKPOINT_FOLDER or not (folder.parent / RUN_FILE).is_file():
        return None
    return RunFolder(folder.parent)


def _check_version(path: Path, values: object) -> None:
    version = values.get("format") if isinstance(values, dict) else None
    if isinstance(version, int) and version > FORMAT:
        raise UsageError(
            f"A newer version of Latent Explorer wrote {path} (format {version}, this is {FORMAT}): "
            "update Latent Explorer to use it."
        )
