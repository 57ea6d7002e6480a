"""A scale and a shift per channel that begin by normalising the data."""

import torch
from torch import Tensor, nn

from trainers.networks.invertible import InvertibleLayer

# A channel that hardly changes is not magnified without bounds.
_LEAST_DEVIATION = 1e-3


class ActNorm(InvertibleLayer):
    """(value + shift) · exp(log_scale) for each of the channels, learned from a start that depends on data.

    Source: Kingma and Dhariwal, Glow, 2018, section 3.1.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(channels))
        self.log_scale = nn.Parameter(torch.zeros(channels))

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Values (batch, channels, …) normalised, and the log-determinant (batch,)."""
        shift, log_scale = self._beside(values)
        positions = values[0, 0].numel()
        return (values + shift) * log_scale.exp(), (positions * self.log_scale.sum()).expand(len(values))

    def inverse(self, values: Tensor) -> Tensor:
        """Values (batch, channels, …) as they were."""
        shift, log_scale = self._beside(values)
        return values * (-log_scale).exp() - shift

    @torch.no_grad()
    def initialise(self, values: Tensor) -> Tensor:
        """Give every channel of these values mean 0 and deviation 1."""
        by_channel = values.transpose(0, 1).flatten(1)
        self.shift.copy_(-by_channel.mean(dim=1))
        self.log_scale.copy_(-by_channel.std(dim=1, correction=0).clamp(min=_LEAST_DEVIATION).log())
        return super().initialise(values)

    def _beside(self, values: Tensor) -> tuple[Tensor, Tensor]:
        shape = (-1, *[1] * (values.ndim - 2))
        return self.shift.view(shape), self.log_scale.view(shape)
