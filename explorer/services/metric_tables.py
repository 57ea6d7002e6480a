"""Runs × metrics for the window: what is measured, how it reads, and why a place must stay empty."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from explorer.services.library import located
from explorer.state.metric_values import (
    CellKind,
    MetricCell,
    MetricColumn,
    MetricOffer,
    MetricRow,
    MetricTable,
    TableFormat,
)
from explorer.state.training_values import LibraryEntry
from trainers.atomic_writing import write_atomically
from trainers.engine.checkpoint import file_digest, find_checkpoint, load_model
from trainers.engine.evaluation import usual_metrics
from trainers.engine.kept_measurements import KeptMeasurement
from trainers.engine.measurement_table import ComparedRun, MeasurementTable, table_of_runs
from trainers.engine.measurement_texts import as_csv, as_latex, as_markdown, value_text
from trainers.engine.metric_needs import impossible_metrics
from trainers.errors import StoppedError, TrainersError
from trainers.metrics.catalogue import METRICS
from trainers.reporting import Report, StopRequested

_ARROWS = {"lower": " ↓", "higher": " ↑", "none": ""}
_DIRECTIONS = {"lower": "lower is better", "higher": "higher is better", "none": "neither direction is better"}
_WRITERS = {"csv": as_csv, "markdown": as_markdown, "latex": as_latex}
_UNMEASURED = "Not measured yet; choose Measure… for it."
_GONE = "Its checkpoint is no longer there."


@dataclass(frozen=True)
class MeasuredTable:
    """What is known of the entries of the library.

    shown: the table for the panel. paths: of the entries that could be read, whose runs `table` has in this order.
    """

    shown: MetricTable = field(default_factory=MetricTable)
    table: MeasurementTable = field(default_factory=lambda: MeasurementTable((), (), {}))
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableJob:
    """Reads what is measured of the entries of the library.

    wanted: metrics that have a column although nothing may be measured yet. open_path: the entry that is open.
    """

    entries: tuple[LibraryEntry, ...]
    wanted: tuple[str, ...] = ()
    open_path: str = ""

    def __call__(self, report: Report, stop_requested: StopRequested) -> MeasuredTable:
        """The table; an entry that cannot be read has a row that says why."""
        found: list[tuple[str, MeasurementTable]] = []
        problems: dict[str, str] = {}
        for place, entry in enumerate(self.entries):
            if stop_requested():
                raise StoppedError
            report(place / len(self.entries), entry.title)
            try:
                found.append((entry.path, table_of_runs([located(entry.path)])))
            except (TrainersError, OSError) as error:
                problems[entry.path] = str(error)
        table = _joined([part for _, part in found], self.wanted)
        paths = tuple(path for path, _ in found)
        rows = tuple(
            MetricRow(
                entry.path,
                entry.title,
                problems.get(entry.path, entry.detail),
                is_open=entry.path == self.open_path,
                is_training=entry.is_training,
            )
            for entry in self.entries
        )
        return MeasuredTable(shown_table(table, paths, rows), table, paths)


@dataclass(frozen=True)
class OffersJob:
    """Finds which metrics some runs can have."""

    paths: tuple[str, ...]

    def __call__(self, report: Report, stop_requested: StopRequested) -> tuple[MetricOffer, ...]:
        """Every metric; the reason is there where none of the runs can have it. Raises `UsageError` without any run."""
        known, problems = [], []
        for path in self.paths:
            try:
                known.append(_known_metrics(str(find_checkpoint(located(path)))))
            except TrainersError as error:
                problems.append(error)
        if not known:
            raise problems[0]
        offers = []
        for name in METRICS:
            reasons = [impossible.get(name, "") for impossible, _ in known]
            reason = "" if not all(reasons) else reasons[0]
            is_usual = any(name in usual for _, usual in known)
            offers.append(MetricOffer(name, METRICS[name].description, is_usual and not reason, reason))
        return tuple(offers)


@dataclass(frozen=True)
class TextJob:
    """Writes chosen rows of a table as text, into a file where one is named."""

    measured: MeasuredTable
    paths: tuple[str, ...]
    format: TableFormat
    file: str = ""

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> str:
        """The text; raises `FailureError` for a file that cannot be written."""
        text = _WRITERS[self.format](_part(self.measured, self.paths))
        if self.file:
            write_atomically(Path(self.file), text.encode())
        return text


def shown_table(table: MeasurementTable, paths: tuple[str, ...], rows: tuple[MetricRow, ...]) -> MetricTable:
    """What a panel shows of a table; paths: of its runs, in their order. rows: with those that could not be read."""
    columns = tuple(_column(table, name) for name in table.metrics)
    cells = {(path, name): _cell(table, place, name) for place, path in enumerate(paths) for name in table.metrics}
    return MetricTable(rows, columns, cells, table.sentences())


def in_order(metrics: set[str]) -> tuple[str, ...]:
    """Names of metrics as the catalogue has them; those of an older or newer version come last."""
    return (*(name for name in METRICS if name in metrics), *sorted(metrics - set(METRICS)))


def _joined(parts: list[MeasurementTable], wanted: tuple[str, ...]) -> MeasurementTable:
    runs: list[ComparedRun] = []
    cells = {}
    for place, part in enumerate(parts):
        runs += part.runs
        cells.update({(place, name): kept for (_, name), kept in part.cells.items()})
    metrics = in_order({name for _, name in cells} | set(wanted))
    return MeasurementTable(tuple(runs), metrics, cells, tuple(told for part in parts for told in part.damages))


def _part(measured: MeasuredTable, paths: tuple[str, ...]) -> MeasurementTable:
    table = measured.table
    places = [place for place, path in enumerate(measured.paths) if path in paths] or list(range(len(table.runs)))
    cells = {(new, name): kept for new, old in enumerate(places) for name, kept in _row(table, old).items()}
    named = {name for _, name in cells}
    metrics = tuple(name for name in table.metrics if name in named)
    return replace(table, runs=tuple(table.runs[place] for place in places), metrics=metrics, cells=cells)


def _row(table: MeasurementTable, place: int) -> dict[str, KeptMeasurement]:
    return {name: kept for (row, name), kept in table.cells.items() if row == place}


def _column(table: MeasurementTable, name: str) -> MetricColumn:
    better, unit = table.better(name), table.unit(name)
    usual = table.usual_conditions(name)
    described = METRICS[name].description if name in METRICS else ""
    if not usual:
        return MetricColumn(name, name, explanation=f"{described}\n{_UNMEASURED}".strip())
    lines = [described, f"in {unit}, {_DIRECTIONS[better]}", "Most values:", *_condition_lines(usual)]
    extractor = table.extractor(name).partition(",")[0]
    weights = f"K {usual['importance_samples']}" if "importance_samples" in usual else ""
    # Where samples are measured, their number counts and not that of the items.
    count = usual.get("count") or (f"{usual['samples']} samples" if "samples" in usual else "")
    telling = (extractor, weights, usual.get("resize", ""), count, usual.get("split", ""))
    return MetricColumn(
        name,
        f"{name}{_ARROWS[better]}",
        unit,
        " · ".join(part for part in telling if part not in ("", "none")),
        "\n".join(line for line in lines if line),
    )


def _cell(table: MeasurementTable, place: int, name: str) -> MetricCell:
    kept = table.cell(place, name)
    if kept is None:
        reason = _known_metrics(str(table.runs[place].checkpoint))[0].get(name, "")
        return MetricCell("impossible", "", reason) if reason else MetricCell("missing", "", _UNMEASURED)
    measured = kept.measurement
    value, error = (number.replace("-", "−") for number in value_text(measured))
    text = f"{value} ± {error}" if error else value
    differences = table.differences(place, name)
    lines = [f"{text} {measured.unit}", *_condition_lines(table.conditions(place, name))]
    if error:
        lines.append("± is the standard error of the mean over images")
    if differences:
        told = ", ".join(f"{what} {own} instead of {usual}" for what, (own, usual) in differences.items())
        lines.append(f"Not to be compared with the others: {told}.")
        return MetricCell("differing", f"{text} *", "\n".join(lines), measured.value, measured.standard_error)
    kind: CellKind = "best" if place in table.best(name) else "value"
    return MetricCell(kind, text, "\n".join(lines), measured.value, measured.standard_error)


def _condition_lines(found: Mapping[str, str]) -> list[str]:
    return [f"{name.replace('_', ' ')}: {value}" for name, value in found.items() if name != "unit"]


def _known_metrics(checkpoint: str) -> tuple[dict[str, str], tuple[str, ...]]:
    try:
        return _metrics_of(checkpoint, file_digest(Path(checkpoint)))
    except OSError:
        return dict.fromkeys(METRICS, _GONE), ()


@lru_cache(maxsize=256)
def _metrics_of(checkpoint: str, _digest: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Why a model cannot have some metrics, and which it usually has; one that cannot be opened can have none."""
    try:
        model = load_model(Path(checkpoint))
    except TrainersError as error:
        return dict.fromkeys(METRICS, str(error)), ()
    return impossible_metrics(model), usual_metrics(model)
