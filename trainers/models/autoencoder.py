"""The plain autoencoder: codes that reproduce their images, and a prior fitted to them afterwards."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.posterior import Posterior
from trainers.losses.bernoulli import bernoulli_log_likelihood
from trainers.losses.precision import full_precision
from trainers.models.fitted_prior_model import FittedPriorModel
from trainers.models.image_model import (
    ImageModelConfig,
    check_images,
    image_decoder,
    image_encoder,
    logits_of,
    start_from,
)
from trainers.models.latent_model import MODELS
from trainers.models.training_plan import Objective, OptimizerSpec, Phase, Progress, Terms, parameters_of
from trainers.networks.affine_start import linear_start


class AutoencoderConfig(ImageModelConfig):
    """Settings of the autoencoder."""

    latent_size: int = Field(default=2, ge=1, le=512, description="numbers in a code")
    loss: Literal["mse", "bce"] = Field(
        default="mse", description="what is minimised: squared error, or cross-entropy of grey values"
    )

    def resolved(self, data_spec: DataSpec) -> "AutoencoderConfig":
        """These settings; raises `UsageError` where the data are no images."""
        check_images("autoencoder", data_spec)
        return self


@MODELS.register("autoencoder")
class Autoencoder(FittedPriorModel):
    """Encoder and decoder without a law of codes; sampling draws from a mixture fitted to the training codes."""

    config_type: ClassVar[type[AutoencoderConfig]] = AutoencoderConfig
    config: AutoencoderConfig

    def __init__(self, config: AutoencoderConfig, data_spec: DataSpec) -> None:
        super().__init__(config.resolved(data_spec), data_spec, components=10)
        self.encoder, self.decoder = self._networks()

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Let the decoder start from the mean image."""
        start_from(self.decoder, logits_of(dataset.mean_image()))

    def phases(self) -> tuple[Phase, ...]:
        """One phase of one objective, which moves encoder and decoder."""
        moved = parameters_of([self.encoder, self.decoder])
        optimizer = OptimizerSpec(learning_rate=self.config.learning_rate)
        return (Phase("training", (Objective("reconstruction", moved, self._loss, optimizer),)),)

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        """The one code of each image (batch, channels, height, width) in [0, 1]."""
        return Posterior(full_precision(self.encoder(images)))

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Images (batch, channels, height, width) in [0, 1] for codes (batch, latent_size)."""
        return torch.sigmoid(full_precision(self.decoder(codes)))

    def first_maps(self) -> Mapping[str, Tensor]:
        """The decoder's first layer."""
        return {"z": linear_start(self._decoder_start())}

    def _networks(self) -> tuple[nn.Module, nn.Module]:
        shape = self.data_spec.shape
        return image_encoder(self.config, shape, self.config.latent_size), image_decoder(self.config, shape)

    def _decoder_start(self) -> nn.Sequential:
        assert isinstance(self.decoder, nn.Sequential)
        return self.decoder

    def _loss(self, batch: Batch, progress: Progress) -> Terms:
        return self._judged(self.decoder(full_precision(self.encoder(batch.images))), batch.images)

    def _judged(self, logits: Tensor, images: Tensor) -> Terms:
        logits = full_precision(logits)
        if self.config.loss == "bce":
            cross_entropy = -bernoulli_log_likelihood(images, logits).mean()
            return Terms(cross_entropy, {"cross_entropy": cross_entropy.detach()})
        error = functional.mse_loss(torch.sigmoid(logits), images)
        return Terms(error * self.data_spec.size, {"squared_error": error.detach()})
