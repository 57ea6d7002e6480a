"""How alike pictures are, item by item."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.services.item_pictures import Values
from explorer.state.reconstruction_values import DifferenceScale
from trainers.export.difference_map import FULL_DIFFERENCE, difference_map

# Where nothing but rounding is left of a difference, its ratio to white says nothing.
_LEAST_ERROR = 1e-12


@dataclass(frozen=True, eq=False)
class Likeness:
    """Mean squared errors (count,) of items in [0, 1]."""

    errors: NDArray[np.float32]

    @property
    def psnr(self) -> NDArray[np.float64]:
        """Peak signal-to-noise ratios (count,) in dB, where white is 1; infinite for what is the same."""
        errors = self.errors.astype(np.float64)
        with np.errstate(divide="ignore"):
            return np.where(errors < _LEAST_ERROR, np.inf, -10.0 * np.log10(errors))


def likeness(originals: Values, others: Values) -> Likeness:
    """How alike two sets of items (count, *shape) are."""
    differences = (others - originals).reshape(len(others), -1)
    return Likeness(np.square(differences).mean(axis=1))


def difference_scale() -> DifferenceScale:
    """What the colours of differences mean."""
    differences = np.linspace(-FULL_DIFFERENCE, FULL_DIFFERENCE, 65)
    grey = np.full((1, 1, len(differences)), FULL_DIFFERENCE)
    return DifferenceScale(difference_map(grey, grey + differences)[0], FULL_DIFFERENCE)
