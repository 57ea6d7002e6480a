"""Precision of losses under mixed precision."""

import torch
from torch import Tensor


def full_precision(values: Tensor) -> Tensor:
    """The values as float32, or unchanged if they are float64; sums over pixels lose nats in half precision."""
    return values if values.dtype == torch.float64 else values.float()
