"""Pictures made worse on purpose: noise, missing parts, fewer pixels and blur, for models that restore pictures."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from trainers.config import Config
from trainers.data.numbered_generator import numbered_generator
from trainers.processes import normal_noise, random_integers, uniform_noise

CorruptionKind = Literal[
    "gaussian_noise", "salt_and_pepper", "missing_rectangle", "down_scaling", "gaussian_blur", "mix"
]
# What one picture can suffer, in the order of their numbers; a mix draws one of them for each.
KINDS: Final[tuple[CorruptionKind, ...]] = get_args(CorruptionKind)[:-1]
# The setting that says how strong each of them is.
STRENGTHS: Final[Mapping[str, str]] = {
    "gaussian_noise": "noise",
    "salt_and_pepper": "replaced",
    "missing_rectangle": "missing_side",
    "down_scaling": "scale",
    "gaussian_blur": "blur",
}
# What stands where a pixel is missing: neither black nor white, so that it is seen to be no part of the picture.
MISSING: Final = 0.5

# Draws that a place decides are made for this many items at once.
_BLOCK = 64


class CorruptionStrengths(Config):
    """How much of each kind is done to a picture."""

    noise: float = Field(
        default=0.3, ge=0.0, le=1.0, description="standard deviation of gaussian_noise, where white is 1"
    )
    replaced: float = Field(
        default=0.2, ge=0.0, le=1.0, description="share of the pixels that salt_and_pepper makes white or black"
    )
    missing_side: float = Field(
        default=0.4, ge=0.05, le=0.95, description="sides of the missing_rectangle, as a share of the picture's"
    )
    scale: int = Field(
        default=2, ge=2, le=4, description="pixels each way whose mean becomes one of down_scaling, such as 2 or 4"
    )
    blur: float = Field(default=1.5, ge=0.2, le=8.0, description="standard deviation of gaussian_blur, in pixels")
    blur_noise: float = Field(
        default=0.02, ge=0.0, le=0.5, description="standard deviation of the noise of a blurred picture, white is 1"
    )


class Corruption(CorruptionStrengths):
    """What is done to a picture, and how much of it; strengths of other kinds than the chosen one do nothing."""

    kind: CorruptionKind = Field(
        default="gaussian_noise", description="what is done to a picture; mix does one of the others, drawn for each"
    )

    def in_use(self) -> dict[str, float]:
        """The settings that decide how strong the chosen kind is, by their names; of a mix those of every kind."""
        kinds = KINDS if self.kind == "mix" else (self.kind,)
        names = [STRENGTHS[kind] for kind in kinds] + (["blur_noise"] if "gaussian_blur" in kinds else [])
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Corrupted:
    """Pictures after a corruption.

    images: (batch, channels, height, width) in [0, 1], of the size they had.
    kinds: (batch,) int64, places in `KINDS` of what was done to each.
    known: (batch, 1, height, width), False for missing pixels; None where no picture can have such.
    """

    images: Tensor
    kinds: Tensor
    known: Tensor | None = None


class _Draws(NamedTuple):
    """The randomness of corrupting a batch, the same whichever kind it is for.

    kinds: (batch,), for a mix; noise: (batch, channels, height, width) from N(0, 1); pixels: (batch, 1, height, width)
    and corners: (batch, 2), both in [0, 1).
    """

    kinds: Tensor
    noise: Tensor
    pixels: Tensor
    corners: Tensor


def corrupt(images: Tensor, corruption: Corruption, generator: torch.Generator) -> Corrupted:
    """Images (batch, channels, height, width) in [0, 1] with a draw for each of them.

    generator: on the images' device; of a shared one, each process corrupts its part of the joint batch.
    """
    return _corrupted(images, corruption, _draw(len(images), images.shape[1:], generator))


def corrupt_items(images: Tensor, places: Tensor, corruption: Corruption, seed: int) -> Corrupted:
    """Items of a split as `corrupt` does, each with the draw that the seed and its place decide.

    So an item always suffers the same, whichever others it is corrupted with and on whatever device.
    images: (batch, channels, height, width) in [0, 1]. places: (batch,) int64, where they stand in the split.
    """
    blocks, belongs = torch.unique(places.cpu() // _BLOCK, return_inverse=True)
    rows = belongs * _BLOCK + places.cpu() % _BLOCK
    draws = [_draw(_BLOCK, images.shape[1:], numbered_generator(seed, int(block))) for block in blocks]
    of_items = (torch.cat(parts)[rows].to(images.device) for parts in zip(*draws, strict=True))
    return _corrupted(images, corruption, _Draws(*of_items))


def without_pixels(images: Tensor, known: Tensor) -> Corrupted:
    """Images (batch, channels, height, width) without the pixels that a painted mask calls unknown.

    known: of bools, (height, width) for all of them, or (batch, 1, height, width).
    """
    mask = known.to(images.device).expand(len(images), 1, *images.shape[2:])
    kinds = torch.full((len(images),), KINDS.index("missing_rectangle"), device=images.device)
    return Corrupted(torch.where(mask, images, MISSING), kinds, mask)


def blur_weights(deviation: float) -> Tensor:
    """The weights (2 * radius + 1,) of a Gaussian of a standard deviation in pixels, up to three of them, sum 1."""
    radius = max(1, math.ceil(3.0 * deviation))
    weights = torch.exp(-0.5 * (torch.arange(-radius, radius + 1, dtype=torch.float64) / deviation).square())
    return (weights / weights.sum()).float()


def blurred(images: Tensor, deviation: float) -> Tensor:
    """Images (batch, channels, height, width) blurred; beyond an edge stands the mirror image of what is before it."""
    weights = blur_weights(deviation).to(images)
    kernel = weights.expand(images.shape[1], 1, 1, -1)
    for axis, along in ((3, kernel), (2, kernel.transpose(2, 3))):
        wider = images.index_select(axis, _mirrored_places(images.shape[axis], len(weights) // 2, images.device))
        images = functional.conv2d(wider, along, groups=len(kernel))
    return images


def scaled_down(images: Tensor, scale: int) -> Tensor:
    """Images (batch, channels, height, width) with the mean of each `scale` × `scale` pixels as one pixel."""
    height, width = (max(1, -(-length // scale)) for length in images.shape[2:])
    return functional.interpolate(images, size=(height, width), mode="area")


def _draw(count: int, shape: Sequence[int], generator: torch.Generator) -> _Draws:
    _, height, width = shape
    return _Draws(
        random_integers(len(KINDS), (count,), generator),
        normal_noise((count, *shape), generator),
        uniform_noise((count, 1, height, width), generator),
        uniform_noise((count, 2), generator),
    )


def _corrupted(images: Tensor, corruption: Corruption, draws: _Draws) -> Corrupted:
    # Pictures are no part of a network: in the half precision of one they would lose grey values.
    with torch.autocast(images.device.type, enabled=False):
        return _changed(images, corruption, draws)


def _changed(images: Tensor, corruption: Corruption, draws: _Draws) -> Corrupted:
    if corruption.kind != "mix":
        changed, known = _CHANGES[corruption.kind](images, corruption, draws)
        return Corrupted(changed, torch.full_like(draws.kinds, KINDS.index(corruption.kind)), known)
    # Every kind is done to every picture and one is taken: choosing first would have to wait for the device.
    result, seen = images, None
    for number, kind in enumerate(KINDS):
        chosen = (draws.kinds == number)[:, None, None, None]
        changed, known = _CHANGES[kind](images, corruption, draws)
        result = torch.where(chosen, changed, result)
        seen = seen if known is None else known | ~chosen
    return Corrupted(result, draws.kinds, seen)


def _with_noise(images: Tensor, corruption: Corruption, draws: _Draws) -> tuple[Tensor, None]:
    return (images + corruption.noise * draws.noise).clamp(0.0, 1.0), None


def _with_salt_and_pepper(images: Tensor, corruption: Corruption, draws: _Draws) -> tuple[Tensor, None]:
    black, white = draws.pixels < 0.5 * corruption.replaced, draws.pixels >= 1.0 - 0.5 * corruption.replaced
    return torch.where(white, 1.0, torch.where(black, 0.0, images)), None


def _without_rectangle(images: Tensor, corruption: Corruption, draws: _Draws) -> tuple[Tensor, Tensor]:
    inside = []
    for axis, length in enumerate(images.shape[2:]):
        side = max(1, round(corruption.missing_side * length))
        start = (draws.corners[:, axis, None] * (length - side + 1)).long()
        places = torch.arange(length, device=images.device)
        inside.append((places >= start) & (places < start + side))
    known = ~(inside[0][:, None, :, None] & inside[1][:, None, None, :])
    return torch.where(known, images, MISSING), known


def _mirrored_places(length: int, further: int, device: torch.device) -> Tensor:
    """Places along an axis from `further` before its beginning to as far behind its end, (length + 2 * further,)."""
    places = torch.arange(-further, length + further, device=device) % (2 * length)
    return torch.minimum(places, 2 * length - 1 - places)


def _with_fewer_pixels(images: Tensor, corruption: Corruption, draws: _Draws) -> tuple[Tensor, None]:
    small = scaled_down(images, corruption.scale)
    return functional.interpolate(small, size=images.shape[2:], mode="nearest-exact"), None


def _with_blur(images: Tensor, corruption: Corruption, draws: _Draws) -> tuple[Tensor, None]:
    return (blurred(images, corruption.blur) + corruption.blur_noise * draws.noise).clamp(0.0, 1.0), None


_Change = Callable[[Tensor, Corruption, _Draws], tuple[Tensor, Tensor | None]]
_CHANGES: Final[dict[CorruptionKind, _Change]] = {
    "gaussian_noise": _with_noise,
    "salt_and_pepper": _with_salt_and_pepper,
    "missing_rectangle": _without_rectangle,
    "down_scaling": _with_fewer_pixels,
    "gaussian_blur": _with_blur,
}
