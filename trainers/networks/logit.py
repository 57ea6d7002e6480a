"""Values between 0 and 1 without bounds."""

import math

import torch
from torch import Tensor
from torch.nn import functional

from trainers.networks.invertible import InvertibleLayer


class Logit(InvertibleLayer):
    """logit(α + (1 − 2α) · value), so that 0 and 1 are finite.

    margin: α, above 0 and below ½.
    Source: Dinh, Sohl-Dickstein and Bengio, Density Estimation Using Real NVP, 2017, section 4.1.
    """

    def __init__(self, margin: float) -> None:
        super().__init__()
        self.margin = margin

    def forward(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Values (batch, …) in [0, 1] as logits, and the log-determinant (batch,)."""
        logits = torch.logit(self.margin + (1.0 - 2.0 * self.margin) * values)
        # The logarithms of sigmoid(logit) and of 1 - sigmoid(logit), both negative.
        changes = math.log(1.0 - 2.0 * self.margin) + functional.softplus(logits) + functional.softplus(-logits)
        return logits, changes.flatten(1).sum(dim=1)

    def inverse(self, values: Tensor) -> Tensor:
        """Logits (batch, …) as values, a little outside [0, 1] for the largest and smallest."""
        return (torch.sigmoid(values) - self.margin) / (1.0 - 2.0 * self.margin)
