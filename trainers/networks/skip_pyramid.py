"""Convolution pyramids whose decoder may also see what the encoder saw at each level, besides the code.

Source: Ronneberger, Fischer and Brox, U-Net, 2015; for restoration: Mao, Shen and Yang, Image Restoration Using Very
Deep Convolutional Encoder-Decoder Networks with Symmetric Skip Connections, 2016.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from trainers.networks.convolution import level_sizes, shrinking_convolution
from trainers.networks.initialisation import initialise_convolution, initialise_linear
from trainers.networks.mlp import hidden_layers
from trainers.networks.pixel_bias import PixelBias
from trainers.networks.sub_pixel_convolution import SubPixelConvolution


class SkipEncoder(nn.Module):
    """Images to codes, with the features on the way.

    shape: (channels, height, width). channels: of the levels from the picture's own size, level 0, downwards, each
    half as large as the one before (see `level_sizes`). dense_size: width of the flat hidden layer.
    """

    def __init__(self, shape: Sequence[int], channels: Sequence[int], dense_size: int, outputs: int) -> None:
        super().__init__()
        sizes = level_sizes(shape[1], shape[2], len(channels) - 1)
        levels = [_same_size(shape[0], channels[0])]
        for level, (incoming, outgoing) in enumerate(pairwise(channels)):
            levels.append(shrinking_convolution(incoming, outgoing, sizes[level], sizes[level + 1]))
        self.levels = nn.ModuleList(levels)
        dense = hidden_layers(channels[-1] * sizes[-1].height * sizes[-1].width, [dense_size])
        self.end = nn.Sequential(nn.Flatten(), *dense, initialise_linear(nn.Linear(dense_size, outputs), gain=1.0))

    def features(self, images: Tensor) -> tuple[Tensor, ...]:
        """Features of every level (batch, channels, height, width) for images (batch, *shape)."""
        found = []
        for level in self.levels:
            images = torch.relu(level(images))
            found.append(images)
        return tuple(found)

    def codes(self, features: Sequence[Tensor]) -> Tensor:
        """Codes (batch, outputs) of features of every level."""
        found: Tensor = self.end(features[-1])
        return found

    def forward(self, images: Tensor) -> Tensor:
        """Codes (batch, outputs) of images (batch, *shape)."""
        return self.codes(self.features(images))


class SkipDecoder(nn.Module):
    """Codes to unbounded pixels; mirrors the encoder of the same arguments.

    skips: the levels at which it may see the encoder's features.
    """

    def __init__(
        self, inputs: int, dense_size: int, channels: Sequence[int], shape: Sequence[int], skips: Collection[int]
    ) -> None:
        super().__init__()
        sizes = level_sizes(shape[1], shape[2], len(channels) - 1)
        smallest = (channels[-1], *sizes[-1])
        features = channels[-1] * sizes[-1].height * sizes[-1].width
        self.start = nn.Sequential(*hidden_layers(inputs, [dense_size, features]), nn.Unflatten(1, smallest))
        self.joins = nn.ModuleDict({str(level): _Join(channels[level]) for level in sorted(skips)})
        self.enlargements = nn.ModuleList(
            SubPixelConvolution(incoming, outgoing, smaller=sizes[level + 1], larger=sizes[level])
            for level, (outgoing, incoming) in enumerate(pairwise(channels))
        )
        last = initialise_convolution(nn.Conv2d(channels[0], shape[0], kernel_size=3, padding=1, bias=False), gain=1.0)
        self.end = nn.Sequential(last, PixelBias(shape))

    def forward(self, codes: Tensor, features: Sequence[Tensor] | None = None) -> Tensor:
        """Pixels (batch, *shape) of codes (batch, inputs), and of the encoder's features of every level, if given."""
        found: Tensor = self.start(codes)
        for level in range(len(self.enlargements), -1, -1):
            if str(level) in self.joins:
                found = self.joins[str(level)](found, None if features is None else features[level])
            if level:
                found = torch.relu(self.enlargements[level - 1](found))
        pixels: Tensor = self.end(found)
        return pixels


class _Join(nn.Module):
    """One convolution over the decoder's features and, where there are any, the encoder's."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.own = _same_size(channels, channels)
        self.seen = _same_size(channels, channels, bias=False)

    def forward(self, own: Tensor, seen: Tensor | None) -> Tensor:
        joined: Tensor = self.own(own)
        return torch.relu(joined if seen is None else joined + self.seen(seen))


def _same_size(incoming: int, outgoing: int, *, bias: bool = True) -> nn.Conv2d:
    return initialise_convolution(nn.Conv2d(incoming, outgoing, kernel_size=3, padding=1, bias=bias))
