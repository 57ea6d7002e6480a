"""Sheets as files of several kinds, each of which says where it comes from, and what such a file says read again."""

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image, PngImagePlugin, TiffImagePlugin

from trainers.atomic_writing import write_atomically
from trainers.errors import UsageError
from trainers.export.films import film_text
from trainers.export.picture_sheet import PictureSheet
from trainers.export.provenance import KEYWORD, SOFTWARE, Provenance, parse_provenance

_DESCRIPTION = 270
_SVG = "http://www.w3.org/2000/svg"
_DOTS_PER_INCH = 150.0
# Far more than any description, and little enough to be read at once.
_LARGEST_SVG = 256 * 2**20


def check_format(path: Path, others: Sequence[str] = ()) -> None:
    """Raise `UsageError` unless the name of a file says a kind of picture that can be written.

    others: endings that are named beside those of pictures, as what they stand for can be written as well.
    """
    if path.suffix.lower() not in _WRITERS:
        endings = ", ".join((*_WRITERS, *others))
        what = "a picture or a film" if others else "a picture"
        raise UsageError(f"{path} cannot be written: the name of {what} must end in {endings}.")


def write_sheet(path: Path, sheet: PictureSheet, provenance: Provenance) -> None:
    """Write a sheet as the kind of file its name says, whole or not at all.

    PNG, TIFF and SVG hold its very pixels; PDF, for print, holds them as JPEG of the highest quality.
    Raises `UsageError` for another kind or a transparent PDF, and `FailureError` where it cannot be written.
    """
    check_format(path)
    write_atomically(path, _WRITERS[path.suffix.lower()](sheet, provenance))


def read_provenance(path: Path) -> Provenance | None:
    """What a picture or film says of itself, None where it says nothing; raises `UsageError` for what is damaged."""
    suffix = path.suffix.lower()
    reader = _READERS.get(suffix, _image_text)
    try:
        text = reader(path)
    except (OSError, SyntaxError, ValueError, KeyError, RuntimeError, Image.DecompressionBombError) as error:
        raise UsageError(f"{path} cannot be read as a picture; it is damaged or of another kind.") from error
    return None if text is None else parse_provenance(text, str(path))


def image_of(sheet: PictureSheet) -> Image.Image:
    """The sheet as an image of the library that writes files."""
    pixels = sheet.pixels()
    return Image.fromarray(np.ascontiguousarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels))


def _png(sheet: PictureSheet, provenance: Provenance) -> bytes:
    information = PngImagePlugin.PngInfo()
    information.add_itxt("Software", SOFTWARE)
    information.add_itxt(KEYWORD, provenance.text())
    return _saved(image_of(sheet), "PNG", pnginfo=information)


def _tiff(sheet: PictureSheet, provenance: Provenance) -> bytes:
    information = TiffImagePlugin.ImageFileDirectory_v2()
    information[_DESCRIPTION] = f"{KEYWORD} {provenance.text()}"
    return _saved(image_of(sheet), "TIFF", tiffinfo=information, compression="tiff_adobe_deflate")


def _pdf(sheet: PictureSheet, provenance: Provenance) -> bytes:
    if sheet.background == "transparent":
        raise UsageError("A PDF cannot be transparent; choose white or black, or a PNG.")
    return _saved(
        image_of(sheet),
        "PDF",
        resolution=_DOTS_PER_INCH,
        quality=100,
        subsampling=0,
        title=provenance.model,
        producer=SOFTWARE,
        subject=f"{KEYWORD} {provenance.text()}",
    )


def _svg(sheet: PictureSheet, provenance: Provenance) -> bytes:
    ElementTree.register_namespace("", _SVG)
    height, width = sheet.size
    drawing = ElementTree.Element(
        f"{{{_SVG}}}svg", {"width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}"}
    )
    ElementTree.SubElement(drawing, f"{{{_SVG}}}metadata").text = f"{KEYWORD} {provenance.text()}"
    if sheet.background != "transparent":
        ElementTree.SubElement(
            drawing, f"{{{_SVG}}}rect", {"width": "100%", "height": "100%", "fill": sheet.background}
        )
    _add_pictures(drawing, sheet)
    for title in sheet.titles():
        placed = {
            "x": f"{title.across:g}",
            "y": f"{title.down:g}",
            "fill": sheet.ink,
            "font-family": "sans-serif",
            "font-size": "12",
            "text-anchor": "middle" if title.is_above else "end",
            "dominant-baseline": "hanging" if title.is_above else "central",
        }
        ElementTree.SubElement(drawing, f"{{{_SVG}}}text", placed).text = title.text
    return bytes(ElementTree.tostring(drawing, encoding="utf-8", xml_declaration=True))


def _add_pictures(drawing: ElementTree.Element, sheet: PictureSheet) -> None:
    above, beside = sheet.margins
    down, across = sheet.step
    for place, picture in enumerate(sheet.pictures):
        image = Image.fromarray(np.ascontiguousarray(picture[:, :, 0] if picture.shape[2] == 1 else picture))
        placed = {
            "x": str(beside + place % sheet.columns * across),
            "y": str(above + place // sheet.columns * down),
            "width": str(across - sheet.gap),
            "height": str(down - sheet.gap),
            "style": "image-rendering: pixelated",
            "href": f"data:image/png;base64,{base64.b64encode(_saved(image, 'PNG')).decode()}",
        }
        ElementTree.SubElement(drawing, f"{{{_SVG}}}image", placed)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    encoded = io.BytesIO()
    image.save(encoded, format=kind, **options)
    return encoded.getvalue()


def _image_text(path: Path) -> str | None:
    with Image.open(path) as image:
        if image.format == "TIFF":
            return _own(str(image.tag_v2.get(_DESCRIPTION, "")))  # type: ignore[attr-defined]
        if image.format == "GIF":
            return _own(bytes(image.info.get("comment", b"")).decode("ascii", "replace"))
        found = image.info.get(KEYWORD)
        return None if found is None else str(found)


def _svg_text(path: Path) -> str | None:
    if path.stat().st_size > _LARGEST_SVG:
        raise ValueError("too large")
    found = ElementTree.parse(path).getroot().find(f"{{{_SVG}}}metadata")
    return None if found is None else _own(found.text or "")


def _pdf_text(path: Path) -> str | None:
    from PIL.PdfParser import PdfParser

    with PdfParser(str(path)) as parser:
        # As an attribute the text is decoded.
        return _own(str(getattr(parser.info, "Subject", "")))


def _film_text(path: Path) -> str | None:
    return _own(film_text(path))


def _own(text: str) -> str | None:
    return text.removeprefix(f"{KEYWORD} ") if text.startswith(f"{KEYWORD} ") else None


_WRITERS: Mapping[str, Callable[[PictureSheet, Provenance], bytes]] = {
    ".png": _png,
    ".tif": _tiff,
    ".tiff": _tiff,
    ".svg": _svg,
    ".pdf": _pdf,
}
_READERS: Mapping[str, Callable[[Path], str | None]] = {".svg": _svg_text, ".pdf": _pdf_text, ".mp4": _film_text}
