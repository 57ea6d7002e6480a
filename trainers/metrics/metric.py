"""What a metric is, what it may ask of the thing it measures, and what it gives."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from pydantic import Field
from torch import Generator, Tensor, device

from trainers.config import Config
from trainers.errors import UsageError
from trainers.metrics.extractor import ExtractorName, Features
from trainers.metrics.items import Items, Restoration
from trainers.registry import Registry
from trainers.reporting import Report, StopRequested, never, no_report

Capability = Literal[
    "encoder",
    "bound",
    "likelihood",
    "exact_likelihood",
    "discrete_likelihood",
    "critic",
    "quantizer",
    "code_table",
    "sequential",
    "linear_start",
    "restorer",
    "class_condition",
    "levels",
    "labels",
    "factors",
    "images",
    "held_out",
]
# What a subject is given beside the model: something that tells classes, extractors of features, the training items.
Resource = Literal["classifier", "features", "inception", "training_items"]
# Which conditions samples are made of: those of items drawn from the split, or every class in turn.
ConditionLaw = Literal["split", "uniform"]
Direction = Literal["lower", "higher", "none"]


class MetricSettings(Config):
    """How metrics are measured; the same settings give the same numbers."""

    importance_samples: int = Field(default=100, ge=1, le=10_000, description="importance samples K of iw_bound")
    batch_size: int = Field(default=500, ge=1, le=100_000, description="images read at once; changes no result")
    seed: int = Field(default=0, ge=0, le=2**63 - 1, description="seed of the draws from the posterior")
    limit: int | None = Field(default=None, ge=1, description="measure only so many images from the start of the split")
    samples: int | None = Field(
        default=None, ge=2, le=1_000_000, description="samples drawn from the model; None for the metric's usual number"
    )
    anomaly_score: Literal["auto", "likelihood", "error"] = Field(
        default="auto", description="what anomalies are found by; auto is the likelihood where there is one"
    )
    anomalous_class: str | None = Field(
        default=None, description="name of the class that counts as anomalous; None for the one held out of training"
    )


@dataclass(frozen=True)
class Measurement:
    """One measured number with everything needed to read it.

    better: which direction is an improvement.
    standard_error: of a mean over images, None where the value is no such mean.
    count: images it was measured on.
    settings: what the value depends on beside model and data, such as the number of importance samples.
    per_unit: one value per number of the code, per class or per codebook, where the metric has them.
    """

    name: str
    value: float
    unit: str
    better: Direction
    standard_error: float | None
    count: int
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    per_unit: tuple[float, ...] = ()

    def values(self) -> dict[str, Any]:
        """Everything but the name, as JSON has it."""
        return {
            "value": self.value,
            "unit": self.unit,
            "better": self.better,
            "standard_error": self.standard_error,
            "count": self.count,
            "settings": dict(self.settings),
            "per_unit": list(self.per_unit),
        }


class Subject(Protocol):
    """A model together with the images it is measured on; nothing in it needs a gradient."""

    @property
    def model_name(self) -> str:
        """What the model is called in messages, for example "vae"."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the model can do; "likelihood" only if its settings make the loss one, "discrete" if of 8-bit values."""

    @property
    def likelihood_name(self) -> str | None:
        """Name of p(x|z), or None without a likelihood."""

    @property
    def device(self) -> device:
        """Where the model and the images of `batches` are."""

    @property
    def split(self) -> str:
        """Name of the split that `batches` reads."""

    @property
    def count(self) -> int:
        """How many images `batches` gives in all."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """Names of the labels 0, 1, … of the data."""

    @property
    def held_out_classes(self) -> tuple[str, ...]:
        """Names of the classes that the model never saw in training."""

    @property
    def is_conditional(self) -> bool:
        """Whether samples are made of conditions."""

    @property
    def is_told(self) -> bool:
        """Whether the model sees an item together with its condition."""

    def batches(self, *, binarised: bool = True) -> Iterator[Items]:
        """All items once and in order, with their conditions and labels, on the model's device.

        binarised: as in training, else as the data have them.
        """

    @property
    def search(self) -> Mapping[str, int] | None:
        """The settings of the search for codes, where `reconstruct` must search for them; else None."""

    def reconstruct(self, items: Items, report: Report = no_report, stop_requested: StopRequested = never) -> Tensor:
        """Decoded codes of the items, shaped like the images: learned ones, posterior means, or searched for."""

    def encode(self, items: Items) -> tuple[Tensor, Tensor | None]:
        """Posterior mean and log-variance, (batch, latent_size) each; None for a deterministic encoder."""

    def bound_terms(self, items: Items, generator: Generator) -> tuple[Tensor, Tensor]:
        """log p(x|z) (batch,) for one draw, and KL (batch, latent_size), in nats."""

    def log_weights(self, items: Items, samples: int, generator: Generator) -> Tensor:
        """log p(x, z) - log q(z|x) in nats, (samples, batch), or (1, batch) for an exact likelihood."""

    def log_likelihood(self, items: Items, generator: Generator) -> Tensor:
        """log p(x) in nats, (batch,), of a model with an exact likelihood."""

    @property
    def corruption(self) -> Mapping[str, str | int | float]:
        """What the model has learned to undo, as settings of a measurement."""

    @property
    def corruption_kinds(self) -> Mapping[str, str]:
        """What one picture can suffer, with the name of the classical method that restores from it."""

    def restore(self, items: Items, first: int, seed: int) -> Restoration:
        """Items after that corruption and restored; the seed and their places, from `first` on, decide the draws."""

    @property
    def codebook_sizes(self) -> Mapping[str, int]:
        """How many entries each codebook has, by the name of its block."""

    def code_indices(self, items: Items) -> Mapping[str, Tensor]:
        """Entries of each codebook that stand for the items, int64 (batch, height, width), by the name of its block."""

    def samples(
        self, count: int, seed: int, conditions: ConditionLaw, stop_requested: StopRequested
    ) -> Iterator[Items]:
        """`count` samples in blocks of a fixed size, with their conditions, and with labels where these are classes.

        Raises `StoppedError` when asked to stop.
        """

    @property
    def classifier_title(self) -> str | None:
        """What the classifier is called, None without one."""

    def classify(self, images: Tensor) -> Tensor:
        """Labels (batch,) of images by the classifier; -1 for those of no class."""

    @property
    def binarisation(self) -> str:
        """How grey values became 0 or 1 in training, "none" where they did not."""

    @property
    def extractors(self) -> frozenset[ExtractorName]:
        """The extractors there are, those of all metrics to be measured."""

    def extractor_settings(self, extractor: ExtractorName) -> Mapping[str, str]:
        """What an extractor is called and does to images first, for the settings of a measurement."""

    def extract(self, images: Tensor, extractor: ExtractorName) -> tuple[Tensor, Tensor]:
        """Features (batch, size) and logits (batch, classes) of images."""

    def recalled(self, key: str, extractor: ExtractorName, *, of_model: bool = True) -> Features | None:
        """Features remembered by this key, of this model or of the split; None if there are none."""

    def remember(self, key: str, extractor: ExtractorName, features: Features, *, of_model: bool = True) -> None:
        """Keep features for whoever asks next."""

    @property
    def training_items(self) -> Tensor:
        """Every item that the model learned from, (count, …), 8-bit from 0 to 255, or points."""

    def training_codes(self, limit: int, report: Report, stop_requested: StopRequested) -> tuple[Tensor, Tensor]:
        """Codes (count, latent_size) and labels (count,) of `limit` training items, spread over all."""

    @property
    def factor_names(self) -> tuple[str, ...]:
        """Names of the known factors of the items; empty where nothing but the items is known."""

    @property
    def factors(self) -> Tensor:
        """The factors (count, factors) of the items of `batches`, NaN where one is not known."""

    @property
    def unit_levels(self) -> tuple[int, ...]:
        """The level of the hierarchy that each number of a code belongs to."""


class Metric(ABC):
    """One way to measure; it never sees a model, only a `Subject` that has what it `needs`."""

    name: ClassVar[str]
    unit: ClassVar[str]
    better: ClassVar[Direction]
    description: ClassVar[str]
    needs: ClassVar[frozenset[Capability]]
    resources: ClassVar[frozenset[Resource]] = frozenset()
    # Names of the settings that decide its value; what else is set leaves a known value as it is.
    uses: ClassVar[frozenset[str]] = frozenset({"seed", "limit"})
    # Whether values of binarised and of grey items are different kinds of numbers.
    weighs_binarisation: ClassVar[bool] = True
    # Whether it is of log p(x), in whose place a model that is told a condition y has log p(x | y).
    is_likelihood: ClassVar[bool] = False
    # Raised with every change of what it computes, so that values of older versions are not taken for its own.
    version: ClassVar[int] = 1

    @classmethod
    def check(cls, subject: Subject, settings: MetricSettings) -> None:
        """Raise `UsageError` where subject and settings cannot give a value; nothing is drawn or read."""
        check_subject(cls, subject)

    @classmethod
    def is_usual(cls, capabilities: frozenset[Capability]) -> bool:
        """Whether a model with these capabilities is measured by it where nobody says which metrics to measure."""
        return cls.needs <= capabilities

    @abstractmethod
    def measure(
        self, subject: Subject, settings: MetricSettings, report: Report, stop_requested: StopRequested
    ) -> Measurement:
        """Measure over the whole split; raises `StoppedError` once `stop_requested` says so."""


_NOUNS: Mapping[Capability, str] = {
    "encoder": "an encoder",
    "bound": "an evidence bound",
    "likelihood": "a likelihood",
    "exact_likelihood": "an exact likelihood",
    "discrete_likelihood": "a likelihood of discrete data",
    "critic": "a critic",
    "quantizer": "a codebook",
    "code_table": "a table of learned codes",
    "class_condition": "classes to sample from",
    "sequential": "a decoder that works number by number",
    "restorer": "a way to restore corrupted pictures",
    "levels": "a hierarchy of levels",
    "held_out": "a class held out of training",
}
# What data lack, and not a model.
_OF_DATA: Mapping[Capability, str] = {
    "labels": "classes to recognise",
    "factors": "known factors (attributes, as those of faces)",
    "images": "pictures",
}

METRICS: Registry[type[Metric]] = Registry("metric")


def check_subject(metric: type[Metric], subject: Subject) -> None:
    """Raise `UsageError` if the subject lacks something the metric needs."""
    missing = metric.needs - subject.capabilities
    for capability, noun in _OF_DATA.items():
        if capability in missing:
            raise UsageError(f"{metric.name} needs data with {noun}, and these have none; choose another metric.")
    is_loss = subject.likelihood_name is None and "bound" in subject.capabilities
    if is_loss and missing & {"likelihood", "discrete_likelihood"}:
        raise UsageError(
            f"{metric.name} needs a likelihood: the loss of this {subject.model_name} is a reconstruction loss, "
            "not a likelihood; train with --set likelihood=bernoulli."
        )
    if missing == {"discrete_likelihood"} and subject.likelihood_name is not None:
        raise UsageError(
            f"{metric.name} needs a likelihood of discrete data, and that of this {subject.model_name} is a density; "
            "choose another metric."
        )
    if missing:
        lacking = " and ".join(_NOUNS[capability] for capability in sorted(missing))
        raise UsageError(
            f"{metric.name} needs {lacking}, which the model {subject.model_name} does not have; choose another metric."
        )
