"""Recipes of what the window shows, the jobs that make files of them, and the scripts that do the same."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.services.planes import MapPlane
from explorer.services.reconstructions import SEARCH, ReconstructionsWish
from explorer.services.samples import RISING
from explorer.services.tiles import Rectangle
from explorer.state.condition_facts import Condition
from explorer.state.export_values import ExportOffer, ExportOptions
from explorer.state.own_picture import OwnPicture
from explorer.state.session_state import SamplesChoice
from trainers.data.picture_fitting import packed_picture
from trainers.engine.checkpoint import load_model, read_header
from trainers.engine.devices import choose_device
from trainers.engine.pictures import nearly_square
from trainers.export.picture_formats import write_sheet
from trainers.export.picture_sheet import PictureSheet, in_equal_room
from trainers.export.provenance import FilmTiming, Provenance
from trainers.export.recipes import (
    CodesRecipe,
    EditRecipe,
    HistoryRecipe,
    PairRecipe,
    Recipe,
    ReconstructionsRecipe,
    SamplesRecipe,
    SliceRecipe,
    numbers_of,
    recipe_text,
)
from trainers.export.writing import export_recipe, is_film
from trainers.reporting import Report, StopRequested

POINTS_SIDE = 64
# No system takes a longer argument, and few people a longer line.
_LONGEST_COMMAND = 100_000
_PAIR_TITLES = ("A", "B", "B − A")


@dataclass(frozen=True, eq=False)
class Exportable:
    """Something that can be exported.

    name: in the middle of a sentence. offer: what the person is asked. recipe: what makes it with some options; None
    for what only the window can draw. picture: how it looks, (height, width, 1 or 3), at a scale.
    beside: the checkpoint of the second model in it, empty for none.
    """

    name: str
    offer: ExportOffer
    recipe: Callable[[ExportOptions], Recipe] | None
    picture: Callable[[int], NDArray[np.uint8]]
    beside: str = ""


@dataclass(frozen=True)
class ExportJob:
    """Draws a recipe with a model of its own and writes the file, as a function for a job.

    checkpoint: the file of the model. file: a picture, or a film where its name says so. timing: of a film.
    state: the session, as JSON values. beside: the file of the second model, empty for none. Raises `TrainersError`.
    """

    checkpoint: str
    recipe: Recipe
    file: Path
    timing: FilmTiming | None = None
    state: Mapping[str, Any] | None = None
    beside: str = ""

    def __call__(self, report: Report, stop_requested: StopRequested) -> Path:
        """The file."""
        # Nobody else uses this copy of the model, so that neither the window nor its pictures wait for it.
        checkpoint = Path(self.checkpoint)
        header, model = read_header(checkpoint), load_model(checkpoint, choose_device("auto"))
        export_recipe(
            model,
            header,
            self.recipe,
            self.file,
            self.timing,
            self.state,
            checkpoint=checkpoint,
            beside=Path(self.beside) if self.beside else None,
            report=report,
            stop_requested=stop_requested,
        )
        return self.file


@dataclass(frozen=True, eq=False)
class ViewJob:
    """Writes a picture (height, width, 1, 3 or 4) of the window as it is, as a function for a job.

    checkpoint: the file of the model. Raises `TrainersError`.
    """

    picture: NDArray[np.uint8]
    checkpoint: str
    file: Path
    state: Mapping[str, Any]

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> Path:
        """The file."""
        header = read_header(Path(self.checkpoint))
        about = Provenance(model=header.title, digest=header.digest, state=dict(self.state))
        write_sheet(self.file, PictureSheet(self.picture[None], 1), about)
        return self.file


def codes_recipe(
    codes: NDArray[np.floating],
    conditions: NDArray[np.floating] | Sequence[Condition],
    options: ExportOptions,
    column_titles: Sequence[str] = (),
    row_titles: Sequence[str] = (),
) -> CodesRecipe:
    """Pictures of codes (count, latent_size).

    conditions: (1 or count, size), what the model is told; without rows for what is usual.
    """
    told = np.asarray(conditions, np.float32)
    return CodesRecipe(
        codes=numbers_of(codes),
        conditions=numbers_of(told) if told.size else (),
        columns=options.columns,
        scale=options.scale,
        background=options.background,
        column_titles=tuple(column_titles) if options.titled else (),
        row_titles=tuple(row_titles) if options.titled else (),
    )


def edit_recipe(
    own: OwnPicture, code: Sequence[float], condition: Condition, options: ExportOptions, column_titles: Sequence[str]
) -> EditRecipe:
    """An own picture, its reconstruction, what is decoded from a code, and how that differs.

    condition: what the model is told at that code.
    """
    told = numbers_of(np.array([own.condition, condition], np.float32)) if condition else ()
    return EditRecipe(
        picture=own.pixels,
        codes=(numbers_of(np.array([own.code]))[0], numbers_of(np.array([code]))[0]),
        conditions=told,
        columns=options.columns,
        scale=options.scale,
        background=options.background,
        column_titles=tuple(column_titles) if options.titled else (),
    )


def samples_recipe(
    choice: SamplesChoice, condition: Condition, options: ExportOptions, column_titles: Sequence[str]
) -> SamplesRecipe:
    """The samples of a choice that fits the model; condition: of every sample, empty for what is usual."""
    return SamplesRecipe(
        count=choice.count,
        seed=choice.seed,
        temperatures=choice.temperatures,
        shares=RISING if choice.rising else (),
        nearest=choice.nearest,
        condition=condition,
        columns=options.columns,
        scale=options.scale,
        background=options.background,
        column_titles=tuple(column_titles) if options.titled else (),
    )


def reconstructions_recipe(
    wish: ReconstructionsWish, split: Literal["train", "test"], differences: bool, options: ExportOptions
) -> ReconstructionsRecipe:
    """Items of the data that the model learned from, with their reconstructions."""
    corruption = wish.corruption
    mask = corruption is not None and corruption.settings is None
    return ReconstructionsRecipe(
        split=split,
        items=tuple(wish.places.tolist()),
        starts=SEARCH.starts,
        steps=SEARCH.steps,
        differences=differences,
        corruption=None if corruption is None else corruption.settings,
        corruption_seed=0 if corruption is None else corruption.seed,
        mask=packed_picture(corruption.known[None].astype(np.uint8) * 255) if corruption is not None and mask else "",
        columns=options.columns,
        scale=options.scale,
        background=options.background,
    )


def history_recipe(
    drawn: Callable[[ExportOptions], Recipe], usual: ExportOptions, steps: Sequence[int], options: ExportOptions
) -> HistoryRecipe:
    """What is drawn with some options at each snapshot of a run, taken after so many steps.

    usual: how it lies in a picture by itself, and so in each of these; the columns of `options` are those of a sheet.
    """
    is_clear = options.background == "transparent"
    frame = drawn(replace(usual, scale=options.scale, background="white" if is_clear else options.background))
    assert not isinstance(frame, EditRecipe | PairRecipe | HistoryRecipe)
    return HistoryRecipe(frame=frame, steps=tuple(steps), columns=options.columns, background=options.background)


def pair_recipe(
    codes: tuple[Sequence[float], Sequence[float]],
    conditions: tuple[Condition, Condition],
    digest: str,
    differences: bool,
    options: ExportOptions,
) -> PairRecipe:
    """What two models decode from a code each, and how the second picture differs from the first.

    digest: of the second model.
    """
    first, second = (numbers_of(np.array([code]))[0] for code in codes)
    told = tuple(numbers_of(np.array([condition]))[0] if condition else () for condition in conditions)
    return PairRecipe(
        codes=(first, second),
        conditions=(told[0], told[1]),
        digest=digest,
        differences=differences,
        scale=options.scale,
        background=options.background,
        column_titles=_PAIR_TITLES[: 3 if differences else 2] if options.titled else (),
    )


def pictures_beside(pictures: Sequence[NDArray[np.uint8]], scale: int) -> NDArray[np.uint8]:
    """Pictures (height, width, 1 or 3) beside each other; smaller ones in the middle of room."""
    return PictureSheet(in_equal_room(pictures), len(pictures), scale).pixels()


def map_recipe(plane: MapPlane, view: Rectangle, options: ExportOptions) -> SliceRecipe:
    """The tiles of a plane within a view, about as wide as high."""
    first, second = plane.plane.axes.tolist()
    return SliceRecipe(
        origin=tuple(plane.plane.origin.tolist()),
        axes=(tuple(first), tuple(second)),
        means=_pair(plane.plane.means),
        deviations=_pair(plane.plane.deviations),
        spacing=plane.plane.spacing,
        view=view,
        columns=options.tiles,
        rows=map_rows(view, options.tiles) if np.any(plane.plane.axes[1]) else 1,
        scale=options.scale,
        background=options.background,
        condition=tuple(plane.condition),
    )


def map_rows(view: Rectangle, tiles: int) -> int:
    """How many rows of square tiles a view has that is so many tiles wide."""
    left, bottom, right, top = view
    return max(1, round(tiles * (top - bottom) / (right - left)))


def usual_columns(count: int) -> int:
    """How many columns lay pictures out in a sheet about as wide as high."""
    return nearly_square(count)


def film_timing(options: ExportOptions) -> FilmTiming:
    """How the pictures follow each other, should they be a film."""
    return FilmTiming(frames_per_second=options.frames_per_second, there_and_back=options.there_and_back)


def command_text(checkpoint: str, recipe: Recipe, file: str, options: ExportOptions, beside: str = "") -> str:
    """The command that makes the same pixels; empty where it would be too long for a command.

    beside: the checkpoint of the second model, empty for none.
    """
    name = Path(file).name
    words = ["latent-trainer", "export", "film" if is_film(Path(name)) else "sheet", checkpoint]
    words += ["--recipe", recipe_text(recipe), "--out", name, *(["--beside", beside] if beside else [])]
    if is_film(Path(name)):
        words += ["--fps", f"{options.frames_per_second:g}", "--back" if options.there_and_back else "--no-back"]
    command = shlex.join(words)
    return command if len(command) <= _LONGEST_COMMAND else ""


def python_text(checkpoint: str, recipe: Recipe, file: str, options: ExportOptions, beside: str = "") -> str:
    """The Python script that makes the same pixels. beside: the checkpoint of the second model, empty for none."""
    name = Path(file).name
    lines = ["from pathlib import Path", ""]
    timing = ""
    if is_film(Path(name)):
        lines += ["from trainers.export.provenance import FilmTiming"]
        timing = (
            f", FilmTiming(frames_per_second={options.frames_per_second:g}, there_and_back={options.there_and_back})"
        )
    lines += ["from trainers.export.writing import export_file", "", f"recipe = {recipe_text(recipe)!r}"]
    second = f", beside=Path({beside!r})" if beside else ""
    lines += [f"export_file(Path({checkpoint!r}), recipe, Path({name!r}){timing}{second})", ""]
    return "\n".join(lines)


def _pair(values: NDArray[np.floating]) -> tuple[float, float]:
    return float(values[0]), float(values[1])
