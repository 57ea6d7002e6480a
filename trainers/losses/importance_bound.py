"""The importance-weighted bound of the log-likelihood."""

import math

import torch
from torch import Tensor


def importance_bound(log_weights: Tensor) -> Tensor:
    """log of the mean weight over K samples, (batch,), from log-weights (K, batch) in nats.

    Source: Burda, Grosse and Salakhutdinov, Importance Weighted Autoencoders, 2016.
    """
    return torch.logsumexp(log_weights, dim=0) - math.log(len(log_weights))
