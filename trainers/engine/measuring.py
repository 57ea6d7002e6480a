"""Measuring a checkpoint without measuring anything twice: what is known is read, what is new is kept at once."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from trainers.data.catalogue import load_split_of
from trainers.data.image_dataset import ImageDataset, Split
from trainers.data.split_fingerprint import split_fingerprint
from trainers.engine.checkpoint import load_model
from trainers.engine.devices import choose_device
from trainers.engine.evaluation import checked_metrics, measure_metric, reason_against, subject_of, usual_metrics
from trainers.engine.evaluation_resources import resource_digests
from trainers.engine.kept_measurements import KeptMeasurement, MeasurementStore
from trainers.errors import FailureError
from trainers.metrics.metric import Metric, MetricSettings
from trainers.models.latent_model import LatentModel
from trainers.reporting import Report, StopRequested, never, no_report, part_of


@dataclass(frozen=True)
class MeasuringRequest:
    """What to measure of a checkpoint.

    metrics: names, in the order they are measured; empty for those that are usual for the model.
    data: a dataset or a path, None for that the model learned from.
    again: measure also what is known. inception_weights: their file, None for where they usually lie.
    """

    checkpoint: Path
    metrics: tuple[str, ...] = ()
    settings: MetricSettings = field(default_factory=MetricSettings)
    split: Split = "test"
    data: str | None = None
    device: str = "cpu"
    again: bool = False
    inception_weights: Path | None = None


@dataclass(frozen=True)
class Measured:
    """The outcome: measurements in the order asked for, and the names of those that were known.

    problem: why measurements could not be kept on disk, None if they were.
    left_out: metrics that cannot be measured, each with the sentence that says why.
    damages: a sentence for each file of earlier measurements that cannot be read whole.
    """

    measurements: tuple[KeptMeasurement, ...]
    known: tuple[str, ...] = ()
    problem: str | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)
    damages: tuple[str, ...] = ()


OnMeasured = Callable[[KeptMeasurement], None]


def measure_possible(
    request: MeasuringRequest, report: Report = no_report, stop_requested: StopRequested = never
) -> Measured:
    """Measure a checkpoint by those of the metrics that it can have; the others are left out and why is said.

    See `measure_model`.
    """
    model = load_model(request.checkpoint, choose_device(request.device))
    dataset = load_split_of(model.data_spec, request.split, request.data)
    names = request.metrics or usual_metrics(model)
    reasons = {
        name: reason
        for name in names
        if (reason := reason_against(model, dataset, name, request.settings, request.inception_weights)) is not None
    }
    possible = tuple(name for name in names if name not in reasons)
    if not possible:
        return Measured((), left_out=reasons)
    measured = measure_model(model, dataset, replace(request, metrics=possible), report, stop_requested)
    return replace(measured, left_out=reasons)


def measure_model(
    model: LatentModel,
    dataset: ImageDataset,
    request: MeasuringRequest,
    report: Report = no_report,
    stop_requested: StopRequested = never,
    on_measured: OnMeasured | None = None,
) -> Measured:
    """Measure a model that was opened already, whose checkpoint the request names, on the split it names.

    What was measured with exactly these settings, weights of extractors and items is not measured again, and each
    measurement is kept before the next begins, so that what was cancelled goes on where it ended.
    on_measured: told of each as soon as it is known.
    Everything is checked before the first is measured. Raises `UsageError` as `evaluate` does, and `StoppedError`.
    """
    names = request.metrics or usual_metrics(model)
    chosen = checked_metrics(model, dataset, names, request.settings, request.inception_weights)
    store, fingerprint = MeasurementStore(request.checkpoint), split_fingerprint(dataset)
    keys = [_key(metric, store.digest, fingerprint, dataset, request) for metric in chosen]
    known = {} if request.again else {kept.key: kept for kept in store.all() if kept.key in keys}
    missing = [(metric, key) for metric, key in zip(chosen, keys, strict=True) if key not in known]
    found, problem = dict(known), None
    for kept in known.values():
        _tell(on_measured, kept)
    if missing:
        metrics = [metric for metric, _ in missing]
        subject = subject_of(
            model,
            dataset,
            metrics,
            request.settings,
            digest=store.digest,
            inception_weights=request.inception_weights,
        )
        for place, (metric, key) in enumerate(missing):
            part = part_of(report, place, len(missing))
            measured = measure_metric(model, subject, metric, request.settings, part, stop_requested)
            kept = KeptMeasurement(measured, dataset.spec.name, dataset.split, store.digest, fingerprint, key)
            try:
                store.keep(kept)
            except FailureError as error:
                # What took so long to measure is worth having all the same.
                problem = problem or str(error)
            found[key] = kept
            _tell(on_measured, kept)
    report(1.0, "measured")
    known_names = tuple(metric.name for metric, key in zip(chosen, keys, strict=True) if key in known)
    return Measured(tuple(found[key] for key in keys), known_names, problem, damages=store.damages())


def _tell(on_measured: OnMeasured | None, kept: KeptMeasurement) -> None:
    if on_measured is not None:
        on_measured(kept)


def _key(metric: type[Metric], digest: str, fingerprint: str, dataset: ImageDataset, request: MeasuringRequest) -> str:
    """A text that says all that a value hangs on."""
    settings = request.settings.model_dump(mode="json", include=set(metric.uses))
    said: dict[str, object] = {
        "metric": metric.name,
        "version": metric.version,
        "checkpoint": digest,
        "items": fingerprint,
        "settings": settings,
        "resources": resource_digests(dataset.spec, metric.resources, request.inception_weights),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]
