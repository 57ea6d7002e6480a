"""`export history`: how a model became what it is, a picture for every snapshot of its run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trainers.cli.condition_options import (
    AttributeOption,
    ClassOption,
    TemperatureOption,
    one_condition,
    parse_attributes,
    parse_temperature,
)
from trainers.cli.opened_model import OpenedModel, open_model
from trainers.cli.options import MOST_TILES, DeviceOption, JsonOption, RunArgument, ScaleOption, SeedOption, SplitOption
from trainers.cli.recipe_commands import FramesOption
from trainers.cli.sample_command import classes_in_turn
from trainers.cli.terminal import Terminal
from trainers.cli.written_recipe import check_picture, write_recipe
from trainers.errors import UsageError

if TYPE_CHECKING:
    from trainers.data.image_dataset import Split
    from trainers.export.recipes import FrameRecipe
    from trainers.latent.latent_space import Temperature

Shown = Literal["samples", "reconstructions", "manifold"]
_PICTURES, _POINTS, _ITEMS, _TILES = 64, 2000, 16, 15
_COLUMNS = 8


def export_history(
    run: RunArgument,
    show: Annotated[
        Shown, typer.Option(help="Samples of the same noise, the same items reconstructed, or the same slice.")
    ] = "samples",
    count: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Samples, items, or tiles along each side of the slice.")
    ] = None,
    seed: SeedOption = 0,
    temperature: TemperatureOption = "1",
    class_name: ClassOption = None,
    attribute: AttributeOption = None,
    most: Annotated[
        int | None,
        typer.Option("--most", min=2, max=10_000, help="At most so many snapshots, the first and last among them."),
    ] = None,
    captions: Annotated[bool, typer.Option("--captions/--no-captions", help="Write epoch and step above.")] = True,
    scale: ScaleOption = None,
    fps: FramesOption = 10.0,
    back: Annotated[bool, typer.Option("--back/--no-back", help="Run the film back again.")] = False,
    out: Annotated[Path, typer.Option(help="GIF, MP4, PNG, TIFF, SVG or PDF file to write.")] = Path("history.mp4"),
    split: SplitOption = "test",
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Draw the same with every snapshot of a run, as a film, or side by side in a sheet."""
    from trainers.export.provenance import FilmTiming
    from trainers.export.recipes import HistoryRecipe

    terminal = Terminal(as_json)
    scale_of_noise, attributes = parse_temperature(temperature), parse_attributes(attribute)
    check_picture(out, film_too=True)
    opened = open_model(run, device)
    steps = _steps(opened.checkpoint, most)
    told = one_condition(opened.model, class_name, attributes) if class_name is not None or attributes else None
    condition = () if told is None or told.condition is None else tuple(told.condition.flatten().tolist())
    frame = _frame(opened, show, count, seed, scale_of_noise, condition, scale, split)
    recipe = HistoryRecipe(frame=frame, steps=steps, captioned=captions)
    write_recipe(terminal, opened, recipe, out, FilmTiming(frames_per_second=fps, there_and_back=back))
    said = f", {told.text}" if told is not None and told.text else ""
    terminal.say(f"{len(steps):,} snapshots of {opened.title}, {show}{said}: {out}")
    terminal.answer(
        {
            "out": str(out),
            "show": show,
            "steps": list(steps),
            "condition": "" if told is None else told.text,
            "checkpoint": str(opened.checkpoint),
        }
    )


def _steps(checkpoint: Path, most: int | None) -> tuple[int, ...]:
    import numpy as np

    from trainers.engine.run_folder import run_of_checkpoint

    run = run_of_checkpoint(checkpoint)
    if run is None:
        raise UsageError(
            f"A history is made of the snapshots of a run, and {checkpoint} lies in none; name a run folder."
        )
    steps = [file.step for file in run.checkpoints()]
    if most is None or len(steps) <= most:
        return tuple(steps)
    return tuple(steps[place] for place in np.rint(np.linspace(0, len(steps) - 1, most)).astype(int))


def _frame(
    opened: OpenedModel,
    show: Shown,
    count: int | None,
    seed: int,
    temperature: "Temperature",
    condition: tuple[float, ...],
    scale: int | None,
    split: "Split",
) -> "FrameRecipe":
    import torch

    from trainers.engine.pictures import nearly_square
    from trainers.engine.sheets import usual_scale
    from trainers.export.recipes import ReconstructionsRecipe, SamplesRecipe
    from trainers.export.sheet_recipes import manifold_recipe

    enlarged = scale or usual_scale(opened.header.data)
    is_points = opened.header.data.kind == "points"
    told = torch.tensor(condition) if condition else None
    if show == "manifold":
        if count is not None and count > MOST_TILES:
            raise UsageError(f"--count {count} is not allowed for a slice: give from 1 to {MOST_TILES} tiles a side.")
        size = opened.model.latent_space.size
        dimensions = (0, min(1, size - 1))
        return manifold_recipe(opened.model, dimensions, count or _TILES, "probability", scale=enlarged, condition=told)
    if show == "reconstructions":
        items = tuple(range(min(count or _ITEMS, len(opened.dataset(split)))))
        return ReconstructionsRecipe(split=split, items=items, columns=_COLUMNS, scale=enlarged)
    drawn = count or (_POINTS if is_points else _PICTURES)
    return SamplesRecipe(
        count=drawn,
        seed=seed,
        temperatures=(temperature,) if isinstance(temperature, float) else tuple(temperature),
        condition=condition,
        columns=min(drawn, classes_in_turn(opened, told) or nearly_square(drawn)),
        scale=enlarged,
    )
