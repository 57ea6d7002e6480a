"""`compare`: what was measured of several runs, side by side."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from trainers.cli.options import DeviceOption, DrawnOption, InceptionOption, JsonOption, LimitOption, SplitOption
from trainers.cli.terminal import Terminal
from trainers.errors import TrainersError, UsageError

if TYPE_CHECKING:
    from trainers.engine.measurement_table import MeasurementTable
    from trainers.engine.measuring import MeasuringRequest

RunsArgument = Annotated[
    list[Path], typer.Argument(metavar="RUN...", help="Run folders, checkpoint files, or paths inside runs.")
]
MetricOption = Annotated[
    list[str] | None,
    typer.Option("--metric", help="A column, may be repeated; all that was measured by default."),
]


def compare(
    runs: RunsArgument,
    metrics: MetricOption = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    as_csv_: Annotated[bool, typer.Option("--csv", help="Print a line per value with all its settings.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX tabular.")] = False,
    measure: Annotated[bool, typer.Option("--measure", help="Measure first what is missing of each --metric.")] = False,
    samples: DrawnOption = None,
    split: SplitOption = "test",
    limit: LimitOption = None,
    inception_weights: InceptionOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Show what was measured of several runs side by side, with the best value of each metric marked.

    Runs may have learned from different data, which is then said.
    """
    from trainers.engine.measurement_table import table_of_runs
    from trainers.engine.measurement_texts import as_csv, as_latex, as_markdown, as_values
    from trainers.engine.measuring import MeasuringRequest
    from trainers.metrics.catalogue import METRICS
    from trainers.metrics.metric import MetricSettings

    if sum((markdown, as_csv_, latex, as_json)) > 1:
        raise UsageError("Choose one of --markdown, --csv, --latex and --json.")
    terminal = Terminal(as_json)
    for name in metrics or ():
        METRICS[name]
    if measure:
        settings = MetricSettings(samples=samples, limit=limit)
        names = tuple(dict.fromkeys(metrics or ()))
        request = MeasuringRequest(
            runs[0], names, settings, split, device=device, inception_weights=inception_weights
        )  # fmt: skip
        _measure(terminal, runs, request)
    elif samples is not None or limit is not None or inception_weights is not None:
        raise UsageError(
            "--samples, --limit and --inception-weights are for --measure; say that too, or leave them out."
        )
    table = table_of_runs(runs, metrics, split)
    if not table.cells:
        advice = " ".join(["latent-trainer evaluate", str(runs[0]), *(f"--metric {name}" for name in metrics or ())])
        terminal.warn(f"Nothing is measured of these runs yet; measure with: {advice}")
    writers = {as_markdown: markdown, as_csv: as_csv_, as_latex: latex}
    writer = next((write for write, chosen in writers.items() if chosen), None)
    if writer is not None:
        typer.echo(writer(table), nl=False)
    else:
        _say(terminal, table)
    terminal.answer(as_values(table))


def _measure(terminal: Terminal, runs: list[Path], request: "MeasuringRequest") -> None:
    """Measure what each run can have; what it cannot is said on stderr, and nothing else is lost by it."""
    from trainers.engine.devices import choose_device
    from trainers.engine.measurement_table import compared_run
    from trainers.engine.measuring import measure_possible
    from trainers.reporting import part_of

    compared = [compared_run(run) for run in runs]
    choose_device(request.device)
    with terminal.progress("measuring") as report:
        for place, run in enumerate(compared):
            try:
                measured = measure_possible(
                    replace(request, checkpoint=run.checkpoint), part_of(report, place, len(compared))
                )
            except TrainersError as error:
                terminal.warn(f"{run.name}: {error}")
                continue
            for reason in measured.left_out.values():
                terminal.warn(f"{run.name}: {reason}")
            if measured.problem is not None:
                terminal.warn(measured.problem)


def _say(terminal: Terminal, table: "MeasurementTable") -> None:
    """A row per metric, as a terminal is higher than wide; the best value has a star."""
    from trainers.engine.measurement_texts import value_text

    shown = Table("metric", "unit", "better", *(run.name for run in table.runs))
    for metric in table.metrics:
        cells = []
        for place in range(len(table.runs)):
            kept = table.cell(place, metric)
            value, error = ("–", "") if kept is None else value_text(kept.measurement)
            best = "* " if place in table.best(metric) else ""
            cells.append(f"{best}{value}{f' ± {error}' if error else ''}")
        better = table.better(metric)
        shown.add_row(metric, table.unit(metric), "" if better == "none" else better, *cells)
    terminal.say(shown)
    for run in table.runs:
        terminal.say(f"{run.name}: {run.title}")
    for sentence in table.sentences():
        terminal.say(sentence)
