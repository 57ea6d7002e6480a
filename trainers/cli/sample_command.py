"""`sample`: pictures drawn from the prior."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainers.cli.condition_options import (
    AttributeOption,
    ClassOption,
    TemperatureOption,
    parse_attributes,
    parse_temperature,
)
from trainers.cli.opened_model import OpenedModel, open_model
from trainers.cli.options import DeviceOption, JsonOption, RunArgument, ScaleOption, SeedOption
from trainers.cli.terminal import Terminal
from trainers.cli.written_recipe import check_picture, write_recipe

if TYPE_CHECKING:
    from torch import Tensor

CountOption = Annotated[
    int | None, typer.Option(min=1, max=10_000, help="How many; 64 pictures or 2,000 points by default.")
]
ColumnsOption = Annotated[
    int | None,
    typer.Option(min=1, max=10_000, help="Pictures in a row; by default a column per class, else a square sheet."),
]
_PICTURES, _POINTS = 64, 2000
_MOST_COLUMNS = 20


def sample(
    run: RunArgument,
    count: CountOption = None,
    seed: SeedOption = 0,
    temperature: TemperatureOption = "1",
    class_name: ClassOption = None,
    attribute: AttributeOption = None,
    out: Annotated[Path, typer.Option(help="PNG, TIFF, SVG or PDF file to write.")] = Path("samples.png"),
    columns: ColumnsOption = None,
    nearest: Annotated[
        bool, typer.Option("--nearest", help="Draw below every row of samples the training items nearest to them.")
    ] = False,
    scale: ScaleOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Draw codes from the prior, decode them, and lay the pictures out in a sheet; points become one scatter."""
    from trainers.engine.pictures import nearly_square
    from trainers.engine.sheets import usual_scale
    from trainers.export.recipes import SamplesRecipe

    terminal = Terminal(as_json)
    scale_of_noise, attributes = parse_temperature(temperature), parse_attributes(attribute)
    check_picture(out)
    opened = open_model(run, device)
    shows_points = opened.model.data_spec.kind == "points"
    count = count or (_POINTS if shows_points else _PICTURES)
    chosen, told = _condition(opened, class_name, attributes)
    width = min(count, columns or classes_in_turn(opened, chosen) or nearly_square(count))
    recipe = SamplesRecipe(
        count=count,
        seed=seed,
        temperatures=(scale_of_noise,) if isinstance(scale_of_noise, float) else tuple(scale_of_noise),
        condition=() if chosen is None else tuple(chosen.flatten().tolist()),
        nearest=nearest,
        columns=width,
        scale=scale or usual_scale(opened.header.data),
    )
    write_recipe(terminal, opened, recipe, out)
    said = ", ".join(filter(None, (f"seed {seed}", f"temperature {temperature}", told)))
    terminal.say(f"{count:,} samples of {opened.title} ({said}): {out}")
    terminal.answer(
        {
            "out": str(out),
            "count": count,
            "seed": seed,
            "temperature": scale_of_noise,
            "condition": told,
            "columns": None if shows_points else width,
            "scale": scale if shows_points else recipe.scale,
            "checkpoint": str(opened.checkpoint),
        }
    )


def _condition(
    opened: OpenedModel, class_name: str | None, attributes: dict[str, float | None]
) -> "tuple[Tensor | None, str]":
    """The condition asked for, None where nobody asked, and what the sheet shows in words."""
    from trainers.engine.conditions import chosen_condition, usual_text

    spec = opened.model.condition_spec
    chosen = chosen_condition(spec, class_name, attributes)
    return (None, usual_text(spec)) if chosen is None else (chosen.condition, chosen.text)


def classes_in_turn(opened: OpenedModel, chosen: "Tensor | None") -> int | None:
    """How many columns put every class into its own, None where the pictures are not of one class after the other."""
    spec = opened.model.condition_spec
    in_turn = chosen is None and spec.kind in ("classes", "identity") and len(spec.names) <= _MOST_COLUMNS
    return len(spec.names) if in_turn else None
