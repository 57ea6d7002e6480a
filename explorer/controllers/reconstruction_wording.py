"""What is said of reconstructions: under each item, and of all of them."""

import numpy as np
from numpy.typing import NDArray

from explorer.services.likeness import Likeness
from explorer.services.reconstructions import Reconstructions
from explorer.state.reconstruction_choices import PictureMeasure, ReconstructionsChoice
from explorer.state.reconstruction_values import ComparedPictures
from explorer.state.wording import error_text, error_unit

# The ratio of pictures that are the same to rounding.
_EXACT_DB = 100.0
_MEASURES: dict[PictureMeasure, str] = {"error": "mean squared error", "psnr": "PSNR", "ssim": "SSIM"}


def compared(made: Reconstructions, choice: ReconstructionsChoice) -> ComparedPictures:
    """Items with what the model makes of them, as the panel shows them."""
    rows = [("original", made.originals)]
    if made.corrupted is not None:
        rows.append(("corrupted", made.corrupted))
    rows.append(("restored" if made.corrupted is not None else "reconstruction", made.reconstructions))
    has_differences = choice.differences and made.differences is not None
    if has_differences and made.differences is not None:
        rows.append(("difference", made.differences))
    values = _values(made.likeness, choice.measure)
    texts = [measure_text(choice.measure, value) for value in values]
    if made.corrupted_likeness is not None:
        before = _values(made.corrupted_likeness, choice.measure)
        texts = [f"{measure_text(choice.measure, value)} → {text}" for value, text in zip(before, texts, strict=True)]
    captions = tuple(f"{name}  {text}".strip() for name, text in zip(made.class_names, texts, strict=True))
    return ComparedPictures(tuple(rows), captions, summary(made, choice.measure), has_differences)


def summary(made: Reconstructions, measure: PictureMeasure) -> str:
    """The mean of all items shown, of what the model saw where that was corrupted, and how codes were found."""
    shape = (2,) if made.points is not None else (made.originals.shape[3], *made.originals.shape[1:3])
    unit = f" {error_unit(shape)}" if measure == "error" else ""
    name = f"{_MEASURES[measure]}{unit}"
    after = _mean_text(measure, _values(made.likeness, measure))
    if made.corrupted_likeness is None:
        said = f"{name} {after}"
    else:
        before = _mean_text(measure, _values(made.corrupted_likeness, measure))
        said = f"{name}: corrupted {before}, restored {after}"
    return f"{said}; {made.note}" if made.note else said


def measure_text(measure: PictureMeasure, value: float) -> str:
    """A measured number with its unit."""
    if measure == "error":
        return error_text(value) if value else "exact"
    if measure == "psnr":
        return f"{value:.1f} dB" if value < _EXACT_DB else "exact"
    return f"{value:.3f}".replace("-", "−")


def _values(likeness: Likeness, measure: PictureMeasure) -> NDArray[np.floating]:
    found = {"error": likeness.errors, "psnr": likeness.psnr, "ssim": likeness.ssim}[measure]
    return likeness.errors if found is None else found


def _mean_text(measure: PictureMeasure, values: NDArray[np.floating]) -> str:
    mean = float(values.mean())
    return error_text(mean) if measure == "error" else measure_text(measure, mean)
