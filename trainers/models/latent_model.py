"""The contract every model keeps, and the capabilities it may have beyond it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar, NamedTuple, Protocol, Self, runtime_checkable

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.config import Config
from trainers.data.batch import Batch
from trainers.data.corruption import Corruption
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.latent_space import LatentSpace, Temperature
from trainers.latent.mixture_prior import GaussianMixturePrior
from trainers.latent.posterior import Posterior
from trainers.models.condition_spec import ConditionSpec
from trainers.models.training_plan import Phase
from trainers.registry import Registry
from trainers.reporting import Report, StopRequested, never, no_report


class ModelConfig(Config):
    """Settings every model has; a model's own config adds to them."""

    learning_rate: float = Field(default=1e-3, gt=0.0, le=1.0, description="step size of the optimiser")

    def resolved(self, data_spec: DataSpec) -> Self:
        """These settings with every 'auto' decided for some data; raises `UsageError` where they do not fit."""
        return self


class LatentModel(nn.Module, ABC):
    """A generative model: codes to images, a prior over codes, and how it is trained.

    Codes are one flat float vector per item, (batch, latent_size), whatever the family; images leave a model
    in [0, 1]. A model is built from its config and the data spec alone, so a checkpoint can rebuild it.
    Subclasses set `config_type`, and in `__init__` the attributes `latent_space` and, if any, `condition_spec`.
    """

    config_type: ClassVar[type[ModelConfig]] = ModelConfig
    latent_space: LatentSpace

    def __init__(self, config: ModelConfig, data_spec: DataSpec) -> None:
        super().__init__()
        self.config = config
        self.data_spec = data_spec
        self.condition_spec = ConditionSpec()

    @property
    def device(self) -> torch.device:
        """Where the parameters are."""
        return next(self.parameters()).device

    @property
    def needs_binary_data(self) -> bool:
        """Whether the objective is only right for images of zeros and ones."""
        return False

    def condition_of(self, batch: Batch) -> Tensor | None:
        """Conditions (batch, *shape) of the items of a batch, None for a model that takes none."""
        return self.condition_spec.of_items(batch.labels, batch.attributes)

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Set what is computed from the training data once, before the first step and never on resume.

        Of several processes one does it for all, so it must not wait for the others.
        """

    @abstractmethod
    def phases(self) -> tuple[Phase, ...]:
        """How the model is trained; the parameters named in it are those of this instance."""

    @abstractmethod
    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Images (batch, channels, height, width) in [0, 1] for codes (batch, latent_size)."""

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
        """Codes (count, latent_size) from the prior, on the model's device.

        temperature: one number, or one per level of the latent space from level 0 upwards.
        The generator lives on the CPU, so that a seed gives the same codes on every device.
        A model that draws number by number reports how far it is, and raises `StoppedError` when asked to stop.
        """
        return self.latent_space.sample(count, temperature, generator).to(self.device)

    def prior_moments(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation (latent_size,) of each number of a code, on the CPU.

        Of empirical blocks, those of the codes of the training data.
        """
        return self.latent_space.moments()


class BoundTerms(NamedTuple):
    """The two parts of an evidence lower bound, in nats; the bound is `log_likelihood - kl.sum(dim=1)`.

    log_likelihood: (batch,), E_q[log p(x|z)] from one sample.
    kl: (batch, latent_size), KL(q(z|x) || p(z)) of each number of the code, each >= 0.
    """

    log_likelihood: Tensor
    kl: Tensor


@runtime_checkable
class Encoder(Protocol):
    """A model that finds codes for images."""

    def encode(self, images: Tensor, condition: Tensor | None = None) -> Posterior:
        """Posterior over codes for images (batch, channels, height, width) in [0, 1]."""


@runtime_checkable
class Likelihood(Protocol):
    """A model with a likelihood, exact or bounded by importance weights."""

    @property
    def likelihood_name(self) -> str | None:
        """Name of p(x|z) such as "bernoulli"; None if the settings make the loss no likelihood."""

    def log_weights(
        self, images: Tensor, samples: int, generator: torch.Generator, condition: Tensor | None = None
    ) -> Tensor:
        """log p(x, z) - log q(z|x) in nats, (samples, batch), for exactly `samples` draws z ~ q(z|x).

        A model with an exact likelihood gives (1, batch), log p(x), whatever `samples` is.
        """


@runtime_checkable
class VariationalBound(Likelihood, Protocol):
    """A model with an evidence lower bound whose KL is known per number of the code."""

    def bound_terms(self, images: Tensor, generator: torch.Generator, condition: Tensor | None = None) -> BoundTerms:
        """Both parts of the bound, β = 1 and no free bits whatever the training settings are."""


@runtime_checkable
class ExactLikelihood(Likelihood, Protocol):
    """A model that computes the likelihood of an item itself, not a bound of it."""

    def log_likelihood(self, images: Tensor, generator: torch.Generator, condition: Tensor | None = None) -> Tensor:
        """log p(x) in nats, (batch,): of 8-bit images a probability, of points a density.

        generator: draws the noise that fills the steps between grey values, where the model needs it.
        """


@runtime_checkable
class Critic(Protocol):
    """A model that judges how real an item looks."""

    def score(self, images: Tensor, condition: Tensor | None = None) -> Tensor:
        """A score (batch,) of images (batch, channels, height, width) in [0, 1], higher for what looks real."""


@runtime_checkable
class Quantizer(Protocol):
    """A model that rounds blocks of its codes, (depth, height, width), to vectors of a codebook while decoding."""

    @property
    def quantized_blocks(self) -> tuple[str, ...]:
        """Names of those blocks of the latent space, in its order."""

    def codebook(self, block: str) -> Tensor:
        """The vectors (entries, depth) of a block's codebook."""

    def code_indices(self, codes: Tensor, block: str) -> Tensor:
        """Entries nearest to codes (batch, latent_size), int64 (batch, height, width) of one block."""

    def with_indices(self, codes: Tensor, block: str, indices: Tensor) -> Tensor:
        """The codes with one block replaced by the vectors of entries (batch, height, width)."""


@runtime_checkable
class SequentialDecoder(Protocol):
    """A model that decodes number by number, which takes seconds where others take milliseconds."""

    def decode_steps(self, codes: Tensor, condition: Tensor | None = None) -> Iterator[tuple[float, Tensor]]:
        """After every part of the work the share done and the images so far; the last are those of `decode`."""


@runtime_checkable
class CodeTable(Protocol):
    """A model that keeps a learned code for every item of its training data instead of an encoder."""

    def training_codes(self) -> Tensor:
        """Codes (items, latent_size) in the order of the training split."""


@runtime_checkable
class LinearStart(Protocol):
    """A model whose decoder begins with a linear map of the code, or of each block of it."""

    def first_maps(self) -> Mapping[str, Tensor]:
        """Weights (outputs, block size) of that map by block name, of a model in evaluation mode.

        A map whose scale hangs on the levels above a block is that at their prior's mean.
        """


@runtime_checkable
class Restorer(Protocol):
    """A model that makes corrupted pictures whole again."""

    @property
    def corruption(self) -> Corruption:
        """What it has learned to undo."""

    def restore(self, images: Tensor, condition: Tensor | None = None) -> Tensor:
        """Corrupted images (batch, channels, height, width) in [0, 1] as they may have been."""


@runtime_checkable
class FittedPrior(Protocol):
    """A model without a prior of its own, which fits one to the codes of its training data."""

    def fit_prior(self, codes: Tensor, seed: int) -> None:
        """Fit the prior to codes (count, latent_size)."""


@runtime_checkable
class MixturePrior(Protocol):
    """A model whose prior is a mixture of Gaussians."""

    def prior_along(self, axes: Tensor) -> GaussianMixturePrior:
        """The law of the components of codes along linearly independent axes (count, latent_size)."""


MODELS: Registry[type[LatentModel]] = Registry("model")
