"""What the sliders panel is given to draw."""

from dataclasses import dataclass
from typing import Literal

SliderPrior = Literal["normal", "uniform", "ball", "none"]


@dataclass(frozen=True)
class SliderSpec:
    """One number as a slider.

    dimension: place in the flat code, or in the condition, from 0.
    minimum, maximum: range of the slider in its own units; an exact value may be typed beyond it.
    mean: where a reset goes. prior: which curve is drawn behind, of standard deviation `deviation`.
    activity: number beside the name (mean KL in nats or variance), or None when unknown.
    note: what stands in the place of the activity, the whole of it where there is room and else its first word.
    about: what more there is to say in the tooltip. usual: beyond these ends the slider leads to where few data are.
    button: what the button at the end of the row does beside a reset: lock the number, or tell more of it.
    is_locked: whether the number is kept as it is.
    """

    dimension: int
    name: str
    minimum: float
    maximum: float
    mean: float
    deviation: float
    activity: float | None = None
    activity_unit: str = ""
    prior: SliderPrior = "normal"
    note: str = ""
    about: str = ""
    usual: tuple[float, float] | None = None
    button: Literal["", "lock", "about"] = ""
    is_locked: bool = False


@dataclass(frozen=True)
class CategorySpec:
    """Neighbouring numbers of the code, from place `first`, of which one is 1 and the others 0, as a choice."""

    name: str
    first: int
    choices: tuple[str, ...]

    def place(self, code: tuple[float, ...]) -> int:
        """Which of the choices a code has taken, -1 for a mixture of them."""
        part = code[self.first : self.first + len(self.choices)]
        return part.index(1.0) if sorted(part) == [0.0] * (len(part) - 1) + [1.0] else -1


@dataclass(frozen=True)
class SliderGroup:
    """Controls that belong together, in the order given.

    title: heading under which they can be folded away, empty for none. name: tells the group from others.
    ball: first place and length of the numbers whose distance from 0 the heading shows, or None; beyond 1 is outside.
    """

    name: str
    controls: tuple[SliderSpec | CategorySpec, ...]
    title: str = ""
    ball: tuple[int, int] | None = None
