"""`sample`: pictures drawn from the prior."""

from pathlib import Path
from typing import Annotated

import typer

from trainers.cli.opened_model import open_model
from trainers.cli.options import DeviceOption, JsonOption, RunArgument, ScaleOption, SeedOption
from trainers.cli.terminal import Terminal

CountOption = Annotated[int, typer.Option(min=1, max=10_000, help="How many pictures.")]
TemperatureOption = Annotated[float, typer.Option(min=0.0, max=10.0, help="Scale of the prior's noise.")]
ColumnsOption = Annotated[
    int | None, typer.Option(min=1, max=10_000, help="Pictures in a row; a square sheet by default.")
]


def sample(
    run: RunArgument,
    count: CountOption = 64,
    seed: SeedOption = 0,
    temperature: TemperatureOption = 1.0,
    out: Annotated[Path, typer.Option(help="PNG file to write.")] = Path("samples.png"),
    columns: ColumnsOption = None,
    scale: ScaleOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Draw codes from the prior, decode them, and lay the pictures out in a sheet."""
    from trainers.engine.output_file import check_output
    from trainers.engine.pictures import contact_sheet, nearly_square, pixels, readable_scale, write_png
    from trainers.engine.sampling import sample_images

    terminal = Terminal(as_json)
    check_output(out, ".png")
    opened = open_model(run, device)
    pictures = pixels(sample_images(opened.model, count, seed, temperature))
    width = min(count, columns or nearly_square(count))
    enlargement = scale or readable_scale(pictures.shape[1])
    write_png(out, contact_sheet(pictures, width, enlargement))
    terminal.say(f"{count:,} samples of {opened.title} (seed {seed}, temperature {temperature:g}): {out}")
    terminal.answer(
        {
            "out": str(out),
            "count": count,
            "seed": seed,
            "temperature": temperature,
            "columns": width,
            "scale": enlargement,
            "checkpoint": str(opened.checkpoint),
        }
    )
