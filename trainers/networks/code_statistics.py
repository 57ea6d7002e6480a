"""Running statistics of features on a grid and of the entries they are rounded to."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainers.processes import summed_over_processes

# Features of a network in training move, so that those of many steps ago count no more.
_DECAY = 0.99


class CodeStatistics(nn.Module):
    """Mean and spread of every feature, and how often every cell has every entry; moving averages over batches.

    shape: (depth, height, width) of the features. entries: of the codebook.
    """

    means: Tensor
    squares: Tensor
    usage: Tensor

    def __init__(self, shape: Sequence[int], entries: int) -> None:
        super().__init__()
        self.register_buffer("means", torch.zeros(*shape))
        self.register_buffer("squares", torch.ones(*shape))
        self.register_buffer("usage", torch.full((*shape[1:], entries), 1.0 / entries))

    @torch.no_grad()
    def start_from(self, features: Tensor, indices: Tensor) -> None:
        """Set the statistics to those of features (count, *shape) and their entries (count, height, width).

        Of this process alone, since one process prepares a model for all.
        """
        self._move(self._sums(features, indices), 1.0)

    @torch.no_grad()
    def update(self, features: Tensor, indices: Tensor) -> None:
        """Take in a batch of features (batch, *shape) and their entries (batch, height, width)."""
        self._move([summed_over_processes(part) for part in self._sums(features, indices)], 1.0 - _DECAY)

    def moments(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of every feature, flat, on the CPU; deviations are above 0."""
        variances = (self.squares - self.means.square()).clamp(min=1e-8)
        return self.means.flatten().cpu(), variances.sqrt().flatten().cpu()

    def _sums(self, features: Tensor, indices: Tensor) -> list[Tensor]:
        values = features.float()
        chosen = functional.one_hot(indices, self.usage.shape[-1]).float()
        count = values.new_tensor(float(len(values)))
        return [count, values.sum(dim=0), values.square().sum(dim=0), chosen.sum(dim=0)]

    def _move(self, sums: Sequence[Tensor], share: float) -> None:
        count, *parts = sums
        for average, part in zip((self.means, self.squares, self.usage), parts, strict=True):
            average.lerp_(part / count, share)
