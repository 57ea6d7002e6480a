"""The embedded classifier of a dataset: trained once, kept in the cache, and read from there."""

import json
import math
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as safetensors_bytes
from torch.nn import functional

from trainers.atomic_writing import write_atomically
from trainers.data.batch import Batch
from trainers.data.batching import BatchStream, evaluation_batches
from trainers.data.binarisation import binarise
from trainers.data.catalogue import dataset_available, load_dataset
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.data.storage import cache_folder
from trainers.engine.devices import choose_device
from trainers.errors import StoppedError, UsageError
from trainers.metrics.classifier import Classifier
from trainers.metrics.embedded_classifier import SMALLEST_SIDE, ClassifierNetwork, EmbeddedClassifier
from trainers.metrics.nearest_points import NearestPoints
from trainers.reporting import Report, StopRequested, never, no_report

_FORMAT = "latent-explorer classifier 1"
_SEED = 0
_EPOCHS, _FEWEST_STEPS = 3, 1000
_BATCH_SIZE = 128
_LEARNING_RATE, _WEIGHT_DECAY = 3e-3, 1e-2
# Models of binarised pictures are judged as well as models of grey ones.
_BINARISED_SHARE = 0.25


def classifier_available(data_spec: DataSpec) -> bool:
    """Whether `load_classifier` would give one; cheap."""
    if not data_spec.class_names:
        return False
    return dataset_available(data_spec.name) if data_spec.kind == "points" else classifier_path(data_spec).is_file()


def load_classifier(data_spec: DataSpec) -> Classifier:
    """The classifier of a dataset, of images a trained `EmbeddedClassifier` on the CPU.

    Points need no training: their classes are those of the nearest labelled points.
    Raises `UsageError` where the data have no classes or are others now, or the classifier is not trained yet.
    """
    require_classes(data_spec)
    if data_spec.kind == "points":
        dataset = load_dataset(data_spec.name, "train")
        if dataset.labels is None or dataset.spec.shape != data_spec.shape:
            raise UsageError(
                f"{data_spec.name} no longer has the labelled points it had when the model learned from it; put that "
                "table back to have its items recognised."
            )
        return NearestPoints(dataset.images, dataset.labels, dataset.spec.class_names)
    path = classifier_path(data_spec)
    advice = f"train it with: latent-trainer data classifier {data_spec.name}"
    if not path.is_file():
        raise UsageError(f"There is no classifier of {data_spec.name} yet; {advice}")
    try:
        return _read(path, data_spec)
    except (SafetensorError, OSError, RuntimeError, ValueError, KeyError) as error:
        raise UsageError(f"The classifier of {data_spec.name} in {path} is damaged; {advice} --again") from error


def train_classifier(
    data_name: str, report: Report = no_report, stop_requested: StopRequested = never, *, seed: int = _SEED
) -> float:
    """Train the classifier of a dataset, keep it in the cache, and give the share of the test split it gets right.

    Raises `UsageError` for data without classes or with too small pictures, `StoppedError` when asked to stop, and
    `FailureError` for data that are not here or a cache that cannot be written.
    """
    dataset, test = (load_dataset(data_name, split) for split in ("train", "test"))
    spec = dataset.spec
    check_trainable(spec)
    if len(test) == 0:
        raise UsageError(f"{spec.name} has no test items to judge a classifier by; add more items.")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ClassifierNetwork(spec.shape, len(spec.class_names))
    _train(network, dataset, seed, report, stop_requested)
    classifier = EmbeddedClassifier(network, spec.class_names)
    classifier.accuracy = _accuracy(classifier, test)
    about = {"format": _FORMAT, "class_names": spec.class_names, "accuracy": classifier.accuracy, "seed": seed}
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    write_atomically(classifier_path(spec), safetensors_bytes(weights, {"about": json.dumps(about)}))
    report(1.0, f"{100.0 * classifier.accuracy:.2f} % right on the test split")
    return classifier.accuracy


def classifier_path(data_spec: DataSpec) -> Path:
    """Where the classifier of some training data lies; the file need not exist."""
    return cache_folder() / "classifiers" / f"{data_spec.fingerprint[:32]}.safetensors"


def require_classes(data_spec: DataSpec) -> None:
    """Raise `UsageError` for data without labels."""
    if not data_spec.class_names:
        raise UsageError(
            f"{data_spec.name} has no classes, so nothing can recognise its items; choose data with labels."
        )


def check_trainable(spec: DataSpec) -> None:
    """Raise `UsageError` for data that no classifier can be trained on: without classes, or of too small pictures."""
    require_classes(spec)
    if spec.kind == "points":
        raise UsageError(
            f"The points of {spec.name} need no classifier: they are recognised by the nearest labelled points."
        )
    if len(spec.class_names) < 2:
        raise UsageError(f"{spec.name} has only one class, so there is nothing to tell apart; choose other data.")
    if min(spec.shape[1:]) < SMALLEST_SIDE:
        raise UsageError(
            f"A classifier needs pictures of at least {SMALLEST_SIDE}×{SMALLEST_SIDE} pixels, and those of "
            f"{spec.name} are smaller; choose other data."
        )


def _train(
    network: ClassifierNetwork, dataset: ImageDataset, seed: int, report: Report, stop_requested: StopRequested
) -> None:
    device = choose_device("auto")
    network.to(device).train()
    stream = BatchStream(dataset, _BATCH_SIZE, seed, device, "none")
    generator = torch.Generator(device).manual_seed(seed)
    epochs = max(_EPOCHS, math.ceil(_FEWEST_STEPS / stream.batches_per_epoch))
    steps = epochs * stream.batches_per_epoch
    optimizer = torch.optim.AdamW(network.parameters(), lr=_LEARNING_RATE, weight_decay=_WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _LEARNING_RATE, total_steps=steps, pct_start=0.2)
    done = 0
    for epoch in range(epochs):
        for batch in stream.epoch(epoch, generator):
            if stop_requested():
                raise StoppedError
            loss = functional.cross_entropy(network(_some_binarised(batch)), batch.labels)  # type: ignore[arg-type]
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            done += 1
            report(0.99 * done / steps, f"epoch {epoch + 1} of {epochs}")
    network.cpu()


def _some_binarised(batch: Batch) -> torch.Tensor:
    images, generator = batch.images, batch.generator
    if images.shape[1] != 1:
        return images
    chosen = torch.rand(len(images), 1, 1, 1, generator=generator, device=images.device) < _BINARISED_SHARE
    return torch.where(chosen, binarise(images, "dynamic", generator), images)


def _accuracy(classifier: EmbeddedClassifier, test: ImageDataset) -> float:
    assert test.labels is not None
    batches = evaluation_batches(test, 500, torch.device("cpu"), "none", seed=0)
    answers = torch.cat([classifier.classify(batch.images) for batch in batches])
    return float((answers == test.labels).double().mean())


def _read(path: Path, data_spec: DataSpec) -> EmbeddedClassifier:
    with safe_open(path, framework="pt") as file:
        about = json.loads((file.metadata() or {})["about"])
        weights = {name: file.get_tensor(name) for name in file.keys()}
    if about["format"] != _FORMAT:
        raise ValueError(f"the file says {about['format']}")
    with torch.random.fork_rng(devices=[]):
        network = ClassifierNetwork(data_spec.shape, len(about["class_names"]))
    network.load_state_dict(weights)
    return EmbeddedClassifier(network, about["class_names"], float(about["accuracy"]))
