"""A bias of its own for every pixel."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class PixelBias(nn.Module):
    """Adds a learned image to a batch; set to the mean image, a decoder starts from it instead of from grey.

    shape: (channels, height, width) of the bias.
    """

    def __init__(self, shape: Sequence[int]) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(*shape))

    def forward(self, images: Tensor) -> Tensor:
        """Images (batch, channels, height, width) with the bias added, in the bias's own precision."""
        return images + self.bias

    @torch.no_grad()
    def set_to(self, image: Tensor) -> None:
        """Replace the bias by an image (channels, height, width)."""
        self.bias.copy_(image)
