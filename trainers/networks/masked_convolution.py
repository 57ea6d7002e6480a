"""Convolutions over grids that see earlier cells only, in raster order and in the order of channels within a cell.

Source: van den Oord et al., Conditional Image Generation with PixelCNN Decoders, 2016: rows above are seen by one kind
and the cells before in the same row by another, so that no earlier cell stays out of sight.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainers.networks.initialisation import initialise_convolution


class RowsAboveConvolution(nn.Conv2d):
    """The upper half of a square kernel, over rows above and, unless `strict`, the cell's own row.

    Without `strict` its input must say of a row no more than the rows above it do, as its own output does.
    """

    bias: Tensor

    def __init__(self, incoming: int, outgoing: int, kernel_size: int, *, strict: bool) -> None:
        self.rows = kernel_size // 2 if strict else kernel_size // 2 + 1
        self.side = kernel_size // 2
        self.strict = strict
        super().__init__(incoming, outgoing, kernel_size=(self.rows, kernel_size))
        initialise_convolution(self, gain=1.0)

    def forward(self, grids: Tensor) -> Tensor:
        """Grids (batch, incoming, height, width) as (batch, outgoing, height, width)."""
        # One row more above and one less below move everything down by a row.
        top, bottom = (self.rows, -1) if self.strict else (self.rows - 1, 0)
        return super().forward(functional.pad(grids, (self.side, self.side, top, bottom)))


class CellsBeforeConvolution(nn.Conv2d):
    """`taps` cells of a row that end in the cell itself, of which only earlier channels are seen.

    Features belong to the channels in equal runs, the first to the first channel. A feature sees those of its own
    channel in its own cell too, unless `strict`, which the layer next to the values must be. One tap mixes features
    within a cell.
    """

    bias: Tensor
    mask: Tensor | None

    def __init__(
        self,
        incoming: int,
        outgoing: int,
        *,
        taps: int = 1,
        channels: int = 1,
        halves: int = 1,
        strict: bool = False,
    ) -> None:
        super().__init__(incoming, outgoing, kernel_size=(1, taps))
        initialise_convolution(self, gain=1.0)
        self.taps = taps
        own = _channel_of(outgoing // halves, channels).repeat(halves)[:, None]
        seen = _channel_of(incoming, channels)[None]
        allowed = own > seen if strict else own >= seen
        mask = None if bool(allowed.all()) else torch.ones_like(self.weight.detach())
        if mask is not None:
            mask[:, :, 0, -1] = allowed.float()
        self.register_buffer("mask", mask, persistent=False)

    def masked_weight(self) -> Tensor:
        """The weight (outgoing, incoming, 1, taps) with zeros where nothing may be seen."""
        return self.weight if self.mask is None else self.weight * self.mask

    def forward(self, grids: Tensor) -> Tensor:
        """Grids (batch, incoming, height, width) as (batch, outgoing, height, width)."""
        padded = functional.pad(grids, (self.taps - 1, 0)) if self.taps > 1 else grids
        return functional.conv2d(padded, self.masked_weight(), self.bias)


def _channel_of(features: int, channels: int) -> Tensor:
    return torch.arange(features) * channels // features
