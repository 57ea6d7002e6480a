"""Convolution pyramids between images and flat vectors, for images of any size."""

from collections.abc import Sequence
from typing import NamedTuple

from torch import nn

from trainers.networks.initialisation import initialise_convolution, initialise_linear, initialise_upsampling
from trainers.networks.mlp import hidden_layers
from trainers.networks.pixel_bias import PixelBias

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


def convolution_encoder(shape: Sequence[int], channels: Sequence[int], dense_size: int, outputs: int) -> nn.Sequential:
    """Images (batch, *shape) to vectors (batch, outputs), through one level per entry of `channels`.

    shape: (channels, height, width). dense_size: width of the one flat hidden layer.
    """
    sizes = level_sizes(shape[1], shape[2], len(channels))
    layers: list[nn.Module] = []
    for level, (incoming, outgoing) in enumerate(zip([shape[0], *channels], channels, strict=False)):
        layers += [_shrinking(incoming, outgoing, sizes[level], sizes[level + 1]), nn.ReLU()]
    features = channels[-1] * sizes[-1].height * sizes[-1].width
    last = initialise_linear(nn.Linear(dense_size, outputs), gain=1.0)
    return nn.Sequential(*layers, nn.Flatten(), *hidden_layers(features, [dense_size]), last)


def convolution_decoder(inputs: int, dense_size: int, channels: Sequence[int], shape: Sequence[int]) -> nn.Sequential:
    """Vectors (batch, inputs) to unbounded pixels (batch, *shape); mirrors the encoder of the same arguments."""
    sizes = level_sizes(shape[1], shape[2], len(channels))
    smallest = (channels[-1], *sizes[-1])
    features = smallest[0] * smallest[1] * smallest[2]
    layers: list[nn.Module] = [*hidden_layers(inputs, [dense_size, features]), nn.Unflatten(1, smallest)]
    widths = [shape[0], *channels]
    for level in range(len(channels), 1, -1):
        layers += [_growing(widths[level], widths[level - 1], sizes[level], sizes[level - 1]), nn.ReLU()]
    return nn.Sequential(*layers, _to_pixels(widths[1], shape[0], sizes[1], sizes[0]), PixelBias(shape))


def _halved(length: int) -> int:
    return (length + 1) // 2 if length > SHORTEST else length


def _shrinking(incoming: int, outgoing: int, larger: Size, smaller: Size) -> nn.Conv2d:
    stride = (_step(larger.height, smaller.height), _step(larger.width, smaller.width))
    return initialise_convolution(nn.Conv2d(incoming, outgoing, kernel_size=3, stride=stride, padding=1))


def _growing(incoming: int, outgoing: int, smaller: Size, larger: Size) -> nn.ConvTranspose2d:
    return initialise_upsampling(_transposed(incoming, outgoing, smaller, larger, bias=True))


def _to_pixels(incoming: int, outgoing: int, smaller: Size, larger: Size) -> nn.ConvTranspose2d:
    return initialise_upsampling(_transposed(incoming, outgoing, smaller, larger, bias=False), gain=1.0)


def _transposed(incoming: int, outgoing: int, smaller: Size, larger: Size, *, bias: bool) -> nn.ConvTranspose2d:
    tall, wide = (_growth(small, large) for small, large in zip(smaller, larger, strict=True))
    kernel, stride, padding, extra = zip(tall, wide, strict=True)
    return nn.ConvTranspose2d(
        incoming, outgoing, kernel_size=kernel, stride=stride, padding=padding, output_padding=extra, bias=bias
    )


def _step(larger: int, smaller: int) -> int:
    return 1 if larger == smaller else 2


def _growth(smaller: int, larger: int) -> tuple[int, int, int, int]:
    # Kernel, stride, padding and output padding that turn one length into the other exactly.
    if larger == smaller:
        return 3, 1, 1, 0
    return (4, 2, 1, 0) if larger == 2 * smaller else (4, 2, 2, 1)
