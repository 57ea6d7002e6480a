import io
from collections.abc import Callable
from typing import IO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from trainers.data.image_decoding import UnusableImageError, decode_image, read_header


def opener(image: Image.Image, kind: str = "PNG", **options: object) -> Callable[[], IO[bytes]]:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return lambda: io.BytesIO(stream.getvalue())


def flat(mode: str, colour: object, size: tuple[int, int] = (4, 4)) -> Image.Image:
    return Image.new(mode, size, colour)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("image", "kind", "grey", "expected"),
    [
        (flat("L", 77), "PNG", True, (77,)),
        (flat("1", 1), "PNG", True, (255,)),
        (flat("RGB", (10, 20, 30)), "PNG", False, (10, 20, 30)),
        (flat("L", 77), "PNG", False, (77, 77, 77)),
        (flat("RGBA", (10, 20, 30, 255)), "PNG", False, (10, 20, 30)),
        (flat("RGBA", (10, 20, 30, 0)), "PNG", False, (255, 255, 255)),
        (flat("LA", (0, 0)), "PNG", True, (255,)),
        (flat("LA", (40, 255)), "PNG", True, (40,)),
        (flat("CMYK", (0, 0, 0, 0)), "TIFF", False, (255, 255, 255)),
        (flat("CMYK", (255, 0, 0, 0)), "TIFF", False, (0, 255, 255)),
        (flat("RGB", (200, 100, 50)).convert("P"), "PNG", False, (200, 100, 50)),
        (flat("I;16", 65535), "PNG", True, (255,)),
        (flat("I;16", 257 * 100), "PNG", True, (100,)),
        (flat("I;16", 257 * 100), "TIFF", True, (100,)),
        (flat("I", 257 * 100), "TIFF", True, (100,)),
        (flat("I", 90), "TIFF", True, (90,)),
        (flat("F", 0.5), "TIFF", True, (128,)),
        (flat("F", 90.0), "TIFF", True, (90,)),
    ],
)
def test_modes(image: Image.Image, kind: str, grey: bool, expected: tuple[int, ...]) -> None:
    source = opener(image, kind)
    assert read_header(source).is_grey == (image.mode in {"1", "L", "LA", "I", "I;16", "F"})
    pixels = decode_image(source, 4, 4, grey=grey)
    assert pixels.shape == (len(expected), 4, 4)
    # The adaptive palette rounds colours.
    assert np.abs(pixels.astype(int) - np.array(expected)[:, None, None]).max() <= (25 if image.mode == "P" else 0)


def test_transparent_palette_becomes_white() -> None:
    image = flat("P", 0)
    image.putpalette([10, 20, 30, 40, 50, 60])
    source = opener(image, "PNG", transparency=0)
    assert decode_image(source, 4, 4, grey=False).min() == 255


def test_cropped_about_the_middle_then_averaged() -> None:
    columns = np.zeros((4, 12), np.uint8)
    columns[:, 4:8] = [[100, 200, 50, 150]]
    source = opener(Image.fromarray(columns))
    assert decode_image(source, 4, 4, grey=True)[0, 0].tolist() == [100, 200, 50, 150]
    assert decode_image(source, 2, 2, grey=True)[0, 0].tolist() == [150, 100]
    tall = opener(Image.fromarray(columns.T.copy()))
    assert decode_image(tall, 2, 2, grey=True)[0, :, 0].tolist() == [150, 100]


def test_turned_photo_is_shown_upright() -> None:
    image = flat("RGB", (0, 0, 0), (8, 4))
    image.paste((255, 255, 255), (0, 0, 4, 4))
    details = Image.Exif()
    details[0x0112] = 6  # turned a quarter to the right when shown
    source = opener(image, "PNG", exif=details)
    header = read_header(source)
    assert (header.width, header.height) == (4, 8)
    pixels = decode_image(source, 4, 8, grey=True)[0]
    assert pixels[:4].min() == 255
    assert pixels[4:].max() == 0


def test_animation_gives_its_first_frame() -> None:
    frames = [flat("L", level) for level in (10, 120, 240)]
    source = opener(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_header(source).frames == 3
    assert np.unique(decode_image(source, 4, 4, grey=True)).tolist() == [10]


@pytest.mark.parametrize("size", [(7072, 7072), (15_000, 15_000)], ids=["above the limit", "bomb"])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_huge_image_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(UnusableImageError, match="pixels; the most that are read is 50,000,000"):
        read_header(opener(flat("1", 0, size)))


@settings(max_examples=200, deadline=None)
@given(
    cut=st.integers(0, 400),
    place=st.integers(0, 400),
    value=st.integers(0, 255),
    kind=st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]),
)
@pytest.mark.filterwarnings("ignore")
def test_damaged_bytes_are_an_image_or_a_sentence(cut: int, place: int, value: int, kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    content = bytearray(opener(Image.fromarray(noise), kind)().read())
    content[place % len(content)] = value
    content = content[: len(content) - cut]
    sentence, shape = "", None
    try:
        read_header(lambda: io.BytesIO(content))
        shape = decode_image(lambda: io.BytesIO(content), 5, 5, grey=False).shape
    except UnusableImageError as error:
        sentence = str(error)
    assert shape == (3, 5, 5) or sentence.startswith(("is ", "has "))


@settings(max_examples=60, deadline=None)
@given(size=st.tuples(st.integers(1, 40), st.integers(1, 40)), wanted=st.tuples(st.integers(1, 40), st.integers(1, 40)))
def test_any_size_becomes_any_other(size: tuple[int, int], wanted: tuple[int, int]) -> None:
    pixels = decode_image(opener(flat("RGB", (9, 99, 199), size)), *wanted, grey=False)
    assert pixels.shape == (3, wanted[1], wanted[0])
    assert np.unique(pixels.reshape(3, -1), axis=1).tolist() == [[9], [99], [199]]
