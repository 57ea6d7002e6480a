"""What models of a generator and a critic share: their settings, their networks and the game the two play.

Source: Goodfellow et al., Generative Adversarial Networks, 2014.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal, Self

import torch
from pydantic import Field
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.latent_space import LatentBlock, LatentSpace
from trainers.losses.precision import full_precision
from trainers.models.image_model import ImageModelConfig, Width, image_decoder, image_encoder, logits_of, start_from
from trainers.models.latent_model import LatentModel
from trainers.models.training_plan import Objective, OptimizerSpec, Phase, Progress, Terms, parameters_of
from trainers.networks.affine_start import linear_start
from trainers.networks.layer_style import LayerStyle, Normalisation
from trainers.networks.moving_average import MovingAverage

# Below zero a critic's activations still pass on some of the gradient its generator learns from (Radford et al. 2016).
_CRITIC_SLOPE = 0.2


class AdversarialModelConfig(ImageModelConfig):
    """Settings of the generator, the critic and their game."""

    learning_rate: float = Field(default=2e-4, gt=0.0, le=1.0, description="step size of the generator's optimiser")
    critic_learning_rate: float = Field(default=2e-4, gt=0.0, le=1.0, description="step size of the critic's optimiser")
    critic_repeats: int = Field(default=1, ge=1, le=100, description="steps of the critic for one of the generator")
    latent_size: int = Field(default=64, ge=1, le=4096, description="numbers in a code")
    prior: Literal["normal", "uniform"] = Field(
        default="normal", description="law codes are drawn from; uniform is on -1 to 1"
    )
    architecture: Literal["convolutional", "mlp"] = Field(
        default="convolutional", description="kind of both networks; for points it is always mlp"
    )
    channels: tuple[Width, ...] = Field(
        default=(32, 64), min_length=1, max_length=8, description="channels of each level, from the image inwards"
    )
    dense_size: int = Field(default=256, ge=1, le=8192, description="flat layer of both networks, convolutional only")
    hidden_sizes: tuple[Width, ...] = Field(
        default=(256, 256), max_length=8, description="hidden layers of both networks, fully connected only"
    )
    batch_normalisation: bool = Field(default=True, description="normalise the generator's layers over the batch")
    moving_average_decay: float = Field(
        default=0.999,
        ge=0.0,
        lt=1.0,
        description="share of the generator's moving average, whose pictures are shown, that a step leaves",
    )

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings, with the one architecture that points can have."""
        return self if data_spec.kind == "images" else self.model_copy(update={"architecture": "mlp"})


class AdversarialModel(LatentModel):
    """A generator from codes to items, a critic that scores items, and a moving average of the generator.

    Both networks work with standardised items: images on [-1, 1], points with mean 0 and deviation 1 in every
    direction. Subclasses say what the two minimise.
    """

    config_type: ClassVar[type[AdversarialModelConfig]] = AdversarialModelConfig
    config: AdversarialModelConfig
    betas: ClassVar[tuple[float, float]] = (0.5, 0.999)

    def __init__(self, config: AdversarialModelConfig, data_spec: DataSpec) -> None:
        config = config.resolved(data_spec)
        super().__init__(config, data_spec)
        block = LatentBlock(name="z", shape=(config.latent_size,), prior=config.prior)
        self.latent_space = LatentSpace(blocks=(block,))
        generator_style = LayerStyle("batch" if config.batch_normalisation else "none")
        self.generator = image_decoder(config, data_spec.shape, style=generator_style)
        critic_style = LayerStyle(self.critic_normalisation, slope=_CRITIC_SLOPE)
        self.critic = image_encoder(config, data_spec.shape, 1, critic_style)
        self.average = MovingAverage(self.generator, config.moving_average_decay)
        self.item_mean: Tensor
        self.item_deviation: Tensor
        self.register_buffer("item_mean", torch.full(data_spec.shape, 0.5))
        self.register_buffer("item_deviation", torch.full(data_spec.shape, 0.5))

    @property
    @abstractmethod
    def critic_normalisation(self) -> Normalisation:
        """How the critic's layers are normalised."""

    @abstractmethod
    def critic_terms(self, real: Tensor, fake: Tensor, generator: torch.Generator) -> Terms:
        """What the critic minimises for standardised items (batch, …), as many fake as real ones."""

    @abstractmethod
    def generator_terms(self, scores: Tensor) -> Terms:
        """What the generator minimises, given the critic's scores (batch,) of its items."""

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Standardise points, or let the generator start from the mean image."""
        if self.data_spec.kind == "points":
            items = dataset.scaled().double()
            deviation = items.std(dim=0, correction=0)
            self.item_mean.copy_(items.mean(dim=0))
            self.item_deviation.copy_(torch.where(deviation > 0.0, deviation, 1.0))
        else:
            # tanh(x / 2) on [-1, 1] is sigmoid(x) on [0, 1].
            start_from(self.generator, 0.5 * logits_of(dataset.mean_image()))
        self.average.update(self.generator)

    def phases(self) -> tuple[Phase, ...]:
        """One phase, in which the critic takes its steps and then the generator its own."""
        config = self.config
        critic = Objective(
            "critic",
            parameters_of([self.critic]),
            self._critic_loss,
            OptimizerSpec(learning_rate=config.critic_learning_rate, betas=self.betas),
            repeats=config.critic_repeats,
        )
        generator = Objective(
            "generator",
            parameters_of([self.generator]),
            self._generator_loss,
            OptimizerSpec(learning_rate=config.learning_rate, betas=self.betas),
            after_step=lambda _batch: self.average.update(self.generator),
        )
        return (Phase("training", (critic, generator)),)

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Items of the generator's moving average, images in [0, 1], for codes (batch, latent_size)."""
        return self.item_mean + self.item_deviation * self._generated(self.average, codes)

    def first_maps(self) -> Mapping[str, Tensor]:
        """The first layer of the generator's moving average."""
        generator = self.average.network
        assert isinstance(generator, torch.nn.Sequential)
        return {"z": linear_start(generator)}

    def score(self, images: Tensor, condition: Tensor | None = None) -> Tensor:
        """The critic's unbounded scores (batch,) of items on the scale of the data, higher for what looks real."""
        return self._scores(self._standardised(images))

    def _standardised(self, items: Tensor) -> Tensor:
        return (items - self.item_mean) / self.item_deviation

    def _generated(self, network: torch.nn.Module, codes: Tensor) -> Tensor:
        items = full_precision(network(codes))
        return torch.tanh(items) if self.data_spec.kind == "images" else items

    def _scores(self, items: Tensor) -> Tensor:
        return full_precision(self.critic(items)).squeeze(1)

    def _fakes(self, batch: Batch) -> Tensor:
        codes = self.latent_space.sample(len(batch.images), 1.0, batch.generator)
        return self._generated(self.generator, codes)

    def _critic_loss(self, batch: Batch, progress: Progress) -> Terms:
        with torch.no_grad():
            fakes = self._fakes(batch)
        return self.critic_terms(self._standardised(batch.images), fakes, batch.generator)

    def _generator_loss(self, batch: Batch, progress: Progress) -> Terms:
        # In evaluation mode its spectral normalisation stands still: only the critic's own steps change the critic.
        self.critic.eval()
        terms = self.generator_terms(self._scores(self._fakes(batch)))
        self.critic.train(self.training)
        return terms
