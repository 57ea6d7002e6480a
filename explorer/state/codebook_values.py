"""What the codebook panel is given to draw."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


def _nothing() -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class CodebookFacts:
    """The codebook of one block of the code.

    block: its name. positions: (entries, 2) float32, the vectors on their first two principal directions.
    usage: (entries,), how often each is the nearest to a cell of the encoded data; empty until they are encoded.
    note: what the usage was counted on, for example "1,000 test digits".
    """

    block: str
    positions: NDArray[np.float32]
    usage: NDArray[np.int64] = field(default_factory=_nothing)
    note: str = ""

    @property
    def entries(self) -> int:
        """How many vectors the codebook has."""
        return len(self.positions)

    @property
    def perplexity(self) -> float | None:
        """The exponential of the entropy of the usage: how many entries do the work; None without usage."""
        total = int(self.usage.sum())
        if not total:
            return None
        shares = self.usage[self.usage > 0] / total
        return float(np.exp(-(shares * np.log(shares)).sum()))


@dataclass(frozen=True)
class CellEdit:
    """A cell of the grid of a block, and the entry it is to hold; all counted from 0."""

    block: str
    row: int
    column: int
    entry: int
