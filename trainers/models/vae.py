"""The variational autoencoder, with the settings that teach what each part of its bound does.

Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal, NamedTuple, Self

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.latent_space import LatentBlock, LatentSpace
from trainers.latent.posterior import Posterior
from trainers.losses.importance_bound import importance_bound
from trainers.losses.precision import full_precision
from trainers.models.image_model import ImageModelConfig, check_images, image_decoder, image_encoder, start_from
from trainers.models.latent_model import MODELS, BoundTerms
from trainers.models.training_plan import Objective, Phase, Progress, Terms, parameters_of
from trainers.models.variational_model import (
    VariationalConfig,
    VariationalModel,
    bound_scalars,
    log_weights_of,
    parts_of_samples,
    posterior_kl,
    repeated,
)
from trainers.networks.affine_start import linear_start

# Keeps deviations between 3e-4 and 55, whatever a diverging or an unregularised encoder says.
_LOG_VARIANCE_RANGE = (-16.0, 8.0)

# Numbers in the pictures decoded at once while importance weights are gathered: 10,000 digits, 30 MB.
_DECODED_AT_ONCE = 2**23


class VaeConfig(VariationalConfig, ImageModelConfig):
    """Settings of the variational autoencoder."""

    objective_terms: Literal["both", "reconstruction_only", "kl_only"] = Field(
        default="both", description="parts of the bound that are trained"
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
        return super().resolved(data_spec)


class _Draw(NamedTuple):
    posterior: Posterior
    log_likelihood: Tensor


@MODELS.register("vae")
class Vae(VariationalModel):
    """Encoder to a Gaussian posterior, decoder to a law of pixels, trained on a bound of the likelihood.

    Subclasses say what goes into the networks beside images and codes.
    """

    config_type: ClassVar[type[VaeConfig]] = VaeConfig
    config: VaeConfig

    def __init__(self, config: VaeConfig, data_spec: DataSpec) -> None:
        super().__init__(config.resolved(data_spec), data_spec)
        self.latent_space = LatentSpace(blocks=(LatentBlock(name="z", shape=(config.latent_size,)),))
        self.encoder, self.decoder = self._networks()

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Let the decoder start from the mean image, so that the first epochs need not learn it."""
        start_from(self.decoder, self._pixels_of(dataset.mean_image()))

    def phases(self) -> tuple[Phase, ...]:
        """One phase of one objective; without reconstruction only what encodes is trained."""
        only_encoder = self.config.objective_terms == "kl_only"
        moved = parameters_of(self._encoding_modules() if only_encoder else [self])
        loss = self._importance_loss if self.config.importance_samples > 1 else self._bound_loss
        return (Phase("training", (Objective("bound", moved, loss, self._optimizer()),)),)

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        """Gaussian posterior over codes for images (batch, channels, height, width) in [0, 1]."""
        found = full_precision(self.encoder(self._encoder_input(images, condition)))
        mean, log_variance = found.chunk(2, dim=1)
        return Posterior(mean, log_variance.clamp(*_LOG_VARIANCE_RANGE))

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Mean images (batch, channels, height, width) in [0, 1] for codes (batch, latent_size)."""
        return self._images_of(self._pixels(codes, condition))

    def first_maps(self) -> Mapping[str, Tensor]:
        """The decoder's first layer; what it does to a condition beside the code is left out."""
        return {"z": linear_start(self.decoder)[:, : self.latent_space.size]}

    def bound_terms(self, images: Tensor, generator: torch.Generator, condition: Tensor | None = None) -> BoundTerms:
        """Both parts of the bound for one draw per image, in nats, β = 1 and no free bits."""
        posterior, log_likelihood = self._draw(images, generator, condition)
        return BoundTerms(log_likelihood, posterior_kl(posterior))

    def log_weights(
        self, images: Tensor, samples: int, generator: torch.Generator, condition: Tensor | None = None
    ) -> Tensor:
        """log p(x, z) - log q(z|x), (samples, batch), for exactly `samples` draws, decoded a part at a time."""
        posterior = self.encode(images, condition)
        counts = parts_of_samples(samples, images.numel(), _DECODED_AT_ONCE)
        return torch.cat([self._log_weights(images, posterior, count, generator, condition) for count in counts])

    def _networks(self) -> tuple[nn.Sequential, nn.Sequential]:
        """Encoder to the mean and log-variance of a code, and decoder to unbounded pixels."""
        shape = self.data_spec.shape
        return image_encoder(self.config, shape, 2 * self.config.latent_size), image_decoder(self.config, shape)

    def _encoding_modules(self) -> list[nn.Module]:
        return [self.encoder]

    def _encoder_input(self, images: Tensor, condition: Tensor | None) -> Tensor:
        return images

    def _decoder_input(self, codes: Tensor, condition: Tensor | None) -> Tensor:
        return codes

    def _pixels(self, codes: Tensor, condition: Tensor | None) -> Tensor:
        return full_precision(self.decoder(self._decoder_input(codes, condition)))

    def _log_weights(
        self, images: Tensor, posterior: Posterior, count: int, generator: torch.Generator, condition: Tensor | None
    ) -> Tensor:
        codes = posterior.sample(generator, count)
        told = None if condition is None else repeated(condition, count)
        pixels = self._pixels(codes.flatten(0, 1), told)
        log_likelihood = self._log_likelihood(repeated(images, count), pixels).view(count, len(images))
        return log_weights_of(log_likelihood, codes, posterior)

    def _draw(self, images: Tensor, generator: torch.Generator, condition: Tensor | None) -> _Draw:
        posterior = self.encode(images, condition)
        pixels = self._pixels(posterior.sample(generator)[0], condition)
        return _Draw(posterior, self._log_likelihood(images, pixels))

    def _bound_loss(self, batch: Batch, progress: Progress) -> Terms:
        posterior, log_likelihood = self._draw(batch.images, batch.generator, self.condition_of(batch))
        kl = posterior_kl(posterior)
        reconstruction = -log_likelihood.mean()
        divergence = self._weighted_divergence(kl, progress)
        totals = {
            "both": reconstruction + divergence,
            "reconstruction_only": reconstruction,
            "kl_only": divergence,
        }
        return Terms(totals[self.config.objective_terms], bound_scalars(reconstruction, kl))

    def _importance_loss(self, batch: Batch, progress: Progress) -> Terms:
        samples, condition = self.config.importance_samples, self.condition_of(batch)
        log_weights = self.log_weights(batch.images, samples, batch.generator, condition)
        negative_bound = -importance_bound(log_weights).mean()
        scalars = {
            "negative_bound": negative_bound.detach(),
            "negative_single_sample_bound": -log_weights.detach().mean(),
        }
        return Terms(negative_bound, scalars)
