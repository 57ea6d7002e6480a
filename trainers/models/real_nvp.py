"""The normalising flow of affine couplings, on images at several scales and on points.

Source: Dinh, Sohl-Dickstein and Bengio, Density Estimation Using Real NVP, 2017.
"""

import math
from typing import ClassVar, Self

import torch
from pydantic import Field
from torch import Tensor

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError
from trainers.latent.latent_space import LatentBlock, LatentSpace
from trainers.latent.posterior import Posterior
from trainers.losses.gaussian import standard_normal_log_density
from trainers.losses.warm_up import linear_warm_up
from trainers.models.image_model import Width
from trainers.models.latent_model import MODELS, LatentModel, ModelConfig
from trainers.models.training_plan import Objective, OptimizerSpec, Phase, Progress, Terms, parameters_of
from trainers.networks.actnorm import ActNorm
from trainers.networks.coupling import AffineCoupling, coupling_convolutions, coupling_mlp
from trainers.networks.invertible import InvertibleChain, InvertibleLayer, MultiScaleFlow
from trainers.networks.logit import Logit
from trainers.networks.squeeze import Squeeze
from trainers.processes import uniform_noise

_STEPS = 256  # of an 8-bit grey value
_ITEMS_FOR_START = 512

# Quarters of the channels after a squeeze, upper left to lower right, that a coupling keeps while it moves the others:
# the squares of a chequerboard of pixels, then the upper or lower ones of neighbouring channels.
_CHEQUERED = ((0, 3), (1, 2))
_HALVED = ((0, 1), (2, 3))


class RealNvpConfig(ModelConfig):
    """Settings of the flow."""

    levels: int = Field(default=2, ge=1, le=6, description="scales, each half as wide as the one before; images only")
    couplings: int = Field(default=8, ge=2, le=64, description="couplings in each level")
    hidden_channels: int = Field(default=64, ge=1, le=1024, description="width of their convolutions; images only")
    hidden_sizes: tuple[Width, ...] = Field(
        default=(64, 64), min_length=1, max_length=8, description="hidden layers of the couplings; points only"
    )
    margin: float = Field(
        default=0.001,
        ge=1e-5,
        le=0.4,
        description="how far grey values stay away from 0 and 1 before the logit; the authors' 0.05 squeezes what is "
        "black into so little space that training is slow",
    )
    warm_up_epochs: float = Field(
        default=1.0, ge=0.0, le=1000.0, description="epochs in which the learning rate rises from 0"
    )
    decay_epochs: float = Field(
        default=0.0, ge=0.0, le=10_000.0, description="epochs in which the learning rate falls to a tenth; 0 for never"
    )
    gradient_clip: float = Field(
        default=1.0, gt=0.0, le=1e6, description="largest norm of the gradient of the loss per number of an item"
    )

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings; raises `UsageError` where a picture cannot be halved once per level."""
        if data_spec.kind == "images":
            _check_size(data_spec, self.levels)
        return self


@MODELS.register("real_nvp")
class RealNvp(LatentModel):
    """An invertible network between data and noise, which gives exact codes and the exact likelihood.

    Grey values are filled with noise to numbers between 0 and 1 and stretched by a logit; every Jacobian on the way
    is in the likelihood.
    """

    config_type: ClassVar[type[RealNvpConfig]] = RealNvpConfig
    config: RealNvpConfig

    def __init__(self, config: RealNvpConfig, data_spec: DataSpec) -> None:
        super().__init__(config.resolved(data_spec), data_spec)
        if data_spec.kind == "points":
            shapes = [data_spec.shape]
            self.flow = MultiScaleFlow([_level_of_points(config, data_spec.size)])
        else:
            shapes = _shapes(data_spec.shape, config.levels)
            self.flow = MultiScaleFlow([_level_of_images(config, data_spec.shape, n) for n in range(config.levels)])
        self.latent_space = _latent_space(shapes)

    @property
    def likelihood_name(self) -> str:
        """Images of 8 bits are measured through their dequantisation, points by their density."""
        return "density" if self.data_spec.kind == "points" else "dequantised"

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Let every layer begin with data of mean 0 and deviation 1."""
        chosen = torch.randperm(len(dataset), generator=generator)[:_ITEMS_FOR_START]
        self.flow.initialise(self._filled(dataset.scaled(chosen), generator))

    def phases(self) -> tuple[Phase, ...]:
        """One phase of one objective."""
        optimizer = OptimizerSpec(
            learning_rate=self.config.learning_rate,
            gradient_clip=self.config.gradient_clip,
            rate_factor=self._rate_factor,
        )
        return (Phase("training", (Objective("likelihood", parameters_of([self]), self._loss, optimizer),)),)

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        """The exact codes of items, of images (batch, channels, height, width) those of the middles of grey values."""
        items = images if self.data_spec.kind == "points" else _in_unit_cube(images, torch.tensor(0.5))
        noise, _ = self.flow(items)
        names = [block.name for block in reversed(self.latent_space.blocks)]
        return Posterior(self.latent_space.join(dict(zip(names, noise, strict=True))))

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """The items of codes (batch, latent_size), images in [0, 1]; the inverse of `encode`."""
        items = self.flow.inverse(list(self.latent_space.split(codes).values())[::-1])
        if self.data_spec.kind == "points":
            return items
        return ((items * _STEPS - 0.5) / (_STEPS - 1)).clamp(0.0, 1.0)

    def log_likelihood(self, images: Tensor, generator: torch.Generator, condition: Tensor | None = None) -> Tensor:
        """log p(x) in nats, (batch,): the density of points, of 8-bit images a bound of their probability by one draw.

        With noise u in [0, 1) the bound is log p((255 · x + u) / 256) - D log 256 for D numbers (Theis et al. 2016).
        """
        noise, log_determinant = self.flow(self._filled(images, generator))
        of_noise = standard_normal_log_density(torch.cat([part.flatten(1) for part in noise], dim=1)).sum(dim=1)
        # A grey value is one of 256 steps, so its probability is the density times the width of a step.
        width = 0.0 if self.data_spec.kind == "points" else -self.data_spec.size * math.log(_STEPS)
        total: Tensor = of_noise + log_determinant + width
        return total

    def log_weights(
        self, images: Tensor, samples: int, generator: torch.Generator, condition: Tensor | None = None
    ) -> Tensor:
        """log p(x), (1, batch), whatever `samples` is."""
        return self.log_likelihood(images, generator, condition).unsqueeze(0)

    def _filled(self, items: Tensor, generator: torch.Generator) -> Tensor:
        if self.data_spec.kind == "points":
            return items
        return _in_unit_cube(items, uniform_noise(items.shape, generator).to(items))

    def _rate_factor(self, progress: Progress) -> float:
        warm_up = linear_warm_up(progress.epoch, self.config.warm_up_epochs)
        decay = self.config.decay_epochs
        return warm_up * (0.1 ** (progress.epoch / decay) if decay > 0.0 else 1.0)

    def _loss(self, batch: Batch, progress: Progress) -> Terms:
        nats = -self.log_likelihood(batch.images, batch.generator).mean()
        per_number = nats / self.data_spec.size
        scalars = {"negative_log_likelihood": nats.detach()}
        if self.data_spec.kind == "images":
            scalars["bits_per_dimension"] = per_number.detach() / math.log(2.0)
        return Terms(per_number, scalars)


