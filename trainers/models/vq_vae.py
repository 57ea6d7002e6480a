"""The autoencoder of discrete codes, and the law of these codes learned in a second phase.

Source: van den Oord, Vinyals and Kavukcuoglu, Neural Discrete Representation Learning, 2017.
"""

from typing import ClassVar, Literal, Self

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from trainers.data.batch import Batch
from trainers.data.binarisation import binarise
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import StoppedError
from trainers.latent.latent_space import LatentBlock, LatentSpace, Temperature, temperature_of_level
from trainers.latent.posterior import Posterior
from trainers.losses.bernoulli import bernoulli_log_likelihood
from trainers.losses.categorical import categorical_log_probability, value_at
from trainers.losses.precision import full_precision
from trainers.models.condition_spec import ConditionSpec
from trainers.models.image_model import Width, check_images, logits_of, start_from
from trainers.models.latent_model import MODELS, LatentModel, ModelConfig
from trainers.models.training_plan import (
    Objective,
    OptimizerSpec,
    Phase,
    Progress,
    Terms,
    parameters_of,
)
from trainers.networks.code_statistics import CodeStatistics
from trainers.networks.convolution import level_sizes
from trainers.networks.feature_map import feature_decoder, feature_encoder
from trainers.networks.gated_pixel_cnn import GatedPixelCnn
from trainers.networks.raster_scan import draw_in_raster_order
from trainers.networks.vector_quantizer import VectorQuantizer, perplexity
from trainers.processes import normal_noise, summed_over_processes
from trainers.reporting import Report, StopRequested, never, no_report

# Enough features for the k-means start: 50 for each of 512 entries on a 7 × 7 grid.
_ITEMS_FOR_START = 1024

# The coldest law that is told apart from always taking the likeliest entry.
_COLDEST = 1e-3


