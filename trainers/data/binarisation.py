"""Grey values as zeros and ones: a Bernoulli draw per pixel, with the grey value as its probability."""

import numpy as np
import torch
from torch import Tensor

from trainers.data.data_spec import Binarisation
from trainers.data.image_dataset import Split

# Draws of whole splits go through the generator in blocks of this many items, whatever the batch size is.
_BLOCK = 1024
_STATIC_SEEDS: dict[Split, int] = {"train": 101, "test": 102}


def binarise(images: Tensor, mode: Binarisation, generator: torch.Generator) -> Tensor:
    """Items as float32 in [0, 1]: scaled for "none", else a draw of zeros and ones from the generator.

    images: uint8, scaled from [0, 255], or floating point in [0, 1] already; any shape.
    generator: on the images' device; unused for "none". A static draw is one made once, see `drawn_once`.
    """
    if images.is_floating_point():
        if mode == "none":
            return images
        draws = torch.rand(images.shape, generator=generator, device=images.device, dtype=images.dtype)
        return (draws < images).to(images.dtype)
    if mode == "none":
        return images.float().div_(255.0)
    # Read as bytes, zeros and ones become floating point several times faster than as truth values.
    return (_levels(images, generator) < images).view(torch.uint8).float()


def static_seed(split: Split) -> int:
    """The seed of the one draw that "static" means for a split, in training and in every evaluation."""
    return _STATIC_SEEDS[split]


def drawn_once(images: Tensor, seed: int, count: int | None = None) -> Tensor:
    """The items (count, …) uint8 as one fixed draw, 0 or 255, uint8 on the CPU; a seed always gives the same.

    count: how many of the first items are wanted, which are drawn as they are among all; None for all.
    """
    if count is not None:
        return drawn_once(images[: -(-count // _BLOCK) * _BLOCK], seed)[:count]
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.empty(images.shape, dtype=torch.uint8)
    for block, target in zip(images.split(_BLOCK), drawn.split(_BLOCK), strict=True):
        target.copy_(binarise(block.cpu(), "dynamic", generator)).mul_(255)
    return drawn


def _levels(images: Tensor, generator: torch.Generator) -> Tensor:
    """One of the 255 levels 0 to 254 per pixel, each as likely: a value is above it with probability value / 255."""
    if images.device.type != "cpu":
        return torch.empty_like(images).random_(0, 255, generator=generator)
    # Eight pixels per random word, and once more for the few that get level 255, is four times faster on a CPU.
    words = torch.empty((images.numel() + 7) // 8, dtype=torch.int64).random_(-(2**63), None, generator=generator)
    levels = words.view(torch.uint8)[: images.numel()]
    refused = torch.from_numpy(np.flatnonzero(levels.numpy() == 255))
    levels[refused] = torch.empty(len(refused), dtype=torch.uint8).random_(0, 255, generator=generator)
    return levels.view(images.shape)
