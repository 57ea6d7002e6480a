"""The gated PixelCNN as a model of pictures by itself: an exact likelihood, pixel by pixel.

Source: van den Oord et al., Conditional Image Generation with PixelCNN Decoders, 2016.
"""

import math
from collections.abc import Iterator
from typing import ClassVar, Literal, Self

import torch
from pydantic import Field
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.latent_space import LatentBlock, LatentSpace
from trainers.latent.posterior import Posterior
from trainers.losses.categorical import categorical_log_probability, noise_of, value_at
from trainers.losses.precision import full_precision
from trainers.models.condition_spec import ConditionSpec
from trainers.models.image_model import check_images
from trainers.models.latent_model import MODELS, LatentModel, ModelConfig
from trainers.models.training_plan import (
    Objective,
    OptimizerSpec,
    Phase,
    Progress,
    Terms,
    falling_rate,
    parameters_of,
)
from trainers.networks.gated_pixel_cnn import GatedPixelCnn
from trainers.networks.raster_scan import draw_in_raster_order, exact_convolutions

# No level of a pixel is rarer, so that a code in single precision can name each of them.
_LEAST = 1e-6

# Probabilities held at once where no gradient is kept: 128 MB in double precision.
_AT_ONCE = 2**24


class PixelCnnConfig(ModelConfig):
    """Settings of the gated PixelCNN."""

    likelihood: Literal["auto", "bernoulli", "categorical"] = Field(
        default="auto",
        description="law of a pixel given those before it; auto is bernoulli for one channel, categorical for colour",
    )
    bits: int = Field(default=8, ge=1, le=8, description="bits of a grey value that are modelled, categorical only")
    width: int = Field(default=32, ge=3, le=1024, description="features of each layer")
    blocks: int = Field(default=6, ge=1, le=64, description="gated layers")
    kernel_size: Literal[3, 5, 7] = Field(default=3, description="pixels that a layer after the first sees across")
    class_conditional: bool = Field(default=False, description="tell the network the class of the picture")
    decay_epochs: float = Field(
        default=0.0, ge=0.0, le=10_000.0, description="epochs in which the learning rate falls to a tenth; 0 for never"
    )

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings with the likelihood decided.

        Raises `UsageError` where the data are no images, or have no classes to be told.
        """
        check_images("pixelcnn", data_spec)
        if self.class_conditional:
            ConditionSpec.of_classes(data_spec)
        if self.likelihood != "auto":
            return self
        return self.model_copy(update={"likelihood": "bernoulli" if data_spec.shape[0] == 1 else "categorical"})


@MODELS.register("pixelcnn")
class PixelCnn(LatentModel):
    """Every pixel given those above and to the left; a code is a standard-normal number per pixel and channel.

    Decoding draws pixel by pixel, each the quantile at Φ(number) of its law given the pixels drawn before: the code
    alone decides the picture, and its N(0, 1) prior gives pictures of exactly the model's law. Encoding gives the
    middle of the numbers that draw each pixel of a picture.
    """

    config_type: ClassVar[type[PixelCnnConfig]] = PixelCnnConfig
    config: PixelCnnConfig

    def __init__(self, config: PixelCnnConfig, data_spec: DataSpec) -> None:
        super().__init__(config.resolved(data_spec), data_spec)
        self.latent_space = LatentSpace(blocks=(LatentBlock(name="pixels", shape=data_spec.shape),))
        if config.class_conditional:
            self.condition_spec = ConditionSpec.of_classes(data_spec)
        self.levels = 2 if self.needs_binary_data else 2**config.bits
        self.network = GatedPixelCnn(
            self.levels,
            (data_spec.shape[1], data_spec.shape[2]),
            channels=data_spec.shape[0],
            width=config.width,
            blocks=config.blocks,
            kernel_size=config.kernel_size,
            ordered=True,
            condition_size=len(self.condition_spec.names),
        )

    @property
    def needs_binary_data(self) -> bool:
        """True for the Bernoulli likelihood."""
        return self.config.likelihood == "bernoulli"

    @property
    def likelihood_name(self) -> str | None:
        """The law of a pixel."""
        return self.config.likelihood

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Let every pixel start with the law of its channel over all pictures."""
        self.network.start_from(self._frequencies(dataset))

    def phases(self) -> tuple[Phase, ...]:
        """One phase of one objective."""
        optimizer = OptimizerSpec(
            learning_rate=self.config.learning_rate, rate_factor=falling_rate(self.config.decay_epochs)
        )
        return (Phase("training", (Objective("likelihood", parameters_of([self]), self._loss, optimizer),)),)

    @torch.no_grad()
    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        """Codes that decode to exactly these images (batch, channels, height, width), given as many bits as modelled.

        Only on a pixel that the model holds to be all but impossible can rounding lead to another picture.
        """
        values = self._values(images)
        codes = [noise_of(logits, part, _LEAST) for logits, part in self._logits_of_parts(values, condition)]
        return Posterior(torch.cat(codes).flatten(1))

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Images (batch, channels, height, width) in [0, 1] for codes (batch, latent_size)."""
        images = torch.empty(0)
        for _, so_far in self.decode_steps(codes, condition):
            images = so_far
        return images

    @torch.no_grad()
    def decode_steps(self, codes: Tensor, condition: Tensor | None = None) -> Iterator[tuple[float, Tensor]]:
        """After every row the share done and the images so far, black where nothing is drawn yet."""
        noise = codes.unflatten(1, self.data_spec.shape)

        def choose(logits: Tensor, channel: int, row: int, column: int) -> Tensor:
            return value_at(logits, noise[:, channel, row, column], _LEAST)

        _, height, width = self.data_spec.shape
        for share, values in draw_in_raster_order(self.network, len(codes), height, width, choose, condition):
            yield share, values.float() / (self.levels - 1)

    def log_likelihood(self, images: Tensor, generator: torch.Generator, condition: Tensor | None = None) -> Tensor:
        """log p(x) in nats, (batch,); bits that are not modelled count as evenly distributed."""
        parts = self._logits_of_parts(self._values(images), condition)
        return torch.cat([self._log_probability(logits, values) for logits, values in parts])

    def log_weights(
        self, images: Tensor, samples: int, generator: torch.Generator, condition: Tensor | None = None
    ) -> Tensor:
        """log p(x) in nats, (1, batch), whatever `samples` is."""
        return self.log_likelihood(images, generator, condition)[None]

    def _loss(self, batch: Batch, progress: Progress) -> Terms:
        values = self._values(batch.images)
        logits = full_precision(self.network(values, self.condition_of(batch)))
        nats = -self._log_probability(logits, values).mean()
        per_number = nats / self.data_spec.size
        scalars = {
            "negative_log_likelihood": nats.detach(),
            "bits_per_dimension": per_number.detach() / math.log(2.0),
        }
        return Terms(per_number, scalars)

    def _log_probability(self, logits: Tensor, values: Tensor) -> Tensor:
        unmodelled = 0 if self.needs_binary_data else 8 - self.config.bits
        per_number = categorical_log_probability(logits, values, _LEAST) - unmodelled * math.log(2.0)
        return per_number.flatten(1).sum(dim=1)

    def _logits_of_parts(self, values: Tensor, condition: Tensor | None) -> Iterator[tuple[Tensor, Tensor]]:
        """Logits with their values, of so many items at a time that the laws of their pixels fit into memory."""
        count = max(1, _AT_ONCE // (self.data_spec.size * self.levels))
        parts = values.split(count)
        conditions = [None] * len(parts) if condition is None else condition.split(count)
        for part, told in zip(parts, conditions, strict=True):
            with exact_convolutions():
                logits = full_precision(self.network(part, told))
            yield logits, part

    def _values(self, images: Tensor) -> Tensor:
        """Levels, int64, of images in [0, 1]."""
        if self.needs_binary_data:
            return images.round().long()
        return (images * 255.0).round().long() >> (8 - self.config.bits)

    def _frequencies(self, dataset: ImageDataset) -> Tensor:
        """How often each level occurs in each channel, (channels, levels)."""
        if self.needs_binary_data:
            bright = dataset.mean_image().flatten(1).mean(dim=1)
            return torch.stack([1.0 - bright, bright], dim=1)
        values = dataset.images >> (8 - self.config.bits)
        counts = [
            torch.bincount(values[:, channel].flatten(), minlength=self.levels) for channel in range(values.shape[1])
        ]
        return torch.stack(counts) / (values.numel() / values.shape[1])
