"""What models without a law of codes share: one block of numbers and Gaussians fitted to the codes of their data."""

import torch
from torch import Tensor

from trainers.data.data_spec import DataSpec
from trainers.latent.latent_space import LatentBlock, LatentSpace, Temperature, temperature_of_level
from trainers.latent.mixture_prior import GaussianMixturePrior
from trainers.models.image_model import ImageModelConfig
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report


class FittedPriorModel(LatentModel):
    """A model that samples from Gaussians with full covariances, fitted to the codes of its training data.

    components: Gaussians in the mixture.
    """

    def __init__(self, config: ImageModelConfig, data_spec: DataSpec, *, components: int) -> None:
        super().__init__(config, data_spec)
        size = config.latent_size
        self.latent_space = LatentSpace(blocks=(LatentBlock(name="z", shape=(size,), prior="empirical"),))
        self.prior = GaussianMixturePrior(size, components)

    def fit_prior(self, codes: Tensor, seed: int) -> None:
        """Fit the Gaussians to codes (count, latent_size)."""
        self.prior.fit(codes, seed)

    def prior_along(self, axes: Tensor) -> GaussianMixturePrior:
        """The law of the fitted Gaussians along axes (count, latent_size)."""
        return self.prior.along(axes)

    def sample_prior(
        self,
        count: int,
        temperature: Temperature = 1.0,
        condition: Tensor | None = None,
        generator: torch.Generator | None = None,
        *,
        report: Report = no_report,
        stop_requested: StopRequested = never,
    ) -> Tensor:
        """Codes (count, latent_size) from the fitted Gaussians, or from N(0, 1) before they are fitted."""
        return self.prior.sample(count, temperature_of_level(temperature, 0), generator).to(self.device)

    def prior_moments(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation (latent_size,) under the fitted Gaussians."""
        return self.prior.moments()
