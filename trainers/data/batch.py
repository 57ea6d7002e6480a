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
    generator: source of all randomness in the step, on the same device; see `trainers.processes` for how to draw.
    shared_indices: (items of all processes,) where several share the step, else None.
    """

    images: Tensor
    indices: Tensor
    generator: torch.Generator
    labels: Tensor | None = None
    attributes: Tensor | None = None
    shared_indices: Tensor | None = None

    @property
    def step_indices(self) -> Tensor:
        """Places in the training split of all items of the step, also those that other processes work on."""
        return self.indices if self.shared_indices is None else self.shared_indices
