"""Convolutional networks between images and smaller grids of features, for images of any size."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from trainers.networks.convolution import level_sizes, shrinking_convolution
from trainers.networks.initialisation import initialise_convolution
from trainers.networks.pixel_bias import PixelBias
from trainers.networks.sub_pixel_convolution import SubPixelConvolution


class ResidualBlock(nn.Module):
    """Adds to features what a convolution over neighbours and one within the cell find in them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.neighbours = initialise_convolution(nn.Conv2d(channels, channels, kernel_size=3, padding=1))
        # A small step at first, so that a stack of blocks begins near the identity.
        self.mix = initialise_convolution(nn.Conv2d(channels, channels, kernel_size=1), gain=0.5)

    def forward(self, features: Tensor) -> Tensor:
        """Features (batch, channels, height, width) of the same shape."""
        found: Tensor = self.mix(torch.relu(self.neighbours(torch.relu(features))))
        return features + found


def feature_encoder(shape: Sequence[int], channels: Sequence[int], blocks: int, depth: int) -> nn.Sequential:
    """Images (batch, *shape) to features (batch, depth, *grid), the grid being the last size of the pyramid.

    channels: of each level, which halves the picture (see `level_sizes`). blocks: residual blocks on the grid.
    """
    sizes = level_sizes(shape[1], shape[2], len(channels))
    layers: list[nn.Module] = []
    for level, (incoming, outgoing) in enumerate(zip([shape[0], *channels], channels, strict=False)):
        if level:
            layers.append(nn.ReLU())
        layers.append(shrinking_convolution(incoming, outgoing, sizes[level], sizes[level + 1]))
    layers += [ResidualBlock(channels[-1]) for _ in range(blocks)]
    last = initialise_convolution(nn.Conv2d(channels[-1], depth, kernel_size=1), gain=1.0)
    return nn.Sequential(*layers, nn.ReLU(), last)


def feature_decoder(depth: int, channels: Sequence[int], blocks: int, shape: Sequence[int]) -> nn.Sequential:
    """Features (batch, depth, *grid) to unbounded pixels (batch, *shape); mirrors the encoder of the same arguments."""
    sizes = level_sizes(shape[1], shape[2], len(channels))
    first = initialise_convolution(nn.Conv2d(depth, channels[-1], kernel_size=3, padding=1))
    layers: list[nn.Module] = [first, *(ResidualBlock(channels[-1]) for _ in range(blocks)), nn.ReLU()]
    for level in range(len(channels), 1, -1):
        enlarged = SubPixelConvolution(
            channels[level - 1], channels[level - 2], smaller=sizes[level], larger=sizes[level - 1]
        )
        layers += [enlarged, nn.ReLU()]
    last = SubPixelConvolution(channels[0], shape[0], smaller=sizes[1], larger=sizes[0], bias=False, gain=1.0)
    return nn.Sequential(*layers, last, PixelBias(shape))
