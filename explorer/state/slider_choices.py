"""What a session remembers of the sliders: locks, the sheet of traversals, and the directions."""

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

SliderPage = Literal["dimensions", "attributes"]
DirectionMethod = Literal["means", "logistic", "discriminant", "principal", "first-layer", "jacobian"]
DIRECTION_METHODS: tuple[DirectionMethod, ...] = get_args(DirectionMethod)
# Those that lead from one group of items to another, and need to know who belongs to which.
GROUP_METHODS: tuple[DirectionMethod, ...] = ("means", "logistic", "discriminant")

MOST_ROWS, MOST_STEPS, LONGEST_REACH = 32, 21, 100.0


@dataclass(frozen=True)
class TraversalChoice:
    """A sheet of traversals: a row for each of the most active dimensions.

    spacing: columns at deviations of the prior, up to `reach` on either side of its mean, or at quantiles of the data.
    """

    rows: int = 8
    steps: int = 9
    spacing: Literal["deviations", "quantiles"] = "deviations"
    reach: float = 3.0

    def fitting(self) -> "TraversalChoice":
        """The choice within what can be shown; a session file may hold anything."""
        return replace(
            self,
            rows=min(max(self.rows, 1), MOST_ROWS),
            steps=min(max(self.steps, 2), MOST_STEPS),
            reach=min(max(abs(self.reach), 0.01), LONGEST_REACH),
        )


@dataclass(frozen=True)
class GroupPair:
    """A direction between two named groups; an empty start means all others."""

    start: str
    end: str

    @property
    def name(self) -> str:
        """What the direction is called."""
        return f"{self.start or 'others'} → {self.end}"


@dataclass(frozen=True)
class DirectionsChoice:
    """How directions are found, which of them the others are made orthogonal to, and between which named groups."""

    method: DirectionMethod = "means"
    orthogonal_to: tuple[str, ...] = ()
    pairs: tuple[GroupPair, ...] = ()


@dataclass(frozen=True)
class SlidersChoice:
    """The sliders: which page is seen, which dimensions are locked, and what the pages show.

    expression: the sum of groups and items that was computed last.
    """

    page: SliderPage = "dimensions"
    locked: tuple[int, ...] = ()
    traversal: TraversalChoice = field(default_factory=TraversalChoice)
    directions: DirectionsChoice = field(default_factory=DirectionsChoice)
    expression: str = ""
