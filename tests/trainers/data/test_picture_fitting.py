"""Pictures of one's own are fitted, and it is said how."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trainers.data.image_decoding import Opener, UnusableImageError
from trainers.data.picture_fitting import fit_picture, packed_picture, unpacked_picture


def opener(image: Image.Image, kind: str = "PNG", **options: object) -> Opener:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return lambda: io.BytesIO(stream.getvalue())


@pytest.mark.parametrize(
    ("image", "kind", "channels", "note"),
    [
        (Image.new("L", (8, 8)), "PNG", 1, ""),
        (Image.new("RGB", (8, 8)), "PNG", 3, ""),
        (Image.new("RGB", (8, 8)), "PNG", 1, "turned to grey"),
        (Image.new("L", (16, 16)), "PNG", 1, "resized from 16 × 16 to 8 × 8"),
        (Image.new("L", (32, 16)), "PNG", 1, "cropped about its middle, resized from 32 × 16 to 8 × 8"),
        (Image.new("RGBA", (8, 8)), "PNG", 3, "put on white where transparent"),
        (Image.new("I;16", (8, 8)), "PNG", 1, "scaled to 8 bits"),
        (Image.new("CMYK", (8, 8)), "TIFF", 3, "turned from CMYK to RGB"),
        (Image.new("CMYK", (8, 8)), "TIFF", 1, "turned to grey"),
    ],
)
def test_what_was_done_is_said(image: Image.Image, kind: str, channels: int, note: str) -> None:
    fitted = fit_picture(opener(image, kind), (channels, 8, 8))
    assert fitted.pixels.shape == (channels, 8, 8)
    assert fitted.note == note


def test_of_a_moving_picture_the_first_frame_is_taken() -> None:
    frames = [Image.new("L", (8, 8), colour) for colour in (10, 200, 90)]
    fitted = fit_picture(opener(frames[0], "GIF", save_all=True, append_images=frames[1:]), (1, 8, 8))
    assert "taken from the first of 3 frames" in fitted.note
    assert np.abs(fitted.pixels.astype(int) - 10).max() <= 1


@given(st.sampled_from([1, 3]), st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_packed_pictures_come_back_as_they_were(channels: int, height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (channels, height, width), dtype=np.uint8)
    text = packed_picture(pixels)
    assert text.isascii()
    np.testing.assert_array_equal(unpacked_picture(text, pixels.shape), pixels)


@pytest.mark.parametrize("text", ["", "?", "é", base64.b64encode(b"no picture").decode()])
def test_what_is_no_packed_picture_is_refused(text: str) -> None:
    with pytest.raises(UnusableImageError):
        unpacked_picture(text, (1, 8, 8))


@pytest.mark.parametrize("shape", [(1, 8, 9), (1, 4, 4)])
def test_a_packed_picture_of_another_size_is_refused(shape: tuple[int, ...]) -> None:
    text = packed_picture(np.zeros((1, 8, 8), np.uint8))
    with pytest.raises(UnusableImageError, match="another size"):
        unpacked_picture(text, shape)
