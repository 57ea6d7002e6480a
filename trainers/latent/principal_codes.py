"""Codes that say how far items lie along the directions in which items vary most."""

import numpy as np
from numpy.typing import NDArray


class PrincipalCodes:
    """The first principal components of items, found from some of them (Halko, Martinsson and Tropp 2011).

    items: (count, numbers) float32, at least one. size: numbers of a code; those beyond what the items can vary in
    are 0. The same items and seed give the same directions.
    """

    def __init__(self, items: NDArray[np.float32], size: int, seed: int) -> None:
        from sklearn.decomposition import PCA

        self._size = size
        self._analysis = PCA(min(size, *items.shape), svd_solver="randomized", random_state=seed).fit(items)

    def of(self, items: NDArray[np.float32]) -> NDArray[np.float32]:
        """Codes (count, size) of items (count, numbers), in the units of the items."""
        codes = np.zeros((len(items), self._size), np.float32)
        found = self._analysis.transform(items)
        codes[:, : found.shape[1]] = found
        return codes
