"""Files of every kind: the pixels are kept and what the file says of itself comes back."""

import base64
import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from trainers.errors import FailureError, UsageError
from trainers.export.picture_formats import read_provenance, write_sheet
from trainers.export.picture_sheet import PictureSheet
from trainers.export.provenance import KEYWORD, Provenance
from trainers.export.recipes import CodesRecipe

GREY = PictureSheet(np.random.default_rng(0).integers(0, 256, (4, 5, 7, 1), dtype=np.uint8), 2, 3)
COLOUR = PictureSheet(
    np.random.default_rng(1).integers(0, 256, (4, 5, 7, 3), dtype=np.uint8), 2, 2, column_titles=("α", "b")
)
PROVENANCE = Provenance(
    model="vae / Ümläut",
    digest="ab" * 32,
    recipe=CodesRecipe(codes=((0.5, 1.0),), columns=1),
    state={"name": 'quotes " and \\ and = ; # and\nlines', "numbers": [1, 2.5]},
)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".tiff", ".svg", ".pdf", ".PNG"])
@pytest.mark.parametrize("sheet", [GREY, COLOUR], ids=["grey", "colour"])
def test_what_a_file_says_of_itself_comes_back(tmp_path: Path, suffix: str, sheet: PictureSheet) -> None:
    file = tmp_path / f"picture{suffix}"
    write_sheet(file, sheet, PROVENANCE)
    assert read_provenance(file) == PROVENANCE


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("background", ["white", "transparent"])
@pytest.mark.parametrize("sheet", [GREY, COLOUR], ids=["grey", "colour"])
def test_pixels_are_kept(tmp_path: Path, suffix: str, background: str, sheet: PictureSheet) -> None:
    shown = PictureSheet(sheet.pictures, sheet.columns, sheet.scale, sheet.gap, background)  # type: ignore[arg-type]
    file = tmp_path / f"picture{suffix}"
    write_sheet(file, shown, PROVENANCE)
    with Image.open(file) as image:
        found = np.asarray(image)
    np.testing.assert_array_equal(found.reshape(shown.pixels().shape), shown.pixels())


def test_an_svg_holds_every_picture_and_title(tmp_path: Path) -> None:
    file = tmp_path / "sheet.svg"
    write_sheet(file, COLOUR, PROVENANCE)
    root = ElementTree.parse(file).getroot()
    images = root.findall("{http://www.w3.org/2000/svg}image")
    for element, picture in zip(images, COLOUR.pictures, strict=True):
        content = base64.b64decode(element.attrib["href"].partition(",")[2])
        with Image.open(io.BytesIO(content)) as image:
            np.testing.assert_array_equal(np.asarray(image), picture)
    assert [text.text for text in root.findall("{http://www.w3.org/2000/svg}text")] == ["α", "b"]


def test_a_picture_of_other_origin_says_nothing(tmp_path: Path) -> None:
    for suffix in (".png", ".gif", ".tiff", ".jpg"):
        file = tmp_path / f"photograph{suffix}"
        Image.new("RGB", (3, 3)).save(file)
        assert read_provenance(file) is None
    plain = tmp_path / "plain.svg"
    plain.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    assert read_provenance(plain) is None


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".svg", ".pdf", ".gif", ".mp4"])
def test_rubbish_is_refused_in_a_sentence(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"rubbish{suffix}"
    file.write_bytes(b"this is no picture at all" * 20)
    with pytest.raises(UsageError, match="damaged or of another kind"):
        read_provenance(file)
    with pytest.raises(UsageError, match="damaged or of another kind"):
        read_provenance(tmp_path / f"missing{suffix}")


def test_damaged_words_are_refused_in_a_sentence(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    information = PngInfo()
    information.add_itxt(KEYWORD, '{"format": 7}')
    file = tmp_path / "newer.png"
    Image.new("L", (2, 2)).save(file, pnginfo=information)
    with pytest.raises(UsageError, match="written by a newer Latent Explorer"):
        read_provenance(file)


def test_kinds_that_are_not_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must end in \.png, \.tif"):
        write_sheet(tmp_path / "picture.jpg", GREY, PROVENANCE)
    clear = PictureSheet(GREY.pictures, 2, background="transparent")
    with pytest.raises(UsageError, match="cannot be transparent"):
        write_sheet(tmp_path / "picture.pdf", clear, PROVENANCE)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(FailureError, match="choose another place"):
        write_sheet(tmp_path / "file" / "picture.png", GREY, PROVENANCE)
