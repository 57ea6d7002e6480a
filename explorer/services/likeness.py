"""How alike pictures are, item by item."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.item_pictures import Values
from explorer.services.tensors import picture_qualities
from explorer.state.reconstruction_values import DifferenceScale
from trainers.export.difference_map import FULL_DIFFERENCE, difference_map

# Points are rows of a table.
_POINT_AXES = 2


@dataclass(frozen=True, eq=False)
class Likeness:
    """Mean squared errors of items in [0, 1], and of pictures PSNR in dB and SSIM; (count,) each."""

    errors: NDArray[np.float32]
    psnr: NDArray[np.float32] | None = None
    ssim: NDArray[np.float32] | None = None


def likeness(originals: Values, others: Values) -> Likeness:
    """How alike two sets of items (count, *shape) are."""
    errors = np.square((others - originals).reshape(len(others), -1)).mean(axis=1)
    if originals.ndim == _POINT_AXES:
        return Likeness(errors)
    return Likeness(errors, *picture_qualities(originals, others))


def joined(parts: Sequence[Likeness]) -> Likeness:
    """Several runs of items as one; all of pictures, or all of points."""
    errors = np.concatenate([part.errors for part in parts])
    ratios = [part.psnr for part in parts if part.psnr is not None]
    similar = [part.ssim for part in parts if part.ssim is not None]
    return Likeness(errors, *(np.concatenate(values) if values else None for values in (ratios, similar)))


def difference_scale() -> DifferenceScale:
    """What the colours of differences mean."""
    differences = np.linspace(-FULL_DIFFERENCE, FULL_DIFFERENCE, 65)
    grey = np.full((1, 1, len(differences)), FULL_DIFFERENCE)
    return DifferenceScale(difference_map(grey, grey + differences)[0], FULL_DIFFERENCE)
