"""Data items: what the model saw, drawn as in every evaluation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.services import data_items
from explorer.services.data_items import DataItems, downloadable, load_data_items
from explorer.services.opening import ItemsJob
from trainers.data.batching import evaluation_batches
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset
from trainers.errors import TrainersError
from trainers.reporting import no_report


def _spec(binarisation: str) -> DataSpec:
    return load_dataset("digits", "train").spec.model_copy(update={"binarisation": binarisation})


@pytest.mark.parametrize("binarisation", ["none", "static", "dynamic"])
def test_images_are_those_of_an_evaluation(binarisation: str) -> None:
    items = load_data_items(_spec(binarisation), no_report)
    batch = next(evaluation_batches(load_dataset("digits", "test"), 50, torch.device("cpu"), binarisation, 0))  # type: ignore[arg-type]
    assert items.images[:50] / 255.0 == pytest.approx(batch.images.numpy())


def test_class_names_belong_to_their_items() -> None:
    items = load_data_items(_spec("none"), no_report)
    assert items.labels is not None
    places = np.array([3, 0])
    assert items.class_names_of(places) == tuple(str(label) for label in items.labels[places])
    assert items.title == "test items of digits"


def test_items_without_labels_have_empty_names() -> None:
    items = DataItems(np.zeros((2, 1, 1, 1), dtype=np.uint8), None, _spec("none"))
    assert items.class_names_of(np.array([0, 1])) == ("", "")
    assert len(replace(items)) == 2


def test_data_that_a_download_brings_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path))
    assert [downloadable(name) for name in ("mnist", "digits", "/nowhere/cats")] == ["MNIST", "", ""]
    found = ItemsJob(DataSpec(name="mnist", shape=(1, 28, 28)))(no_report, lambda: False)
    assert found.items is None
    assert found.download == ("mnist", "MNIST")
    assert "MNIST is not on this machine" in found.problem


def test_data_of_another_shape_are_a_sentence() -> None:
    spec = _spec("none").model_copy(update={"shape": (3, 28, 28)})
    found = ItemsJob(spec)(no_report, lambda: False)
    assert found.items is None
    assert "3 × 28 × 28" in found.problem
    assert "1 × 8 × 8" in found.problem
    points = ItemsJob(DataSpec(name="digits", kind="points", shape=(2,)))(no_report, lambda: False)
    assert "1 × 8 × 8" in points.problem


def test_labels_and_attributes_of_other_names_are_left_out() -> None:
    fewer = _spec("none").model_copy(update={"class_names": ("0", "1"), "attribute_names": ()})
    items = load_data_items(fewer, no_report)
    assert items.labels is None
    assert items.class_names_of(np.array([0, 1])) == ("", "")
    assert load_data_items(_spec("none"), no_report).labels is not None


def test_data_that_are_not_here_are_a_sentence() -> None:
    with pytest.raises(TrainersError, match="nowhere"):
        load_data_items(DataSpec(name="/nowhere/cats", shape=(3, 8, 8)), no_report)


def _colours(split: str, count: int, seed: int) -> ImageDataset:
    pixels = torch.randint(0, 256, (count, 1, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))
    labels, attributes = torch.arange(count) % 10, torch.full((count, 1), float(seed))
    spec = load_dataset("digits", "test").spec.model_copy(update={"attribute_names": ("seed",)})
    return ImageDataset(spec, split, pixels, labels, attributes)  # type: ignore[arg-type]


@pytest.fixture
def two_splits(monkeypatch: pytest.MonkeyPatch) -> dict[str, ImageDataset]:
    splits = {"test": _colours("test", 1_500, 1), "train": _colours("train", 3_000, 2)}
    monkeypatch.setattr(data_items, "load_split_of", lambda _spec, split, report=None: splits[split])
    return splits


@pytest.mark.parametrize("binarisation", ["none", "static", "dynamic"])
def test_all_items_are_those_for_testing_and_behind_them_those_for_training(
    two_splits: dict[str, ImageDataset], binarisation: str
) -> None:
    spec = two_splits["test"].spec.model_copy(update={"binarisation": binarisation})
    tests, trained, both = (load_data_items(spec, no_report, source) for source in ("test", "train", "all"))
    assert (tests.title, trained.title) == ("test items of digits", "training items of digits")
    assert both.title == "test and training items of digits"
    assert [len(items) for items in (tests, trained, both)] == [1_500, 3_000, 4_500]
    for part, places in ((tests, slice(1_500)), (trained, slice(1_500, None))):
        found = both.part(places)
        assert (found.images == part.images).all()
        assert found.labels is not None
        assert found.attributes is not None
        assert (found.labels == part.labels).all()
        assert (found.attributes == part.attributes).all()


@pytest.mark.parametrize("binarisation", ["none", "static"])
def test_of_too_many_the_first_are_put_together(
    two_splits: dict[str, ImageDataset], binarisation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_items, "_MOST_BYTES", 64 * 3_000)
    spec = two_splits["test"].spec.model_copy(update={"binarisation": binarisation})
    both = load_data_items(spec, no_report, "all")
    assert len(both) == 1_500 + 1_024
    assert (both.images[1_500:] == load_data_items(spec, no_report, "train").images[:1_024]).all()
