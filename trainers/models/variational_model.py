"""What models trained on a bound of the likelihood share: the law of pixels and the weight of the divergence."""

from collections.abc import Mapping
from typing import Literal, Self

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.data.data_spec import DataSpec
from trainers.latent.posterior import Posterior
from trainers.losses.bernoulli import bernoulli_log_likelihood
from trainers.losses.free_bits import free_bits_kl
from trainers.losses.gaussian import gaussian_kl, gaussian_log_density, standard_normal_log_density
from trainers.losses.warm_up import linear_warm_up
from trainers.models.image_model import logits_of
from trainers.models.latent_model import LatentModel, ModelConfig
from trainers.models.training_plan import OptimizerSpec, Progress


class VariationalConfig(ModelConfig):
    """Settings of the law of pixels and of the weight of the divergence."""

    likelihood: Literal["auto", "bernoulli", "gaussian", "grey_cross_entropy"] = Field(
        default="auto",
        description="law of pixels given a code; auto is bernoulli for one channel, gaussian for colour; "
        "grey_cross_entropy is a reconstruction loss and no likelihood",
    )
    standard_deviation: float = Field(
        default=0.1, ge=1e-3, le=10.0, description="deviation of a pixel from its mean, gaussian only, images in 0 to 1"
    )
    learn_deviation: bool = Field(default=False, description="learn the one deviation, starting from the one given")
    beta: float = Field(default=1.0, ge=0.0, le=1000.0, description="weight of the divergence in training")
    warm_up_epochs: float = Field(
        default=0.0, ge=0.0, le=10_000.0, description="epochs in which that weight rises from 0"
    )
    free_bits: float = Field(
        default=0.0, ge=0.0, le=100.0, description="nats of divergence per number of the code that cost nothing"
    )

    decay_epochs: float = Field(
        default=0.0, ge=0.0, le=10_000.0, description="epochs in which the learning rate falls to a tenth; 0 for never"
    )

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings with the likelihood decided."""
        if self.likelihood != "auto":
            return self
        return self.model_copy(update={"likelihood": "bernoulli" if data_spec.shape[0] == 1 else "gaussian"})


class VariationalModel(LatentModel):
    """A model whose networks end in pixels of a law, trained on a likelihood and a weighted divergence.

    config: resolved, so that its likelihood is decided.
    """

    config: VariationalConfig

    def __init__(self, config: VariationalConfig, data_spec: DataSpec) -> None:
        super().__init__(config, data_spec)
        log_deviation = torch.tensor(config.standard_deviation).log()
        if config.learn_deviation and config.likelihood == "gaussian":
            self.log_deviation: Tensor = nn.Parameter(log_deviation)
        else:
            self.register_buffer("log_deviation", log_deviation, persistent=False)

    @property
    def needs_binary_data(self) -> bool:
        """True for the Bernoulli likelihood."""
        return self.config.likelihood == "bernoulli"

    @property
    def likelihood_name(self) -> str | None:
        """The likelihood of the settings, None for the cross-entropy of grey values."""
        return None if self.config.likelihood == "grey_cross_entropy" else self.config.likelihood

    def _optimizer(self) -> OptimizerSpec:
        return OptimizerSpec(learning_rate=self.config.learning_rate, rate_factor=self._rate_factor)

    def _rate_factor(self, progress: Progress) -> float:
        decay = self.config.decay_epochs
        return float(0.1 ** (progress.epoch / decay)) if decay > 0.0 else 1.0

    def _images_of(self, pixels: Tensor) -> Tensor:
        """Mean images in [0, 1] of the law that unbounded pixels, of the same shape, stand for."""
        return pixels.clamp(0.0, 1.0) if self.config.likelihood == "gaussian" else torch.sigmoid(pixels)

    def _pixels_of(self, image: Tensor) -> Tensor:
        """The inverse of `_images_of`, finite also for black and white."""
        return image if self.config.likelihood == "gaussian" else logits_of(image)

    def _log_likelihood(self, images: Tensor, pixels: Tensor) -> Tensor:
        """log p(image; pixels) in nats, (batch,)."""
        if self.config.likelihood == "gaussian":
            return gaussian_log_density(images, pixels, 2.0 * self.log_deviation).flatten(1).sum(dim=1)
        return bernoulli_log_likelihood(images, pixels)

    def _weighted_divergence(self, kl: Tensor, progress: Progress) -> Tensor:
        """What training minimises of KL (batch, latent_size): β, warm-up and free bits act here and nowhere else."""
        beta = self.config.beta * linear_warm_up(progress.epoch, self.config.warm_up_epochs)
        return beta * free_bits_kl(kl, self.config.free_bits)


def bound_scalars(reconstruction: Tensor, kl: Tensor) -> Mapping[str, Tensor]:
    """The parts of a bound for curves, in nats per image, from the mean of -log p(x|z) and KL (batch, latent_size)."""
    mean_kl = kl.detach().sum(dim=1).mean()
    return {
        "reconstruction": reconstruction.detach(),
        "kl": mean_kl,
        "negative_bound": reconstruction.detach() + mean_kl,
    }


def posterior_kl(posterior: Posterior) -> Tensor:
    """KL(q || N(0, 1)) of each number, (batch, latent_size), of a posterior with variances."""
    assert posterior.log_variance is not None
    return gaussian_kl(posterior.mean, posterior.log_variance)


def log_weights_of(log_likelihood: Tensor, codes: Tensor, posterior: Posterior) -> Tensor:
    """log p(x|z) + log p(z) - log q(z|x), (…), for log p(x|z) (…) of codes (…, latent_size) under N(0, 1)."""
    assert posterior.log_variance is not None
    log_posterior = gaussian_log_density(codes, posterior.mean, posterior.log_variance)
    return log_likelihood + standard_normal_log_density(codes).sum(dim=-1) - log_posterior.sum(dim=-1)


def parts_of_samples(samples: int, numbers: int, at_once: int) -> list[int]:
    """The samples in parts whose images, of `numbers` numbers per sample, hold at most `at_once` numbers together."""
    part = max(1, at_once // max(1, numbers))
    return [min(part, samples - start) for start in range(0, samples, part)]


def repeated(items: Tensor, count: int) -> Tensor:
    """All items (batch, …) again and again, (count · batch, …)."""
    return items.expand(count, *items.shape).flatten(0, 1)
