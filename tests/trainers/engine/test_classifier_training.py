from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.engine import classifier_training
from trainers.engine.classifier_training import (
    classifier_available,
    classifier_path,
    load_classifier,
    train_classifier,
)
from trainers.errors import FailureError, StoppedError, UsageError
from trainers.metrics.embedded_classifier import EmbeddedClassifier
from trainers.metrics.nearest_points import NearestPoints


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache without a classifier."""
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier_training, "_FEWEST_STEPS", 33)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[EmbeddedClassifier, float]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path_factory.mktemp("cache")))
        accuracy = train_classifier("digits")
        classifier = load_classifier(load_dataset("digits", "train").spec)
    assert isinstance(classifier, EmbeddedClassifier)
    return classifier, accuracy


def test_it_recognises_the_test_split(trained: tuple[EmbeddedClassifier, float]) -> None:
    classifier, accuracy = trained
    test = load_dataset("digits", "test")
    assert test.labels is not None
    right = (classifier.classify(test.scaled()) == test.labels).double().mean()
    assert accuracy == classifier.accuracy == float(right)
    assert accuracy > 0.97
    assert f"{100.0 * accuracy:.1f} % right" in classifier.title


def test_it_recognises_binarised_digits_too(trained: tuple[EmbeddedClassifier, float]) -> None:
    classifier, _ = trained
    test = load_dataset("digits", "test")
    assert test.labels is not None
    drawn = torch.rand(test.images.shape, generator=torch.Generator().manual_seed(0)) < test.scaled()
    assert float((classifier.classify(drawn.float()) == test.labels).double().mean()) > 0.85


def test_it_learns_from_logits(cache: Path, briefly: None, monkeypatch: pytest.MonkeyPatch) -> None:
    losses: list[float] = []
    whole = functional.cross_entropy

    def watched(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        loss = whole(logits, labels)
        losses.append(float(loss.detach()))
        return loss

    monkeypatch.setattr(functional, "cross_entropy", watched)
    train_classifier("digits")

    # From probabilities it would learn as well, but never come below 1.461 nats for ten classes.
    assert min(losses) < 1.0


def test_its_cross_entropy_takes_logits(trained: tuple[EmbeddedClassifier, float]) -> None:
    """Probabilities in the place of logits cannot have a cross-entropy below 1.461 nats for ten classes."""
    classifier, _ = trained
    test = load_dataset("digits", "test")
    assert test.labels is not None
    logits = classifier.logits(test.scaled())
    assert float(functional.cross_entropy(logits, test.labels)) < 0.2
    assert float(functional.cross_entropy(logits.softmax(dim=1), test.labels)) > 1.461


@pytest.mark.usefixtures("briefly")
def test_the_seed_decides_it_and_the_random_state_stays(cache: Path) -> None:
    spec = load_dataset("digits", "train").spec
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    files = []
    for seed in (0, 0, 1):
        train_classifier("digits", seed=seed)
        files.append(classifier_path(spec).read_bytes())
    assert torch.equal(torch.rand(3), expected)
    assert files[0] == files[1] != files[2]
    assert classifier_path(spec).is_relative_to(cache / "classifiers")


@pytest.mark.usefixtures("briefly", "cache")
def test_progress_rises_and_a_stop_leaves_nothing() -> None:
    spec, shares = load_dataset("digits", "train").spec, list[float]()
    with pytest.raises(StoppedError):
        train_classifier("digits", lambda share, _what: shares.append(share), lambda: len(shares) > 5)
    assert not classifier_available(spec)
    shares.clear()
    train_classifier("digits", lambda share, _what: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert classifier_available(spec)


@pytest.mark.usefixtures("cache")
def test_a_missing_classifier_says_how_to_train_it() -> None:
    spec = load_dataset("digits", "train").spec
    assert not classifier_available(spec)
    with pytest.raises(UsageError, match="train it with: latent-trainer data classifier digits"):
        load_classifier(spec)


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("content", [b"", b"no tensors at all"])
def test_a_damaged_classifier_says_how_to_train_it_again(content: bytes) -> None:
    spec = load_dataset("digits", "train").spec
    path = classifier_path(spec)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(UsageError, match="is damaged; train it with: latent-trainer data classifier digits --again"):
        load_classifier(spec)


def test_data_without_classes_have_no_classifier() -> None:
    spec = DataSpec(name="folder", shape=(1, 8, 8), fingerprint="f" * 64)
    assert not classifier_available(spec)
    with pytest.raises(UsageError, match="folder has no classes"):
        load_classifier(spec)


CHANGED: list[tuple[dict[str, object], str]] = [
    ({"class_names": ()}, "has no classes"),
    ({"class_names": ("one",)}, "only one class"),
    ({"shape": (1, 8, 7)}, "at least 8×8 pixels"),
    ({"kind": "points", "shape": (2,)}, "nearest labelled points"),
]


@pytest.mark.parametrize(("changes", "message"), CHANGED)
def test_what_cannot_be_told_apart_is_refused(
    changes: dict[str, object], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = load_dataset("digits", "train")
    changed = replace(digits, spec=digits.spec.model_copy(update=changes))
    monkeypatch.setattr(classifier_training, "load_dataset", lambda _name, _split: changed)
    with pytest.raises(UsageError, match=message):
        train_classifier("digits")


def test_data_that_are_not_here_say_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path))
    with pytest.raises(FailureError, match="data get mnist"):
        train_classifier("mnist")


def test_points_are_recognised_by_those_around_them(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = DataSpec(name="two", kind="points", shape=(2,), class_names=("left", "right"))
    points = torch.cat([torch.randn(200, 2), torch.randn(200, 2) + 20.0])
    dataset = ImageDataset(spec, "train", points, torch.arange(400) // 200)
    monkeypatch.setattr(classifier_training, "load_dataset", lambda _name, _split: dataset)
    classifier = load_classifier(spec)
    assert isinstance(classifier, NearestPoints)
    assert classifier.classify(torch.tensor([[0.0, 0.0], [20.0, 20.0], [10.0, 10.0]])).tolist() == [0, 1, -1]


def test_points_that_are_something_else_by_now_recognise_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = DataSpec(name="two", kind="points", shape=(2,), class_names=("left", "right"))
    images = ImageDataset(DataSpec(name="two", shape=(1, 8, 8)), "train", torch.zeros(4, 1, 8, 8, dtype=torch.uint8))
    monkeypatch.setattr(classifier_training, "load_dataset", lambda _name, _split: images)
    with pytest.raises(UsageError, match="no longer has the labelled points"):
        load_classifier(spec)


@pytest.mark.real_data
@pytest.mark.usefixtures("cache")
def test_mnist_is_recognised_after_one_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier_training, "_EPOCHS", 1)
    monkeypatch.setattr(classifier_training, "_FEWEST_STEPS", 1)
    assert train_classifier("mnist") >= 0.98
