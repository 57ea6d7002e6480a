"""How commands write what they draw."""

from pathlib import Path
from typing import TYPE_CHECKING

from trainers.cli.opened_model import OpenedModel
from trainers.cli.terminal import Terminal

if TYPE_CHECKING:
    from trainers.export.picture_sheet import PictureSheet
    from trainers.export.provenance import FilmTiming
    from trainers.export.recipes import Recipe


def check_picture(out: Path, *, film_too: bool = False) -> None:
    """Raise before the long work where a picture, or a film, cannot be written there."""
    from trainers.engine.output_file import check_output
    from trainers.export.picture_formats import check_format
    from trainers.export.writing import is_film

    if film_too:
        is_film(out)
    else:
        check_format(out)
    check_output(out, out.suffix.lower())


def check_film(out: Path) -> None:
    """Raise before the long work where a film cannot be written there."""
    from trainers.engine.output_file import check_output
    from trainers.export.films import check_film_format

    check_film_format(out)
    check_output(out, out.suffix.lower())


def write_recipe(
    terminal: Terminal,
    opened: OpenedModel,
    recipe: "Recipe",
    out: Path,
    timing: "FilmTiming | None" = None,
    beside: Path | None = None,
) -> "PictureSheet":
    """Draw a recipe, write it, and give what was drawn. beside: the run of the second model of a pair."""
    from trainers.export.writing import export_recipe

    with terminal.progress("drawing") as report:
        return export_recipe(
            opened.model,
            opened.header,
            recipe,
            out,
            timing,
            checkpoint=opened.checkpoint,
            beside=beside,
            report=report,
        )
