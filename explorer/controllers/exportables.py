"""What of the window can be exported, as it is now."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from explorer.controllers.plan import Plan, fitting_samples
from explorer.controllers.reconstruction_wording import compared
from explorer.services.code_sheets import DecodedSheet
from explorer.services.decoder import DecodedPicture, DecodedSweep
from explorer.services.exports import (
    POINTS_SIDE,
    Exportable,
    codes_recipe,
    edit_recipe,
    history_recipe,
    map_recipe,
    map_rows,
    reconstructions_recipe,
    samples_recipe,
    usual_columns,
)
from explorer.services.paths import WalkedPath
from explorer.services.picture_files import compared_sheet, enlarged, sheet
from explorer.services.reconstructions import Reconstructions
from explorer.services.samples import DrawnSamples
from explorer.services.tiles import Rectangle
from explorer.state.export_values import ExportOffer, ExportOptions
from explorer.state.map_values import MapView
from explorer.state.model_facts import ModelFacts
from explorer.state.own_picture import OwnPicture
from explorer.state.reconstruction_choices import ReconstructionsChoice
from explorer.state.session_state import SamplesChoice
from explorer.views.latent_map import LatentMap

_READABLE_SIDE, _READABLE_TILE = 512, 56
_TITLED_TILE = 160
_TILES = 20
_PAIRS = 8
_BOTH_SPLITS = "What is shown is written as it is; choose test or training items for a script that makes it."
_HISTORY_SPEED = 10.0
_EDIT_TITLES = ("original", "reconstruction", "edited", "difference")
_AS_SHOWN = "What only the window can draw, points and ring, is in this picture; export the tiles for a script."


def decoded(plan: Plan, picture: DecodedPicture | None) -> Exportable | None:
    """The picture at the ring."""
    if picture is None or plan.opened is None:
        return None
    codes, told = np.array([picture.code]), [picture.condition] if picture.condition else []
    offer = _offer("Export the decoded picture", "decoded", plan.opened.facts, 1, _READABLE_SIDE)
    return Exportable(
        "decoded picture",
        offer,
        lambda options: codes_recipe(codes, told, options),
        lambda scale: enlarged(picture.picture, scale),
    )


def edited(plan: Plan, own: OwnPicture, picture: DecodedPicture | None) -> Exportable | None:
    """An own picture that has a code, beside its reconstruction and what it was edited to."""
    if picture is None or plan.opened is None or not own.code:
        return None
    offer = _offer(
        "Export the edited picture",
        "edited",
        plan.opened.facts,
        len(_EDIT_TITLES),
        _TITLED_TILE,
        len(_EDIT_TITLES),
        True,
    )
    return Exportable(
        "edited picture",
        offer,
        lambda options: edit_recipe(own, picture.code, picture.condition, options, _EDIT_TITLES),
        lambda scale: enlarged(picture.picture, scale),
    )


def samples(
    plan: Plan, choice: SamplesChoice, drawn: DrawnSamples | None, nearest: NDArray[np.uint8] | None = None
) -> Exportable | None:
    """What was drawn from the prior, and the training items below, where they are known."""
    if drawn is None or plan.opened is None:
        return None
    fitting = fitting_samples(choice, plan.opened.facts)
    if drawn.points is not None:
        fitting = replace(fitting, nearest=False)
    condition = plan.condition if fitting.condition == "current" else ()
    titles, count = drawn.column_titles, len(drawn.codes)
    columns = len(titles) or usual_columns(count)
    shown = 2 * count if fitting.nearest else count
    offer = _offer("Export the samples", "samples", plan.opened.facts, shown, _READABLE_TILE, columns, bool(titles))
    return Exportable(
        "samples",
        offer,
        lambda options: samples_recipe(fitting, condition, options, titles),
        lambda scale: _samples_picture(drawn, nearest, scale),
    )


def reconstructions(plan: Plan, choice: ReconstructionsChoice, made: Reconstructions | None) -> Exportable | None:
    """Items with their reconstructions below them, as they are shown."""
    if made is None or plan.opened is None:
        return None
    rows, source, name = compared(made, choice).rows, made.wish.items.source, "reconstructions"
    has_points = made.points is not None
    count, columns = (1, len(made.originals)) if has_points else (len(made.originals), _PAIRS)
    offer = _offer(f"Export the {name}", name, plan.opened.facts, len(rows) * count, _READABLE_TILE, columns)

    def picture(scale: int) -> NDArray[np.uint8]:
        return compared_sheet([pictures for _, pictures in rows], scale, columns)

    if source == "all":
        # Places among the items of both splits are places of neither.
        height, width = picture(1).shape[:2]
        shown = replace(offer, count=1, height=height, width=width, has_columns=False, scripts_missing=_BOTH_SPLITS)
        return Exportable(name, shown, None, picture)
    split: Literal["train", "test"] = "train" if source == "train" else "test"
    differences = choice.differences and not has_points
    # A search that was cut short has found codes of its first items alone.
    wish = replace(made.wish, places=made.wish.places[: len(made.originals)])
    return Exportable(name, offer, lambda options: reconstructions_recipe(wish, split, differences, options), picture)


def path(plan: Plan, walked: WalkedPath | None) -> Exportable | None:
    """The steps of a path, as a strip or a film."""
    if walked is None or plan.opened is None:
        return None
    count = len(walked.codes)
    offer = _offer("Export the path", "path", plan.opened.facts, count, _READABLE_TILE, count)
    return Exportable(
        "path",
        replace(offer, has_film=True),
        lambda options: codes_recipe(walked.codes, walked.conditions, options),
        lambda scale: sheet(walked.pictures, scale, count),
    )


def history(inner: Exportable, steps: Sequence[int]) -> Exportable | None:
    """What something looks like at each snapshot of a run; None for what only the window can draw.

    steps: of the snapshots, in order.
    """
    drawn, count = inner.recipe, len(steps)
    if drawn is None or not steps:
        return None
    usual, shown = inner.offer.options, inner.offer
    columns = usual.tiles if shown.has_tiles else min(usual.columns, shown.count)
    rows = -(-shown.count // columns)
    offer = ExportOffer(
        "Export the history",
        str(Path.home() / "history.mp4"),
        count,
        shown.height * rows,
        shown.width * columns,
        replace(usual, columns=usual_columns(count), frames_per_second=_HISTORY_SPEED, there_and_back=False),
        has_columns=count > 1,
        has_film=True,
        gaps=(0, 0) if shown.has_tiles else (rows - 1, columns - 1),
        captioned=True,
    )
    return Exportable("history", offer, lambda options: history_recipe(drawn, usual, steps, options), inner.picture)


def code_sheet(plan: Plan, decoded: DecodedSheet | None, name: str, file: str) -> Exportable | None:
    """Pictures of codes in rows and columns with their titles. name: in the middle of a sentence."""
    if decoded is None or plan.opened is None:
        return None
    wish, count = decoded.wish, len(decoded.pictures)
    told = [wish.condition] if wish.condition else []
    offer = _offer(f"Export the {name}", file, plan.opened.facts, count, _READABLE_TILE, wish.columns, True)
    return Exportable(
        name,
        offer,
        lambda options: codes_recipe(wish.codes, told, options, wish.column_titles, wish.row_titles),
        lambda scale: sheet(decoded.pictures, scale, wish.columns),
    )


def condition_sweep(plan: Plan, decoded: DecodedSweep | None) -> Exportable | None:
    """The current code under every condition."""
    if decoded is None or plan.opened is None:
        return None
    sweep, count = decoded.sweep, len(decoded.pictures)
    codes = np.tile(np.array(plan.code), (count, 1))
    columns = sweep.columns or usual_columns(count)
    titles = sweep.captions if sweep.columns == count else ()
    has_titles = bool(titles or sweep.row_titles)
    offer = _offer("Export the conditions", "conditions", plan.opened.facts, count, _READABLE_TILE, columns, has_titles)
    return Exportable(
        "conditions",
        offer,
        lambda options: codes_recipe(codes, sweep.conditions, options, titles, sweep.row_titles),
        lambda scale: sheet(decoded.pictures, scale, columns),
    )


def drawing(
    name: str, file: str, size: QSize, picture: Callable[[int], QImage], scripts_missing: str, scale: int = 2
) -> Exportable:
    """What only the window can draw.

    name: in the middle of a sentence. file: without its ending. size, picture: how large it is at a scale of 1, and how
    it looks at any. scripts_missing: why no script makes the same pixels.
    """
    options, shape = ExportOptions(scale), (size.height(), size.width())
    offer = ExportOffer(f"Export the {name}", export_file(file), 1, *shape, options, scripts_missing=scripts_missing)
    return Exportable(name, offer, None, lambda scale: pixels_of(picture(scale)))


def correlation_diagram(plan: Plan, picture: Callable[[int], QImage]) -> Exportable | None:
    """The diagram of directions and attributes. picture: how it looks at a scale."""
    missing = "The command 'latent-trainer directions' with --out draws this diagram."
    return drawing("correlations", "correlations", picture(1).size(), picture, missing) if plan.opened else None


def map_tiles(plan: Plan, seen: MapView | None, latent_map: LatentMap) -> Exportable | None:
    """The tiles of the part of a plane that the map shows; of a map that is no plane, the map as it is shown."""
    plane = plan.plane
    if plane is None or plan.opened is None or seen is None:
        return None
    if plane.neighbours is not None:
        return map_view(plan, latent_map)
    view = _within(plane.bounds, (seen.left, seen.bottom, seen.right, seen.top))
    offer = _offer("Export the map", "map", plan.opened.facts, _TILES * map_rows(view, _TILES), _READABLE_TILE, _TILES)
    return Exportable(
        "map",
        ExportOffer(**{**vars(offer), "has_columns": False, "has_tiles": True}),
        lambda options: map_recipe(plane, view, options),
        lambda scale: pixels_of(latent_map.picture(scale)),
    )


def map_view(plan: Plan, latent_map: LatentMap) -> Exportable | None:
    """The map as it is shown, with points and ring."""
    picture = latent_map.picture
    return drawing("map as shown", "map", picture(1).size(), picture, _AS_SHOWN, scale=1) if plan.opened else None


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """The pixels (height, width, 3) of an image."""
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(flat.constBits(), dtype=np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : flat.width() * 3].reshape(flat.height(), flat.width(), 3).copy()


def _offer(
    title: str, name: str, facts: ModelFacts, count: int, side: int, columns: int = 1, has_titles: bool = False
) -> ExportOffer:
    is_points = facts.frame is not None
    height, width = (POINTS_SIDE, POINTS_SIDE) if is_points else facts.image_shape[1:]
    options = ExportOptions(max(1, side // max(height, width)), columns)
    has_columns = count > 1 and not is_points and not has_titles
    return ExportOffer(
        title,
        export_file(name),
        1 if is_points else count,
        height,
        width,
        options,
        has_columns,
        has_titles and not is_points,
    )


def export_file(name: str) -> str:
    """Where a picture of something is suggested to go."""
    return str(Path.home() / f"{name}.png")


def _within(bounds: Rectangle | None, view: Rectangle) -> Rectangle:
    if bounds is None:
        return view
    left, bottom, right, top = view
    part = max(left, bounds[0]), max(bottom, bounds[1]), min(right, bounds[2]), min(top, bounds[3])
    # Nothing of the plane is seen where the map has been pushed beside it.
    return part if part[0] < part[2] and part[1] < part[3] else bounds


def _samples_picture(drawn: DrawnSamples, nearest: NDArray[np.uint8] | None, scale: int) -> NDArray[np.uint8]:
    if drawn.sheet is not None:
        return enlarged(drawn.sheet[0], scale)
    columns = len(drawn.column_titles)
    if nearest is not None and len(nearest) == len(drawn.pictures):
        return compared_sheet([drawn.pictures, nearest], scale, columns or usual_columns(len(nearest)))
    return sheet(drawn.pictures, scale, columns)