def _in_unit_cube(images: Tensor, offset: Tensor) -> Tensor:
    """Grey values in [0, 1] as places in the 256 steps of the unit interval, `offset` in [0, 1) into their step."""
    return ((_STEPS - 1) * images + offset.to(images)) / _STEPS


def _check_size(data_spec: DataSpec, levels: int) -> None:
    _, height, width = data_spec.shape
    possible = min((length & -length).bit_length() - 1 for length in (height, width))
    if possible == 0:
        raise UsageError(
            f"real_nvp needs images whose sides are even numbers of pixels, and those of {data_spec.name} are "
            f"{width}×{height}; choose other data."
        )
    if levels > possible:
        raise UsageError(
            f"real_nvp halves a picture once per level, and one of {width}×{height} pixels can be halved {possible} "
            f"times; set levels to at most {possible}."
        )


def _shapes(shape: tuple[int, ...], levels: int) -> list[tuple[int, ...]]:
    """Shapes of the noise of each level, the finest first."""
    channels, height, width = shape
    shapes: list[tuple[int, ...]] = []
    for level in range(levels):
        channels, height, width = 4 * channels, height // 2, width // 2
        if level < levels - 1:
            channels //= 2
        shapes.append((channels, height, width))
    return shapes


def _latent_space(shapes: list[tuple[int, ...]]) -> LatentSpace:
    names = ["z"] if len(shapes) == 1 else [f"z{number + 1}" for number in range(len(shapes))]
    blocks = [
        LatentBlock(name=name, shape=shape, level=level)
        for level, (name, shape) in enumerate(zip(names, shapes, strict=True))
    ]
    return LatentSpace(blocks=tuple(reversed(blocks)))


def _level_of_images(config: RealNvpConfig, shape: tuple[int, ...], level: int) -> InvertibleChain:
    layers: list[InvertibleLayer] = [Logit(config.margin)] if level == 0 else []
    channels, height, width = shape[0] * 2**level, shape[1] // 2 ** (level + 1), shape[2] // 2 ** (level + 1)
    quarters = torch.arange(4 * channels).view(4, channels)
    layers.append(Squeeze())
    for number in range(config.couplings):
        pattern = _CHEQUERED if number // 2 * 4 < config.couplings else _HALVED
        kept, moved = (quarters[list(part)].flatten().tolist() for part in pattern[:: 1 - 2 * (number % 2)])
        network = coupling_convolutions(2 * channels, config.hidden_channels, 4 * channels, height, width)
        layers += [ActNorm(4 * channels), AffineCoupling(network, kept, moved)]
    return InvertibleChain(layers)


def _level_of_points(config: RealNvpConfig, size: int) -> InvertibleChain:
    layers: list[InvertibleLayer] = []
    for number in range(config.couplings):
        kept, moved = list(range(number % 2, size, 2)), list(range(1 - number % 2, size, 2))
        network = coupling_mlp(len(kept), config.hidden_sizes, 2 * len(moved))
        layers += [ActNorm(size), AffineCoupling(network, kept, moved)]
    return InvertibleChain([*layers, ActNorm(size)])