class VqVaeConfig(ModelConfig):
    """Settings of the autoencoder of discrete codes and of its prior."""

    channels: tuple[Width, ...] = Field(
        default=(32, 64), min_length=1, max_length=6, description="channels of each level, which halves the picture"
    )
    residual_blocks: int = Field(default=2, ge=0, le=32, description="residual blocks on the grid of codes")
    entries: int = Field(default=256, ge=2, le=8192, description="vectors in the codebook")
    depth: int = Field(default=32, ge=1, le=512, description="numbers in each of them")
    loss: Literal["mse", "bce"] = Field(
        default="mse", description="what reconstructions are judged by: squared error, or cross-entropy of grey values"
    )
    commitment: float = Field(
        default=0.25, ge=0.0, le=100.0, description="weight of what draws features towards entries"
    )
    codebook: Literal["moving_average", "gradient"] = Field(
        default="moving_average", description="how entries follow the features nearest to them"
    )
    decay: float = Field(
        default=0.99, ge=0.0, lt=1.0, description="share of those averages that a step leaves, moving_average only"
    )
    revival_share: float = Field(
        default=0.02,
        ge=0.0,
        le=0.5,
        description="entries used less than this share of the mean use move to features of the batch; 0 for never",
    )
    prior_share: float = Field(
        default=0.5, gt=0.0, lt=1.0, description="share of the epochs that train the prior, after the codes"
    )
    prior_width: int = Field(default=64, ge=1, le=1024, description="features of each layer of the prior")
    prior_blocks: int = Field(default=6, ge=1, le=64, description="gated layers of the prior")
    prior_learning_rate: float = Field(default=1e-3, gt=0.0, le=1.0, description="step size of the prior's optimiser")
    class_conditional_prior: bool = Field(default=False, description="tell the prior the class of the picture")

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings; raises `UsageError` where the data are no images, or have no classes to be told."""
        check_images("vq_vae", data_spec)
        if self.class_conditional_prior:
            ConditionSpec.of_classes(data_spec, decodes=False)
        return self


@MODELS.register("vq_vae")
class VqVae(LatentModel):
    """Encoder to a grid of features, a codebook they are rounded to, decoder, and a PixelCNN over the grid of entries.

    A code is the grid of features, before rounding; `decode` rounds it. Until the prior's phase has begun, samples
    have every cell drawn by itself, as often as the training data have each entry there. The reconstruction error is
    no likelihood.
    """

    config_type: ClassVar[type[VqVaeConfig]] = VqVaeConfig
    config: VqVaeConfig
    error_of_mean: Tensor
    prior_steps: Tensor

    def __init__(self, config: VqVaeConfig, data_spec: DataSpec) -> None:
        super().__init__(config.resolved(data_spec), data_spec)
        shape = data_spec.shape
        grid = level_sizes(shape[1], shape[2], len(config.channels))[-1]
        self._block = LatentBlock(name="features", shape=(config.depth, *grid), prior="empirical")
        self.latent_space = LatentSpace(blocks=(self._block,))
        if config.class_conditional_prior:
            self.condition_spec = ConditionSpec.of_classes(data_spec, decodes=False)
        self.encoder = feature_encoder(shape, config.channels, config.residual_blocks, config.depth)
        self.quantizer = VectorQuantizer(
            config.entries,
            config.depth,
            averaged=config.codebook == "moving_average",
            decay=config.decay,
            revival_share=config.revival_share,
        )
        self.decoder = feature_decoder(config.depth, config.channels, config.residual_blocks, shape)
        self.statistics = CodeStatistics(self._block.shape, config.entries)
        self.prior = GatedPixelCnn(
            config.entries,
            (grid[0], grid[1]),
            width=config.prior_width,
            blocks=config.prior_blocks,
            ordered=False,
            condition_size=len(self.condition_spec.names),
        )
        self.register_buffer("error_of_mean", torch.tensor(1.0))
        self.register_buffer("prior_steps", torch.tensor(0))
        self._rounded: tuple[Tensor, Tensor] | None = None

    @property
    def quantized_blocks(self) -> tuple[str, ...]:
        """The one block there is."""
        return (self._block.name,)

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Start from the mean image, and the codebook from the k-means of what the untrained encoder finds."""
        start_from(self.decoder, logits_of(dataset.mean_image()))
        count = min(len(dataset), _ITEMS_FOR_START)
        places = torch.arange(count) * len(dataset) // count
        images = binarise(dataset.scaled(places), self.data_spec.binarisation, generator)
        self.error_of_mean.copy_(self._error(images, images.mean().logit().expand_as(images)))
        with torch.no_grad():
            features = full_precision(self.encoder(images))
        rows = features.permute(0, 2, 3, 1).flatten(0, 2)
        self.quantizer.start_from(rows, generator.initial_seed() % 2**32)
        self.statistics.start_from(features, self.quantizer.indices(features))

    def phases(self) -> tuple[Phase, ...]:
        """The codes first, then the prior over them as they are."""
        config = self.config
        codes = Objective(
            "codes",
            parameters_of([self.encoder, self.quantizer, self.decoder]),
            self._codes_loss,
            OptimizerSpec(learning_rate=config.learning_rate),
            after_step=self._follow_features,
        )
        prior = Objective(
            "prior",
            parameters_of([self.prior]),
            self._prior_loss,
            OptimizerSpec(learning_rate=config.prior_learning_rate),
            after_step=self._count_prior_step,
        )
        return Phase("codes", (codes,), 1.0 - config.prior_share), Phase("prior", (prior,), config.prior_share)

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        """The features of images (batch, channels, height, width) in [0, 1], flat, before they are rounded."""
        return Posterior(full_precision(self.encoder(images)).flatten(1))

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Images (batch, channels, height, width) in [0, 1] for codes (batch, latent_size), rounded to entries."""
        rounded = self.quantizer.vectors(self.code_indices(codes, self._block.name))
        return torch.sigmoid(full_precision(self.decoder(rounded)))

    def codebook(self, block: str) -> Tensor:
        """The vectors (entries, depth)."""
        self._check_block(block)
        return self.quantizer.codebook.detach()

    def code_indices(self, codes: Tensor, block: str) -> Tensor:
        """Entries nearest to codes (batch, latent_size), int64 (batch, height, width)."""
        self._check_block(block)
        return self.quantizer.indices(codes.unflatten(1, self._block.shape))

    def with_indices(self, codes: Tensor, block: str, indices: Tensor) -> Tensor:
        """The vectors of entries (batch, height, width) as codes; nothing is left of `codes`, which are one block."""
        self._check_block(block)
        return self.quantizer.vectors(indices).detach().flatten(1)

    @torch.no_grad()
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
        """Vectors of entries drawn cell by cell, as codes (count, latent_size); the temperature divides the logits.

        Raises `StoppedError` when asked to stop.
        """
        sharpness = 1.0 / max(temperature_of_level(temperature, 0), _COLDEST)
        _, height, width = self._block.shape
        noise = normal_noise((count, height, width), generator).to(self.device)
        if not bool(self.prior_steps):
            logits = self.statistics.usage.log().expand(count, -1, -1, -1)
            return self.quantizer.vectors(value_at(sharpness * logits, noise)).flatten(1)

        def choose(logits: Tensor, _channel: int, row: int, column: int) -> Tensor:
            if stop_requested():
                raise StoppedError
            return value_at(sharpness * logits, noise[:, row, column])

        told = None if condition is None else condition.to(self.device)
        indices = torch.empty(0)
        for share, so_far in draw_in_raster_order(self.prior, count, height, width, choose, told):
            indices = so_far
            report(share, f"row {round(share * height)} of {height}")
        return self.quantizer.vectors(indices[:, 0]).flatten(1)

    def prior_moments(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation (latent_size,) of the features in the last steps that trained the codes."""
        return self.statistics.moments()

    def _codes_loss(self, batch: Batch, progress: Progress) -> Terms:
        features = full_precision(self.encoder(batch.images))
        rounded = self.quantizer(features)
        # Only after the step may the codebook move; what moves it is found here.
        self._rounded = features.detach(), rounded.indices
        error = self._error(batch.images, full_precision(self.decoder(rounded.vectors)))
        total = error / self.error_of_mean + self.config.commitment * rounded.commitment_error
        if not self.quantizer.averaged:
            total = total + rounded.codebook_error
        used = summed_over_processes(self.quantizer.uses(rounded.indices))
        scalars = {
            "squared_error" if self.config.loss == "mse" else "cross_entropy": error.detach(),
            "commitment_error": rounded.commitment_error.detach(),
            "perplexity": perplexity(used),
            "entries_used": (used > 0).float().sum(),
        }
        return Terms(total, scalars)

    def _follow_features(self, batch: Batch) -> None:
        assert self._rounded is not None
        features, indices = self._rounded
        self.quantizer.update(features, indices, batch.generator)
        self.statistics.update(features, indices)
        self._rounded = None

    def _prior_loss(self, batch: Batch, progress: Progress) -> Terms:
        with torch.no_grad():
            indices = self.quantizer.indices(full_precision(self.encoder(batch.images)))[:, None]
        logits = full_precision(self.prior(indices, self.condition_of(batch)))
        nats = -categorical_log_probability(logits, indices).flatten(1).sum(dim=1).mean()
        return Terms(nats / indices[0].numel(), {"nats_per_grid": nats.detach()})

    def _count_prior_step(self, _batch: Batch) -> None:
        self.prior_steps += 1

    def _error(self, images: Tensor, logits: Tensor) -> Tensor:
        """Mean over images and pixels of what the settings judge by."""
        if self.config.loss == "bce":
            return -bernoulli_log_likelihood(images, logits).mean() / self.data_spec.size
        return functional.mse_loss(torch.sigmoid(logits), images)

    def _check_block(self, block: str) -> None:
        if block != self._block.name:
            raise ValueError(f"vq_vae has no block {block!r}, only {self._block.name!r}")
