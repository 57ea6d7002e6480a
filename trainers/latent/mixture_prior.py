"""A mixture of Gaussians as the law of codes that have no prior of their own."""

import math
import warnings

import numpy as np
import torch
from torch import Tensor, nn

from trainers.errors import FailureError

# Beyond this many codes a full-covariance fit gets slower but no better.
_FITTED_CODES = 20_000


class GaussianMixturePrior(nn.Module):
    """Gaussians with full covariances; before it is fitted, N(0, 1) in every number.

    Everything is in buffers, so that it is saved with the model it belongs to.
    components: how many there are at most.
    """

    weights: Tensor
    means: Tensor
    factors: Tensor

    def __init__(self, latent_size: int, components: int = 10) -> None:
        super().__init__()
        weights = torch.zeros(components)
        weights[0] = 1.0
        self.register_buffer("weights", weights)
        self.register_buffer("means", torch.zeros(components, latent_size))
        self.register_buffer("factors", torch.eye(latent_size).repeat(components, 1, 1))

    @torch.no_grad()
    def fit(self, codes: Tensor, seed: int) -> None:
        """Fit to codes (count, latent_size); the same codes and seed give the same mixture.

        Fewer components are used where there are fewer different codes. Raises `FailureError` for codes that are
        not finite or fewer than two.
        """
        values = codes.detach().double().cpu().numpy()
        if len(values) < 2 or not np.isfinite(values).all():
            raise FailureError("The prior needs at least two finite codes; train again with a lower learning rate.")
        if len(values) > _FITTED_CODES:
            values = values[np.random.default_rng(seed).choice(len(values), _FITTED_CODES, replace=False)]
        weights, means, factors = _fitted(values, len(self.weights), seed)
        self.weights.zero_()[: len(weights)] = torch.from_numpy(weights).float()
        self.means[: len(means)] = torch.from_numpy(means).float()
        self.factors[: len(factors)] = torch.from_numpy(factors).float()

    def sample(self, count: int, temperature: float = 1.0, generator: torch.Generator | None = None) -> Tensor:
        """Codes (count, latent_size) on the CPU; the temperature scales the spread about each component's mean."""
        chosen = torch.multinomial(self.weights.cpu(), count, replacement=True, generator=generator)
        noise = torch.randn(count, self.means.shape[1], 1, generator=generator)
        spread = (self.factors.cpu()[chosen] @ noise).squeeze(2)
        return self.means.cpu()[chosen] + temperature * spread

    @torch.no_grad()
    def log_density(self, codes: Tensor) -> Tensor:
        """log p of codes (count, latent_size), (count,) float64, on the CPU."""
        return self._log_joint(codes).logsumexp(dim=1)

    @torch.no_grad()
    def responsibilities(self, codes: Tensor) -> Tensor:
        """How likely each component is to have made each code, (count, components) float64; every row sums to 1."""
        return self._log_joint(codes).softmax(dim=1)

    @torch.no_grad()
    def along(self, axes: Tensor) -> "GaussianMixturePrior":
        """The law of the components of codes along axes (count, latent_size): a mixture again, in float64.

        axes: linearly independent.
        """
        onto = axes.double().cpu()
        law = GaussianMixturePrior(len(onto), len(self.weights)).double()
        spreads = onto @ self.factors.double().cpu()
        law.weights.copy_(self.weights)
        law.means.copy_(self.means.double().cpu() @ onto.T)
        law.factors.copy_(torch.linalg.cholesky(spreads @ spreads.mT))
        return law

    def moments(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation (latent_size,) of each number of a code, on the CPU."""
        weights = self.weights.cpu()[:, None]
        means, variances = self.means.cpu(), self.factors.cpu().square().sum(dim=2)
        mean = (weights * means).sum(dim=0)
        variance = (weights * (variances + (means - mean).square())).sum(dim=0)
        return mean, variance.sqrt()

    def _log_joint(self, codes: Tensor) -> Tensor:
        """log of weight and density of each component, (count, components); a factor is that of Cholesky."""
        weights, means, factors = (part.double().cpu() for part in (self.weights, self.means, self.factors))
        values, found = codes.double().cpu(), []
        for mean, factor in zip(means, factors, strict=True):
            scaled = torch.linalg.solve_triangular(factor, (values - mean).T, upper=False)
            logarithms = factor.diagonal().log().sum() + 0.5 * len(mean) * math.log(2.0 * math.pi)
            found.append(-0.5 * scaled.square().sum(dim=0) - logarithms)
        return torch.stack(found, dim=1) + weights.log()


def _fitted(values: np.ndarray, most: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    components = min(most, len(np.unique(values, axis=0)))
    # Codes of any scale: what is added to a variance to keep it invertible must be small beside it.
    scale = float(values.var(axis=0).mean())
    mixture = GaussianMixture(components, max_iter=200, random_state=seed, reg_covar=1e-6 * scale + 1e-12)
    with warnings.catch_warnings():
        # The last iterations of a slow fit hardly move it; it is a prior to draw from, not an estimate.
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(values)
    return mixture.weights_, mixture.means_, np.linalg.cholesky(mixture.covariances_)
