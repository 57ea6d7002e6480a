"""Metrics of a model on a split of its data."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trainers.data.image_dataset import ImageDataset
from trainers.engine.encoding import evaluating
from trainers.engine.evaluation_resources import (
    check_resources,
    required_resources,
    subject_capabilities,
)
from trainers.engine.model_subject import ModelSubject
from trainers.errors import UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import Measurement, Metric, MetricSettings, Resource
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report, part_of


def evaluate(
    model: LatentModel,
    dataset: ImageDataset,
    names: Sequence[str],
    settings: MetricSettings | None = None,
    report: Report = no_report,
    stop_requested: StopRequested = never,
    *,
    inception_weights: Path | None = None,
) -> tuple[Measurement, ...]:
    """Measure the named metrics, in their order.

    Everything is checked before the first is measured: raises `UsageError` for an unknown name, a metric that needs
    more than the model has, a missing classifier, or items that do not fit, and `StoppedError` when asked to stop.
    """
    settings = settings or MetricSettings()
    chosen = checked_metrics(model, dataset, names, settings, inception_weights)
    subject = subject_of(model, dataset, chosen, settings, inception_weights=inception_weights)
    return tuple(
        measure_metric(model, subject, metric, settings, part_of(report, index, len(chosen)), stop_requested)
        for index, metric in enumerate(chosen)
    )


def checked_metrics(
    model: LatentModel,
    dataset: ImageDataset,
    names: Sequence[str],
    settings: MetricSettings,
    inception_weights: Path | None = None,
) -> tuple[type[Metric], ...]:
    """The metrics of these names, in their order, all of which can be measured; raises `UsageError` as `evaluate`."""
    chosen = tuple(METRICS[name] for name in names)
    subject = ModelSubject(model, dataset, settings.batch_size)
    for metric in chosen:
        metric.check(subject, settings)
    check_resources(dataset.spec, resources_of(chosen), inception_weights)
    return chosen


def subject_of(
    model: LatentModel,
    dataset: ImageDataset,
    metrics: Sequence[type[Metric]],
    settings: MetricSettings,
    *,
    digest: str = "",
    inception_weights: Path | None = None,
) -> ModelSubject:
    """A model and a split with all that some metrics need; loads a classifier and extractors."""
    resources = required_resources(dataset.spec, resources_of(metrics), model.device, inception_weights)
    return ModelSubject(model, dataset, settings.batch_size, resources, digest)


def resources_of(metrics: Sequence[type[Metric]]) -> frozenset[Resource]:
    """All that some metrics must be given."""
    return frozenset().union(*(metric.resources for metric in metrics))


def measure_metric(
    model: LatentModel,
    subject: ModelSubject,
    metric: type[Metric],
    settings: MetricSettings,
    report: Report,
    stop_requested: StopRequested,
) -> Measurement:
    """One measurement; it says how the model's items were binarised, unless the metric has said it itself."""
    with evaluating(model):
        measured = metric().measure(subject, settings, report, stop_requested)
    # An error or a likelihood of zeros and ones is not to be compared with one of grey values.
    return replace(measured, settings={"binarisation": subject.binarisation, **measured.settings})


def reason_against(
    model: LatentModel,
    dataset: ImageDataset,
    name: str,
    settings: MetricSettings | None = None,
    inception_weights: Path | None = None,
) -> str | None:
    """Why a metric cannot be measured of a model on a split, in one sentence; None if it can."""
    try:
        checked_metrics(model, dataset, [name], settings or MetricSettings(), inception_weights)
    except UsageError as error:
        return str(error)
    return None


def usual_metrics(model: LatentModel) -> tuple[str, ...]:
    """Names of the metrics measured where nobody names any: those that are cheap, or cannot be told otherwise."""
    able = subject_capabilities(model)
    return tuple(name for name in METRICS if METRICS[name].is_usual(able))
