"""`export`: pictures of what a model has learned, and a model to pass on."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from trainers.cli.condition_options import (
    AttributeOption,
    ClassOption,
    TemperatureOption,
    one_condition,
    parse_attributes,
    parse_temperature,
)
from trainers.cli.corruption_options import (
    CorruptionOption,
    CorruptionSeedOption,
    MaskOption,
    StrengthOption,
    corrupted_by,
)
from trainers.cli.export_model_command import export_model
from trainers.cli.history_command import export_history
from trainers.cli.opened_model import OpenedModel, open_model
from trainers.cli.options import (
    MOST_TILES,
    DataOption,
    DeviceOption,
    JsonOption,
    RunArgument,
    ScaleOption,
    SeedOption,
    SplitOption,
)
from trainers.cli.recipe_commands import export_film, export_sheet
from trainers.cli.terminal import Terminal
from trainers.cli.written_recipe import check_picture, write_recipe
from trainers.data.image_dataset import Split
from trainers.errors import FailureError, UsageError

export_app = typer.Typer(help="Draw what a model has learned, or pass it on.", rich_markup_mode=None)
export_app.command("model")(export_model)
export_app.command("sheet")(export_sheet)
export_app.command("film")(export_film)
export_app.command("history")(export_history)

OutOption = Annotated[Path, typer.Option(help="PNG, TIFF, SVG or PDF file to write.")]
DimensionsOption = Annotated[
    str | None, typer.Option("--dims", help="Dimensions counted from 1, such as 1,2.", show_default=False)
]
ExtentOption = Annotated[
    float | None,
    typer.Option(min=0.1, max=100.0, help="Deviations on either side, for even spacing; 3 by default."),
]
SweptOption = Annotated[
    list[str] | None,
    typer.Option("--attribute", metavar="NAME", help="Attribute to sweep; NAME=VALUE keeps another one at a value."),
]
_MOST_ROWS = 32


@export_app.command()
def manifold(
    run: RunArgument,
    tiles: Annotated[int, typer.Option(min=1, max=MOST_TILES, help="Tiles along each side.")] = 20,
    spacing: Annotated[Literal["probability", "even"], typer.Option(help="How tiles are placed.")] = "probability",
    dims: DimensionsOption = None,
    class_name: ClassOption = None,
    attribute: AttributeOption = None,
    extent: ExtentOption = None,
    scale: ScaleOption = None,
    out: OutOption = Path("manifold.png"),
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Decode a grid over two dimensions of the latent space."""
    from trainers.export.sheet_recipes import HOME_EXTENT, manifold_recipe

    terminal = Terminal(as_json)
    if extent is not None and spacing == "probability":
        raise UsageError("--extent is for --spacing even: probability spacing always shows the whole prior.")
    attributes = parse_attributes(attribute)
    check_picture(out)
    opened = open_model(run, device)
    size = opened.model.latent_space.size
    first, second = _two_dimensions(dims, size)
    told = one_condition(opened.model, class_name, attributes)
    reach = extent or HOME_EXTENT
    recipe = manifold_recipe(opened.model, (first, second), tiles, spacing, reach, scale, told.condition)
    write_recipe(terminal, opened, recipe, out)
    names = opened.model.latent_space.dimension_names()
    axes = list(dict.fromkeys((names[first], names[second])))
    plane = f"{' × '.join(axes)} of {size}"
    through = " through the prior's mean" if size > 2 else ""
    with_condition = f", {told.text}" if told.text else ""
    terminal.say(f"Manifold of {opened.title}, slice {plane}{through}, {spacing} spacing{with_condition}: {out}")
    terminal.answer(
        {
            "out": str(out),
            "tiles": tiles,
            "spacing": spacing,
            "dimensions": axes,
            "condition": told.text,
            "latent_size": size,
            "checkpoint": str(opened.checkpoint),
        }
    )


