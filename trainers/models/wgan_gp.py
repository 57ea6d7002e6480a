"""The Wasserstein adversarial network whose critic is kept at slope 1 by a penalty.

Source: Gulrajani et al., Improved Training of Wasserstein GANs, 2017.
"""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.data.data_spec import DataSpec
from trainers.losses.adversarial import wasserstein_estimate
from trainers.losses.gradient_penalty import gradient_norms, gradient_penalty, interpolated
from trainers.models.adversarial_model import AdversarialModel, AdversarialModelConfig
from trainers.models.latent_model import MODELS
from trainers.models.training_plan import Terms
from trainers.networks.layer_style import Normalisation


class WganGpConfig(AdversarialModelConfig):
    """Settings of the Wasserstein network with gradient penalty."""

    learning_rate: float = Field(default=1e-4, gt=0.0, le=1.0, description="step size of the generator's optimiser")
    critic_learning_rate: float = Field(default=1e-4, gt=0.0, le=1.0, description="step size of the critic's optimiser")
    critic_repeats: int = Field(default=5, ge=1, le=100, description="steps of the critic for one of the generator")
    penalty_weight: float = Field(
        default=10.0, ge=0.0, le=10_000.0, description="weight of the penalty that keeps the critic's slope at 1"
    )
    layer_normalisation: bool = Field(
        default=False, description="normalise each image in the critic's layers; over the batch would spoil the penalty"
    )


@MODELS.register("wgan_gp")
class WganGp(AdversarialModel):
    """A generator and a critic of slope 1, whose scores tell how far apart real and fake items are."""

    config_type: ClassVar[type[WganGpConfig]] = WganGpConfig
    config: WganGpConfig
    betas: ClassVar[tuple[float, float]] = (0.0, 0.9)

    def __init__(self, config: WganGpConfig, data_spec: DataSpec) -> None:
        super().__init__(config, data_spec)
        last = self.critic[-1]
        assert isinstance(last, nn.Linear)
        # It would cancel from every difference of scores and only drift.
        last.register_parameter("bias", None)

    @property
    def critic_normalisation(self) -> Normalisation:
        """Per image where the settings say so."""
        return "layer" if self.config.layer_normalisation else "none"

    def critic_terms(self, real: Tensor, fake: Tensor, generator: torch.Generator) -> Terms:
        """Minus the distance the critic sees between standardised items (batch, …), plus the penalty on its slope."""
        real_scores, fake_scores = self._scores(torch.cat([real, fake])).chunk(2)
        distance = wasserstein_estimate(real_scores, fake_scores)
        norms = gradient_norms(self._scores, interpolated(real, fake, generator))
        total = self.config.penalty_weight * gradient_penalty(norms) - distance
        scalars = {
            "score_real": real_scores.detach().mean(),
            "score_fake": fake_scores.detach().mean(),
            "wasserstein": distance.detach(),
            "slope": norms.detach().mean(),
        }
        return Terms(total, scalars)

    def generator_terms(self, scores: Tensor) -> Terms:
        """Minus the critic's mean score (batch,) of the generator's items."""
        return Terms(-scores.mean())
