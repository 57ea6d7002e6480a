"""What the sliders panel is given to draw."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SliderSpec:
    """One latent dimension as a slider; rows are drawn in the order given.

    dimension: place in the flat code, from 0.
    minimum, maximum: range of the slider in code units; an exact value may be typed beyond it.
    activity: number beside the name (mean KL in nats or variance), or None when unknown.
    """

    dimension: int
    name: str
    minimum: float
    maximum: float
    mean: float
    deviation: float
    activity: float | None = None
    activity_unit: str = ""
