"""Coordinates in which codes are searched for: on one scale whatever the prior, and never outside its support."""

import torch
from torch import Tensor
from torch.nn import functional

from trainers.latent.latent_space import LatentBlock, LatentSpace

# A category drawn leads by so much that it is chosen, and so little that the others still feel a slope.
_LEAD = 2.0

_ON_THE_SURFACE = 1e-5


class SearchCoordinates:
    """Values of which every step of one size means the same in every number of a code.

    A value counts deviations of the prior from its mean. The values of a categorical block are the logits of its
    categories: the code is the leading one, and the gradient that of their softmax (Bengio et al. 2013).

    moments: mean and deviation (latent_size,) of the prior.
    """

    def __init__(self, space: LatentSpace, moments: tuple[Tensor, Tensor], device: torch.device) -> None:
        self._blocks = tuple(zip(space.blocks, space.slices().values(), strict=True))
        self._mean, self._deviation = (moment.clone().to(device) for moment in moments)
        for block, place in self._blocks:
            if block.prior == "categorical":
                self._mean[place], self._deviation[place] = 0.0, 1.0 / _LEAD

    def of_codes(self, codes: Tensor) -> Tensor:
        """The values of codes (..., latent_size); those of numbers that never vary are 0."""
        values = (codes - self._mean) / self._deviation
        return torch.where(self._deviation > 0.0, values, 0.0)

    def codes(self, values: Tensor) -> Tensor:
        """Codes (..., latent_size) of values, with a gradient."""
        return torch.cat([self._of_block(block, values[..., place], place) for block, place in self._blocks], dim=-1)

    def keep_inside(self, values: Tensor) -> None:
        """Bring values (..., latent_size), in place, to the nearest ones within the support of the prior."""
        for block, place in self._blocks:
            part, mean, deviation = values[..., place], self._mean[place], self._deviation[place]
            if block.prior == "uniform":
                part.copy_(((mean + deviation * part).clamp(-1.0, 1.0) - mean) / deviation)
            elif block.prior == "ball":
                inside = mean + deviation * part
                inside = inside / torch.linalg.vector_norm(inside, dim=-1, keepdim=True).clamp(min=1.0)
                part.copy_((inside - mean) / deviation)

    def along_the_edge(self, values: Tensor, gradient: Tensor) -> Tensor:
        """The gradient without what would lead out of a ball from its surface, shaped like values.

        The steps of Adam are no multiples of the gradient: without this they would come to rest at a wrong place.
        """
        inner = gradient.clone()
        for block, place in self._blocks:
            if block.prior == "ball":
                deviation = self._deviation[place]
                inside = self._mean[place] + deviation * values[..., place]
                outwards = (-inner[..., place] * inside).sum(dim=-1, keepdim=True)
                square = inside.square().sum(dim=-1, keepdim=True)
                leaves = (square > 1.0 - _ON_THE_SURFACE) & (outwards > 0.0)
                inner[..., place] += torch.where(leaves, outwards / square * inside, 0.0)
        return inner

    def _of_block(self, block: LatentBlock, part: Tensor, place: slice) -> Tensor:
        if block.prior != "categorical":
            return self._mean[place] + self._deviation[place] * part
        chosen = functional.one_hot(part.argmax(dim=-1), block.size).to(part)
        shares = part.softmax(dim=-1)
        return chosen + (shares - shares.detach())
