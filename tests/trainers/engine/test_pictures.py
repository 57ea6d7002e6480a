from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from trainers.engine.pictures import contact_sheet, nearly_square, pixels, readable_scale, write_png
from trainers.errors import FailureError


def test_pixels_are_rounded_and_clipped() -> None:
    images = torch.tensor([-0.5, 0.0, 0.4 / 255, 0.6 / 255, 1.0, 1.5]).reshape(1, 1, 2, 3)
    assert pixels(images)[0, :, :, 0].tolist() == [[0, 0, 0], [1, 255, 255]]


def test_pixels_have_channels_last() -> None:
    images = torch.zeros(2, 3, 4, 5)
    images[1, 2] = 1.0
    turned = pixels(images)
    assert turned.shape == (2, 4, 5, 3)
    assert turned[1, 0, 0].tolist() == [0, 0, 255]


def test_sheet_fills_rows_from_the_left_and_leaves_the_rest_blank() -> None:
    pictures = np.arange(1, 4, dtype=np.uint8).reshape(3, 1, 1, 1)
    sheet = contact_sheet(pictures, columns=2, scale=1, gap=1, background=9)
    assert sheet[:, :, 0].tolist() == [[1, 9, 2], [9, 9, 9], [3, 9, 9]]


def test_sheet_enlarges_without_interpolation() -> None:
    pictures = np.array([[0, 7]], dtype=np.uint8).reshape(1, 1, 2, 1)
    assert contact_sheet(pictures, columns=1, scale=2)[:, :, 0].tolist() == [[0, 0, 7, 7], [0, 0, 7, 7]]


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (4, 2), (5, 3), (64, 8)])
def test_nearly_square(count: int, columns: int) -> None:
    assert nearly_square(count) == columns


@pytest.mark.parametrize(("height", "scale"), [(8, 7), (28, 2), (64, 1), (512, 1)])
def test_small_pictures_are_enlarged(height: int, scale: int) -> None:
    assert readable_scale(height) == scale


@pytest.mark.parametrize("channels", [1, 3])
def test_png_holds_the_same_pixels_and_texts(tmp_path: Path, channels: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, channels), dtype=np.uint8)
    write_png(tmp_path / "picture.png", picture, {"Source": "z = ½"})
    with Image.open(tmp_path / "picture.png") as opened:
        assert opened.mode == ("L" if channels == 1 else "RGB")
        assert np.array_equal(np.asarray(opened).reshape(picture.shape), picture)
        assert opened.info["Source"] == "z = ½"
    assert [file.name for file in tmp_path.iterdir()] == ["picture.png"]


def test_png_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file in the way")
    with pytest.raises(FailureError, match="could not be written"):
        write_png(tmp_path / "folder" / "picture.png", np.zeros((1, 1, 1), dtype=np.uint8))
    assert (tmp_path / "folder").read_text() == "a file in the way"
