"""The ladder variational autoencoder: a hierarchy of codes, inferred from the top down.

Source: Sønderby, Raiko, Maaløe, Sønderby and Winther, Ladder Variational Autoencoders, 2016.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple, Self

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn import functional

from trainers.data.batch import Batch
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.latent_space import LatentBlock, LatentSpace
from trainers.latent.posterior import Posterior
from trainers.losses.gaussian import gaussian_product
from trainers.losses.precision import full_precision
from trainers.models.image_model import Width, check_images, start_from
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
from trainers.networks.initialisation import initialise_linear
from trainers.networks.layer_style import LayerStyle
from trainers.networks.mlp import hidden_layers, mlp_decoder
from trainers.processes import normal_noise

# Of all deviations, so that no density becomes infinite where a level wants to be certain.
_LEAST_VARIANCE = 1e-4

# Numbers in the pictures decoded at once while importance weights are gathered: 10,000 digits, 30 MB.
_DECODED_AT_ONCE = 2**23


class LadderVaeConfig(VariationalConfig):
    """Settings of the ladder variational autoencoder."""

    latent_sizes: tuple[Width, ...] = Field(
        default=(64, 32, 16, 8, 4),
        min_length=1,
        max_length=16,
        description="numbers in the code of each level, from the picture upwards",
    )
    hidden_sizes: tuple[Width, ...] = Field(
        default=(512, 256, 128, 64, 64),
        min_length=1,
        max_length=16,
        description="width of the layers below each level, from the picture upwards",
    )
    hidden_layers: int = Field(default=2, ge=0, le=8, description="layers below each level, in either direction")
    batch_normalisation: bool = Field(default=True, description="normalise those layers over the batch")
    inference: Literal["ladder", "bottom_up"] = Field(
        default="ladder",
        description="ladder merges what the picture says of a level with what the level above says; bottom_up, the "
        "plain hierarchical model to compare with, infers every level from the picture alone",
    )

    @model_validator(mode="after")
    def _every_level_has_its_layers(self) -> Self:
        levels, widths = len(self.latent_sizes), len(self.hidden_sizes)
        if levels != widths:
            raise ValueError(f"latent_sizes has {levels} levels and hidden_sizes {widths}; give as many of either")
        return self

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings with the likelihood decided; raises `UsageError` where the data are no images."""
        check_images("ladder_vae", data_spec)
        return super().resolved(data_spec)


class _Gaussian(NamedTuple):
    mean: Tensor
    log_variance: Tensor


class _Pass(NamedTuple):
    """One way down: codes and their posterior in noise coordinates, given the levels above; pixels at the end."""

    codes: Tensor
    posterior: Posterior
    pixels: Tensor


class LadderLevel(nn.Module):
    """The networks of one level: up from the one below or the image, and down towards it.

    number: of the level, from 0, nearest to the picture. inputs: width of what comes up from below.
    """

    def __init__(self, config: LadderVaeConfig, number: int, inputs: int) -> None:
        super().__init__()
        style = LayerStyle("batch" if config.batch_normalisation else "none", slope=0.1)
        size, widths = config.latent_sizes[number], [config.hidden_sizes[number]] * config.hidden_layers
        self.up = nn.Sequential(*hidden_layers(inputs, widths, style))
        self.down = nn.Sequential(*hidden_layers(size, widths, style))
        self.width_up, self.width_down = [inputs, *widths][-1], [size, *widths][-1]
        self.estimate = _gaussian_output(self.width_up, size)
        self.below = _gaussian_output(self.width_down, config.latent_sizes[number - 1]) if number > 0 else None


