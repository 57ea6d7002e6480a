"""What can be exported, and how the person wants it."""

from dataclasses import dataclass
from typing import Literal

Background = Literal["white", "black", "transparent"]

PICTURE_SUFFIXES = (".png", ".tif", ".tiff", ".svg", ".pdf")
FILM_SUFFIXES = (".gif", ".mp4")


@dataclass(frozen=True)
class ExportOptions:
    """How a sheet is to look.

    scale: screen pixels per pixel of a picture. columns: pictures in a row. tiles: of a map, from left to right.
    titled: whether columns and rows that have titles show them. frames_per_second, there_and_back: of a film; whether
    it runs back again.
    """

    scale: int = 1
    columns: int = 1
    tiles: int = 20
    background: Background = "white"
    titled: bool = True
    frames_per_second: float = 24.0
    there_and_back: bool = True


@dataclass(frozen=True)
class ExportOffer:
    """What the person is asked about one thing to export.

    title: of the dialog. file: suggested, with its folder. count: pictures, each of height × width pixels.
    options: as suggested. has_columns, has_titles, has_tiles: which of the choices make sense.
    has_film: whether the pictures are a way that can be shown as a film. scripts_missing: why no script makes the same
    pixels, empty where one does. gaps: gaps of two screen pixels within a picture, between rows and between columns,
    where each is itself a sheet. captioned: whether a line stands above each picture.
    """

    title: str
    file: str
    count: int
    height: int
    width: int
    options: ExportOptions
    has_columns: bool = False
    has_titles: bool = False
    has_tiles: bool = False
    has_film: bool = False
    scripts_missing: str = ""
    gaps: tuple[int, int] = (0, 0)
    captioned: bool = False
