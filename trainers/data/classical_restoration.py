"""What restores corrupted pictures without having learned anything, for learned restorations to be compared with."""

from collections.abc import Callable, Mapping
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from trainers.data.corruption import KINDS, Corrupted, Corruption, CorruptionKind, blur_weights, blurred, scaled_down

# What the restoration of each kind is called, in the order of `KINDS`.
CLASSICAL_NAMES: Final[Mapping[CorruptionKind, str]] = {
    "gaussian_noise": "median filter",
    "salt_and_pepper": "median filter",
    "missing_rectangle": "mean fill",
    "down_scaling": "bicubic interpolation",
    "gaussian_blur": "Wiener filter",
}

# Standard deviation of the noise of a picture without any: that of rounding to 8 bits.
_LEAST_NOISE = 1.0 / (255.0 * 12.0**0.5)
# How far neighbours reach, as a share of the picture, and what all known pixels weigh beside them.
_REACH = 1.0 / 14.0
_WEIGHT_OF_FAR = 1e-3


def classical_restoration(corrupted: Corrupted, corruption: Corruption) -> Tensor:
    """Pictures (batch, channels, height, width) in [0, 1] restored by the method usual for what was done to each.

    The methods know the strength of the corruption and, for missing pixels, where they are.
    """
    result = corrupted.images
    kinds = KINDS if corruption.kind == "mix" else (corruption.kind,)
    for kind in kinds:
        chosen = (corrupted.kinds == KINDS.index(kind))[:, None, None, None]
        result = torch.where(chosen, _METHODS[kind](corrupted, corruption).clamp(0.0, 1.0), result)
    return result


def _median_of_nine(corrupted: Corrupted, corruption: Corruption) -> Tensor:
    images = corrupted.images
    padded = functional.pad(images, (1, 1, 1, 1), mode="replicate")
    return padded.unfold(2, 3, 1).unfold(3, 3, 1).flatten(4).median(dim=4).values


def _mean_of_neighbours(corrupted: Corrupted, corruption: Corruption) -> Tensor:
    """Missing pixels as a weighted mean of the known ones nearby; far from all of them, of the whole picture's."""
    images = corrupted.images
    if corrupted.known is None:
        return images
    known = corrupted.known.to(images)
    mean = (images * known).sum(dim=(2, 3), keepdim=True) / known.sum(dim=(2, 3), keepdim=True).clamp(min=1.0)
    reach = max(_REACH * min(images.shape[2:]), 0.5)
    nearby = blurred(images * known, reach) + _WEIGHT_OF_FAR * mean
    return torch.where(corrupted.known, images, nearby / (blurred(known, reach) + _WEIGHT_OF_FAR))


def _bicubic(corrupted: Corrupted, corruption: Corruption) -> Tensor:
    images = corrupted.images
    small = scaled_down(images, corruption.scale)
    return functional.interpolate(small, size=images.shape[2:], mode="bicubic")


def _wiener(corrupted: Corrupted, corruption: Corruption) -> Tensor:
    """The linear filter of least squared error (Wiener 1949), for pictures whose power falls with the frequency."""
    weights = blur_weights(corruption.blur).to(corrupted.images)
    # Beside its mirror images a picture goes on across its edges as its blur took it to.
    images = torch.cat([corrupted.images, corrupted.images.flip(2)], dim=2)
    images = torch.cat([images, images.flip(3)], dim=3)
    height, width = images.shape[2:]
    response = _response(weights, height)[:, None] * _response(weights, width)
    noise = max(corruption.blur_noise, _LEAST_NOISE) ** 2
    power = _power(height, width, images.device)
    # As much as leaves, once blurred, what is seen.
    seen = (images.var(dim=(2, 3), keepdim=True) - noise).clamp(min=1e-6)
    power = power * seen / (power * response.square()).mean()
    spectrum = torch.fft.fft2(images) * response / (response.square() + noise / power)
    restored: Tensor = torch.fft.ifft2(spectrum).real
    return restored[:, :, : height // 2, : width // 2]


def _response(weights: Tensor, length: int) -> Tensor:
    """What the weights of a blur leave of each frequency along an axis, (length,); real, as they are symmetric."""
    radius = len(weights) // 2
    distances = torch.arange(-radius, radius + 1, device=weights.device) % length
    response: Tensor = torch.fft.fft(weights.new_zeros(length).index_add_(0, distances, weights)).real
    return response


def _power(height: int, width: int, device: torch.device) -> Tensor:
    """Power of natural pictures at each frequency (height, width) up to a factor: 1 / frequency²."""
    down, across = (torch.fft.fftfreq(length, device=device) for length in (height, width))
    squares: Tensor = down[:, None].square() + across.square()
    return squares.clamp(min=1.0 / (height * width)).reciprocal()


_METHODS: Final[Mapping[CorruptionKind, Callable[[Corrupted, Corruption], Tensor]]] = {
    "gaussian_noise": _median_of_nine,
    "salt_and_pepper": _median_of_nine,
    "missing_rectangle": _mean_of_neighbours,
    "down_scaling": _bicubic,
    "gaussian_blur": _wiener,
}
