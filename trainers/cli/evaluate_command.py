"""`evaluate`: metrics of a trained model."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from trainers.cli.opened_model import open_model
from trainers.cli.options import (
    BatchSizeOption,
    DataOption,
    DeviceOption,
    JsonOption,
    LimitOption,
    RunArgument,
    SeedOption,
    SplitOption,
)
from trainers.cli.terminal import Terminal
from trainers.errors import FailureError, UsageError

if TYPE_CHECKING:
    from trainers.metrics.metric import Measurement

MetricOption = Annotated[
    list[str] | None,
    typer.Option("--metric", help="Metric to measure, may be repeated; the cheap ones that apply by default."),
]
DrawnOption = Annotated[
    int | None,
    typer.Option(
        min=2,
        max=1_000_000,
        help="Samples drawn for metrics of samples; 10,000, or 100 per class, by default.",
        show_default=False,
    ),
]
SamplesOption = Annotated[
    int | None,
    typer.Option(min=1, max=10_000, help="Importance samples K of iw_bound; 100 by default.", show_default=False),
]


def evaluate(
    run: RunArgument,
    metrics: MetricOption = None,
    importance_samples: SamplesOption = None,
    samples: DrawnOption = None,
    split: SplitOption = "test",
    limit: LimitOption = None,
    seed: SeedOption = 0,
    batch_size: BatchSizeOption = 500,
    data: DataOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Measure a trained model; the results are also kept in metrics.json of its run, where that can be written."""
    from trainers.engine.evaluation import evaluate as measure
    from trainers.engine.evaluation import possible_metrics, usual_metrics
    from trainers.engine.kept_measurements import KeptMeasurement, MeasurementStore
    from trainers.metrics.metric import METRICS, MetricSettings
    from trainers.reporting import never

    terminal = Terminal(as_json)
    names = tuple(dict.fromkeys(metrics or ()))
    for name in names:
        METRICS[name]
    weights = {} if importance_samples is None else {"importance_samples": importance_samples}
    settings = MetricSettings(batch_size=batch_size, seed=seed, limit=limit, samples=samples, **weights)
    opened = open_model(run, device)
    dataset = opened.dataset(split, data)
    names = names or usual_metrics(opened.model)
    if weights and "iw_bound" not in names:
        raise UsageError(
            f"--importance-samples is for iw_bound, which is none of what is measured here ({', '.join(names)}); "
            "leave it out."
        )
    with terminal.progress("measuring") as report:
        measurements = measure(opened.model, dataset, names, settings, report, never)
    terminal.say(_table(opened.title, split, measurements))
    more = [] if metrics else [name for name in possible_metrics(opened.model) if name not in names]
    if more:
        terminal.say(f"On request: --metric {', '.join(more)}.")
    store = MeasurementStore(opened.checkpoint)
    try:
        for measured in measurements:
            store.keep(KeptMeasurement(measured, dataset.spec.name, split, opened.header.digest))
    except FailureError as error:
        # What took so long to measure is worth showing all the same.
        terminal.warn(str(error))
    terminal.answer(
        {
            "metrics": {measurement.name: measurement.values() for measurement in measurements},
            "checkpoint": str(opened.checkpoint),
            "digest": opened.header.digest,
            "data": dataset.spec.name,
            "split": split,
        }
    )


def _table(title: str, split: str, measurements: "tuple[Measurement, ...]") -> Table:
    table = Table("metric", "value", "± s.e.", "unit", "better", "settings", title=f"{title}: {split} split")
    for measurement in measurements:
        error = measurement.standard_error
        settings = {"count": measurement.count, **measurement.settings}
        table.add_row(
            measurement.name,
            f"{measurement.value:.5g}",
            "" if error is None else f"{error:.2g}",
            measurement.unit,
            "" if measurement.better == "none" else measurement.better,
            ", ".join(f"{name} {value}" for name, value in settings.items()),
        )
    return table
