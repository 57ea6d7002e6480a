"""Fully connected networks between images and flat vectors."""

import math
from collections.abc import Sequence

from torch import nn

from trainers.networks.initialisation import initialise_linear
from trainers.networks.pixel_bias import PixelBias


def mlp_encoder(size: int, hidden_sizes: Sequence[int], outputs: int) -> nn.Sequential:
    """Images of `size` numbers (batch, …) to vectors (batch, outputs)."""
    return nn.Sequential(nn.Flatten(), *hidden_layers(size, hidden_sizes), _last_layer(hidden_sizes, size, outputs))


def mlp_decoder(inputs: int, hidden_sizes: Sequence[int], shape: Sequence[int]) -> nn.Sequential:
    """Vectors (batch, inputs) to unbounded pixels (batch, *shape); `hidden_sizes` runs from the vector outwards."""
    last = initialise_linear(nn.Linear([inputs, *hidden_sizes][-1], math.prod(shape), bias=False), gain=1.0)
    return nn.Sequential(*hidden_layers(inputs, hidden_sizes), last, nn.Unflatten(1, tuple(shape)), PixelBias(shape))


def hidden_layers(inputs: int, sizes: Sequence[int]) -> list[nn.Module]:
    """Linear layers with a rectifier after each, from `inputs` through all `sizes`."""
    layers: list[nn.Module] = []
    for incoming, outgoing in zip([inputs, *sizes], sizes, strict=False):
        layers += [initialise_linear(nn.Linear(incoming, outgoing)), nn.ReLU()]
    return layers


def _last_layer(hidden_sizes: Sequence[int], size: int, outputs: int) -> nn.Linear:
    return initialise_linear(nn.Linear([size, *hidden_sizes][-1], outputs), gain=1.0)
