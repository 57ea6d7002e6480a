"""`directions`: what leads where in a latent space, how well, and what moves with it."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from trainers.cli.group_options import GroupOption, parse_groups
from trainers.cli.opened_model import OpenedModel, open_model
from trainers.cli.options import DataOption, DeviceOption, JsonOption, LimitOption, RunArgument, SeedOption, SplitOption
from trainers.cli.terminal import Terminal
from trainers.data.image_dataset import Split
from trainers.errors import UsageError
from trainers.latent.direction_methods import METHODS, Method
from trainers.registry import unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from trainers.engine.attribute_columns import Groups
    from trainers.engine.directions import DirectionSettings, DirectionTable
    from trainers.reporting import Report

MethodOption = Annotated[
    list[str] | None,
    typer.Option("--method", metavar="NAME", help=f"One of {', '.join(METHODS)}; may be repeated. By default means."),
]
ChosenAttributeOption = Annotated[
    list[str] | None, typer.Option("--attribute", metavar="NAME", help="Attribute to look at; all by default.")
]
ChosenClassOption = Annotated[
    list[str] | None, typer.Option("--class", metavar="NAME", help="Class to look at; all by default.")
]
OrthogonalOption = Annotated[
    list[str] | None,
    typer.Option("--orthogonal-to", metavar="NAME", help="Direction that all others are made orthogonal to."),
]
OwnCountOption = Annotated[
    int, typer.Option(min=1, max=512, help="Directions of each method that needs no attributes.")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="POINT",
        help="Where a Jacobian is taken: an item such as #12, a sample such as sample:1, or a picture file; the mean "
        "of the codes by default.",
        show_default=False,
    ),
]
DiagramOption = Annotated[
    Path | None,
    typer.Option(
        help="PNG file for a diagram: cosines of the directions below the diagonal, correlations of the attributes "
        "above it; none by default.",
        show_default=False,
    ),
]
_MOVED, _PAIRS = 3, 10
_LEAST_SHOWN = 0.05


def directions(
    run: RunArgument,
    method: MethodOption = None,
    attribute: ChosenAttributeOption = None,
    class_name: ChosenClassOption = None,
    group: GroupOption = None,
    orthogonal_to: OrthogonalOption = None,
    count: OwnCountOption = 4,
    at: AtOption = None,
    out: DiagramOption = None,
    split: SplitOption = "train",
    data: DataOption = None,
    limit: LimitOption = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Find directions along which classes and attributes change, or that the decoder reacts to most.

    Accuracy (0.5 is chance) and Cohen's d are measured on a quarter of the items that the direction was not found
    from. What moves with it counts sigmas of each other attribute per sigma along the direction.
    """
    from trainers.engine.directions import DirectionSettings
    from trainers.engine.output_file import check_output

    terminal = Terminal(as_json)
    if out is not None:
        check_output(out, ".png")
    groups = parse_groups(group)
    settings = DirectionSettings(
        methods=chosen_methods(method),
        chosen=tuple(dict.fromkeys([*(attribute or ()), *(class_name or ()), *groups])),
        orthogonal_to=tuple(dict.fromkeys(orthogonal_to or ())),
        count=count,
        limit=limit,
        seed=seed,
    )
    opened = open_model(run, device)
    with terminal.progress("finding directions") as report:
        place = None if at is None else _place(opened, at, split, data)
        table = find_table(opened, settings, split, data, place, report, groups)
    where = f"{table.count:,} draws of the prior" if table.drawn else f"{table.count:,} items of {split}"
    terminal.say(f"{len(table.directions)} directions of {opened.title}, from {where}")
    terminal.say(_directions_table(table))
    if len(table.directions) > 1:
        terminal.say(_pairs_table(table))
    for sentence in table.skipped:
        terminal.say(sentence)
    if out is not None:
        _draw(table, out)
        terminal.say(f"Diagram of {len(table.directions)} directions: {out}")
    values = {**_values(table), "split": split, "out": None if out is None else str(out)}
    terminal.answer({**values, "checkpoint": str(opened.checkpoint)})


def chosen_methods(names: list[str] | None) -> tuple[Method, ...]:
    """The methods of some names, means where none is given; raises `UsageError` for an unknown one."""
    for name in names or ():
        if name not in METHODS:
            raise UsageError(unknown_name("method", name, METHODS))
    return tuple(method for method in METHODS if method in names) if names else ("means",)


