"""Weights at the start of training."""

import math

import torch
from torch import nn

# Keeps the size of activations through a rectifier (He et al. 2015).
RECTIFIER_GAIN = math.sqrt(2.0)


def initialise_linear(layer: nn.Linear, gain: float = RECTIFIER_GAIN) -> nn.Linear:
    """The layer with normal weights of deviation gain / √inputs and no bias."""
    nn.init.normal_(layer.weight, std=gain / math.sqrt(layer.in_features))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def initialise_convolution(layer: nn.Conv2d, gain: float = RECTIFIER_GAIN) -> nn.Conv2d:
    """The layer with normal weights of deviation gain / √(inputs · taps) and no bias."""
    taps = layer.kernel_size[0] * layer.kernel_size[1]
    nn.init.normal_(layer.weight, std=gain / math.sqrt(layer.in_channels * taps))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


@torch.no_grad()
def initialise_upsampling(layer: nn.ConvTranspose2d, gain: float = RECTIFIER_GAIN) -> nn.ConvTranspose2d:
    """The layer with random weights that are equal for all the outputs of one input pixel, and no bias.

    A doubled axis has a kernel of four, of which every output sees two; with both neighbours' weights equal the layer
    starts as nearest-neighbour enlargement and a small convolution, without a checkerboard
    (the idea of Aitken et al. 2017 for sub-pixel convolutions).
    """
    steps = layer.stride
    seen = [length // step if step > 1 else length for length, step in zip(layer.kernel_size, steps, strict=True)]
    weights = torch.empty(layer.in_channels, layer.out_channels, *seen)
    nn.init.normal_(weights, std=gain / math.sqrt(layer.in_channels * seen[0] * seen[1]))
    layer.weight.copy_(weights.repeat_interleave(steps[0], dim=2).repeat_interleave(steps[1], dim=3))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
