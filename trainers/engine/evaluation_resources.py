"""What metrics are given beside a model and a split: its capabilities, conditions to sample from, a classifier."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.classifier_training import load_classifier
from trainers.engine.fitting_data import part_of
from trainers.errors import UsageError
from trainers.metrics.classifier import Classifier
from trainers.metrics.embedded_classifier import EmbeddedClassifier
from trainers.metrics.metric import Capability, ConditionLaw, Resource
from trainers.models.capabilities import capabilities
from trainers.models.latent_model import LatentModel, Likelihood

# Likelihoods that are probabilities of 8-bit or binarised values, and no densities.
_DISCRETE = frozenset({"bernoulli", "categorical", "dequantised"})
_SAMPLES_AT_ONCE = 250


@dataclass(frozen=True)
class ConditionBlock:
    """What so many samples are made of: conditions (count, *shape), and labels (count,) where these are classes."""

    count: int
    condition: Tensor | None = None
    labels: Tensor | None = None


def subject_capabilities(model: LatentModel) -> frozenset[Capability]:
    """What metrics may ask of a model: its capabilities, whether its likelihood is of discrete data, its classes."""
    found: set[Capability] = set(capabilities(model))
    if isinstance(model, Likelihood) and model.likelihood_name in _DISCRETE:
        found.add("discrete_likelihood")
    if model.condition_spec.kind == "classes":
        found.add("class_condition")
    return frozenset(found)


def condition_blocks(
    model: LatentModel, dataset: ImageDataset, count: int, seed: int, law: ConditionLaw
) -> Iterator[ConditionBlock]:
    """Conditions of `count` samples in blocks of 250, on the model's device.

    law: "split" takes those of items drawn from the split by the seed, with its frequencies; "uniform" every class
    in turn, for models that are told a class.
    """
    kind = model.condition_spec.kind
    if kind == "none":
        for start in range(0, count, _SAMPLES_AT_ONCE):
            yield ConditionBlock(min(_SAMPLES_AT_ONCE, count - start))
    elif law == "uniform":
        names = len(model.condition_spec.names)
        for labels in (torch.arange(count, device=model.device) % names).split(_SAMPLES_AT_ONCE):
            yield ConditionBlock(len(labels), torch.nn.functional.one_hot(labels, names).float(), labels)
    else:
        # Another seed than that of the samples, whose first draws would be the same numbers.
        places = torch.randint(len(dataset), (count,), generator=torch.Generator().manual_seed(seed + 1))
        drawn = part_of(dataset, places)
        for batch in evaluation_batches(drawn, _SAMPLES_AT_ONCE, model.device, "none", seed=0):
            labels = batch.labels if kind == "classes" else None
            yield ConditionBlock(len(batch.images), model.condition_of(batch), labels)


def can_be_recognised(spec: DataSpec, resources: frozenset[Resource]) -> bool:
    """Whether some data can have a classifier that gives these, trained already or not."""
    return not resources or (bool(spec.class_names) and not ("features" in resources and spec.kind == "points"))


def required_classifier(spec: DataSpec, resources: frozenset[Resource], device: torch.device) -> Classifier:
    """The classifier of some data on a device; raises `UsageError` where there is none, or none that has features."""
    if "features" in resources and spec.kind == "points":
        raise UsageError(f"Only pictures have features to compare, and {spec.name} consists of points; leave it out.")
    classifier = load_classifier(spec)
    return classifier.to(device) if isinstance(classifier, EmbeddedClassifier) else classifier
