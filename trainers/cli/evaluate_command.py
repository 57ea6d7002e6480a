"""`evaluate`: metrics of a trained model."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from trainers.cli.opened_model import open_model
from trainers.cli.options import (
    BatchSizeOption,
    DataOption,
    DeviceOption,
    DrawnOption,
    InceptionOption,
    JsonOption,
    LimitOption,
    RunArgument,
    SeedOption,
    SplitOption,
)
from trainers.cli.terminal import Terminal
from trainers.errors import UsageError

if TYPE_CHECKING:
    from trainers.engine.measuring import Measured
    from trainers.metrics.metric import Measurement

MetricOption = Annotated[
    list[str] | None,
    typer.Option("--metric", help="Metric to measure, may be repeated; the cheap ones that apply by default."),
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
    anomaly_score: Annotated[
        Literal["auto", "likelihood", "error"],
        typer.Option(help="What anomaly_auroc goes by; auto is the likelihood where there is one."),
    ] = "auto",
    anomalous_class: Annotated[
        str | None,
        typer.Option(
            metavar="CLASS",
            help="Class that anomaly_auroc looks for, by its name or number; the one held out of training by default.",
            show_default=False,
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Measure anew what is measured already.")] = False,
    inception_weights: InceptionOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Measure a trained model; results are kept in metrics.json of its run, else in the cache, and not measured twice.

    Each is kept as soon as it is known, so what was interrupted goes on where it ended.
    """
    from trainers.data.held_out import class_name
    from trainers.engine.evaluation import usual_metrics
    from trainers.engine.measuring import MeasuringRequest, measure_model
    from trainers.engine.metric_needs import possible_metrics
    from trainers.metrics.metric import METRICS, MetricSettings
    from trainers.reporting import never

    terminal = Terminal(as_json)
    names = tuple(dict.fromkeys(metrics or ()))
    for name in names:
        METRICS[name]
    opened = open_model(run, device)
    dataset = opened.dataset(split, data)
    named = None if anomalous_class is None else class_name(dataset.spec, anomalous_class)
    asked = {"importance_samples": importance_samples, "samples": samples, "anomalous_class": named}
    given = {name: value for name, value in asked.items() if value is not None}
    if anomaly_score != "auto":
        given["anomaly_score"] = anomaly_score
    settings = MetricSettings.from_values({"batch_size": batch_size, "seed": seed, "limit": limit, **given})
    names = names or usual_metrics(opened.model)
    _check_that_all_are_used(given, names)
    request = MeasuringRequest(
        opened.checkpoint, names, settings, split, data, again=again, inception_weights=inception_weights
    )
    with terminal.progress("measuring") as report:
        measured = measure_model(opened.model, dataset, request, report, never)
    on_request = [] if metrics else [name for name in possible_metrics(opened.model) if name not in names]
    _say(terminal, f"{opened.title}: {split} split", measured, on_request)
    terminal.answer(
        {
            "metrics": {kept.measurement.name: kept.measurement.values() for kept in measured.measurements},
            "checkpoint": str(opened.checkpoint),
            "digest": opened.header.digest,
            "data": dataset.spec.name,
            "split": split,
            "known": list(measured.known),
        }
    )


def _check_that_all_are_used(given: Iterable[str], names: Sequence[str]) -> None:
    """Raise `UsageError` for a setting that none of the metrics named looks at."""
    from trainers.metrics.metric import METRICS

    for setting in given:
        users = [name for name in METRICS if setting in METRICS[name].uses]
        if not set(users) & set(names):
            missing = "none of which is" if len(users) > 1 else "which is not"
            raise UsageError(
                f"--{setting.replace('_', '-')} is for {', '.join(users)}, {missing} measured here "
                f"({', '.join(names)}); leave it out."
            )


def _say(terminal: Terminal, title: str, measured: "Measured", on_request: Sequence[str]) -> None:
    terminal.say(_table(title, [kept.measurement for kept in measured.measurements]))
    if measured.known:
        terminal.say(f"Measured before: {', '.join(measured.known)}; --again measures anew.")
    if on_request:
        terminal.say(f"On request: --metric {', '.join(on_request)}.")
    for sentence in (measured.problem, *measured.damages):
        if sentence is not None:
            terminal.warn(sentence)


def _table(title: str, measurements: "Sequence[Measurement]") -> Table:
    table = Table("metric", "value", "± s.e.", "unit", "better", "settings", title=title)
    for measurement in measurements:
        error = measurement.standard_error
        settings = {"count": measurement.count, **measurement.settings}
        table.add_row(
            measurement.name,
            f"{measurement.value:.5g}",
            "" if error is None else f"{error:.2g}",
            measurement.unit,
            "" if measurement.better == "none" else measurement.better,
            ", ".join(f"{name} {_said(value)}" for name, value in settings.items()),
        )
    return table


def _said(value: str | int | float) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
