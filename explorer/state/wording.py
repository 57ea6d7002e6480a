"""Names of data and measures as they are shown."""

import math
from collections.abc import Sequence

_LEAST_SHOWN = 5e-5
_MOST_PLACES = 7


def attribute_title(name: str) -> str:
    """The name of an attribute as words: "hair colour" for "hair_colour"."""
    return " ".join(name.replace("_", " ").split()) or name


def error_text(error: float) -> str:
    """A squared error in four decimals, and a smaller one by its size."""
    # Where a code gives its item back exactly, rounding is all that is left of the error.
    if 0.0 < error < _LEAST_SHOWN:
        return f"{error:.0e}".replace("-", "−")
    return f"{error:.4f}" if error else "0 (exact)"


def signed(difference: float, error: float = 0.0) -> str:
    """A difference with its sign, and as many digits as its error leaves certain; empty for none that is finite."""
    if not math.isfinite(difference):
        return ""
    if difference == 0:
        return "0"
    places = max(0, 1 - math.floor(math.log10(error))) if 0.0 < error < math.inf else _MOST_PLACES + 1
    text = f"{difference:+.{places}f}" if places <= _MOST_PLACES else f"{difference:+.3g}"
    return text.replace("-", "−")


def error_unit(shape: Sequence[int]) -> str:
    """What a mean squared error is counted per, for items of a shape: (channels, height, width), or (2,) for points."""
    if len(shape) == 1:
        return "per coordinate"
    return "per pixel" if shape[0] == 1 else "per pixel and channel"
