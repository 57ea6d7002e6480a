"""Which snapshots of a run there are, and what its losses were at each of them."""

from bisect import bisect_right
from pathlib import Path

from explorer.state.history_values import RunSnapshots, SnapshotMark
from trainers.engine.checkpoint import TrainingMark, checkpoint_files, read_mark
from trainers.engine.events import Started, Stepped, parse_event
from trainers.engine.run_folder import EVENTS_FILE, RunFolder
from trainers.errors import UsageError

Terms = tuple[tuple[str, float], ...]


class SnapshotListing:
    """Lists the snapshots of one run again and again; nothing is read twice."""

    def __init__(self, run: str) -> None:
        self._run = Path(run)
        self._marks: dict[tuple[Path, int], TrainingMark | None] = {}
        self._steps: list[int] = []
        self._terms: list[Terms] = []
        self._read = 0

    def history(self) -> RunSnapshots:
        """The snapshots as they are now; raises `UsageError` where the run is gone."""
        check_run(self._run)
        self._read_events()
        known = {}
        for file in checkpoint_files(self._run):
            try:
                key = file, file.stat().st_mtime_ns
            except OSError:
                # The run's thinning removes it at this moment.
                continue
            known[key] = self._marks[key] if key in self._marks else _mark_of(file)
        self._marks = known
        marks = sorted((mark for mark in known.values() if mark is not None), key=lambda mark: mark.step)
        return RunSnapshots(
            str(self._run), tuple(SnapshotMark(mark.step, mark.epoch, self._terms_at(mark.step)) for mark in marks)
        )

    def _terms_at(self, step: int) -> Terms:
        place = bisect_right(self._steps, step) - 1
        return self._terms[place] if place >= 0 else ()

    def _read_events(self) -> None:
        try:
            with (self._run / EVENTS_FILE).open("rb") as stream:
                stream.seek(self._read)
                text = stream.read()
        except OSError:
            return
        # A line that is being written at this moment is read the next time.
        whole = text[: text.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.decode(errors="replace").splitlines():
            self._take(line)

    def _take(self, line: str) -> None:
        event = parse_event(line)
        if isinstance(event, Started):
            # An attempt that was killed went further than its last checkpoint; those steps never happened.
            kept = bisect_right(self._steps, event.step)
            del self._steps[kept:], self._terms[kept:]
        elif isinstance(event, Stepped):
            self._steps.append(event.step)
            self._terms.append(tuple(event.terms.items()))


def check_run(run: Path) -> None:
    """Raise `UsageError` where a run folder is not, or no longer, where it was."""
    if not RunFolder(run).exists:
        raise UsageError(f"The run folder {run} is gone or was moved; open it again from where it lies now.")


def _mark_of(file: Path) -> TrainingMark | None:
    try:
        return read_mark(file)
    except UsageError:
        # A damaged one; the others still count.
        return None