@MODELS.register("ladder_vae")
class LadderVae(VariationalModel):
    """A hierarchy z_L → … → z_1 → picture whose posterior of each level is merged with the prior from above.

    Codes hold the noise of each level, N(0, 1) under the prior: z_l = mean(z_{l+1}) + deviation(z_{l+1}) · noise_l,
    and z_L = noise_L. Blocks are named z_L, …, z_1 in this order, the top level first in the flat code; z_1 is level
    0 of the latent space, nearest to the picture. A map z_l → noise_l that depends on the levels above alone leaves
    every divergence and every ratio of densities as it is, so the bound is computed on noise throughout.
    """

    config_type: ClassVar[type[LadderVaeConfig]] = LadderVaeConfig
    config: LadderVaeConfig

    def __init__(self, config: LadderVaeConfig, data_spec: DataSpec) -> None:
        super().__init__(config.resolved(data_spec), data_spec)
        self.latent_space = _latent_space(config.latent_sizes)
        self.levels = nn.ModuleList()
        inputs = math.prod(data_spec.shape)
        for number in range(len(config.latent_sizes)):
            level = LadderLevel(config, number, inputs)
            self.levels.append(level)
            inputs = level.width_up
        self.decoder = mlp_decoder(self._level(0).width_down, (), data_spec.shape)

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Let the decoder start from the mean image, so that the first epochs need not learn it."""
        start_from(self.decoder, self._pixels_of(dataset.mean_image()))

    def phases(self) -> tuple[Phase, ...]:
        """One phase of one objective, which moves everything."""
        return (Phase("training", (Objective("bound", parameters_of([self]), self._bound_loss, self._optimizer()),)),)

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        """Posterior of the noise for images (batch, channels, height, width) in [0, 1].

        The mean is the noise with which every level lies at its posterior mean given the level above at its own, so
        decoding it gives the reconstruction along the means. The variances are those of the levels given such levels
        above: σ_q² / σ_p², 1 where the picture says nothing. Drawn from as if all numbers were independent, it is
        therefore near the posterior of the model, but not the same; bounds draw level by level.
        """
        return self._infer(self._estimates(images), torch.zeros_like).posterior

    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Mean images (batch, channels, height, width) in [0, 1] for noise (batch, latent_size), top level first."""
        noise = list(self.latent_space.split(codes).values())[::-1]
        return self._images_of(self._descend(lambda number, _: noise[number]))

    def first_maps(self) -> Mapping[str, Tensor]:
        """What each level's noise does to the first layer below it, with the levels above at the prior's mean."""
        deviations: dict[int, Tensor] = {}

        def no_noise(number: int, prior: _Gaussian) -> Tensor:
            deviations[number] = torch.exp(0.5 * prior.log_variance)
            return prior.mean.new_zeros(1, self.config.latent_sizes[number])

        with torch.no_grad():
            self._descend(no_noise)
        return {f"z{number + 1}": deviations[number] * self._first_weights(number) for number in sorted(deviations)}

    def bound_terms(self, images: Tensor, generator: torch.Generator, condition: Tensor | None = None) -> BoundTerms:
        """Both parts of the bound for one draw of all levels, in nats, β = 1 and no free bits.

        The divergence of each number is that from the prior given the level above as drawn.
        """
        found = self._draw(images, self._estimates(images), 1, generator)
        return BoundTerms(self._log_likelihood(images, found.pixels), posterior_kl(found.posterior))

    def log_weights(
        self, images: Tensor, samples: int, generator: torch.Generator, condition: Tensor | None = None
    ) -> Tensor:
        """log p(x, z) - log q(z|x), (samples, batch), for exactly `samples` draws of all levels, a part at a time."""
        estimates = self._estimates(images)
        counts = parts_of_samples(samples, images.numel(), _DECODED_AT_ONCE)
        return torch.cat([self._log_weights(images, estimates, count, generator) for count in counts])

    def _level(self, number: int) -> LadderLevel:
        level = self.levels[number]
        assert isinstance(level, LadderLevel)
        return level

    def _first_weights(self, number: int) -> Tensor:
        level = self._level(number)
        if len(level.down):
            return linear_start(level.down)
        return linear_start(self.decoder) if level.below is None else level.below.weight.detach()

    def _estimates(self, images: Tensor) -> list[_Gaussian]:
        """What the picture alone says of each level, from the picture upwards."""
        features, found = images.flatten(1), []
        for number in range(len(self.levels)):
            level = self._level(number)
            features = level.up(features)
            found.append(_gaussian(level.estimate(features)))
        return found

    def _descend(self, noise_of: Callable[[int, _Gaussian], Tensor]) -> Tensor:
        """Pixels (batch, …) at the end of the way down.

        noise_of: gives the noise (batch, size) of a level from its number and its prior.
        """
        nothing = self.log_deviation.detach().new_zeros(1)
        prior, features = _Gaussian(nothing, nothing), nothing
        for number in reversed(range(len(self.levels))):
            level = self._level(number)
            variables = prior.mean + torch.exp(0.5 * prior.log_variance) * noise_of(number, prior)
            features = level.down(variables)
            if level.below is not None:
                prior = _gaussian(level.below(features))
        return full_precision(self.decoder(features))

    def _infer(self, estimates: Sequence[_Gaussian], draw: Callable[[Tensor], Tensor]) -> _Pass:
        """The way down for images; `draw` gives standard normal noise shaped like the means it is given."""
        posteriors: list[_Gaussian] = []
        codes: list[Tensor] = []

        def drawn(number: int, prior: _Gaussian) -> Tensor:
            posterior = self._posterior(number, estimates[number], prior)
            posteriors.append(posterior)
            codes.append(posterior.mean + torch.exp(0.5 * posterior.log_variance) * draw(posterior.mean))
            return codes[-1]

        pixels = self._descend(drawn)
        means, log_variances = (torch.cat(parts, dim=1) for parts in zip(*posteriors, strict=True))
        return _Pass(torch.cat(codes, dim=1), Posterior(means, log_variances), pixels)

    def _posterior(self, number: int, estimate: _Gaussian, prior: _Gaussian) -> _Gaussian:
        """Posterior of the noise of one level given the levels above."""
        is_top = number == len(self.levels) - 1
        if self.config.inference == "ladder" and not is_top:
            estimate = _Gaussian(*gaussian_product(*estimate, *prior))
        mean = (estimate.mean - prior.mean) * torch.exp(-0.5 * prior.log_variance)
        return _Gaussian(mean, estimate.log_variance - prior.log_variance)

    def _draw(self, images: Tensor, estimates: Sequence[_Gaussian], count: int, generator: torch.Generator) -> _Pass:
        """The way down for `count` draws per image, (count · batch, …)."""

        def noise(means: Tensor) -> Tensor:
            shape = (count, len(images), means.shape[1])
            return normal_noise(shape, generator, axis=1).flatten(0, 1).to(means)

        return self._infer([_Gaussian(*(repeated(part, count) for part in estimate)) for estimate in estimates], noise)

    def _log_weights(
        self, images: Tensor, estimates: Sequence[_Gaussian], count: int, generator: torch.Generator
    ) -> Tensor:
        found = self._draw(images, estimates, count, generator)
        log_likelihood = self._log_likelihood(repeated(images, count), found.pixels)
        return log_weights_of(log_likelihood, found.codes, found.posterior).view(count, len(images))

    def _bound_loss(self, batch: Batch, progress: Progress) -> Terms:
        log_likelihood, kl = self.bound_terms(batch.images, batch.generator)
        reconstruction = -log_likelihood.mean()
        total = reconstruction + self._weighted_divergence(kl, progress)
        return Terms(total, {**bound_scalars(reconstruction, kl), **self._level_scalars(kl.detach())})

    def _level_scalars(self, kl: Tensor) -> dict[str, Tensor]:
        """Divergence of each level in nats per image, kl_1 nearest to the picture."""
        per_unit = kl.mean(dim=0)
        places = list(self.latent_space.slices().values())[::-1]
        return {f"kl_{number + 1}": per_unit[place].sum() for number, place in enumerate(places)}


def _latent_space(sizes: Sequence[int]) -> LatentSpace:
    blocks = [LatentBlock(name=f"z{number + 1}", shape=(size,), level=number) for number, size in enumerate(sizes)]
    return LatentSpace(blocks=tuple(reversed(blocks)))


def _gaussian_output(inputs: int, size: int) -> nn.Linear:
    return initialise_linear(nn.Linear(inputs, 2 * size), gain=1.0)


def _gaussian(output: Tensor) -> _Gaussian:
    """Mean and log-variance of the output (batch, 2 · size) of a `_gaussian_output`."""
    mean, unbounded = full_precision(output).chunk(2, dim=1)
    return _Gaussian(mean, (functional.softplus(unbounded) + _LEAST_VARIANCE).log())
