"""Generative latent optimisation: a code for every training image, learned together with the pictures it decodes to.

Source: Bojanowski, Joulin, Lopez-Paz and Szlam, Optimizing the Latent Space of Generative Networks, 2018.
"""

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.latent_space import LatentBlock, LatentSpace
from trainers.latent.principal_codes import PrincipalCodes
from trainers.losses.laplacian_pyramid import laplacian_distance
from trainers.losses.precision import full_precision
from trainers.models.fitted_prior_model import FittedPriorModel
from trainers.models.image_model import ImageModelConfig, check_images, image_decoder, logits_of, start_from
from trainers.models.latent_model import MODELS
from trainers.models.training_plan import (
    MovedParameters,
    Objective,
    OptimizerSpec,
    Phase,
    Progress,
    Terms,
    parameters_of,
)
from trainers.networks.affine_start import linear_start

# Principal components of more numbers than these take long to find and come out the same: 85,000 digits, 256 MB.
_ANALYSED_NUMBERS = 2**26

_ITEMS_AT_ONCE = 4096


class GloConfig(ImageModelConfig):
    """Settings of generative latent optimisation."""

    latent_size: int = Field(default=32, ge=1, le=512, description="numbers in a code")
    code_start: Literal["pca", "random"] = Field(
        default="pca", description="codes at the start: principal components of their images, or draws from the ball"
    )
    pyramid_levels: int = Field(
        default=3, ge=0, le=8, description="halvings of the pictures whose differences are minimised; 0 compares pixels"
    )
    squared_error_weight: float = Field(
        default=0.0, ge=0.0, le=1000.0, description="weight of the mean squared error beside the pyramid's differences"
    )
    code_rate_factor: float = Field(
        default=10.0, gt=0.0, le=1000.0, description="step size of the codes, in step sizes of the generator"
    )
    rate_half_life: float = Field(default=5.0, gt=0.0, le=10_000.0, description="epochs in which both step sizes halve")

    def resolved(self, data_spec: DataSpec) -> "GloConfig":
        """These settings; raises `UsageError` where the data are no images."""
        check_images("glo", data_spec)
        return self


@MODELS.register("glo")
class Glo(FittedPriorModel):
    """A decoder and a table of codes in the unit ball; sampling draws from a Gaussian fitted to the table."""

    config_type: ClassVar[type[GloConfig]] = GloConfig
    config: GloConfig

    def __init__(self, config: GloConfig, data_spec: DataSpec) -> None:
        super().__init__(config.resolved(data_spec), data_spec, components=1)
        self.codes = nn.Embedding(data_spec.count, config.latent_size, sparse=True)
        self.decoder = image_decoder(config, data_spec.shape)

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Place the codes, fit the prior to them, and let the decoder start from the mean image."""
        start_from(self.decoder, logits_of(dataset.mean_image()))
        seed = int(torch.randint(2**31, (), generator=generator))
        if self.config.code_start == "pca":
            codes = _principal_codes(dataset, self.config.latent_size, seed)
        else:
            ball = LatentSpace(blocks=(LatentBlock(name="z", shape=(self.config.latent_size,), prior="ball"),))
            codes = ball.sample(len(dataset), generator=generator)
        with torch.no_grad():
            self.codes.weight.copy_(_in_unit_ball(codes))
        self.fit_prior(self.training_codes(), seed)

    def phases(self) -> tuple[Phase, ...]:
        """One phase of one objective, whose gradient moves the decoder and, with a larger step, the batch's codes."""
        config = self.config
        decoder = OptimizerSpec(learning_rate=config.learning_rate, rate_factor=self._rate_factor)
        table = OptimizerSpec(
            "sparse_adam", learning_rate=config.code_rate_factor * config.learning_rate, rate_factor=self._rate_factor
        )
        moved = parameters_of([self.decoder, self.codes])
        apart = (MovedParameters(parameters_of([self.codes]), table),)
        objective = Objective("reconstruction", moved, self._loss, decoder, after_step=self._project, moved_apart=apart)
        return (Phase("training", (objective,)),)

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Images (batch, channels, height, width) in [0, 1] for codes (batch, latent_size)."""
        # Numbers of a code in the unit ball are small; the network starts best from numbers of size one.
        return torch.sigmoid(full_precision(self.decoder(math.sqrt(self.config.latent_size) * codes)))

    def first_maps(self) -> Mapping[str, Tensor]:
        """The decoder's first layer, with the factor before it."""
        return {"z": math.sqrt(self.config.latent_size) * linear_start(self.decoder)}

    def training_codes(self) -> Tensor:
        """The learned codes (items, latent_size), each of length 1 at most, in the order of the training split."""
        return self.codes.weight

    def _loss(self, batch: Batch, progress: Progress) -> Terms:
        decoded = self.decode(self.codes(batch.indices))
        distance = laplacian_distance(decoded, batch.images, self.config.pyramid_levels).mean()
        squared = (decoded - batch.images).square().mean()
        total = distance + self.config.squared_error_weight * squared
        return Terms(total, {"pyramid": distance.detach(), "squared_error": squared.detach()})

    def _project(self, batch: Batch) -> None:
        rows = batch.step_indices
        self.codes.weight[rows] = _in_unit_ball(self.codes.weight[rows])

    def _rate_factor(self, progress: Progress) -> float:
        return float(0.5 ** (progress.epoch / self.config.rate_half_life))


def _in_unit_ball(codes: Tensor) -> Tensor:
    """The nearest codes (count, latent_size) of length 1 at most."""
    lengths: Tensor = torch.linalg.vector_norm(codes, dim=1, keepdim=True)
    return codes / lengths.clamp(min=1.0)


def _principal_codes(dataset: ImageDataset, size: int, seed: int) -> Tensor:
    """Principal components (items, size) of all images, in the units of their pixels."""
    analysed = min(len(dataset), max(size, _ANALYSED_NUMBERS // dataset.spec.size))
    places = torch.arange(analysed) * len(dataset) // analysed
    components = PrincipalCodes(dataset.scaled(places).flatten(1).numpy(), size, seed)
    starts = range(0, len(dataset), _ITEMS_AT_ONCE)
    parts = [dataset.scaled(slice(start, start + _ITEMS_AT_ONCE)).flatten(1).numpy() for start in starts]
    codes = torch.cat([torch.from_numpy(components.of(part)) for part in parts])
    return codes
