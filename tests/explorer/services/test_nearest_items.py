"""The nearest training item of each sample, and where it lies."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.data_items import load_data_items
from explorer.services.nearest_items import NearestJob, code_of
from explorer.services.network import open_model
from explorer.services.samples import DrawnSamples
from tests.explorer.stub_models import CLASSES
from trainers.data.catalogue import load_dataset
from trainers.errors import StoppedError
from trainers.reporting import never, no_report

if TYPE_CHECKING:
    from tests.explorer.conftest import SaveStub


def _samples(images: "np.ndarray") -> DrawnSamples:
    pictures = np.ascontiguousarray(images.transpose(0, 2, 3, 1))
    return DrawnSamples(np.zeros((len(images), 3), np.float32), pictures, np.zeros((len(images), 0), np.float32))


def test_a_sample_that_is_a_training_item_finds_itself(stubs: "SaveStub") -> None:
    dataset = load_dataset("digits", "train")
    assert dataset.labels is not None
    copied = dataset.images[[5, 700]].numpy().copy()
    copied[1, 0, 0, 0] += 8
    found = NearestJob(str(stubs()), _samples(copied))(no_report, never)
    assert found.places.tolist() == [5, 700]
    assert found.distances == pytest.approx([0.0, 1.0 / 255.0], abs=1e-6)
    assert (found.pictures[..., 0] == dataset.images[[5, 700], 0].numpy()).all()
    assert found.items.labels is not None
    assert found.items.labels.tolist() == dataset.labels[[5, 700]].tolist()


def test_every_sample_finds_what_a_search_one_by_one_finds(stubs: "SaveStub") -> None:
    model = open_model(str(stubs()), 1)
    codes = model.sample_codes(7, 1.0, 3)
    drawn = DrawnSamples(codes, model.decode(codes), np.zeros((7, 0), np.float32))
    found = NearestJob(model.path, drawn)(no_report, never)
    items = load_dataset("digits", "train").images.numpy().astype(np.float64).transpose(0, 2, 3, 1)
    for picture, place, distance in zip(drawn.pictures, found.places, found.distances, strict=True):
        errors = np.square((items - picture) / 255.0).mean(axis=(1, 2, 3))
        assert errors[place] == pytest.approx(errors.min())
        assert distance == pytest.approx(np.sqrt(errors.min()), abs=1e-5)


def test_the_search_can_be_stopped(stubs: "SaveStub") -> None:
    job = NearestJob(str(stubs()), _samples(load_dataset("digits", "train").images[:2].numpy()))
    with pytest.raises(StoppedError):
        job(no_report, lambda: True)


def test_the_code_of_an_item_comes_with_what_the_model_is_told_of_it(stubs: "SaveStub") -> None:
    model = open_model(str(stubs(condition=CLASSES)), 1)
    items = load_data_items(model.header.data, no_report)
    assert items.labels is not None
    (found,) = code_of(model, items, 4)
    assert np.argmax(found.condition) == items.labels[4]
    codes, _ = model.encode(items.images[4:5], found.condition)
    assert found.code == pytest.approx(codes[0].tolist())
