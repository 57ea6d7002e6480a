"""What metrics are given beside a model and a split: its capabilities, conditions to sample from, extractors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from trainers.data.batching import evaluation_batches
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine.checkpoint import file_digest
from trainers.engine.classifier_training import classifier_available, classifier_path, load_classifier
from trainers.engine.fitting_data import part_of
from trainers.engine.inception_weights import load_inception, require_inception_weights
from trainers.errors import UsageError
from trainers.metrics.classifier import Classifier
from trainers.metrics.embedded_classifier import EmbeddedClassifier
from trainers.metrics.extractor import EmbeddedExtractor, Extractor, ExtractorName
from trainers.metrics.metric import Capability, ConditionLaw, Resource
from trainers.models.capabilities import capabilities
from trainers.models.latent_model import LatentModel, Likelihood

# Likelihoods that are probabilities of 8-bit or binarised values, and no densities.
_DISCRETE = frozenset({"bernoulli", "categorical", "dequantised"})
_SAMPLES_AT_ONCE = 250


@dataclass(frozen=True)
class SubjectResources:
    """What metrics asked for beside model and split: what tells classes, and extractors of features by name."""

    classifier: Classifier | None = None
    extractors: Mapping[ExtractorName, Extractor] = field(default_factory=dict)


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
    if model.latent_space.levels > 1:
        found.add("levels")
    if model.data_spec.class_names:
        found.add("labels")
    if model.data_spec.attribute_names:
        found.add("factors")
    if model.data_spec.kind == "images":
        found.add("images")
    if model.data_spec.held_out_classes:
        found.add("held_out")
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


def can_be_given(spec: DataSpec, resources: frozenset[Resource]) -> bool:
    """Whether metrics of some data can be given these, a classifier trained already or not."""
    if spec.kind == "points" and resources & {"features", "inception"}:
        return False
    return bool(spec.class_names) or not resources & {"classifier", "features"}


def check_resources(spec: DataSpec, resources: frozenset[Resource], inception_weights: Path | None = None) -> None:
    """Raise `UsageError` where something is missing or does not fit the data; nothing is loaded."""
    if spec.kind == "points" and resources & {"features", "inception"}:
        raise UsageError(f"Only pictures have features to compare, and {spec.name} consists of points; leave it out.")
    if resources & {"classifier", "features"} and not classifier_available(spec):
        load_classifier(spec)
    if "inception" in resources:
        require_inception_weights(inception_weights)


def resource_digests(
    spec: DataSpec, resources: frozenset[Resource], inception_weights: Path | None = None
) -> dict[str, str]:
    """What tells these resources from others, by name; of resources that `check_resources` accepts."""
    digests = {}
    if resources & {"classifier", "features"}:
        points = spec.kind == "points"
        digests["classifier"] = spec.fingerprint if points else file_digest(classifier_path(spec))
    if "inception" in resources:
        digests["inception"] = file_digest(require_inception_weights(inception_weights))
    if "training_items" in resources:
        digests["training_items"] = spec.fingerprint
    return digests


def required_resources(
    spec: DataSpec, resources: frozenset[Resource], device: torch.device, inception_weights: Path | None = None
) -> SubjectResources:
    """What metrics asked for, on a device; raises `UsageError` as `check_resources` does."""
    check_resources(spec, resources, inception_weights)
    classifier, extractors = None, dict[ExtractorName, Extractor]()
    if resources & {"classifier", "features"}:
        classifier = load_classifier(spec)
        if isinstance(classifier, EmbeddedClassifier):
            classifier = classifier.to(device)
            if "features" in resources:
                extractors["embedded"] = EmbeddedExtractor(classifier, file_digest(classifier_path(spec)))
    if "inception" in resources:
        extractors["inception"] = load_inception(require_inception_weights(inception_weights), device)
    return SubjectResources(classifier, extractors)
