"""How unusual a model finds test items, as the anomalies page shows it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class AnomalyFacts:
    """Scores of two groups of items, and how well a threshold tells them apart.

    anomalous, usual: what the groups are called, and how many items are in each. score: what a score is, with its unit.
    edges: (bins + 1,) of the histogram. anomalous_shares, usual_shares: (bins,) of the items of each group.
    false_alarms, found: (points,) of the curve. area: under it.
    pictures: (count, height, width, 1 or 3) of the items with the highest scores. captions: one for each.
    """

    anomalous: tuple[str, int]
    usual: tuple[str, int]
    score: str
    edges: NDArray[np.float64]
    anomalous_shares: NDArray[np.float64]
    usual_shares: NDArray[np.float64]
    false_alarms: NDArray[np.float64]
    found: NDArray[np.float64]
    area: float
    pictures: NDArray[np.uint8]
    captions: tuple[str, ...]
