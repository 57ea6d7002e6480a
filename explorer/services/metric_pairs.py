"""What is measured of two checkpoints, of each the very file that is shown."""

from dataclasses import dataclass, replace
from pathlib import Path

from explorer.services.metric_tables import MeasuredTable, in_order, shown_table
from explorer.state.metric_values import MetricCell, MetricRow
from trainers.engine.checkpoint import find_checkpoint, read_header, run_around
from trainers.engine.measurement_table import ComparedRun, table_of_runs
from trainers.engine.measurement_texts import value_text
from trainers.errors import TrainersError, UsageError
from trainers.reporting import Report, StopRequested


@dataclass(frozen=True)
class MeasuredSide:
    """A checkpoint that is shown. letter: "A" or "B". digest: SHA-256 of the file when it was opened."""

    letter: str
    title: str
    file: str
    digest: str


@dataclass(frozen=True)
class PairJob:
    """Reads what is measured of two checkpoints, as a function for a job.

    wanted: metrics that have a column although nothing may be measured yet.
    """

    sides: tuple[MeasuredSide, MeasuredSide]
    wanted: tuple[str, ...] = ()

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> MeasuredTable:
        """Two rows; of several values those that both were measured alike for come first.

        Raises `UsageError` where one of the files is gone, or is not the one that is shown any longer.
        """
        files = tuple(side.file for side in self.sides)
        table = table_of_runs([Path(file) for file in files], alike=True)
        for side, run in zip(self.sides, table.runs, strict=True):
            if run.digest != side.digest:
                raise UsageError(f"The file of {side.letter} has changed; open it again to see what is measured.")
        others = {
            (side.file, name): cell
            for place, side in enumerate(self.sides)
            for name, cell in _of_newest(side, table.runs[place]).items()
            if table.cell(place, name) is None
        }
        named = {*table.metrics, *self.wanted, *(name for _, name in others)}
        runs = tuple(
            replace(run, name=f"{side.letter} · {run.name}") for side, run in zip(self.sides, table.runs, strict=True)
        )
        table = replace(table, runs=runs, metrics=in_order(named))
        rows = tuple(MetricRow(side.file, side.title, run.title) for side, run in zip(self.sides, runs, strict=True))
        shown = shown_table(table, files, rows)
        return MeasuredTable(replace(shown, cells={**shown.cells, **others}), table, files)


def _of_newest(side: MeasuredSide, run: ComparedRun) -> dict[str, MetricCell]:
    """What is measured of the newest checkpoint of a side's run, where another one is shown."""
    try:
        file = find_checkpoint(run_around(Path(side.file)))
        if read_header(file).digest == run.digest:
            return {}
        newest = table_of_runs([file])
    except TrainersError:
        return {}
    epoch = f"epoch {newest.runs[0].epoch:.3g}"
    return {
        name: MetricCell(
            "other",
            f"{value_text(kept.measurement)[0]} at {epoch}",
            f"{side.letter} is shown at epoch {run.epoch:.3g}, and this was measured at {epoch} of its run.\n"
            f"Measure both to compare them as they are shown.",
        )
        for (_, name), kept in newest.cells.items()
    }
