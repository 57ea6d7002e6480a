"""Couplings: some channels are scaled and shifted by what a network makes of the others, which stay.

Source: Dinh, Sohl-Dickstein and Bengio, Density Estimation Using Real NVP, 2017, section 3.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trainers.networks.initialisation import initialise_convolution
from trainers.networks.invertible import InvertibleLayer
from trainers.networks.mlp import hidden_layers
from trainers.networks.pixel_bias import PixelBias


class AffineCoupling(InvertibleLayer):
    """moved · exp(log_scale) + shift, both by a network from the channels that are kept.

    Log-scales are bounded by a tanh times a learned reach, so that no item is stretched without end.

    network: from the kept channels to log-scales and shifts of the moved ones, twice as many channels.
    kept, moved: which channels; together all of them.
    """

    def __init__(self, network: nn.Module, kept: Sequence[int], moved: Sequence[int]) -> None:
        super().__init__()
        self.network = network
        self.reach = nn.Parameter(torch.ones(len(moved)))
        places = torch.argsort(torch.tensor([*kept, *moved]))
        self.register_buffer("kept", torch.tensor(kept), persistent=False)
        self.register_buffer("moved", torch.tensor(moved), persistent=False)
        self.register_buffer("places", places, persistent=False)
        self.kept: Tensor
        self.moved: Tensor
        self.places: Tensor

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Values (batch, channels, …) with the moved channels changed, and the log-determinant (batch,)."""
        kept, moved = values.index_select(1, self.kept), values.index_select(1, self.moved)
        log_scales, shifts = self._changes(kept)
        return self._joined(kept, moved * log_scales.exp() + shifts), log_scales.flatten(1).sum(dim=1)

    def inverse(self, values: Tensor) -> Tensor:
        """Values (batch, channels, …) with the moved channels as they were."""
        kept, moved = values.index_select(1, self.kept), values.index_select(1, self.moved)
        log_scales, shifts = self._changes(kept)
        return self._joined(kept, (moved - shifts) * (-log_scales).exp())

    def _changes(self, kept: Tensor) -> tuple[Tensor, Tensor]:
        # In half precision a network may say how far to move, but moving and measuring stay precise.
        raw, shifts = self.network(kept).to(kept.dtype).chunk(2, dim=1)
        return torch.tanh(raw) * self.reach.view(-1, *[1] * (kept.ndim - 2)), shifts

    def _joined(self, kept: Tensor, moved: Tensor) -> Tensor:
        return torch.cat([kept, moved], dim=1).index_select(1, self.places)


def coupling_convolutions(inputs: int, hidden: int, outputs: int, height: int, width: int) -> nn.Sequential:
    """Pictures (batch, inputs, height, width) to (batch, outputs, height, width), zero at first.

    The last bias is one per pixel, which a margin that is black in every picture needs.
    """
    last = nn.Conv2d(hidden, outputs, kernel_size=3, padding=1, bias=False)
    nn.init.zeros_(last.weight)
    return nn.Sequential(
        initialise_convolution(nn.Conv2d(inputs, hidden, kernel_size=3, padding=1)),
        nn.ReLU(),
        initialise_convolution(nn.Conv2d(hidden, hidden, kernel_size=1)),
        nn.ReLU(),
        last,
        PixelBias((outputs, height, width)),
    )


def coupling_mlp(inputs: int, hidden_sizes: Sequence[int], outputs: int) -> nn.Sequential:
    """Vectors (batch, inputs) to vectors (batch, outputs), zero at first."""
    last = nn.Linear([inputs, *hidden_sizes][-1], outputs)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(*hidden_layers(inputs, hidden_sizes), last)
