"""What runs have told while they were trained, read from their files."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from explorer.services.library import SHIPPED, located, run_of
from explorer.services.run_log import RunLog
from explorer.state.metric_values import RunHistory
from trainers.engine.run_folder import EVENTS_FILE, RunFolder
from trainers.errors import StoppedError
from trainers.reporting import Report, StopRequested

_ALONE = "There is no record of its training: it is a file by itself, taken out of its run."
_SILENT = "This run has told nothing yet."


@dataclass(frozen=True)
class HistoriesJob:
    """Reads the histories of what some paths of the library name."""

    paths: tuple[str, ...]

    def __call__(self, report: Report, stop_requested: StopRequested) -> tuple[RunHistory, ...]:
        """One history for each path, in their order; a run that tells nothing has a sentence instead."""
        found = []
        for place, path in enumerate(self.paths):
            if stop_requested():
                raise StoppedError
            report(place / len(self.paths), path)
            found.append(run_history(path))
        return tuple(found)


def run_history(path: str) -> RunHistory:
    """What the run at a path has told so far."""
    run = run_of(str(located(path)))
    if not run:
        title = path.removeprefix(SHIPPED) if path.startswith(SHIPPED) else Path(path).name
        return RunHistory(path, title, problem=_ALONE)
    try:
        state = (Path(run) / EVENTS_FILE).stat()
    except OSError:
        return RunHistory(path, Path(run).name, problem=_SILENT)
    return replace(_history(run, state.st_size, state.st_mtime_ns), path=path)


@lru_cache(maxsize=64)
def _history(run: str, _size: int, _changed: int) -> RunHistory:
    log = RunLog(run)
    for event in RunFolder(Path(run)).read_events():
        log.add(event)
    curves = log.curves()
    return RunHistory(run, Path(run).name, curves, log.steps_per_epoch, log.units(), "" if curves else _SILENT)
