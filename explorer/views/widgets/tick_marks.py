"""Round numbers along an axis."""

import math


def tick_values(low: float, high: float, most: int) -> tuple[float, ...]:
    """At most `most` round numbers between low and high, evenly spaced by 1, 2 or 5 times a power of ten."""
    if not math.isfinite(high - low) or high <= low or most < 1:
        return ()
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return tuple(step * index for index in range(first, last + 1))
    return ()


def tick_text(value: float, step: float) -> str:
    """A tick's number with as many digits as the step between ticks needs, and a true minus sign."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 0
    rounded = 0.0 if abs(value) < step / 2 else value
    return (f"{rounded:.{decimals}f}" if decimals <= 5 else f"{rounded:.4g}").replace("-", "−")
