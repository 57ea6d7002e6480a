"""Convolution pyramids between images and flat vectors, for images of any size."""

from collections.abc import Sequence
from typing import NamedTuple

from torch import nn

from trainers.networks.initialisation import initialise_convolution, initialise_linear
from trainers.networks.layer_style import RECTIFIED, LayerStyle
from trainers.networks.mlp import hidden_layers
from trainers.networks.pixel_bias import PixelBias
from trainers.networks.sub_pixel_convolution import SubPixelConvolution

# An axis this short is halved no further, so that some picture is left for the flat layers.
SHORTEST = 4


class Size(NamedTuple):
    """Height and width in pixels."""

    height: int
    width: int


def level_sizes(height: int, width: int, levels: int) -> tuple[Size, ...]:
    """Sizes of the levels of a pyramid, the image's own first: each level halves, rounding up, axes longer than 4."""
    sizes = [Size(height, width)]
    for _ in range(levels):
        sizes.append(Size(*(_halved(length) for length in sizes[-1])))
    return tuple(sizes)


def convolution_encoder(
    shape: Sequence[int], channels: Sequence[int], dense_size: int, outputs: int, style: LayerStyle = RECTIFIED
) -> nn.Sequential:
    """Images (batch, *shape) to vectors (batch, outputs), through one level per entry of `channels`.

    shape: (channels, height, width). dense_size: width of the one flat hidden layer.
    """
    sizes = level_sizes(shape[1], shape[2], len(channels))
    layers: list[nn.Module] = []
    for level, (incoming, outgoing) in enumerate(zip([shape[0], *channels], channels, strict=False)):
        shrinking = shrinking_convolution(incoming, outgoing, sizes[level], sizes[level + 1], bias=style.has_bias)
        layers += style.hidden(shrinking, outgoing)
    features = channels[-1] * sizes[-1].height * sizes[-1].width
    last = initialise_linear(nn.Linear(dense_size, outputs), gain=1.0)
    dense = hidden_layers(features, [dense_size], style)
    return nn.Sequential(*layers, nn.Flatten(), *dense, style.constrained(last))


def convolution_decoder(
    inputs: int, dense_size: int, channels: Sequence[int], shape: Sequence[int], style: LayerStyle = RECTIFIED
) -> nn.Sequential:
    """Vectors (batch, inputs) to unbounded pixels (batch, *shape); mirrors the encoder of the same arguments.

    Raises `ValueError` for spectral normalisation, which enlarging layers do not take.
    """
    if style.normalisation == "spectral":
        raise ValueError("a convolutional decoder takes no spectral normalisation")
    sizes = level_sizes(shape[1], shape[2], len(channels))
    smallest = (channels[-1], *sizes[-1])
    features = smallest[0] * smallest[1] * smallest[2]
    layers: list[nn.Module] = [*hidden_layers(inputs, [dense_size, features], style), nn.Unflatten(1, smallest)]
    for level in range(len(channels), 1, -1):
        incoming, outgoing = channels[level - 1], channels[level - 2]
        smaller, larger = sizes[level], sizes[level - 1]
        enlarged = SubPixelConvolution(incoming, outgoing, smaller=smaller, larger=larger, bias=style.has_bias)
        layers += style.hidden(enlarged, outgoing)
    # The bias of the last level is one per pixel.
    last = SubPixelConvolution(channels[0], shape[0], smaller=sizes[1], larger=sizes[0], bias=False, gain=1.0)
    return nn.Sequential(*layers, last, PixelBias(shape))


def shrinking_convolution(incoming: int, outgoing: int, larger: Size, smaller: Size, *, bias: bool = True) -> nn.Conv2d:
    """Pictures of one size to the next smaller one of a pyramid; an axis of the same length is kept."""
    stride = (_step(larger.height, smaller.height), _step(larger.width, smaller.width))
    return initialise_convolution(nn.Conv2d(incoming, outgoing, kernel_size=3, stride=stride, padding=1, bias=bias))


def _halved(length: int) -> int:
    return (length + 1) // 2 if length > SHORTEST else length


def _step(larger: int, smaller: int) -> int:
    return 1 if larger == smaller else 2
