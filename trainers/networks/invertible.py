"""Layers that can be run backwards and know how they stretch space, and chains of them.

log p(x) = log p_z(f(x)) + log |det ∂f/∂x| for an invertible f (Dinh et al., NICE, 2015).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn


class InvertibleLayer(nn.Module, ABC):
    """A bijection of items: `forward` from data towards noise, `inverse` from noise towards data."""

    @abstractmethod
    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Values (batch, …) further on, and the log-determinant (batch,) of the Jacobian of each item, in nats."""

    @abstractmethod
    def inverse(self, values: Tensor) -> Tensor:
        """The values that `forward` takes to these."""

    @torch.no_grad()
    def initialise(self, values: Tensor) -> Tensor:
        """Set what depends on data from a first batch, which is given as `forward` then gives it."""
        further: Tensor = self(values)[0]
        return further


class InvertibleChain(InvertibleLayer):
    """Layers one after the other."""

    def __init__(self, layers: Iterable[InvertibleLayer]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Values through all layers, and the sum (batch,) of their log-determinants."""
        total = values.new_zeros(len(values))
        for layer in self.layers:
            values, change = layer(values)
            total = total + change
        return values, total

    def inverse(self, values: Tensor) -> Tensor:
        """Values back through all layers, the last one first."""
        for layer in reversed(self._own()):
            values = layer.inverse(values)
        return values

    @torch.no_grad()
    def initialise(self, values: Tensor) -> Tensor:
        """Initialise every layer with what comes out of the one before it."""
        for layer in self._own():
            values = layer.initialise(values)
        return values

    def _own(self) -> list[InvertibleLayer]:
        return [layer for layer in self.layers if isinstance(layer, InvertibleLayer)]


class MultiScaleFlow(nn.Module):
    """Levels of layers; after every level but the last, half of the channels are noise and only the others go on.

    Source: Dinh, Sohl-Dickstein and Bengio, Density Estimation Using Real NVP, 2017, section 3.6.
    """

    def __init__(self, levels: Sequence[InvertibleLayer]) -> None:
        super().__init__()
        self.levels = nn.ModuleList(levels)

    def forward(self, values: Tensor) -> tuple[list[Tensor], Tensor]:
        """The noise of every level, the data's own first, and the log-determinant (batch,) of all, in nats."""
        noise: list[Tensor] = []
        total = values.new_zeros(len(values))
        for level in self.levels:
            values, change = level(values)
            total = total + change
            finished, values = self._divided(values, len(noise))
            noise.append(finished)
        return noise, total

    def inverse(self, noise: Sequence[Tensor]) -> Tensor:
        """Data (batch, …) from the noise of every level."""
        values = noise[-1]
        for number, level in reversed(list(enumerate(self._own()))):
            if number < len(noise) - 1:
                values = torch.cat([noise[number], values], dim=1)
            values = level.inverse(values)
        return values

    @torch.no_grad()
    def initialise(self, values: Tensor) -> None:
        """Initialise all layers of all levels from data (batch, …)."""
        for number, level in enumerate(self._own()):
            _, values = self._divided(level.initialise(values), number)

    def _divided(self, values: Tensor, level: int) -> tuple[Tensor, Tensor]:
        if level == len(self.levels) - 1:
            return values, values
        finished, going_on = values.chunk(2, dim=1)
        return finished, going_on

    def _own(self) -> list[InvertibleLayer]:
        return [level for level in self.levels if isinstance(level, InvertibleLayer)]
