"""A trained network within something that is trained."""

from typing import Self

from torch import nn


class FrozenNetwork(nn.Module):
    """A network that only looks at things: nothing that is trained around it changes it.

    It stays in evaluation mode whatever mode its owner is put to, so that no statistics of batches are gathered, and
    none of its numbers has a gradient. What it looks at has one, so that a loss can be made of what it sees.

    network: taken over, not copied.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network.requires_grad_(False)
        self.train(False)

    def forward(self, *values: object) -> object:
        """What the network gives."""
        return self.network(*values)

    def train(self, mode: bool = True) -> Self:
        """Evaluation mode, whatever is asked for."""
        return super().train(False)
