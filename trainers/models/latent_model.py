"""The contract every model keeps, and the capabilities it may have beyond it."""

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple, Protocol, Self, runtime_checkable

import torch
from pydantic import Field
from torch import Tensor, nn

from trainers.config import Config
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.latent.latent_space import LatentSpace
from trainers.latent.posterior import Posterior
from trainers.models.condition_spec import ConditionSpec
from trainers.models.training_plan import Phase
from trainers.registry import Registry


class ModelConfig(Config):
    """Settings every model has; a model's own config adds to them."""

    latent_size: int = Field(default=2, ge=1, le=4096, description="numbers in a code")
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

    def prepare(self, dataset: ImageDataset, generator: torch.Generator) -> None:
        """Set what is computed from the training data once, before the first step and never on resume."""

    @abstractmethod
    def phases(self) -> tuple[Phase, ...]:
        """How the model is trained; the parameters named in it are those of this instance."""

    @abstractmethod
    def decode(self, codes: Tensor, condition: Tensor | None = None) -> Tensor:
        """Images (batch, channels, height, width) in [0, 1] for codes (batch, latent_size)."""

    def sample_prior(
        self,
        count: int,
        temperature: float = 1.0,
        condition: Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Codes (count, latent_size) from the prior, on the model's device.

        The generator lives on the CPU, so that a seed gives the same codes on every device.
        """
        return self.latent_space.sample(count, temperature, generator).to(self.device)

    def prior_moments(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation (latent_size,) of each number of a code, on the CPU."""
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
class FittedPrior(Protocol):
    """A model without a prior of its own, which fits one to the codes of its training data."""

    def fit_prior(self, codes: Tensor, seed: int) -> None:
        """Fit the prior to codes (count, latent_size)."""


MODELS: Registry[type[LatentModel]] = Registry("model")
