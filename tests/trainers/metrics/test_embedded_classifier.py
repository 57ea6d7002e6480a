import pytest
import torch

from trainers.metrics.embedded_classifier import FEATURES, EmbeddedClassifier


@pytest.mark.parametrize(
    "shape", [(1, 8, 8), (3, 8, 8), (1, 28, 28), (3, 32, 32), (3, 64, 64), (1, 9, 30), (2, 100, 11)]
)
def test_pictures_of_any_size_have_logits_and_features(shape: tuple[int, int, int]) -> None:
    classifier = EmbeddedClassifier(shape, ["a", "b", "c"])
    images = torch.rand(5, *shape)
    assert classifier.logits(images).shape == (5, 3)
    assert classifier.features(images).shape == (5, FEATURES)
    assert set(classifier.classify(images).tolist()) <= {0, 1, 2}


def test_answers_depend_neither_on_the_mode_nor_on_the_other_images() -> None:
    classifier = EmbeddedClassifier((1, 8, 8), ["a", "b"]).train()
    images = torch.rand(1100, 1, 8, 8)
    together = classifier.features(images)
    assert classifier.training
    alone = torch.cat([classifier.features(images[:3]), classifier.eval().features(images[3:])])
    torch.testing.assert_close(together, alone)
    assert float(together.min()) >= 0.0
    torch.testing.assert_close(classifier.logits(images), classifier(images))
    assert not together.requires_grad
    assert not classifier.logits(images).requires_grad


@pytest.mark.parametrize(("shape", "names"), [((1, 7, 8), ["a"]), ((1, 8, 8), [])])
def test_what_cannot_be_classified_is_refused(shape: tuple[int, int, int], names: list[str]) -> None:
    with pytest.raises(ValueError, match="a classifier needs"):
        EmbeddedClassifier(shape, names)
