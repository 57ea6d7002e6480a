"""Metrics of a model on a split of its data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.image_dataset import ImageDataset
from trainers.engine.checkpoint import model_name
from trainers.engine.decoding import decode_codes
from trainers.engine.encoding import evaluating, learned_codes, require_encoder
from trainers.engine.evaluation_resources import (
    can_be_recognised,
    condition_blocks,
    required_classifier,
    subject_capabilities,
)
from trainers.engine.fitting_data import require_fitting_data
from trainers.engine.inversion import must_search, reconstruct
from trainers.latent.inversion import InversionSettings
from trainers.metrics.catalogue import METRICS
from trainers.metrics.classifier import Classifier
from trainers.metrics.embedded_classifier import EmbeddedClassifier
from trainers.metrics.items import Items
from trainers.metrics.metric import ConditionLaw, Measurement, MetricSettings, Resource, check_subject
from trainers.models.latent_model import ExactLikelihood, LatentModel, Likelihood, Quantizer, VariationalBound
from trainers.reporting import Report, StopRequested, never, no_report, part_of

# The test split is binarised by the same draw in every evaluation, whatever seed the metrics' own draws have.
_BINARISATION_SEED = 0


class ModelSubject:
    """A model and a split as metrics see them; see `trainers.metrics.metric.Subject`.

    classifier: what recognises its samples, for the metrics that ask for it.
    Raises `UsageError` for items that do not fit the model.
    """

    def __init__(
        self, model: LatentModel, dataset: ImageDataset, batch_size: int = 500, classifier: Classifier | None = None
    ) -> None:
        require_fitting_data(model, dataset)
        self._model = model
        self._dataset = dataset
        self._batch_size = batch_size
        self._classifier = classifier
        self.model_name = model_name(model)
        self.likelihood_name = model.likelihood_name if isinstance(model, Likelihood) else None
        self.capabilities = subject_capabilities(model)
        self.class_names = dataset.spec.class_names
        self.is_conditional = model.condition_spec.kind != "none"
        self.split = dataset.split
        self.device = model.device
        self.count = len(dataset)
        self._learned = learned_codes(model, dataset)

    def batches(self, *, binarised: bool = True) -> Iterator[Items]:
        """All items once and in order, binarised as in training or not, with the conditions the model is told."""
        binarisation = self._model.data_spec.binarisation if binarised else "none"
        for batch in evaluation_batches(self._dataset, self._batch_size, self.device, binarisation, _BINARISATION_SEED):
            codes = None if self._learned is None else self._learned[batch.indices]
            yield Items(batch.images, self._model.condition_of(batch), batch.labels, codes)

    @property
    def search(self) -> Mapping[str, int] | None:
        """The settings of the search for codes, for a model that neither learned them nor has an encoder."""
        if not must_search(self._model, self._dataset):
            return None
        return InversionSettings().model_dump(include={"starts", "steps"})

    def reconstruct(self, items: Items, report: Report = no_report, stop_requested: StopRequested = never) -> Tensor:
        """Decoded codes, shaped like the images: those learned, the posterior means, or what a search finds."""
        if items.codes is None:
            return reconstruct(self._model, items.images, items.condition, report=report, stop_requested=stop_requested)
        with torch.inference_mode():
            return self._model.decode(items.codes, items.condition)

    @torch.inference_mode()
    def encode(self, items: Items) -> tuple[Tensor, Tensor | None]:
        """Posterior mean and log-variance, (batch, latent_size) each."""
        posterior = require_encoder(self._model).encode(items.images, items.condition)
        return posterior.mean, posterior.log_variance

    @torch.inference_mode()
    def bound_terms(self, items: Items, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """log p(x|z) (batch,) for one draw, and KL (batch, latent_size), in nats; `TypeError` without a bound."""
        if not isinstance(self._model, VariationalBound):
            raise TypeError(f"{self.model_name} has no evidence bound")
        return self._model.bound_terms(items.images, generator, items.condition)

    @torch.inference_mode()
    def log_weights(self, items: Items, samples: int, generator: torch.Generator) -> Tensor:
        """log p(x, z) - log q(z|x), (samples, batch), in nats; `TypeError` without a likelihood."""
        if not isinstance(self._model, Likelihood):
            raise TypeError(f"{self.model_name} has no likelihood")
        return self._model.log_weights(items.images, samples, generator, items.condition)

    @torch.inference_mode()
    def log_likelihood(self, items: Items, generator: torch.Generator) -> Tensor:
        """log p(x) in nats, (batch,); `TypeError` without an exact likelihood."""
        if not isinstance(self._model, ExactLikelihood):
            raise TypeError(f"{self.model_name} has no exact likelihood")
        return self._model.log_likelihood(items.images, generator, items.condition)

    @property
    def codebook_sizes(self) -> dict[str, int]:
        """How many entries each codebook has, by the name of its block."""
        model = self._quantizer()
        return {block: len(model.codebook(block)) for block in model.quantized_blocks}

    @torch.inference_mode()
    def code_indices(self, items: Items) -> dict[str, Tensor]:
        """Entries that stand for the items, int64 (batch, height, width), by the name of their block."""
        model, codes = self._quantizer(), self.encode(items)[0]
        return {block: model.code_indices(codes, block) for block in model.quantized_blocks}

    def samples(
        self, count: int, seed: int, conditions: ConditionLaw, stop_requested: StopRequested
    ) -> Iterator[Items]:
        """Samples in blocks of 250, with their conditions, and with labels where these are classes."""
        generator = torch.Generator().manual_seed(seed)
        for told in condition_blocks(self._model, self._dataset, count, seed, conditions):
            with torch.inference_mode():
                codes = self._model.sample_prior(
                    told.count, 1.0, told.condition, generator, stop_requested=stop_requested
                )
            images = decode_codes(self._model, codes, told.condition, stop_requested=stop_requested)
            yield Items(images.to(self.device), told.condition, told.labels)

    @property
    def classifier_title(self) -> str | None:
        """What the classifier is called, None without one."""
        return None if self._classifier is None else self._classifier.title

    def classify(self, images: Tensor) -> Tensor:
        """Labels (batch,) of images, -1 for those of no class; `TypeError` without a classifier."""
        if self._classifier is None:
            raise TypeError("there is no classifier")
        return self._classifier.classify(images)

    def features(self, images: Tensor) -> Tensor:
        """Features (batch, size) of images; `TypeError` without a classifier that has them."""
        if not isinstance(self._classifier, EmbeddedClassifier):
            raise TypeError("there is no classifier with features")
        return self._classifier.features(images)

    def _quantizer(self) -> Quantizer:
        if not isinstance(self._model, Quantizer):
            raise TypeError(f"{self.model_name} has no codebook")
        return self._model


def evaluate(
    model: LatentModel,
    dataset: ImageDataset,
    names: Sequence[str],
    settings: MetricSettings | None = None,
    report: Report = no_report,
    stop_requested: StopRequested = never,
) -> tuple[Measurement, ...]:
    """Measure the named metrics, in their order.

    Everything is checked before the first is measured: raises `UsageError` for an unknown name, a metric that needs
    more than the model has, a missing classifier, or items that do not fit, and `StoppedError` when asked to stop.
    """
    settings = settings or MetricSettings()
    chosen = [METRICS[name] for name in names]
    subject = ModelSubject(model, dataset, settings.batch_size)
    for metric in chosen:
        check_subject(metric, subject)
    resources: frozenset[Resource] = frozenset().union(*(metric.resources for metric in chosen))
    if resources:
        classifier = required_classifier(dataset.spec, resources, model.device)
        subject = ModelSubject(model, dataset, settings.batch_size, classifier)
    measurements = []
    with evaluating(model):
        for index, metric in enumerate(chosen):
            part = part_of(report, index, len(chosen))
            measured = metric().measure(subject, settings, part, stop_requested)
            # An error or a likelihood of zeros and ones is not to be compared with one of grey values.
            told = {**measured.settings, "binarisation": model.data_spec.binarisation}
            measurements.append(replace(measured, settings=told))
    return tuple(measurements)


def possible_metrics(model: LatentModel) -> tuple[str, ...]:
    """Names of the metrics that a model and its data have the means for, some of which draw many samples."""
    able, spec = subject_capabilities(model), model.data_spec
    return tuple(
        name for name in METRICS if METRICS[name].needs <= able and can_be_recognised(spec, METRICS[name].resources)
    )


def usual_metrics(model: LatentModel) -> tuple[str, ...]:
    """Names of the metrics measured where nobody names any: those that are cheap, or cannot be told otherwise."""
    able = subject_capabilities(model)
    return tuple(name for name in METRICS if METRICS[name].is_usual(able))
