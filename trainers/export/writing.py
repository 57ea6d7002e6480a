"""From a recipe to a file: what the command line, the window and a person's script all call."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trainers.engine.checkpoint import CheckpointHeader, find_checkpoint, load_model, read_header
from trainers.engine.devices import choose_device
from trainers.errors import UsageError
from trainers.export.films import FILM_SUFFIXES, write_film
from trainers.export.history_drawing import with_digests
from trainers.export.picture_formats import check_format, write_sheet
from trainers.export.picture_sheet import PictureSheet
from trainers.export.provenance import FilmTiming, Provenance, SecondModel
from trainers.export.recipe_drawing import draw_recipe
from trainers.export.recipes import HistoryRecipe, PairRecipe, Recipe, parse_recipe
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report, part_of


def is_film(path: Path) -> bool:
    """Whether the name of a file says that it is a film; raises `UsageError` for what is neither film nor picture."""
    if path.suffix.lower() in FILM_SUFFIXES:
        return True
    check_format(path, FILM_SUFFIXES)
    return False


def export_recipe(
    model: LatentModel,
    header: CheckpointHeader,
    recipe: Recipe,
    path: Path,
    timing: FilmTiming | None = None,
    state: Mapping[str, Any] | None = None,
    *,
    checkpoint: Path | None = None,
    beside: Path | None = None,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> PictureSheet:
    """Draw a recipe and write it as the picture or film that the name of the file says; gives what was drawn.

    timing: of a film. state: the session of the window, kept in the file. checkpoint: the file of the model, whose run
    a history is drawn from. beside: run folder or checkpoint of the second model of a pair.
    The file is there whole or not at all.
    Raises `UsageError`, `FailureError` or `StoppedError`.
    """
    shows_film = is_film(path)
    timing = (timing or FilmTiming()) if shows_film else None
    if isinstance(recipe, HistoryRecipe):
        recipe = with_digests(recipe, checkpoint)
    second = told = None
    if beside is not None:
        recipe, second, told = _with_second(recipe, find_checkpoint(beside), model)
    drawing = part_of(report, 0, 2)
    drawn = draw_recipe(
        model, recipe, checkpoint=checkpoint, beside=second, report=drawing, stop_requested=stop_requested
    )
    about = Provenance(
        model=header.title, digest=header.digest, recipe=recipe, film=timing, beside=told, state=dict(state or {})
    )
    if timing is not None:
        writing = part_of(report, 1, 2)
        write_film(path, drawn, timing, about, report=writing, stop_requested=stop_requested)
    else:
        write_sheet(path, drawn, about)
    return drawn


def export_file(
    run: Path,
    recipe: str,
    path: Path,
    timing: FilmTiming | None = None,
    device: str = "auto",
    *,
    beside: Path | None = None,
) -> None:
    """Write the picture or film of a recipe in JSON, from a run folder or checkpoint: for scripts.

    beside: run folder or checkpoint of the second model of a pair.
    Raises `UsageError` or `FailureError`.
    """
    checkpoint = find_checkpoint(run)
    model = load_model(checkpoint, choose_device(device))
    header = read_header(checkpoint)
    export_recipe(model, header, parse_recipe(recipe), path, timing, checkpoint=checkpoint, beside=beside)


def _with_second(recipe: Recipe, checkpoint: Path, model: LatentModel) -> tuple[PairRecipe, LatentModel, SecondModel]:
    """The recipe naming the very checkpoint of the second model, that model, and what the file says of it."""
    if not isinstance(recipe, PairRecipe):
        raise UsageError("This recipe draws one model alone; leave out the one beside it.")
    header = read_header(checkpoint)
    if recipe.digest not in ("", header.digest):
        raise UsageError(
            f"{checkpoint} has other weights than the second model this picture was made with; name that one."
        )
    about = SecondModel(model=header.title, digest=header.digest, code=recipe.codes[1], condition=recipe.conditions[1])
    named = recipe.model_copy(update={"digest": header.digest})
    return named, load_model(checkpoint, model.device), about
