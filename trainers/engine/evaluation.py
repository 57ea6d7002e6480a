"""Metrics of a model on a split of its data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.image_dataset import ImageDataset
from trainers.engine.checkpoint import model_name
from trainers.engine.encoding import evaluating, learned_codes, require_encoder
from trainers.engine.fitting_data import require_fitting_data
from trainers.engine.inversion import must_search, reconstruct
from trainers.latent.inversion import InversionSettings
from trainers.metrics.catalogue import METRICS
from trainers.metrics.items import Items
from trainers.metrics.metric import Measurement, MetricSettings, check_subject
from trainers.models.capabilities import capabilities
from trainers.models.latent_model import LatentModel, Likelihood, VariationalBound
from trainers.reporting import Report, StopRequested, never, no_report, part_of

# The test split is binarised by the same draw in every evaluation, whatever seed the metrics' own draws have.
_BINARISATION_SEED = 0


class ModelSubject:
    """A model and a split as metrics see them; see `trainers.metrics.metric.Subject`.

    Raises `UsageError` for items that do not fit the model.
    """

    def __init__(self, model: LatentModel, dataset: ImageDataset, batch_size: int = 500) -> None:
        require_fitting_data(model, dataset)
        self._model = model
        self._dataset = dataset
        self._batch_size = batch_size
        self.model_name = model_name(model)
        self.likelihood_name = model.likelihood_name if isinstance(model, Likelihood) else None
        self.capabilities = capabilities(model)
        self.device = model.device
        self.count = len(dataset)
        self._learned = learned_codes(model, dataset)

    def batches(self) -> Iterator[Items]:
        """All items once and in order, binarised as in training, with the conditions the model is told."""
        binarisation = self._model.data_spec.binarisation
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
    more than the model has, or items of another shape, and `StoppedError` when asked to stop.
    """
    settings = settings or MetricSettings()
    subject = ModelSubject(model, dataset, settings.batch_size)
    chosen = [METRICS[name] for name in names]
    for metric in chosen:
        check_subject(metric, subject)
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
    """Names of the metrics that a model has the means for."""
    able = capabilities(model)
    return tuple(name for name in METRICS if METRICS[name].needs <= able)
