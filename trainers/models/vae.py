"""The variational autoencoder, with the settings that teach what each part of its bound does.

Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014.
"""

from typing import ClassVar, Literal, NamedTuple, Self

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.latent_space import LatentBlock, LatentSpace
from trainers.latent.posterior import Posterior
from trainers.losses.bernoulli import bernoulli_log_likelihood
from trainers.losses.free_bits import free_bits_kl
from trainers.losses.gaussian import gaussian_kl, gaussian_log_density, standard_normal_log_density
from trainers.losses.importance_bound import importance_bound
from trainers.losses.precision import full_precision
from trainers.losses.warm_up import linear_warm_up
from trainers.models.image_model import (
    ImageModelConfig,
    check_images,
    image_decoder,
    image_encoder,
    logits_of,
    start_from,
)
from trainers.models.latent_model import MODELS, BoundTerms, LatentModel
from trainers.models.training_plan import Objective, OptimizerSpec, Phase, Progress, Terms, parameters_of

# Keeps deviations between 3e-4 and 55, whatever a diverging or an unregularised encoder says.
_LOG_VARIANCE_RANGE = (-16.0, 8.0)

# Numbers in the pictures decoded at once while importance weights are gathered: 10,000 digits, 30 MB.
_DECODED_AT_ONCE = 2**23


