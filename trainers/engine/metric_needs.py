"""Which metrics a model can have, and why it cannot have the others."""

import torch

from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.evaluation_resources import can_be_given, check_resources
from trainers.engine.model_subject import ModelSubject
from trainers.errors import UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import MetricSettings
from trainers.models.latent_model import LatentModel

# More items than any metric could ask for, none of which is looked at.
_PLENTY = 1_000_000


def impossible_metrics(model: LatentModel) -> dict[str, str]:
    """By the names of the metrics that a model and its data cannot have, the sentence that says why.

    What only is not on this machine, such as data, a trained classifier or weights of an extractor, is none of them.
    """
    spec = model.data_spec
    subject = ModelSubject(model, _any_items(spec))
    found = {}
    for name in METRICS:
        metric = METRICS[name]
        try:
            metric.check(subject, MetricSettings())
            if not can_be_given(spec, metric.resources):
                check_resources(spec, metric.resources)
        except UsageError as error:
            found[name] = str(error)
    return found


def possible_metrics(model: LatentModel) -> tuple[str, ...]:
    """The names of all the others, some of which draw many samples."""
    impossible = impossible_metrics(model)
    return tuple(name for name in METRICS if name not in impossible)


def _any_items(spec: DataSpec) -> ImageDataset:
    """As many items as anybody wants, in the memory of one."""
    kind = torch.float32 if spec.kind == "points" else torch.uint8
    return ImageDataset(
        images=torch.zeros(1, *spec.shape, dtype=kind).expand(_PLENTY, *spec.shape), spec=spec, split="test"
    )
