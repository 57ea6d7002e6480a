"""The true factors of the drawn faces, and the law they are drawn from."""

import math

import numpy as np
from numpy.typing import NDArray

# Lowest and highest value of each attribute; a face is a function of these numbers and nothing else.
# From 0 to 1: hair from black to blond and from none to long; skin from light to dark; hues round the colour circle.
RANGES: dict[str, tuple[float, float]] = {
    "smile": (-1.0, 1.0),
    "glasses": (0.0, 1.0),
    "beard": (0.0, 1.0),
    "hat": (0.0, 1.0),
    "hair_colour": (0.0, 1.0),
    "hair_length": (0.0, 1.0),
    "skin_tone": (0.0, 1.0),
    "eye_size": (0.0, 1.0),
    "eyebrow_height": (0.0, 1.0),
    "face_width": (0.0, 1.0),
    "head_turn": (-1.0, 1.0),
    "clothes_hue": (0.0, 1.0),
    "background_hue": (0.0, 1.0),
}
# Attributes that are 0 or 1, with the share of ones; all others are uniform over their range.
SHARES = {"glasses": 0.35, "beard": 0.3, "hat": 0.25}
# True correlation coefficients of the pairs that are correlated on purpose; that of every other pair is 0.
CORRELATIONS = {("skin_tone", "hair_colour"): -0.6, ("hair_length", "beard"): -0.35, ("glasses", "hat"): 0.3}


def draw_attributes(count: int, seed: int) -> NDArray[np.float32]:
    """A table (count, attributes) with the columns of `RANGES`; a seed always gives the same."""
    generator = np.random.default_rng(seed)
    uniform = {name: generator.random(count) for name in RANGES}
    for (first, second), correlation in CORRELATIONS.items():
        if second not in SHARES:
            uniform[first], uniform[second] = _correlated_uniforms(count, correlation, generator)
    columns = {name: lowest + (highest - lowest) * uniform[name] for name, (lowest, highest) in RANGES.items()}
    for name, share in SHARES.items():
        columns[name] = (uniform[name] < share).astype(np.float64)
    for first, second in CORRELATIONS:
        if second in SHARES:
            columns[second] = (uniform[second] < _share_given(columns[first], first, second)).astype(np.float64)
    return np.stack([columns[name] for name in RANGES], axis=1).astype(np.float32)


def _correlated_uniforms(
    count: int, correlation: float, generator: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Φ of two normals of correlation ρ are uniform with correlation (6/π)·asin(ρ/2) (Pearson, 1907).
    normal_correlation = 2.0 * math.sin(math.pi * correlation / 6.0)
    first, noise = generator.standard_normal((2, count))
    second = normal_correlation * first + math.sqrt(1.0 - normal_correlation**2) * noise
    cumulative = np.vectorize(lambda value: 0.5 * math.erfc(-value / math.sqrt(2.0)), otypes=[np.float64])
    return cumulative(first), cumulative(second)


def _share_given(values: NDArray[np.float64], first: str, second: str) -> NDArray[np.float64]:
    # A share that is linear in the first attribute gives exactly the wanted correlation:
    # slope · deviation(first) = correlation · deviation(second).
    mean, deviation = _moments(first)
    share, share_deviation = _moments(second)
    return share + CORRELATIONS[first, second] * share_deviation / deviation * (values - mean)


def _moments(name: str) -> tuple[float, float]:
    if name in SHARES:
        return SHARES[name], math.sqrt(SHARES[name] * (1.0 - SHARES[name]))
    lowest, highest = RANGES[name]
    return (lowest + highest) / 2.0, (highest - lowest) / math.sqrt(12.0)
