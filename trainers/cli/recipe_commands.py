"""`export sheet` and `export film`: a recipe made into a file again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainers.cli.opened_model import open_model
from trainers.cli.options import DeviceOption, JsonOption, RunArgument
from trainers.cli.terminal import Terminal
from trainers.cli.written_recipe import check_film, check_picture, write_recipe
from trainers.errors import UsageError

if TYPE_CHECKING:
    from trainers.export.recipes import Recipe

RecipeOption = Annotated[
    str,
    typer.Option(
        metavar="JSON|FILE",
        help="What to draw: a recipe as JSON text, a file that holds one, or a picture or film exported before.",
        show_default=False,
    ),
]
BesideOption = Annotated[
    Path | None,
    typer.Option(
        metavar="RUN", help="Run folder or checkpoint of the second model, for a picture of two.", show_default=False
    ),
]
FramesOption = Annotated[float, typer.Option("--fps", min=0.1, max=120.0, help="Pictures shown in a second.")]
BackOption = Annotated[bool, typer.Option("--back/--no-back", help="Run the film back again, so that it loops.")]


def export_sheet(
    run: RunArgument,
    recipe: RecipeOption,
    out: Annotated[Path, typer.Option(help="PNG, TIFF, SVG or PDF file to write.")] = Path("sheet.png"),
    beside: BesideOption = None,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Draw a sheet from a recipe, pixel by pixel as it was drawn before with the same model."""
    check_picture(out)
    _export(run, recipe, out, None, device, as_json, beside)


def export_film(
    run: RunArgument,
    recipe: RecipeOption,
    out: Annotated[Path, typer.Option(help="GIF or MP4 file to write.")] = Path("film.mp4"),
    fps: FramesOption = 24.0,
    back: BackOption = True,
    device: DeviceOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Show the pictures of a recipe one after the other."""
    check_film(out)
    _export(run, recipe, out, (fps, back), device, as_json)


def _export(
    run: Path,
    wanted: str,
    out: Path,
    timing: tuple[float, bool] | None,
    device: str,
    as_json: bool,
    beside: Path | None = None,
) -> None:
    from trainers.export.provenance import FilmTiming

    terminal = Terminal(as_json)
    recipe, digest = _recipe(wanted)
    opened = open_model(run, device)
    if digest and digest != opened.header.digest:
        terminal.warn(f"{wanted} was made with other weights than {opened.checkpoint}, so the pictures will differ.")
    shown = None if timing is None else FilmTiming(frames_per_second=timing[0], there_and_back=timing[1])
    drawn = write_recipe(terminal, opened, recipe, out, shown, beside)
    count = len(drawn.pictures)
    terminal.say(f"{count:,} picture{'s' if count != 1 else ''} of {opened.title}: {out}")
    terminal.answer({"out": str(out), "count": count, "kind": recipe.kind, "checkpoint": str(opened.checkpoint)})


def _recipe(wanted: str) -> "tuple[Recipe, str]":
    """The recipe, and the digest of the checkpoint that it was drawn with where that is known."""
    from trainers.export.picture_formats import read_provenance
    from trainers.export.recipes import parse_recipe

    if wanted.lstrip().startswith("{"):
        return parse_recipe(wanted), ""
    path = Path(wanted)
    if not path.is_file():
        raise UsageError(f"There is no file {wanted}; give a recipe as JSON text, or a file that holds one.")
    if path.suffix.lower() in (".json", ".txt"):
        return parse_recipe(path.read_text(encoding="utf-8", errors="replace")), ""
    found = read_provenance(path)
    if found is None or found.recipe is None:
        raise UsageError(f"{wanted} does not say how it was made; choose a file exported by Latent Explorer.")
    return found.recipe, found.digest
