from dataclasses import replace

import pytest
import torch

from trainers.data.catalogue import load_dataset, load_split_of
from trainers.data.held_out import class_name, without_class, without_classes
from trainers.data.image_dataset import ImageDataset
from trainers.errors import UsageError


@pytest.fixture
def named(small_dataset: ImageDataset) -> ImageDataset:
    """Fifty images of the classes cat, 2 and 0, with an attribute that is the place of each."""
    spec = small_dataset.spec.model_copy(update={"class_names": ("cat", "2", "0"), "count": 50})
    return replace(small_dataset, spec=spec, labels=torch.arange(50) % 3)


@pytest.mark.parametrize(("said", "meant"), [("cat", "cat"), ("2", "2"), ("0", "0"), ("1", "2")])
def test_a_class_is_named_or_numbered_and_names_go_first(named: ImageDataset, said: str, meant: str) -> None:
    assert class_name(named.spec, said) == meant


@pytest.mark.parametrize("said", ["dog", "3", "-1", ""])
def test_an_unknown_class_is_refused_with_those_there_are(named: ImageDataset, said: str) -> None:
    with pytest.raises(UsageError, match=r"cat, 2, 0") as refusal:
        class_name(named.spec, said)
    assert "\n" not in str(refusal.value)


def test_nothing_of_a_class_is_left_and_all_of_the_others(named: ImageDataset) -> None:
    kept = without_class(named, "cat")
    places = [place for place in range(50) if place % 3 != 0]
    assert torch.equal(kept.images, named.images[places])
    assert kept.labels is not None
    assert kept.labels.tolist() == [place % 3 for place in places]
    assert named.attributes is not None
    assert kept.attributes is not None
    assert torch.equal(kept.attributes, named.attributes[places])
    assert kept.spec == named.spec.model_copy(update={"held_out_classes": ("cat",), "count": len(places)})
    assert len(named) == 50


def test_a_test_split_keeps_its_classes(named: ImageDataset) -> None:
    tests = replace(named, split="test")
    assert without_classes(tests, ("cat",)) is tests


def test_data_without_classes_and_the_only_class_are_refused(named: ImageDataset) -> None:
    bare = replace(named, spec=named.spec.model_copy(update={"class_names": ()}), labels=None)
    with pytest.raises(UsageError, match=r"has no classes.*choose data with labels"):
        without_class(bare, "cat")
    alone = replace(named, labels=torch.zeros(50, dtype=torch.int64))
    with pytest.raises(UsageError, match=r"no items of another class than cat"):
        without_class(alone, "cat")


def test_the_data_of_a_model_are_those_it_learned_from() -> None:
    spec = load_dataset("digits", "train").spec.model_copy(update={"held_out_classes": ("4",)})
    for name in (None, "", "digits"):
        learned = load_split_of(spec, "train", name)
        assert learned.labels is not None
        assert sorted(learned.labels.unique().tolist()) == [0, 1, 2, 3, 5, 6, 7, 8, 9]
        assert len(load_split_of(spec, "test", name)) == len(load_dataset("digits", "test"))
    assert len(load_split_of(spec, "train", "faces")) == len(load_dataset("faces", "train"))
