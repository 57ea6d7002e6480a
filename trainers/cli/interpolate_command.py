"""`interpolate`: the way from one picture to another through what a model has learned."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trainers.cli.opened_model import OpenedModel, open_model
from trainers.cli.options import (
    DataOption,
    DeviceOption,
    JsonOption,
    LimitOption,
    RunArgument,
    ScaleOption,
    SplitOption,
)
from trainers.cli.recipe_commands import BackOption, FramesOption
from trainers.cli.terminal import Terminal
from trainers.cli.written_recipe import check_picture, write_recipe
from trainers.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trainers.reporting import Report

KeysArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="KEY...",
        help="Two or more of: the place of an item from 0, such as 12; a picture file; a sample, such as sample:7.",
        show_default=False,
    ),
]
StepsOption = Annotated[
    int | None, typer.Option(min=2, max=10_000, help="Pictures on the way; by default 11, or 48 for a film.")
]
_STEPS, _STEPS_OF_FILM = 11, 48
_MOST_ITEMS = 10_000


def interpolate(
    run: RunArgument,
    keys: KeysArgument,
    kind: Annotated[
        Literal["linear", "spherical", "neighbours", "geodesic"],
        typer.Option(help="Straight, along an arc round 0, from item to item, or where pictures change least."),
    ] = "linear",
    steps: StepsOption = None,
    closed: Annotated[bool, typer.Option("--closed", help="End where the way begins.")] = False,
    scale: ScaleOption = None,
    fps: FramesOption = 24.0,
    back: BackOption = True,
    out: Annotated[Path, typer.Option(help="PNG, TIFF, SVG, PDF, GIF or MP4 file to write.")] = Path("path.png"),
    split: SplitOption = "test",
    data: DataOption = None,
    limit: LimitOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Walk from one code to the next and draw what is on the way, as a strip or as a film."""
    from trainers.engine.named_codes import named_codes
    from trainers.engine.paths import PathWish, walk
    from trainers.export.provenance import FilmTiming
    from trainers.export.sheet_recipes import strip_recipe
    from trainers.export.writing import is_film

    terminal = Terminal(as_json)
    usual_steps = _STEPS_OF_FILM if is_film(out) else _STEPS
    check_picture(out, film_too=True)
    opened = open_model(run, device)
    with terminal.progress("finding codes") as report:
        named = named_codes(opened.model, keys, lambda: opened.dataset(split, data), report=report)
        encoded = _encoded(opened, split, data, limit, report) if kind == "neighbours" else None
    wish = PathWish(kind, _stacked([found.code.tolist() for found in named]), steps or usual_steps, closed)
    with terminal.progress("finding the way") as report:
        way = walk(opened.model, wish, [found.condition for found in named], encoded, report=report)
    timing = FilmTiming(frames_per_second=fps, there_and_back=back and not closed)
    write_recipe(terminal, opened, strip_recipe(opened.model, way.codes, way.conditions, scale), out, timing)
    for found in named:
        if found.note:
            terminal.warn(f"{found.name} was {found.note}.")
    lengths = way.step_lengths
    terminal.say(
        f"A {kind} path of {len(way.codes)} steps through {opened.title}; its pictures lie {lengths.sum():.4g} apart "
        f"in all, {lengths.min():.3g} to {lengths.max():.3g} from step to step: {out}"
    )
    terminal.answer(
        {
            "out": str(out),
            "kind": kind,
            "keys": keys,
            "steps": len(way.codes),
            "closed": closed,
            "step_lengths": [round(length, 6) for length in lengths.tolist()],
            "support": None if way.support is None else way.support.tolist(),
            "checkpoint": str(opened.checkpoint),
        }
    )


def _encoded(
    opened: OpenedModel, split: "Literal['train', 'test']", data: str | None, limit: int | None, report: "Report"
) -> "NDArray[np.float32]":
    from trainers.engine.encoding import encode_dataset, split_with_codes

    with_codes = split_with_codes(opened.model, split)
    if with_codes is None:
        raise UsageError("This model has no encoder, so it has no neighbours to go through; choose a linear path.")
    return encode_dataset(opened.model, opened.dataset(with_codes, data), report, limit=limit or _MOST_ITEMS).codes


def _stacked(rows: list[list[float]]) -> "NDArray[np.float64]":
    import numpy as np

    return np.array(rows, np.float64)