def find_table(
    opened: OpenedModel,
    settings: "DirectionSettings",
    split: Split,
    data: str | None,
    at: "tuple[NDArray[np.float64], Tensor | None] | None",
    report: "Report",
    groups: "Mapping[str, Groups] | None" = None,
) -> "DirectionTable":
    """All directions that a command works with, from the data where the model has codes of these.

    at: the code and condition where a Jacobian is taken.
    """
    from trainers.engine.direction_cache import directions_of_checkpoint
    from trainers.engine.encoding import split_with_codes

    has_codes = split_with_codes(opened.model, split) is not None
    dataset = opened.dataset(split, data) if has_codes else None
    is_needed = at is not None and "jacobian" in settings.methods
    return directions_of_checkpoint(
        opened.model,
        opened.checkpoint,
        dataset,
        settings,
        groups=groups,
        place=at[0] if at is not None and is_needed else None,
        condition=at[1] if at is not None and is_needed else None,
        report=report,
    )


def _place(
    opened: OpenedModel, name: str, split: Split, data: str | None
) -> "tuple[NDArray[np.float64], Tensor | None]":
    from trainers.engine.named_codes import named_codes

    (named,) = named_codes(opened.model, [name], lambda: opened.dataset(split, data))
    return named.code.detach().cpu().double().numpy(), named.condition


def _directions_table(table: "DirectionTable") -> Table:
    shown = Table("direction", "method", "accuracy", "d", "sigma", "strength", "moves with it")
    for place, (direction, score) in enumerate(zip(table.directions, table.scores, strict=True)):
        moved = {
            name: float(sigmas)
            for name, sigmas in zip(table.columns, table.leakage[place], strict=True)
            if name != direction.name and abs(sigmas) >= _LEAST_SHOWN
        }
        strongest = sorted(moved, key=lambda name: -abs(moved[name]))[:_MOVED]
        shown.add_row(
            direction.name,
            direction.method,
            "" if score is None else f"{score.accuracy:.3f}",
            "" if score is None or score.effect is None else f"{score.effect:.2f}",
            f"{direction.sigma:.4g}",
            "" if direction.strength is None else f"{direction.strength:.4g}",
            ", ".join(f"{name} {moved[name]:+.2f}" for name in strongest),
        )
    return shown


def _pairs_table(table: "DirectionTable") -> Table:
    """The pairs of directions that are furthest from right angles, with the correlation of their attributes."""
    shown = Table("pair", "cosine", "correlation of the attributes")
    count = len(table.directions)
    pairs = [(first, second) for first in range(count) for second in range(first + 1, count)]
    for first, second in sorted(pairs, key=lambda pair: -abs(table.cosines[pair]))[:_PAIRS]:
        names = [table.directions[place].name for place in (first, second)]
        correlation = float(table.correlations_of(names)[0, 1])
        shown.add_row(
            " and ".join(names),
            f"{table.cosines[first, second]:+.2f}",
            "" if math.isnan(correlation) else f"{correlation:+.2f}",
        )
    return shown


def _draw(table: "DirectionTable", out: Path) -> None:
    from trainers.engine.pictures import write_png
    from trainers.export.correlation_diagram import correlation_diagram

    names = [direction.name for direction in table.directions]
    write_png(out, correlation_diagram(names, table.cosines, table.correlations_of(names)).pixels())


def _values(table: "DirectionTable") -> dict[str, Any]:
    found = [
        {
            "name": direction.name,
            "method": direction.method,
            "accuracy": None if score is None else score.accuracy,
            "d": None if score is None else score.effect,
            "held_out": None if score is None else score.held_out,
            "sigma": direction.sigma,
            "centre": direction.centre,
            "strength": direction.strength,
            "orthogonal_to": list(direction.beside),
            "leakage": dict(zip(table.columns, _numbers(row), strict=True)),
            "vector": direction.vector.tolist(),
        }
        for direction, score, row in zip(table.directions, table.scores, table.leakage.tolist(), strict=True)
    ]
    return {
        "directions": found,
        "cosines": table.cosines.tolist(),
        "attributes": list(table.columns),
        "correlations": [_numbers(row) for row in table.correlations.tolist()],
        "skipped": list(table.skipped),
        "count": table.count,
        "drawn": table.drawn,
    }


def _numbers(row: list[float]) -> list[float | None]:
    return [None if math.isnan(number) else number for number in row]
