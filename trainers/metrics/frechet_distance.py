"""The Fréchet distance of two laws of features, each taken for a Gaussian.

Source: Heusel et al., GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium, 2017.
"""

import torch
from torch import Tensor


class FeatureMoments:
    """Mean and covariance of feature vectors that come a part at a time, summed in float64.

    count: how many there were. origin: subtracted from every vector before it is squared, so that the covariance of
    features far from zero keeps its digits; the first vector.
    """

    def __init__(self) -> None:
        self.count = 0
        self._origin: Tensor | None = None
        self._sum = torch.zeros(0, dtype=torch.float64)
        self._squares = torch.zeros(0, 0, dtype=torch.float64)

    def add(self, features: Tensor) -> None:
        """Take in features (batch, size)."""
        values = features.detach().double().cpu()
        if self._origin is None:
            size = values.shape[1]
            self._origin = values[0].clone()
            self._sum, self._squares = values.new_zeros(size), values.new_zeros(size, size)
        centred = values - self._origin
        self._sum += centred.sum(dim=0)
        self._squares += centred.T @ centred
        self.count += len(values)

    def mean(self) -> Tensor:
        """The mean (size,); raises `ValueError` before any features."""
        if self._origin is None:
            raise ValueError("there are no features yet")
        return self._origin + self._sum / self.count

    def covariance(self) -> Tensor:
        """The unbiased covariance (size, size); raises `ValueError` for fewer than two vectors."""
        if self.count < 2:
            raise ValueError("a covariance needs at least two features")
        return (self._squares - torch.outer(self._sum, self._sum) / self.count) / (self.count - 1)


def frechet_distance(
    first_mean: Tensor, first_covariance: Tensor, second_mean: Tensor, second_covariance: Tensor
) -> float:
    """|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) of means (size,) and covariances (size, size), float64; at least 0."""
    shift = (first_mean.double() - second_mean.double()).square().sum()
    first, second = first_covariance.double(), second_covariance.double()
    root = _root(first)
    # With Σ₁ = RRᵀ, Σ₁Σ₂ has the eigenvalues of the symmetric RᵀΣ₂R, whose roots are real and easy to find.
    products = torch.linalg.eigvalsh(root.T @ second @ root).clamp_min(0.0)
    distance = shift + first.trace() + second.trace() - 2.0 * products.sqrt().sum()
    return max(0.0, float(distance))


def _root(covariance: Tensor) -> Tensor:
    """R with RRᵀ the covariance: triangular, which is found several times faster, or symmetric for a singular one."""
    root: Tensor
    root, failed = torch.linalg.cholesky_ex(covariance)
    if failed:
        values, vectors = torch.linalg.eigh(covariance)
        root = (vectors * values.clamp_min(0.0).sqrt()) @ vectors.T
    return root
