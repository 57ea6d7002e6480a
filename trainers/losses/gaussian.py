"""Log-densities, divergences and products of factorised Gaussians, in nats."""

import math

import torch
from torch import Tensor

_LOG_TWO_PI = math.log(2.0 * math.pi)


def gaussian_log_density(values: Tensor, means: Tensor, log_variances: Tensor) -> Tensor:
    """log N(value; mean, variance) of each number, with its normalising constant; shapes broadcast."""
    return -0.5 * (_LOG_TWO_PI + log_variances + (values - means).square() * torch.exp(-log_variances))


def standard_normal_log_density(values: Tensor) -> Tensor:
    """log N(value; 0, 1) of each number."""
    return -0.5 * (_LOG_TWO_PI + values.square())


def gaussian_kl(means: Tensor, log_variances: Tensor) -> Tensor:
    """KL(N(mean, variance) || N(0, 1)) of each number, at least 0 (Kingma and Welling 2014, appendix B)."""
    # Near the prior the difference is of two nearly equal numbers: expm1 keeps its digits, the clamp its sign.
    return 0.5 * (means.square() + (torch.expm1(log_variances) - log_variances).clamp(min=0.0))


def gaussian_product(
    means: Tensor, log_variances: Tensor, other_means: Tensor, other_log_variances: Tensor
) -> tuple[Tensor, Tensor]:
    """Mean and log-variance of the Gaussian that the product of two densities is proportional to, of each number.

    Precisions add, and means are weighted by them.
    """
    # The share of the first precision in the sum, without leaving logarithms for what may be tiny or huge.
    share = torch.sigmoid(other_log_variances - log_variances)
    return torch.lerp(other_means, means, share), -torch.logaddexp(-log_variances, -other_log_variances)
