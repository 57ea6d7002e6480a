"""A picture of one's own made to fit the images of a dataset, and kept as short text."""

import base64
import binascii
import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainers.data.image_decoding import ImageHeader, Opener, UnusableImageError, decode_image, read_header

# Proportions that differ by less than this share are those of a rounded size.
_SAME_PROPORTIONS = 0.02
_COLOUR_SPACES = {"CMYK": "CMYK", "YCbCr": "YCbCr", "LAB": "Lab", "HSV": "HSV"}


@dataclass(frozen=True, eq=False)
class FittedPicture:
    """Pixels (channels, height, width) and what was done to the picture for them, in words; empty for nothing."""

    pixels: NDArray[np.uint8]
    note: str = ""


def fit_picture(opener: Opener, shape: tuple[int, ...]) -> FittedPicture:
    """A picture file as an image (channels, height, width): cropped about its middle, resized, turned to grey.

    Raises `UnusableImageError`.
    """
    channels, height, width = shape
    header = read_header(opener)
    pixels = decode_image(opener, width, height, grey=channels == 1)
    return FittedPicture(pixels, ", ".join(_done(header, channels, height, width)))


def packed_picture(pixels: NDArray[np.uint8]) -> str:
    """Pixels (1 or 3, height, width) as text: a PNG file in base 64."""
    from PIL import Image

    stream = io.BytesIO()
    picture = pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0))
    Image.fromarray(picture).save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode("ascii")


def unpacked_picture(text: str, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The pixels of a shape that a text holds; raises `UnusableImageError` for any other text."""
    try:
        content = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise UnusableImageError("is damaged or cannot be read") from error
    fitted = fit_picture(lambda: io.BytesIO(content), shape)
    if fitted.note:
        raise UnusableImageError("has another size than the images of the model")
    return fitted.pixels


def _done(header: ImageHeader, channels: int, height: int, width: int) -> list[str]:
    done = []
    if header.frames > 1:
        done.append(f"taken from the first of {header.frames:,} frames")
    given, wanted = header.width / header.height, width / height
    if abs(math.log(given / wanted)) > _SAME_PROPORTIONS:
        done.append("cropped about its middle")
    if (header.width, header.height) != (width, height):
        done.append(f"resized from {header.width} × {header.height} to {width} × {height}")
    if header.is_transparent:
        done.append("put on white where transparent")
    if header.is_deep:
        done.append("scaled to 8 bits")
    if channels == 1 and not header.is_grey:
        done.append("turned to grey")
    elif header.mode in _COLOUR_SPACES:
        done.append(f"turned from {_COLOUR_SPACES[header.mode]} to RGB")
    return done