class VaeConfig(ImageModelConfig):
    """Settings of the variational autoencoder."""

    likelihood: Literal["auto", "bernoulli", "gaussian", "grey_cross_entropy"] = Field(
        default="auto",
        description="law of pixels given a code; auto is bernoulli for one channel, gaussian for colour; "
        "grey_cross_entropy is a reconstruction loss and no likelihood",
    )
    standard_deviation: float = Field(
        default=0.1, ge=1e-3, le=10.0, description="deviation of a pixel from its mean, gaussian only, images in 0 to 1"
    )
    learn_deviation: bool = Field(default=False, description="learn the one deviation, starting from the one given")
    objective_terms: Literal["both", "reconstruction_only", "kl_only"] = Field(
        default="both", description="parts of the bound that are trained"
    )
    beta: float = Field(default=1.0, ge=0.0, le=1000.0, description="weight of the divergence in training")
    warm_up_epochs: float = Field(
        default=0.0, ge=0.0, le=10_000.0, description="epochs in which that weight rises from 0"
    )
    free_bits: float = Field(
        default=0.0, ge=0.0, le=100.0, description="nats of divergence per number of the code that cost nothing"
    )
    importance_samples: int = Field(
        default=1, ge=1, le=1000, description="samples per image; above 1 trains the importance-weighted bound"
    )

    @model_validator(mode="after")
    def _importance_weighting_stands_alone(self) -> Self:
        plain = self.beta == 1.0 and self.warm_up_epochs == 0.0 and self.free_bits == 0.0
        if self.importance_samples > 1 and not (plain and self.objective_terms == "both"):
            raise ValueError(
                "importance_samples above 1 needs beta = 1, objective_terms = both, and neither warm_up_epochs nor "
                "free_bits; change these or set importance_samples = 1"
            )
        return self

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings with the likelihood decided; raises `UsageError` where the data are no images."""
        check_images("vae", data_spec)
        if self.likelihood != "auto":
            return self
        return self.model_copy(update={"likelihood": "bernoulli" if data_spec.shape[0] == 1 else "gaussian"})


class _Draw(NamedTuple):
    posterior: Posterior
    log_likelihood: Tensor


@MODELS.register("vae")
class Vae(LatentModel):
    """Encoder to a Gaussian posterior, decoder to a law of pixels, trained on a bound of the likelihood."""

    config_type: ClassVar[type[VaeConfig]] = VaeConfig
    config: VaeConfig

    def __init__(self, config: VaeConfig, data_spec: DataSpec) -> None:
        super().__init__(config.resolved(data_spec), data_spec)
        size = config.latent_size
        self.latent_space = LatentSpace(blocks=(LatentBlock(name="z", shape=(size,)),))
        self.encoder = image_encoder(config, data_spec.shape, 2 * size)
        self.decoder = image_decoder(config, data_spec.shape)
        log_deviation = torch.tensor(config.standard_deviation).log()
        if config.learn_deviation and self.config.likelihood == "gaussian":
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

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Let the decoder start from the mean image, so that the first epochs need not learn it."""
        mean = dataset.mean_image()
        start_from(self.decoder, mean if self.config.likelihood == "gaussian" else logits_of(mean))

    def phases(self) -> tuple[Phase, ...]:
        """One phase of one objective; without reconstruction only the encoder is trained."""
        only_encoder = self.config.objective_terms == "kl_only"
        moved = parameters_of([self.encoder] if only_encoder else [self])
        loss = self._importance_loss if self.config.importance_samples > 1 else self._bound_loss
        optimizer = OptimizerSpec(learning_rate=self.config.learning_rate)
        return (Phase("training", (Objective("bound", moved, loss, optimizer),)),)

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        """Gaussian posterior over codes for images (batch, channels, height, width) in [0, 1]."""
        mean, log_variance = full_precision(self.encoder(images)).chunk(2, dim=1)
        return Posterior(mean, log_variance.clamp(*_LOG_VARIANCE_RANGE))

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Mean images (batch, channels, height, width) in [0, 1] for codes (batch, latent_size)."""
        pixels = full_precision(self.decoder(codes))
        return pixels.clamp(0.0, 1.0) if self.config.likelihood == "gaussian" else torch.sigmoid(pixels)

    def bound_terms(self, images: Tensor, generator: torch.Generator, condition: Tensor | None = None) -> BoundTerms:
        """Both parts of the bound for one draw per image, in nats, β = 1 and no free bits."""
        posterior, log_likelihood = self._draw(images, generator)
        return BoundTerms(log_likelihood, _kl(posterior))

    def log_weights(
        self, images: Tensor, samples: int, generator: torch.Generator, condition: Tensor | None = None
    ) -> Tensor:
        """log p(x, z) - log q(z|x), (samples, batch), for exactly `samples` draws, decoded a part at a time."""
        posterior = self.encode(images)
        part = max(1, _DECODED_AT_ONCE // max(1, images.numel()))
        counts = [min(part, samples - start) for start in range(0, samples, part)]
        return torch.cat([self._log_weights(images, posterior, count, generator) for count in counts])

    def _log_weights(self, images: Tensor, posterior: Posterior, count: int, generator: torch.Generator) -> Tensor:
        codes = posterior.sample(generator, count)
        repeated = images.expand(count, *images.shape).flatten(0, 1)
        log_likelihood = self._log_likelihood(repeated, codes.flatten(0, 1)).view(count, len(images))
        log_prior = standard_normal_log_density(codes).sum(dim=2)
        assert posterior.log_variance is not None
        log_posterior = gaussian_log_density(codes, posterior.mean, posterior.log_variance).sum(dim=2)
        return log_likelihood + log_prior - log_posterior

    def _log_likelihood(self, images: Tensor, codes: Tensor) -> Tensor:
        pixels = full_precision(self.decoder(codes))
        if self.config.likelihood == "gaussian":
            return gaussian_log_density(images, pixels, 2.0 * self.log_deviation).flatten(1).sum(dim=1)
        return bernoulli_log_likelihood(images, pixels)

    def _draw(self, images: Tensor, generator: torch.Generator) -> _Draw:
        posterior = self.encode(images)
        return _Draw(posterior, self._log_likelihood(images, posterior.sample(generator)[0]))

    def _bound_loss(self, batch: Batch, progress: Progress) -> Terms:
        posterior, log_likelihood = self._draw(batch.images, batch.generator)
        kl = _kl(posterior)
        reconstruction = -log_likelihood.mean()
        beta = self.config.beta * linear_warm_up(progress.epoch, self.config.warm_up_epochs)
        divergence = beta * free_bits_kl(kl, self.config.free_bits)
        totals = {
            "both": reconstruction + divergence,
            "reconstruction_only": reconstruction,
            "kl_only": divergence,
        }
        mean_kl = kl.detach().sum(dim=1).mean()
        scalars = {
            "reconstruction": reconstruction.detach(),
            "kl": mean_kl,
            "negative_bound": reconstruction.detach() + mean_kl,
        }
        return Terms(totals[self.config.objective_terms], scalars)

    def _importance_loss(self, batch: Batch, progress: Progress) -> Terms:
        log_weights = self.log_weights(batch.images, self.config.importance_samples, batch.generator)
        negative_bound = -importance_bound(log_weights).mean()
        scalars = {
            "negative_bound": negative_bound.detach(),
            "negative_single_sample_bound": -log_weights.detach().mean(),
        }
        return Terms(negative_bound, scalars)


def _kl(posterior: Posterior) -> Tensor:
    assert posterior.log_variance is not None
    return gaussian_kl(posterior.mean, posterior.log_variance)
