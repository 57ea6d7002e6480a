"""The linear map that a network begins with."""

import torch
from torch import Tensor, nn

_AFFINE = (nn.Linear, nn.Flatten, nn.Unflatten, nn.Identity, nn.modules.batchnorm._BatchNorm)


def linear_start(network: nn.Sequential) -> Tensor:
    """The weights (outputs, inputs) of what a network does to its inputs before the first activation.

    Batch normalisation counts with its averages, as in evaluation mode. Raises `ValueError` for a network that does
    not begin with a linear layer.
    """
    layers = _affine_layers(network)
    if not layers or not isinstance(layers[0], nn.Linear):
        raise ValueError("the network does not begin with a linear layer")
    inputs = layers[0].in_features
    probe = torch.cat([torch.zeros(1, inputs), torch.eye(inputs)]).to(layers[0].weight)
    with torch.no_grad():
        for layer in layers:
            probe = _normalised(layer, probe) if isinstance(layer, nn.modules.batchnorm._BatchNorm) else layer(probe)
    return (probe[1:] - probe[:1]).flatten(1).T


def _affine_layers(network: nn.Sequential) -> list[nn.Module]:
    found: list[nn.Module] = []
    for layer in network:
        if not isinstance(layer, _AFFINE):
            break
        found.append(layer)
    return found


def _normalised(layer: nn.modules.batchnorm._BatchNorm, values: Tensor) -> Tensor:
    # The layer itself would use, and change, the averages of a batch in training mode.
    return nn.functional.batch_norm(
        values, layer.running_mean, layer.running_var, layer.weight, layer.bias, training=False, eps=layer.eps
    )
