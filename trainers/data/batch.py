"""The items of one training step."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Items on the training device, after scaling and binarisation.

    images: (batch, channels, height, width), values in [0, 1]; for points (batch, 2), any values.
    indices: (batch,), places in the training split, for models that keep something per item.
    labels: (batch,) class numbers, or None.
    attributes: (batch, attributes), or None.
    generator: source of all randomness in the step, on the same device.
    """

    images: Tensor
    indices: Tensor
    generator: torch.Generator
    labels: Tensor | None = None
    attributes: Tensor | None = None