@export_app.command()
def traversal(
    run: RunArgument,
    steps: Annotated[int, typer.Option(min=2, max=100, help="Pictures in a row.")] = 11,
    reach: Annotated[float, typer.Option("--range", min=0.1, max=100.0, help="Deviations on either side.")] = 3.0,
    sort: Annotated[Literal["activity", "index"], typer.Option(help="Order of the rows.")] = "activity",
    dims: DimensionsOption = None,
    class_name: ClassOption = None,
    attribute: AttributeOption = None,
    scale: ScaleOption = None,
    out: OutOption = Path("traversal.png"),
    split: SplitOption = "test",
    data: DataOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Move one dimension in every row. The others stay at the prior's mean, and the most active rows come first."""
    from trainers.export.sheet_recipes import traversal_recipe

    terminal = Terminal(as_json)
    attributes = parse_attributes(attribute)
    check_picture(out)
    opened = open_model(run, device)
    told = one_condition(opened.model, class_name, attributes)
    rows, order = _rows(opened, dims, sort, split, data)
    recipe = traversal_recipe(opened.model, rows, steps, reach, scale, told.condition)
    write_recipe(terminal, opened, recipe, out)
    names = opened.model.latent_space.dimension_names()
    size = len(names)
    with_condition = f", {told.text}" if told.text else ""
    terminal.say(
        f"Traversal of {opened.title}, {len(rows)} of {size} dimensions {order}, ±{reach:g} deviations"
        f"{with_condition}: {out}"
    )
    terminal.answer(
        {
            "out": str(out),
            "steps": steps,
            "range": reach,
            "dimensions": [names[row] for row in rows],
            "order": order,
            "condition": told.text,
            "latent_size": size,
            "checkpoint": str(opened.checkpoint),
        }
    )


@export_app.command()
def progression(
    run: RunArgument,
    attribute: SweptOption = None,
    rows: Annotated[int, typer.Option(min=1, max=100, help="Codes, each in a row of its own.")] = 8,
    steps: Annotated[int, typer.Option(min=2, max=100, help="Pictures in a row, for an attribute.")] = 9,
    seed: SeedOption = 0,
    temperature: TemperatureOption = "1",
    scale: ScaleOption = None,
    out: OutOption = Path("progression.png"),
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Keep the code in every row and change the condition from column to column: all classes, or one attribute."""
    from trainers.engine.conditions import swept_condition
    from trainers.export.sheet_recipes import progression_recipe

    terminal = Terminal(as_json)
    scale_of_noise, attributes = parse_temperature(temperature), parse_attributes(attribute)
    check_picture(out)
    opened = open_model(run, device)
    sweep = swept_condition(opened.model.condition_spec, attributes, steps)
    recipe = progression_recipe(opened.model, sweep.conditions, rows, seed, scale_of_noise, scale)
    write_recipe(terminal, opened, recipe, out)
    terminal.say(
        f"Progression of {opened.title}, {sweep.text}, {rows} codes (seed {seed}, temperature {temperature}): {out}"
    )
    terminal.answer(
        {
            "out": str(out),
            "rows": rows,
            "columns": list(sweep.titles),
            "condition": sweep.text,
            "seed": seed,
            "temperature": scale_of_noise,
            "checkpoint": str(opened.checkpoint),
        }
    )


@export_app.command()
def reconstructions(
    run: RunArgument,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many items from the start of the split.")] = 16,
    columns: Annotated[int, typer.Option(min=1, max=1000, help="Items in a row.")] = 8,
    starts: Annotated[
        int, typer.Option(min=1, max=256, help="Places to search each code from, for a model without an encoder.")
    ] = 4,
    inversion_steps: Annotated[
        int, typer.Option(min=0, max=100_000, help="Steps of that search from every start.")
    ] = 200,
    differences: Annotated[
        bool, typer.Option("--differences", help="Draw below them how the two differ: brighter is blue, darker is red.")
    ] = False,
    corruption: CorruptionOption = None,
    strength: StrengthOption = None,
    corruption_seed: CorruptionSeedOption = 0,
    mask: MaskOption = None,
    scale: ScaleOption = None,
    out: OutOption = Path("reconstructions.png"),
    split: SplitOption = "test",
    data: DataOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Draw originals with their reconstructions below them; a model without an encoder searches for their codes.

    With --corruption or --mask the items are corrupted first, and what the model makes of that is drawn.
    """
    from trainers.engine.inversion import must_search
    from trainers.engine.sheets import usual_scale
    from trainers.export.recipes import ReconstructionsRecipe

    terminal = Terminal(as_json)
    check_picture(out)
    opened = open_model(run, device)
    dataset = opened.dataset(split, data)
    shown = min(count, len(dataset))
    recipe = ReconstructionsRecipe(
        data=data or "",
        split=split,
        items=tuple(range(shown)),
        starts=starts,
        steps=inversion_steps,
        differences=differences,
        **corrupted_by(opened, corruption, strength, corruption_seed, mask),
        columns=columns,
        scale=scale or usual_scale(opened.header.data),
    )
    write_recipe(terminal, opened, recipe, out)
    search = {"starts": starts, "inversion_steps": inversion_steps} if must_search(opened.model, dataset) else {}
    found = f", codes found by optimisation ({starts} starts, {inversion_steps} steps)" if search else ""
    terminal.say(f"{shown} reconstructions by {opened.title}, {dataset.spec.name} {split}{found}: {out}")
    values = {"out": str(out), "count": shown, "data": dataset.spec.name, "split": split, **search}
    terminal.answer({**values, "checkpoint": str(opened.checkpoint)})


def _two_dimensions(text: str | None, size: int) -> tuple[int, int]:
    if text is None or size == 1:
        return (0, min(1, size - 1))
    chosen = _dimensions(text, size)
    if len(chosen) != 2:
        raise UsageError(f"--dims {text} does not name a plane: give two different dimensions, such as 1,2.")
    return (chosen[0], chosen[1])


def _dimensions(text: str, size: int) -> tuple[int, ...]:
    words = [word.strip() for word in text.split(",")]
    if not all(word.isdecimal() and 1 <= int(word) <= size for word in words):
        raise UsageError(f"--dims {text} is not allowed: give whole numbers from 1 to {size} with commas between them.")
    return tuple(dict.fromkeys(int(word) - 1 for word in words))


def _rows(opened: OpenedModel, dims: str | None, sort: str, split: Split, data: str | None) -> tuple[list[int], str]:
    from trainers.engine.encoding import split_with_codes
    from trainers.engine.sheets import dimension_activity

    size = opened.model.latent_space.size
    rows = list(range(size) if dims is None else _dimensions(dims, size))
    known = split_with_codes(opened.model, split)
    if sort == "index" or len(rows) == 1 or known is None:
        return rows[:_MOST_ROWS], "in their order"
    try:
        activity, unit = dimension_activity(opened.model, opened.dataset(known, data))
    except FailureError as error:
        raise FailureError(f"{error} Or leave the rows in their order with --sort index.") from error
    by_activity = sorted(rows, key=lambda row: -activity[row])
    return by_activity[:_MOST_ROWS], f"sorted by activity ({unit})"
