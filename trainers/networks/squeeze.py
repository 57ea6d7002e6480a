"""Pictures of half the size and four times the channels."""

from torch import Tensor

from trainers.networks.invertible import InvertibleLayer


class Squeeze(InvertibleLayer):
    """The four pixels of every square as channels: all upper left ones, then upper right, lower left, lower right.

    Source: Dinh, Sohl-Dickstein and Bengio, Density Estimation Using Real NVP, 2017, section 3.6.
    """

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (batch, channels, 2 · height, 2 · width) as (batch, 4 · channels, height, width), and zeros."""
        batch, channels, height, width = values.shape
        squares = values.reshape(batch, channels, height // 2, 2, width // 2, 2).permute(0, 3, 5, 1, 2, 4)
        return squares.reshape(batch, 4 * channels, height // 2, width // 2), values.new_zeros(batch)

    def inverse(self, values: Tensor) -> Tensor:
        """Pictures (batch, 4 · channels, height, width) as (batch, channels, 2 · height, 2 · width)."""
        batch, channels, height, width = values.shape
        squares = values.reshape(batch, 2, 2, channels // 4, height, width).permute(0, 3, 4, 1, 5, 2)
        return squares.reshape(batch, channels // 4, 2 * height, 2 * width)
