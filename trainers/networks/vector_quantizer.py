"""A codebook of vectors that features are rounded to.

Sources: van den Oord, Vinyals and Kavukcuoglu, Neural Discrete Representation Learning, 2017, with the moving average
of its appendix; Razavi, van den Oord and Vinyals, Generating Diverse High-Fidelity Images with VQ-VAE-2, 2019.
"""

import warnings
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from trainers.processes import gathered_over_processes, summed_over_processes, uniform_noise

# Keeps the average of an entry that is hardly used finite.
_SMOOTHING = 1e-5


class Quantized(NamedTuple):
    """Features rounded to entries.

    vectors: (batch, depth, height, width), the nearest entries, through which gradients pass on to the features.
    indices: (batch, height, width), int64.
    codebook_error: ‖sg[z] - e‖² per number of the code, which draws entries towards features.
    commitment_error: ‖z - sg[e]‖² likewise, which draws features towards entries.
    """

    vectors: Tensor
    indices: Tensor
    codebook_error: Tensor
    commitment_error: Tensor


class VectorQuantizer(nn.Module):
    """Features (batch, depth, height, width) as the nearest of `entries` vectors.

    averaged: entries are the moving averages of the features nearest to them, else parameters that a loss must move.
    decay: share of those averages that a step leaves. revival_share: entries used less than this share of the mean
    use are moved to features of the batch; 0 for never.
    """

    codebook: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(
        self, entries: int, depth: int, *, averaged: bool = True, decay: float = 0.99, revival_share: float = 0.02
    ) -> None:
        super().__init__()
        self.averaged, self.decay, self.revival_share = averaged, decay, revival_share
        start = torch.randn(entries, depth)
        if averaged:
            self.register_buffer("codebook", start)
        else:
            self.codebook = nn.Parameter(start)
        # Counts begin above 0: an average over nothing would throw the entries far away in the first step.
        self.register_buffer("counts", torch.ones(entries))
        self.register_buffer("sums", start.clone())

    def forward(self, features: Tensor) -> Quantized:
        """Features (batch, depth, height, width) rounded, in single precision."""
        with torch.autocast(features.device.type, enabled=False):
            values = features if features.dtype == torch.float64 else features.float()
            indices = self.indices(values)
            entries = self.vectors(indices)
            # The difference is exactly 0, and its gradient that of the features.
            passed_on = entries.detach() + (values - values.detach())
            codebook_error = (values.detach() - entries).square().mean()
            commitment_error = (values - entries.detach()).square().mean()
        return Quantized(passed_on, indices, codebook_error, commitment_error)

    @torch.no_grad()
    def indices(self, features: Tensor) -> Tensor:
        """The nearest entries, int64 (batch, height, width), of features (batch, depth, height, width)."""
        with torch.autocast(features.device.type, enabled=False):
            flat = _rows(features).to(self.codebook.dtype)
            # ‖z - e‖² without ‖z‖², which is the same for all entries.
            distances = torch.addmm(self.codebook.square().sum(dim=1), flat, self.codebook.T, alpha=-2.0)
        return distances.argmin(dim=1).view(features.shape[0], *features.shape[2:])

    def vectors(self, indices: Tensor) -> Tensor:
        """The entries (batch, depth, height, width) of indices (batch, height, width)."""
        return torch.nn.functional.embedding(indices, self.codebook).permute(0, 3, 1, 2)

    def uses(self, indices: Tensor) -> Tensor:
        """How often each entry occurs among indices of any shape, (entries,), float32."""
        chosen = indices.flatten()
        return torch.zeros_like(self.counts).index_add_(0, chosen, torch.ones_like(chosen, dtype=torch.float32))

    @torch.no_grad()
    def update(self, features: Tensor, indices: Tensor, generator: torch.Generator) -> None:
        """Take a batch into the averages and revive unused entries; for after the step that `indices` were found in.

        Entries go to the same features in all processes that share the step; those far from their entry are chosen
        more often, as k-means++ does (Arthur and Vassilvitskii 2007).
        """
        flat, chosen = _rows(features).float(), indices.flatten()
        sums = torch.zeros_like(self.sums).index_add_(0, chosen, flat)
        found = summed_over_processes(torch.cat([self.uses(indices)[:, None], sums], dim=1))
        errors = (flat - self.codebook[chosen]).square().sum(dim=1)
        self.counts.lerp_(found[:, 0], 1.0 - self.decay)
        self.sums.lerp_(found[:, 1:], 1.0 - self.decay)
        if self.averaged:
            means = self.sums / _smoothed(self.counts)[:, None]
            self.codebook.copy_(torch.where(self.counts[:, None] > 0.0, means, self.codebook))
        if self.revival_share > 0.0:
            waiting = uniform_noise(features[:, 0].shape, generator).to(flat).flatten()
            self._revive(_first_in_race(flat, errors, waiting, len(self.counts)))

    def start_from(self, features: Tensor, seed: int) -> None:
        """Put the entries at the k-means of features (count, depth); the same features and seed give the same.

        Where there are fewer different features than entries, the remaining entries stay where they are.
        """
        centres = torch.from_numpy(_k_means(features.detach().float().cpu().numpy(), len(self.counts), seed))
        with torch.no_grad():
            self.codebook[: len(centres)] = centres.to(self.codebook)
            self.sums.copy_(self.codebook)
            self.counts.fill_(1.0)

    def _revive(self, candidates: Tensor) -> None:
        # Without asking the device which entries are dead: each takes the candidate of its rank among them.
        mean = self.counts.mean()
        is_dead = self.counts < self.revival_share * mean
        rank = is_dead.cumsum(dim=0) - 1
        is_moved = is_dead & (rank < len(candidates))
        vectors = candidates[rank.clamp(0, len(candidates) - 1)]
        self.codebook.copy_(torch.where(is_moved[:, None], vectors.to(self.codebook), self.codebook))
        self.sums.copy_(torch.where(is_moved[:, None], vectors * mean, self.sums))
        self.counts.copy_(torch.where(is_moved, mean, self.counts))


