"""Pictures laid out in rows and columns with titles, as pixels."""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainers.engine.pictures import contact_sheet

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

Background = Literal["white", "black", "transparent"]
Pixels = NDArray[np.uint8]

TITLE_HEIGHT = 14
_FONT_SIZE = 12
# The font that comes with the library has the letters of English only.
_FONTS = ("DejaVuSans.ttf", "Arial.ttf", "Helvetica.ttc")
_ROOM = 6
_OPAQUE = 255


class PlacedTitle(NamedTuple):
    """A title, centred below a point at the top of its column, or ending at a point in the middle of its row."""

    text: str
    across: float
    down: float
    is_above: bool


@dataclass(frozen=True, eq=False)
class PictureSheet:
    """Pictures (count, height, width, 1 or 3) uint8 and how they lie beside and below each other.

    columns: pictures in a row. scale: screen pixels per pixel of a picture. gap: screen pixels between pictures.
    column_titles, row_titles: from the left and from the top; empty for none.
    """

    pictures: Pixels
    columns: int
    scale: int = 1
    gap: int = 2
    background: Background = "white"
    column_titles: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()

    @property
    def ink(self) -> Literal["black", "white"]:
        """The colour of the titles."""
        return "white" if self.background == "black" else "black"

    @property
    def rows(self) -> int:
        """How many rows the pictures fill."""
        return math.ceil(len(self.pictures) / self.columns)

    @property
    def step(self) -> tuple[int, int]:
        """Screen pixels from one picture to the one below and to the one beside it."""
        return (
            self.pictures.shape[1] * self.scale + self.gap,
            self.pictures.shape[2] * self.scale + self.gap,
        )

    @property
    def margins(self) -> tuple[int, int]:
        """Screen pixels above and to the left of the first picture, for the titles."""
        widest = max((title_width(title) for title in self.row_titles), default=0)
        above = TITLE_HEIGHT + _ROOM if any(self.column_titles) else 0
        return above, math.ceil(widest) + 2 * _ROOM if widest else 0

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in screen pixels."""
        above, beside = self.margins
        down, across = self.step
        return above + self.rows * down - self.gap, beside + self.columns * across - self.gap

    def pixels(self) -> Pixels:
        """The sheet (height, width, 1, 3 or 4); 4 where the background is transparent."""
        colour = 0 if self.background == "black" else _OPAQUE
        sheet = contact_sheet(self.pictures, self.columns, self.scale, self.gap, colour)
        above, beside = self.margins
        sheet = np.pad(sheet, ((above, 0), (beside, 0), (0, 0)), constant_values=colour)
        if self.background == "transparent":
            solid = np.full((*self.pictures.shape[:3], 1), _OPAQUE, np.uint8)
            alpha = contact_sheet(solid, self.columns, self.scale, self.gap, 0)
            alpha = np.pad(alpha, ((above, 0), (beside, 0), (0, 0)))
            sheet = np.concatenate([np.broadcast_to(sheet, (*sheet.shape[:2], 3)), alpha], axis=2)
        return self._titled(sheet) if above or beside else sheet

    def titles(self) -> tuple[PlacedTitle, ...]:
        """Every title and where it stands."""
        above, beside = self.margins
        down, across = self.step
        columns = tuple(
            PlacedTitle(title, beside + place * across + (across - self.gap) / 2, 0.0, is_above=True)
            for place, title in enumerate(self.column_titles[: self.columns])
        )
        rows = tuple(
            PlacedTitle(title, float(beside - _ROOM), above + place * down + (down - self.gap) / 2, is_above=False)
            for place, title in enumerate(self.row_titles[: self.rows])
        )
        return columns + rows

    def _titled(self, sheet: Pixels) -> Pixels:
        from PIL import Image, ImageDraw

        image = Image.fromarray(sheet[:, :, 0] if sheet.shape[2] == 1 else np.ascontiguousarray(sheet))
        drawing = ImageDraw.Draw(image)
        for title in self.titles():
            anchor = "ma" if title.is_above else "rm"
            drawing.text((title.across, title.down), title.text, fill=self.ink, font=_font(), anchor=anchor)
        return np.asarray(image).reshape(sheet.shape)


def in_equal_room(pictures: Sequence[Pixels], background: Background = "white") -> Pixels:
    """Pictures (height, width, 1 or 3) of several sizes as (count, height, width, 3): smaller ones in the middle."""
    height, width = (max(picture.shape[axis] for picture in pictures) for axis in range(2))
    room = np.full((len(pictures), height, width, 3), 0 if background == "black" else _OPAQUE, np.uint8)
    for place, picture in zip(room, pictures, strict=True):
        top, left = (height - picture.shape[0]) // 2, (width - picture.shape[1]) // 2
        place[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return room


def title_width(title: str) -> float:
    """Screen pixels that a title takes."""
    return _font().getlength(title)


@functools.cache
def _font() -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont

    for name in _FONTS:
        try:
            return ImageFont.truetype(name, _FONT_SIZE)
        except OSError:
            continue
    return ImageFont.load_default(size=_FONT_SIZE)
