"""Decoded images as pictures: 8-bit pixels, contact sheets, PNG files."""

import io
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from trainers.atomic_writing import write_atomically

LEAST_TILE_SIDE = 56
GAP = 2
BACKGROUND = 255


def pixels(images: Tensor) -> NDArray[np.uint8]:
    """Images (count, channels, height, width) in [0, 1] as (count, height, width, channels) of 0 to 255."""
    levels = images.detach().clamp(0.0, 1.0).mul(255.0).round().byte()
    return levels.permute(0, 2, 3, 1).contiguous().cpu().numpy()


def contact_sheet(
    pictures: NDArray[np.uint8], columns: int, scale: int = 1, gap: int = GAP, background: int = BACKGROUND
) -> NDArray[np.uint8]:
    """Pictures (count, height, width, channels) in rows of `columns`, from left to right and top to bottom.

    scale: screen pixels per picture pixel; enlarged without interpolation.
    gap: screen pixels between pictures, filled with `background`, as are the places after the last picture.
    Gives (height, width, channels).
    """
    count, height, width, channels = pictures.shape
    rows = math.ceil(count / columns)
    row_step, column_step = height * scale + gap, width * scale + gap
    sheet = np.full((rows * row_step - gap, columns * column_step - gap, channels), background, dtype=np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * row_step, index % columns * column_step
        enlarged = picture.repeat(scale, axis=0).repeat(scale, axis=1)
        sheet[top : top + height * scale, left : left + width * scale] = enlarged
    return sheet


def nearly_square(count: int) -> int:
    """How many columns lay `count` pictures out in a sheet about as wide as high."""
    return max(1, math.ceil(math.sqrt(count)))


def readable_scale(height: int) -> int:
    """Screen pixels per picture pixel at which a picture of this height is easily seen."""
    return max(1, round(LEAST_TILE_SIDE / height))


def write_png(path: Path, picture: NDArray[np.uint8], texts: Mapping[str, str] | None = None) -> None:
    """Write (height, width, 1 or 3) pixels as a PNG file, whole or not at all.

    texts: what the file says of itself, by keyword, kept in its metadata.
    Raises `FailureError` where the file cannot be written.
    """
    from PIL import Image, PngImagePlugin

    information = PngImagePlugin.PngInfo()
    for keyword, text in (texts or {}).items():
        information.add_itxt(keyword, text)
    encoded = io.BytesIO()
    flat = picture[:, :, 0] if picture.shape[2] == 1 else picture
    Image.fromarray(np.ascontiguousarray(flat)).save(encoded, format="PNG", pnginfo=information)
    write_atomically(path, encoded.getvalue())
