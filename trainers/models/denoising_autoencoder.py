"""The autoencoder that is shown corrupted pictures and learns to give them back whole.

Source: Vincent, Larochelle, Bengio and Manzagol, Extracting and Composing Robust Features with Denoising
Autoencoders, 2008.
"""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.data.batch import Batch
from trainers.data.corruption import Corruption, CorruptionKind, CorruptionStrengths, corrupt
from trainers.data.data_spec import DataSpec
from trainers.errors import UsageError
from trainers.losses.precision import full_precision
from trainers.models.autoencoder import Autoencoder, AutoencoderConfig
from trainers.models.image_model import check_images
from trainers.models.latent_model import MODELS
from trainers.models.training_plan import Progress, Terms
from trainers.networks.skip_pyramid import SkipDecoder, SkipEncoder
from trainers.processes import uniform_noise


class DenoisingAutoencoderConfig(CorruptionStrengths, AutoencoderConfig):
    """Settings of the denoising autoencoder."""

    latent_size: int = Field(default=32, ge=1, le=512, description="numbers in a code")
    corruption: CorruptionKind = Field(
        default="gaussian_noise", description="what is done to the pictures it is shown; mix does one of the others"
    )
    skips: Literal["auto", "all", "deeper", "none"] = Field(
        default="auto",
        description="levels at which the decoder also sees what the encoder saw, convolutional only: deeper leaves "
        "out the first, which auto chooses for missing_rectangle, else all",
    )
    dropped_skips: float = Field(
        default=0.25,
        ge=0.05,
        le=0.95,
        description="share of the items in training that are decoded from the code alone, only where there are skips",
    )
    skip_channels: int = Field(
        default=16, ge=1, le=1024, description="channels at the size of the picture, only where there are skips"
    )

    def resolved(self, data_spec: DataSpec) -> "DenoisingAutoencoderConfig":
        """These settings with the levels of the skips decided; raises `UsageError` where they do not fit."""
        check_images("denoising_autoencoder", data_spec)
        if self.skips != "auto":
            if self.skips != "none" and self.architecture == "mlp":
                raise UsageError(
                    "Only convolutional networks have skips; set architecture=convolutional or skips=none."
                )
            return self
        if self.architecture == "mlp":
            return self.model_copy(update={"skips": "none"})
        return self.model_copy(update={"skips": "deeper" if self.corruption == "missing_rectangle" else "all"})


@MODELS.register("denoising_autoencoder")
class DenoisingAutoencoder(Autoencoder):
    """Encoder, decoder, and skips between their levels, which restore pictures that were corrupted.

    Whoever decodes a code has no picture for the skips. So for some items of every batch all skips are left out, and
    the pyramid learns to decode from the code alone as well as with them: `decode` and `encode` are those of an
    autoencoder, and `restore` uses the skips.
    """

    config_type: ClassVar[type[DenoisingAutoencoderConfig]] = DenoisingAutoencoderConfig
    config: DenoisingAutoencoderConfig

    @property
    def corruption(self) -> Corruption:
        """What it has learned to undo."""
        strengths = {name: getattr(self.config, name) for name in CorruptionStrengths.model_fields}
        return Corruption(kind=self.config.corruption, **strengths)

    def restore(self, images: Tensor, condition: Tensor | None = None) -> Tensor:
        """Corrupted images (batch, channels, height, width) in [0, 1] as they may have been, skips and all."""
        return torch.sigmoid(full_precision(self._restored(images)))

    def _networks(self) -> tuple[nn.Module, nn.Module]:
        config, shape = self.config, self.data_spec.shape
        if config.skips == "none":
            return super()._networks()
        channels = (config.skip_channels, *config.channels)
        levels = range(1 if config.skips == "deeper" else 0, len(channels))
        return (
            SkipEncoder(shape, channels, config.dense_size, config.latent_size),
            SkipDecoder(config.latent_size, config.dense_size, channels, shape, levels),
        )

    def _decoder_start(self) -> nn.Sequential:
        return self.decoder.start if isinstance(self.decoder, SkipDecoder) else super()._decoder_start()

    def _loss(self, batch: Batch, progress: Progress) -> Terms:
        shown = corrupt(batch.images, self.corruption, batch.generator).images
        draws = uniform_noise((len(shown), 1, 1, 1), batch.generator)
        return self._judged(self._restored(shown, draws >= self.config.dropped_skips), batch.images)

    def _restored(self, images: Tensor, has_skips: Tensor | None = None) -> Tensor:
        """Unbounded pixels (batch, *shape) of corrupted images; has_skips: which of them, (batch, 1, 1, 1), or all."""
        if not isinstance(self.encoder, SkipEncoder):
            pixels: Tensor = self.decoder(full_precision(self.encoder(images)))
            return pixels
        features = self.encoder.features(images)
        codes = full_precision(self.encoder.codes(features))
        pixels = self.decoder(codes, features if has_skips is None else [level * has_skips for level in features])
        return pixels
