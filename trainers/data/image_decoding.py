"""One image file of any kind as 8-bit grey or RGB pixels of a given size."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_PIXELS = 50_000_000
_GREY_MODES = {"1", "L", "LA", "La", "I", "F"}
_ALPHA_MODES = {"LA", "La", "PA", "RGBA", "RGBa"}
# The smallest of these that holds all values of an image is its white.
_WHITES = {"I": (255.0, 65535.0), "F": (1.0, 255.0, 65535.0)}
_ORIENTATION, _SIDEWAYS = 0x0112, {5, 6, 7, 8}

# Opens the bytes of one file anew.
Opener = Callable[[], IO[bytes]]


class UnusableImageError(Exception):
    """A file that cannot become an image; `str(error)` is what to say after its name."""


@dataclass(frozen=True)
class ImageHeader:
    """What is known of an image before it is decoded; width and height in pixels as it is shown.

    mode: that of Pillow. is_deep: whether its values have more than 8 bits. is_transparent: whether parts may be.
    """

    width: int
    height: int
    is_grey: bool
    frames: int
    mode: str = ""
    is_deep: bool = False
    is_transparent: bool = False


def read_header(opener: Opener) -> ImageHeader:
    """Size and kind of an image file; raises `UnusableImageError` for a foreign, damaged or huge one."""
    with _opened(opener) as image:
        width, height = image.size
        if width * height > LARGEST_PIXELS:
            raise UnusableImageError(_too_large(f"{width:,} × {height:,}"))
        if image.getexif().get(_ORIENTATION) in _SIDEWAYS:
            width, height = height, width
        is_grey = image.mode in _GREY_MODES or image.mode.startswith("I;16")
        # Photos of many telephones carry a second, hidden picture.
        frames = 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))
        is_deep = image.mode in _WHITES or image.mode.startswith("I;16")
        return ImageHeader(width, height, is_grey, frames, image.mode, is_deep, _has_alpha(image))


def decode_image(opener: Opener, width: int, height: int, *, grey: bool) -> NDArray[np.uint8]:
    """The first frame, cropped about its middle to the wanted proportions and resized; (1 or 3, height, width).

    Reducing averages areas, enlarging interpolates; transparent parts become white; deeper values are scaled
    to 8 bits. Raises `UnusableImageError` for a truncated or damaged file.
    """
    with _opened(opener) as image:
        # Reduces a large JPEG while it is decoded, which is many times faster; other formats ignore it.
        image.draft(None, (2 * width, 2 * height))
        pixels = _without_depth_and_alpha(ImageOps.exif_transpose(image)).convert("L" if grey else "RGB")
        box = _central_box(pixels.size, width, height)
        resample = Image.Resampling.BOX if box[2] - box[0] >= width else Image.Resampling.BICUBIC
        array = np.asarray(pixels.resize((width, height), resample, box), dtype=np.uint8)
        return np.ascontiguousarray(array.reshape(height, width, -1).transpose(2, 0, 1))


@contextmanager
def _opened(opener: Opener) -> Iterator[Image.Image]:
    try:
        with opener() as stream, Image.open(stream) as image:
            yield image
    except UnusableImageError:
        raise
    except UnidentifiedImageError as error:
        raise UnusableImageError("is not an image of a known format") from error
    except Image.DecompressionBombError as error:
        raise UnusableImageError(_too_large("too many")) from error
    except Exception as error:  # decoders raise almost anything on damaged bytes
        raise UnusableImageError(f"is damaged or cannot be read ({str(error) or type(error).__name__})") from error


def _too_large(size: str) -> str:
    return f"has {size} pixels; the most that are read is {LARGEST_PIXELS:,}"


def _without_depth_and_alpha(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode in _WHITES:
        # Pillow's own conversion to 8 bits clips where it should scale.
        values = np.asarray(image, dtype=np.float64)
        brightest = float(values.max(initial=0.0))
        white = next((white for white in _WHITES.get(image.mode, (65535.0,)) if brightest <= white), brightest)
        scaled = np.nan_to_num(values * (255.0 / white))
        return Image.fromarray(np.clip(np.rint(scaled), 0.0, 255.0).astype(np.uint8))
    if _has_alpha(image):
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return image


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in _ALPHA_MODES or "transparency" in image.info


def _central_box(size: tuple[int, int], width: int, height: int) -> tuple[float, float, float, float]:
    scale = min(size[0] / width, size[1] / height)
    left, top = (size[0] - scale * width) / 2.0, (size[1] - scale * height) / 2.0
    # Rounding must not lead out of the image.
    return max(left, 0.0), max(top, 0.0), min(left + scale * width, size[0]), min(top + scale * height, size[1])
