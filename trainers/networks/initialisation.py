"""Weights at the start of training."""

import math

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
