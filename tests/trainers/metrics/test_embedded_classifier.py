import pytest
import torch

from trainers.metrics.embedded_classifier import FEATURES, ClassifierNetwork, EmbeddedClassifier


@pytest.mark.parametrize(
    "shape", [(1, 8, 8), (3, 8, 8), (1, 28, 28), (3, 32, 32), (3, 64, 64), (1, 9, 30), (2, 100, 11)]
)
def test_pictures_of_any_size_have_logits_and_features(shape: tuple[int, int, int]) -> None:
    classifier = EmbeddedClassifier(ClassifierNetwork(shape, 3), ["a", "b", "c"])
    images = torch.rand(5, *shape)
    assert classifier.logits(images).shape == (5, 3)
    assert classifier.features(images).shape == (5, FEATURES)
    assert set(classifier.classify(images).tolist()) <= {0, 1, 2}


def test_answers_depend_neither_on_the_mode_nor_on_the_other_images() -> None:
    classifier = EmbeddedClassifier(ClassifierNetwork((1, 8, 8), 2), ["a", "b"])
    images = torch.rand(1100, 1, 8, 8)
    together = classifier.train().features(images)
    alone = torch.cat([classifier.features(images[:3]), classifier.eval().features(images[3:])])
    torch.testing.assert_close(together, alone)
    assert float(together.min()) >= 0.0
    features, logits = classifier.seen(images)
    assert torch.equal(features, together)
    torch.testing.assert_close(logits, classifier(images))
    assert torch.equal(classifier.logits(images), logits)


def test_it_says_what_it_sees_without_a_gradient() -> None:
    classifier = EmbeddedClassifier(ClassifierNetwork((1, 8, 8), 2), ["a", "b"])
    images = torch.rand(3, 1, 8, 8, requires_grad=True)
    assert not any(seen.requires_grad for seen in classifier.seen(images))
    assert not classifier.logits(images).requires_grad


@pytest.mark.parametrize(("shape", "classes"), [((1, 7, 8), 1), ((1, 8, 8), 0)])
def test_what_cannot_be_classified_is_refused(shape: tuple[int, int, int], classes: int) -> None:
    with pytest.raises(ValueError, match="a classifier needs"):
        ClassifierNetwork(shape, classes)
