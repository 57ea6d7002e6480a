"""Data items: what the model saw, drawn as in every evaluation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.services.data_items import DataItems, downloadable, load_data_items
from explorer.services.opening import ItemsJob
from trainers.data.batching import evaluation_batches
from trainers.data.catalogue import load_dataset
from trainers.data.data_spec import DataSpec
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
