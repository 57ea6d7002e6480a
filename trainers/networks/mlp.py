"""Fully connected networks between images and flat vectors."""

import math
from collections.abc import Sequence

from torch import nn

from trainers.networks.initialisation import initialise_linear
from trainers.networks.layer_style import RECTIFIED, LayerStyle
from trainers.networks.pixel_bias import PixelBias


def mlp_encoder(size: int, hidden_sizes: Sequence[int], outputs: int, style: LayerStyle = RECTIFIED) -> nn.Sequential:
    """Images of `size` numbers (batch, …) to vectors (batch, outputs)."""
    hidden = hidden_layers(size, hidden_sizes, style)
    last = initialise_linear(nn.Linear([size, *hidden_sizes][-1], outputs), gain=1.0)
    return nn.Sequential(nn.Flatten(), *hidden, style.constrained(last))


def mlp_decoder(
    inputs: int, hidden_sizes: Sequence[int], shape: Sequence[int], style: LayerStyle = RECTIFIED
) -> nn.Sequential:
    """Vectors (batch, inputs) to unbounded pixels (batch, *shape); `hidden_sizes` runs from the vector outwards."""
    last = initialise_linear(nn.Linear([inputs, *hidden_sizes][-1], math.prod(shape), bias=False), gain=1.0)
    hidden = hidden_layers(inputs, hidden_sizes, style)
    return nn.Sequential(*hidden, style.constrained(last), nn.Unflatten(1, tuple(shape)), PixelBias(shape))


def hidden_layers(inputs: int, sizes: Sequence[int], style: LayerStyle = RECTIFIED) -> list[nn.Module]:
    """Linear layers in a style, from `inputs` through all `sizes`."""
    layers: list[nn.Module] = []
    for incoming, outgoing in zip([inputs, *sizes], sizes, strict=False):
        layers += style.hidden(initialise_linear(nn.Linear(incoming, outgoing, bias=style.has_bias)), outgoing)
    return layers
