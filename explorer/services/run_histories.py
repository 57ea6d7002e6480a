"""What runs have told while they were trained, read from their files."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from explorer.services.library import SHIPPED, located, run_of
from explorer.services.run_log import RunLog
from explorer.state.metric_values import RunHistory, UnitHistory
from trainers.engine.run_folder import EVENTS_FILE, RunFolder
from trainers.engine.unit_recorder import units_of_snapshots
from trainers.errors import StoppedError
from trainers.reporting import Report, StopRequested

_ALONE = "There is no record of its training: it is a file by itself, taken out of its run."
_NO_UNITS = "This model has no codes for items, or far too long ones, so none of its units can be measured."
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


@dataclass(frozen=True)
class SnapshotUnitsJob:
    """Measures the units of a run at its snapshots, for one that recorded none while it was trained."""

    path: str

    def __call__(self, report: Report, stop_requested: StopRequested) -> RunHistory:
        """The history of the run with these units; its problem says why there are none."""
        history = run_history(self.path)
        found = units_of_snapshots(RunFolder(Path(run_of(str(located(self.path))))), report, stop_requested)
        if not found:
            return replace(history, problem=_NO_UNITS)
        epochs = np.array([epoch for epoch, _ in found], dtype=np.float64)
        values = np.array([units.values for _, units in found], dtype=np.float64)
        return replace(history, units=UnitHistory(found[0][1].name, epochs, values))


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
