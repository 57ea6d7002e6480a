import numpy as np
import torch

from trainers.data.catalogue import load_dataset


def test_splits_are_the_whole_and_do_not_overlap() -> None:
    from sklearn.datasets import load_digits

    train, test = load_dataset("digits", "train"), load_dataset("digits", "test")
    assert len(train) + len(test) == 1797
    assert train.spec.shape == (1, 8, 8)
    assert train.spec.class_names == tuple("0123456789")
    everything = torch.cat([train.images, test.images]).flatten(1).numpy()
    original = np.rint(load_digits().data * 255 / 16).astype(np.uint8)
    assert sorted(map(bytes, everything)) == sorted(map(bytes, original))


def test_every_class_gives_a_fifth() -> None:
    train, test = load_dataset("digits", "train"), load_dataset("digits", "test")
    assert train.labels is not None
    assert test.labels is not None
    shares = test.labels.bincount() / (test.labels.bincount() + train.labels.bincount())
    assert float((shares - 0.2).abs().max()) < 0.005


def test_grey_levels_fill_the_range() -> None:
    values = load_dataset("digits", "train").images.unique().tolist()
    assert values == [round(level * 255 / 16) for level in range(17)]


def test_labels_belong_to_their_images() -> None:
    from sklearn.neighbors import KNeighborsClassifier

    train, test = load_dataset("digits", "train"), load_dataset("digits", "test")
    assert train.labels is not None
    assert test.labels is not None
    classifier = KNeighborsClassifier(3).fit(train.images.flatten(1), train.labels)
    assert classifier.score(test.images.flatten(1), test.labels) > 0.95
