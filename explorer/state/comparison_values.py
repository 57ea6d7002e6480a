"""What is shown of two models side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from explorer.state.session_state import Link


@dataclass(frozen=True, eq=False)
class PicturePair:
    """The pictures (height, width, 1 or 3) of A and B, None while there is none, and how B's differs from A's.

    titles: of A and B. texts: what is said of them, line by line. problem: why B shows nothing, as a sentence.
    progress: share and work of a search for B's code, None where there is none.
    """

    titles: tuple[str, str]
    first: NDArray[np.uint8] | None = None
    second: NDArray[np.uint8] | None = None
    difference: NDArray[np.uint8] | None = None
    texts: tuple[str, ...] = ()
    problem: str = ""
    progress: tuple[float, str] | None = None


@dataclass(frozen=True)
class LinkOffer:
    """How two models are linked and could be. chosen: None for not at all. refusals: why a link is not possible."""

    chosen: Link | None = None
    refusals: Mapping[Link, str] = field(default_factory=dict)
