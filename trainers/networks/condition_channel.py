"""A condition as one more channel beside an image."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trainers.networks.initialisation import initialise_linear


class ConditionChannel(nn.Module):
    """Adds a channel that is a learned picture for each number of a condition, weighted by the numbers.

    It tells convolutions and fully connected layers alike, at the cost of one channel however long the condition is.

    size: numbers in a condition. height, width: of the images.
    """

    def __init__(self, size: int, height: int, width: int) -> None:
        super().__init__()
        self.extent = (1, height, width)
        self.pictures = initialise_linear(nn.Linear(size, math.prod(self.extent), bias=False), gain=1.0)

    def forward(self, images: Tensor, condition: Tensor) -> Tensor:
        """Images (batch, channels + 1, height, width) of images (batch, channels, height, width).

        condition: (batch, size).
        """
        return torch.cat([images, self.pictures(condition).unflatten(1, self.extent)], dim=1)


def with_condition_channel(shape: Sequence[int]) -> tuple[int, ...]:
    """The shape of images (channels, height, width) once a `ConditionChannel` is beside them."""
    return (shape[0] + 1, *shape[1:])
