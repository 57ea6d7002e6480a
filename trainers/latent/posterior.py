"""What an encoder says about an image: a code, and how sure it is of it."""

from dataclasses import dataclass

import torch
from torch import Tensor

from trainers.processes import normal_noise


@dataclass(frozen=True)
class Posterior:
    """A factorised Gaussian over codes, or single codes when `log_variance` is None.

    mean: (batch, latent_size).
    log_variance: (batch, latent_size), natural logarithm of the variance, or None for a deterministic encoder.
    """

    mean: Tensor
    log_variance: Tensor | None = None

    def sample(self, generator: torch.Generator | None = None, count: int = 1) -> Tensor:
        """Reparametrised codes (count, batch, latent_size); gradients reach mean and log-variance.

        Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014.
        """
        shape = (count, *self.mean.shape)
        if self.log_variance is None:
            return self.mean.expand(shape)
        noise = normal_noise(shape, generator, axis=1).to(self.mean)
        return self.mean + torch.exp(0.5 * self.log_variance) * noise
