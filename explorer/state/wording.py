"""Names of data and measures as they are shown."""

from collections.abc import Sequence


def attribute_title(name: str) -> str:
    """The name of an attribute as words: "hair colour" for "hair_colour"."""
    return " ".join(name.replace("_", " ").split()) or name


def error_unit(shape: Sequence[int]) -> str:
    """What a mean squared error is counted per, for items of a shape: (channels, height, width), or (2,) for points."""
    if len(shape) == 1:
        return "per coordinate"
    return "per pixel" if shape[0] == 1 else "per pixel and channel"
