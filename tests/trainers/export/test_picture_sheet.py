"""Where pictures and titles lie in a sheet."""

import numpy as np
import pytest

from trainers.engine.pictures import contact_sheet
from trainers.export.picture_sheet import PictureSheet

PICTURES = np.random.default_rng(0).integers(0, 256, (5, 4, 6, 3), dtype=np.uint8)


def test_without_titles_it_is_a_contact_sheet() -> None:
    sheet = PictureSheet(PICTURES, 3, scale=2, gap=1)
    pixels = sheet.pixels()
    np.testing.assert_array_equal(pixels, contact_sheet(PICTURES, 3, 2, 1))
    assert pixels.shape[:2] == sheet.size


def test_titles_get_margins_and_leave_the_pictures_as_they_are() -> None:
    sheet = PictureSheet(PICTURES, 3, scale=4, column_titles=("one", "two", "three"), row_titles=("first", "second"))
    above, beside = sheet.margins
    pixels = sheet.pixels()
    assert pixels.shape[:2] == sheet.size
    np.testing.assert_array_equal(pixels[above:, beside:], contact_sheet(PICTURES, 3, 4))
    assert (pixels[:above] < 128).any()
    assert (pixels[above:, :beside] < 128).any()
    assert (pixels[:, 0] == 255).all(), "no title touches the edge"


@pytest.mark.parametrize(("background", "colour"), [("white", 255), ("black", 0)])
def test_the_background_fills_the_gaps(background: str, colour: int) -> None:
    pixels = PictureSheet(PICTURES, 3, gap=3, background=background).pixels()  # type: ignore[arg-type]
    assert (pixels[4:7] == colour).all()


def test_a_transparent_sheet_is_solid_where_pictures_are() -> None:
    pixels = PictureSheet(PICTURES[:, :, :, :1], 3, gap=2, background="transparent").pixels()
    assert pixels.shape[2] == 4
    assert (pixels[:4, :6, 3] == 255).all()
    assert (pixels[4:6, :, 3] == 0).all()
    assert (pixels[6:, 16:, 3] == 0).all(), "the place after the last picture"
    np.testing.assert_array_equal(pixels[:4, :6, :3], PICTURES[0, :, :, :1].repeat(3, axis=2))


def test_more_titles_than_columns_are_left_out() -> None:
    sheet = PictureSheet(PICTURES, 2, column_titles=("a", "b", "c"), row_titles=("1", "2", "3", "4"))
    assert [title.text for title in sheet.titles()] == ["a", "b", "1", "2", "3"]
