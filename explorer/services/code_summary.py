"""What the codes of many items say of their dimensions, gathered part by part so that no copy of all is made."""

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.float32]


class CodeSummary:
    """Takes parts of codes; what is infinite or no number counts as missing and says nothing of the dimensions.

    count, missing: how many codes there were with numbers alone, and how many without.
    """

    def __init__(self) -> None:
        self.count = 0
        self.missing = 0
        self._has_code: list[NDArray[np.bool_]] = []
        self._has_spread = False
        self._divergence = self._means = self._squares = np.zeros(0)
        self._lowest = self._highest = np.zeros(0, np.float32)

    def add(self, codes: Codes, log_variances: Codes | None) -> Codes:
        """Take some codes (count, latent_size); gives them with rows of NaN for the missing ones."""
        known = np.asarray(np.isfinite(codes).all(axis=1))
        self._has_code.append(known)
        if not known.all():
            codes = np.where(known[:, None], codes, np.float32(np.nan))
            self.missing += int((~known).sum())
            self._learn(codes[known], None if log_variances is None else log_variances[known])
        else:
            self._learn(codes, log_variances)
        return codes

    @property
    def has_code(self) -> NDArray[np.bool_] | None:
        """Which items (count,) have a code; None for all."""
        return np.concatenate(self._has_code) if self.missing else None

    @property
    def activity(self) -> tuple[tuple[float, ...], str]:
        """Mean KL to N(0, 1) of each dimension in nats, or without posteriors the variance of the codes, and which."""
        summed, unit = (self._divergence, "nats") if self._has_spread else (self._squares, "variance")
        return tuple((summed / max(self.count, 1)).tolist()), unit

    @property
    def constant(self) -> frozenset[int]:
        """The dimensions that are the same in all codes."""
        return frozenset(np.flatnonzero(self._lowest == self._highest).tolist()) if self.count > 1 else frozenset()

    def _learn(self, codes: Codes, log_variances: Codes | None) -> None:
        if not len(codes):
            return
        exact, count = codes.astype(np.float64), len(codes)
        lowest, highest, means = codes.min(axis=0), codes.max(axis=0), exact.mean(axis=0)
        squares = np.square(exact - means).sum(axis=0)
        if not self.count:
            self._lowest, self._highest, self._means, self._squares = lowest, highest, means, squares
            self._divergence = np.zeros(codes.shape[1])
        else:
            # Chan, Golub and LeVeque (1983): mean and squares of two parts put together.
            apart, total = means - self._means, self.count + count
            self._squares = self._squares + squares + np.square(apart) * (self.count * count / total)
            self._means = self._means + apart * (count / total)
            self._lowest, self._highest = np.minimum(self._lowest, lowest), np.maximum(self._highest, highest)
        if log_variances is not None:
            self._has_spread, spread = True, log_variances.astype(np.float64)
            self._divergence = self._divergence + 0.5 * (exact**2 + np.exp(spread) - 1.0 - spread).sum(axis=0)
        self.count += count
