"""Enlargement by a convolution whose channels become neighbouring pixels."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trainers.networks.initialisation import RECTIFIER_GAIN


class SubPixelConvolution(nn.Module):
    """Pictures enlarged to an exact size, each axis doubled (one row less for odd sizes) or kept.

    A doubled axis computes what a transposed convolution with a kernel of four does, every new pixel from two old
    ones, in two thirds of its time on a processor (Shi et al. 2016). All new pixels of an old one start with the same
    weights, so there is no checkerboard at first (Aitken et al. 2017).

    smaller, larger: height and width before and after.
    """

    def __init__(
        self,
        incoming: int,
        outgoing: int,
        *,
        smaller: Sequence[int],
        larger: Sequence[int],
        bias: bool = True,
        gain: float = RECTIFIER_GAIN,
    ) -> None:
        super().__init__()
        self.outgoing = outgoing
        self.height, self.width = larger
        self.tall, self.wide = (1 if small == large else 2 for small, large in zip(smaller, larger, strict=True))
        kernel = (4 - self.tall, 4 - self.wide)
        pixels = self.tall * self.wide
        self.convolution = nn.Conv2d(incoming, pixels * outgoing, kernel_size=kernel, padding=1, bias=bias)
        self._initialise(pixels, gain)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (batch, incoming, *smaller) as (batch, outgoing, *larger)."""
        found: Tensor = self.convolution(pictures).permute(0, 2, 3, 1)
        batch, rows, columns = found.shape[:3]
        spread = found.reshape(batch, rows, columns, self.tall, self.wide, self.outgoing).transpose(2, 3)
        joined = spread.reshape(batch, rows * self.tall, columns * self.wide, self.outgoing)
        # The padding of a doubled axis adds an old pixel, two new ones: one is cut off at either end.
        top, left = self.tall - 1, self.wide - 1
        return joined[:, top : top + self.height, left : left + self.width].permute(0, 3, 1, 2)

    @torch.no_grad()
    def _initialise(self, pixels: int, gain: float) -> None:
        weight = self.convolution.weight
        deviation = gain / math.sqrt(weight[0].numel())
        weight.copy_(torch.randn_like(weight[: self.outgoing]).mul_(deviation).repeat(pixels, 1, 1, 1))
        if self.convolution.bias is not None:
            nn.init.zeros_(self.convolution.bias)
