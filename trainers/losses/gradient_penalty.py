"""A penalty on the slope of a critic."""

from collections.abc import Callable

import torch
from torch import Tensor

from trainers.losses.precision import full_precision
from trainers.processes import uniform_noise


def interpolated(real: Tensor, fake: Tensor, generator: torch.Generator) -> Tensor:
    """One item (batch, …) on the straight line between each real and fake one, evenly anywhere on it."""
    shares = uniform_noise((len(real),), generator).view(-1, *[1] * (real.ndim - 1))
    return torch.lerp(fake, real, shares.to(real.dtype))


def gradient_norms(critic: Callable[[Tensor], Tensor], items: Tensor) -> Tensor:
    """Euclidean norms (batch,) of the critic's gradient by each whole item (batch, …), themselves differentiable.

    Computed in float32 also under autocast: the norm's own gradient passes through the network twice.
    """
    points = full_precision(items.detach()).requires_grad_()
    with torch.enable_grad(), torch.autocast(points.device.type, enabled=False):
        (gradients,) = torch.autograd.grad(critic(points).sum(), points, create_graph=True)
    norms: Tensor = torch.linalg.vector_norm(gradients.flatten(1), dim=1)
    return norms


def gradient_penalty(norms: Tensor) -> Tensor:
    """Mean squared distance of gradient norms (batch,) from 1 (Gulrajani et al. 2017)."""
    return (norms - 1.0).square().mean()
