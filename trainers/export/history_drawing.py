"""A run as pictures: the same recipe drawn with the weights of every snapshot."""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from trainers.engine.checkpoint import TrainingMark, checkpoint_path, file_digest, load_model, read_mark
from trainers.engine.run_folder import RunFolder, run_of_checkpoint
from trainers.engine.sheets import usual_frame
from trainers.errors import StoppedError, UsageError
from trainers.export.picture_sheet import PictureSheet, title_width
from trainers.export.recipe_drawing import draw_recipe
from trainers.export.recipes import HistoryRecipe
from trainers.latent.plane import Rectangle
from trainers.reporting import Report, StopRequested, never, no_report, part_of

_ROOM = 8


def with_digests(recipe: HistoryRecipe, checkpoint: Path | None) -> HistoryRecipe:
    """The same history, naming the very checkpoints of the run that a checkpoint lies in.

    Raises `UsageError` where one of them is gone, or is not the one that the recipe names.
    """
    run = _run_of(checkpoint)
    digests = tuple(file_digest(_snapshot(run, step)) for step in recipe.steps)
    for step, wanted, found in zip(recipe.steps, recipe.digests, digests, strict=False):
        if wanted != found:
            raise UsageError(
                f"The snapshot of step {step:,} in {run.path} has other weights than those this history was made of; "
                "name the run it was made of."
            )
    return recipe.model_copy(update={"digests": digests})


def draw_history(
    recipe: HistoryRecipe,
    checkpoint: Path | None,
    device: torch.device,
    *,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> PictureSheet:
    """A picture for each snapshot of the run that a checkpoint lies in; they are as large as each other.

    Points are all shown in the part of the plane where those of the last snapshot lie. Raises `UsageError` where the
    run no longer keeps a snapshot, and `StoppedError`.
    """
    run = _run_of(checkpoint)
    files = [_snapshot(run, step) for step in recipe.steps]
    frame = _frame(files[-1], device)
    pictures = []
    for place, file in enumerate(files):
        if stop_requested():
            raise StoppedError
        drawing = part_of(report, place, len(files))
        drawing(0.0, f"snapshot {place + 1:,} of {len(files):,}")
        drawn = draw_recipe(
            load_model(file, device), recipe.frame, frame=frame, report=drawing, stop_requested=stop_requested
        )
        pictures.append(_captioned(drawn, caption(read_mark(file))) if recipe.captioned else drawn.pixels())
    columns = recipe.columns or max(1, round(len(pictures) ** 0.5))
    return PictureSheet(np.stack(pictures), columns, recipe.scale, recipe.gap, recipe.background)


def caption(mark: TrainingMark) -> str:
    """What stands above the picture of a snapshot, for example "epoch 3.0 · step 1,407"."""
    return f"epoch {mark.epoch:.1f} · step {mark.step:,}"


def _captioned(drawn: PictureSheet, text: str) -> NDArray[np.uint8]:
    pixels = drawn.pixels()
    # A number that grows must not make the picture wider, so there is room for a long one.
    missing = max(0, round(title_width(f"epoch 99.9 · step {10**6:,}")) + _ROOM - pixels.shape[1])
    colour = 0 if drawn.background == "black" else 255
    sides = (missing // 2, missing - missing // 2)
    padded = np.pad(pixels, ((0, 0), sides, (0, 0)), constant_values=colour)
    return PictureSheet(padded[None], 1, background=drawn.background, column_titles=(text,)).pixels()


def _frame(file: Path, device: torch.device) -> Rectangle | None:
    model = load_model(file, device)
    return usual_frame(model) if model.data_spec.kind == "points" else None


def _run_of(checkpoint: Path | None) -> RunFolder:
    run = None if checkpoint is None else run_of_checkpoint(checkpoint)
    if run is None:
        raise UsageError(
            f"A history is made of the snapshots of a run, and {checkpoint or 'this model'} lies in none; "
            "name a run folder."
        )
    return run


def _snapshot(run: RunFolder, step: int) -> Path:
    file = checkpoint_path(run.path, step)
    if not file.is_file():
        raise UsageError(
            f"The run {run.path} no longer keeps its snapshot of step {step:,}; make the history of those it has."
        )
    return file