def perplexity(counts: Tensor) -> Tensor:
    """exp of the entropy of how often each entry is used, from counts (entries,): K for even use, 1 for one entry."""
    shares = counts.float() / counts.sum().clamp(min=1.0)
    return torch.exp(torch.special.entr(shares).sum())


def _rows(features: Tensor) -> Tensor:
    return features.detach().permute(0, 2, 3, 1).flatten(0, 2)


def _smoothed(counts: Tensor) -> Tensor:
    total = counts.sum()
    return (counts + _SMOOTHING) / (total + len(counts) * _SMOOTHING) * total


def _first_in_race(flat: Tensor, weights: Tensor, waiting: Tensor, most: int) -> Tensor:
    """Up to `most` different rows of all processes, the first in a race in which a row's speed is its weight.

    That draws them without replacement in proportion to their weights (Efraimidis and Spirakis 2006). waiting: (rows,)
    uniform in [0, 1). The order is the same in all processes.
    """
    speeds = weights / -waiting.log().clamp(max=-1e-30)
    own, places = speeds.topk(min(most, len(flat)))
    gathered = gathered_over_processes(torch.cat([own[:, None], flat[places]], dim=1))
    order = gathered[:, 0].argsort(descending=True, stable=True)[:most]
    return gathered[order, 1:]


def _k_means(features: np.ndarray, clusters: int, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    # A picture's empty background gives the same feature again and again.
    different, counts = np.unique(features, axis=0, return_counts=True)
    if len(different) <= clusters:
        return different
    search = KMeans(clusters, n_init=1, max_iter=20, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search.fit(different, sample_weight=counts)
    centres: np.ndarray = search.cluster_centers_
    return centres
