"""The signal-to-noise ratio of restored pictures, of a stand-in that loses what is known and of a small model."""

import math

import pytest
import torch

from tests.trainers.metrics.stand_in import StandIn, measured
from trainers.data.catalogue import load_dataset
from trainers.data.corruption import KINDS, corrupt_items
from trainers.engine.evaluation import evaluate, usual_metrics
from trainers.errors import UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import MetricSettings, check_subject
from trainers.metrics.picture_quality import psnr
from trainers.models.denoising_autoencoder import DenoisingAutoencoder, DenoisingAutoencoderConfig


def _decibels(lost: float) -> float:
    return -20.0 * math.log10(lost)


def test_restored_corrupted_and_classical_pictures_of_every_kind() -> None:
    measurement = measured("psnr_restored")
    expected = {
        "darker restored": _decibels(0.01),
        "darker corrupted": _decibels(0.1),
        "darker brightening": _decibels(0.05),
        "noisier restored": _decibels(0.02),
        "noisier corrupted": _decibels(0.2),
        "noisier mean": _decibels(0.1),
        "restored": (112 * _decibels(0.01) + 38 * _decibels(0.02)) / 150,
        "corrupted": (112 * _decibels(0.1) + 38 * _decibels(0.2)) / 150,
        "classical": (112 * _decibels(0.05) + 38 * _decibels(0.1)) / 150,
    }
    found = dict(measurement.settings)
    assert {name: found.pop(name) for name in expected} == pytest.approx(expected, abs=0.001)
    assert found == {"corruption": "mix", "strength": 0.1, "seed": 0}
    assert measurement.value == pytest.approx(expected["restored"], rel=1e-5)
    assert measurement.per_unit == pytest.approx((expected["darker restored"], expected["noisier restored"]), rel=1e-5)


def test_another_seed_is_another_draw_and_is_told() -> None:
    other = measured("psnr_restored", settings=MetricSettings(seed=3))
    assert other.settings["seed"] == 3
    assert other.settings["noisier restored"] == pytest.approx(_decibels(0.05), abs=0.001)


def test_a_model_that_restores_nothing_is_told_so() -> None:
    with pytest.raises(UsageError, match="needs a way to restore corrupted pictures"):
        check_subject(METRICS["psnr_restored"], StandIn(capabilities=frozenset()))


@pytest.fixture
def model() -> DenoisingAutoencoder:
    torch.manual_seed(0)
    spec = load_dataset("digits", "test").spec
    small = {"corruption": "mix", "channels": [4], "skip_channels": 3, "dense_size": 8, "latent_size": 2}
    return DenoisingAutoencoder(DenoisingAutoencoderConfig.from_values(small).resolved(spec), spec)


def test_the_draws_of_a_split_are_the_same_however_it_is_read(model: DenoisingAutoencoder) -> None:
    tests = load_dataset("digits", "test")
    assert "psnr_restored" in usual_metrics(model)
    few, many = (evaluate(model, tests, ["psnr_restored"], MetricSettings(batch_size=size))[0] for size in (7, 1000))
    assert few.settings == many.settings
    assert few.value == pytest.approx(many.value, rel=1e-6)
    assert few.count == len(tests)
    assert evaluate(model, tests, ["psnr_restored"])[0] == evaluate(model, tests, ["psnr_restored"])[0]
    (other,) = evaluate(model, tests, ["psnr_restored"], MetricSettings(seed=1))
    assert other.settings["corrupted"] != few.settings["corrupted"]


def test_a_model_is_asked_to_restore_what_was_corrupted(model: DenoisingAutoencoder) -> None:
    tests = load_dataset("digits", "test")
    images = tests.scaled()
    corrupted = corrupt_items(images, torch.arange(len(tests)), model.corruption, seed=0)
    with torch.no_grad():
        restored = model.eval().restore(corrupted.images)
    (measurement,) = evaluate(model, tests, ["psnr_restored"])
    assert measurement.value == pytest.approx(float(psnr(images, restored).mean()), rel=1e-6)
    blurred = corrupted.kinds == KINDS.index("gaussian_blur")
    expected = float(psnr(images[blurred], corrupted.images[blurred]).mean())
    assert measurement.settings["gaussian_blur corrupted"] == pytest.approx(expected, abs=0.001)
    assert measurement.settings["gaussian_blur Wiener filter"] != pytest.approx(expected, abs=0.001)
    assert len(measurement.per_unit) == len(KINDS)
