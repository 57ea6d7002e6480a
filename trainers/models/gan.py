"""The generative adversarial network with the losses it is usually played with.

Sources: Goodfellow et al., Generative Adversarial Networks, 2014; Mao et al., Least Squares Generative Adversarial
Networks, 2017; Lim and Ye, Geometric GAN, 2017.
"""

from typing import ClassVar, Self

import torch
from pydantic import Field, model_validator
from torch import Tensor

from trainers.losses.adversarial import AdversarialLoss, critic_accuracy, critic_loss, generator_loss
from trainers.models.adversarial_model import AdversarialModel, AdversarialModelConfig
from trainers.models.latent_model import MODELS
from trainers.models.training_plan import Terms
from trainers.networks.layer_style import Normalisation


class GanConfig(AdversarialModelConfig):
    """Settings of the adversarial network."""

    loss: AdversarialLoss = Field(
        default="non_saturating",
        description="what the two networks minimise; minimax is the game itself, whose generator learns little from "
        "a sure critic",
    )
    label_smoothing: float = Field(
        default=0.0, ge=0.0, le=0.5, description="how far below 1 real images count for the critic; not for hinge"
    )
    spectral_normalisation: bool = Field(
        default=False, description="divide the critic's weights by their largest singular values"
    )

    @model_validator(mode="after")
    def _hinge_has_no_labels(self) -> Self:
        if self.loss == "hinge" and self.label_smoothing > 0.0:
            raise ValueError("label_smoothing needs a loss with labels; set it to 0 or choose another loss than hinge")
        return self


@MODELS.register("gan")
class Gan(AdversarialModel):
    """A generator and a critic that tells its items from real ones."""

    config_type: ClassVar[type[GanConfig]] = GanConfig
    config: GanConfig

    @property
    def critic_normalisation(self) -> Normalisation:
        """Spectral where the settings say so."""
        return "spectral" if self.config.spectral_normalisation else "none"

    def critic_terms(self, real: Tensor, fake: Tensor, generator: torch.Generator) -> Terms:
        """The critic's loss on standardised items (batch, …), its mean scores and how often it is right."""
        real_scores, fake_scores = self._scores(torch.cat([real, fake])).chunk(2)
        total = critic_loss(self.config.loss, real_scores, fake_scores, 1.0 - self.config.label_smoothing)
        real_scores, fake_scores = real_scores.detach(), fake_scores.detach()
        scalars = {
            "score_real": real_scores.mean(),
            "score_fake": fake_scores.mean(),
            "accuracy": critic_accuracy(self.config.loss, real_scores, fake_scores),
        }
        return Terms(total, scalars)

    def generator_terms(self, scores: Tensor) -> Terms:
        """The generator's loss, given the critic's scores (batch,) of its items."""
        return Terms(generator_loss(self.config.loss, scores))
