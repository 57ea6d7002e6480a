import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.trainers.engine.measured_checkpoint import measure_checkpoint
from trainers.data.catalogue import load_dataset
from trainers.data.split_fingerprint import split_fingerprint
from trainers.engine import classifier_training, evaluation, measuring
from trainers.engine.checkpoint import TrainingMark, save_checkpoint
from trainers.engine.classifier_training import train_classifier
from trainers.engine.measuring import MeasuringRequest
from trainers.engine.model_subject import ModelSubject
from trainers.errors import StoppedError, UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import MetricSettings
from trainers.reporting import no_report

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import MakeModel
    from trainers.data.image_dataset import ImageDataset
    from trainers.engine.kept_measurements import KeptMeasurement


@pytest.fixture
def checkpoint(make_model: "MakeModel", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkpoint outside a run, with a cache of its own."""
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, make_model(), TrainingMark(run="run", step=1, epoch=1.0, seed=0))
    return path


@pytest.fixture
def held_out() -> "ImageDataset":
    return load_dataset("digits", "test")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the metrics that were really measured."""
    measured: list[str] = []
    whole = evaluation.measure_metric

    def count(model: object, subject: object, metric: type, *rest: object) -> object:
        measured.append(metric.name)  # type: ignore[attr-defined]
        return whole(model, subject, metric, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("trainers.engine.measuring.measure_metric", count)
    return measured


def request(checkpoint: Path, *names: str, **settings: int) -> MeasuringRequest:
    return MeasuringRequest(checkpoint, names, MetricSettings(limit=40, **settings))


def test_what_is_known_with_the_same_settings_is_not_measured_again(checkpoint: Path, counted: list[str]) -> None:
    first = measure_checkpoint(request(checkpoint, "kl", "iw_bound"))
    second = measure_checkpoint(request(checkpoint, "iw_bound", "kl", batch_size=7))
    assert counted == ["kl", "iw_bound"]
    assert second.known == ("iw_bound", "kl")
    assert second.measurements == first.measurements[::-1]
    third = measure_checkpoint(request(checkpoint, "kl", "iw_bound", importance_samples=3))
    # The number of importance samples is nothing to the divergence.
    assert counted == ["kl", "iw_bound", "iw_bound"]
    assert third.measurements[0] == first.measurements[0]
    assert third.measurements[1] != first.measurements[1]
    measure_checkpoint(replace(request(checkpoint, "kl"), again=True))
    measure_checkpoint(replace(request(checkpoint, "kl"), split="train"))
    measure_checkpoint(request(checkpoint, "kl", seed=1))
    assert counted == ["kl", "iw_bound", "iw_bound", "kl", "kl", "kl"]


OTHER = {
    "importance_samples": 3,
    "batch_size": 7,
    "seed": 1,
    "limit": 20,
    "samples": 50,
    "anomaly_score": "error",
    "anomalous_class": "3",
}


@pytest.mark.parametrize("name", METRICS.names())
def test_every_setting_that_a_value_hangs_on_makes_it_another_one(
    name: str, checkpoint: Path, held_out: "ImageDataset", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "resource_digests", lambda *_asked: {})
    assert set(OTHER) == set(MetricSettings.model_fields)

    def key(**settings: object) -> str:
        asked = MeasuringRequest(checkpoint, settings=MetricSettings.from_values(settings))
        return measuring._key(METRICS[name], "a1", "f00", held_out, asked)

    weighs = {setting for setting, value in OTHER.items() if key(**{setting: value}) != key()}
    assert weighs == METRICS[name].uses


def test_values_of_an_older_version_of_a_metric_are_not_taken(
    checkpoint: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measure_checkpoint(request(checkpoint, "kl", "active_units"))
    monkeypatch.setattr(METRICS["kl"], "version", METRICS["kl"].version + 1)
    measure_checkpoint(request(checkpoint, "kl", "active_units"))
    assert counted == ["kl", "active_units", "kl"]


def test_fewer_items_are_measured_anew(checkpoint: Path, counted: list[str]) -> None:
    few, more = (
        measure_checkpoint(MeasuringRequest(checkpoint, ("kl",), MetricSettings(limit=limit))).measurements[0]
        for limit in (20, 40)
    )
    assert (few.measurement.count, more.measurement.count) == (20, 40)
    assert counted == ["kl", "kl"]


def test_a_cancelled_evaluation_goes_on_where_it_ended(checkpoint: Path, counted: list[str]) -> None:
    told: list[KeptMeasurement] = []
    names = ("active_units", "kl", "elbo")
    with pytest.raises(StoppedError):
        measure_checkpoint(request(checkpoint, *names), no_report, lambda: bool(told), told.append)
    assert [kept.measurement.name for kept in told] == ["active_units"]
    measured = measure_checkpoint(request(checkpoint, *names), on_measured=told.append)
    assert counted == ["active_units", "kl", "kl", "elbo"]
    assert measured.known == ("active_units",)
    assert [kept.measurement.name for kept in told] == ["active_units", *names]


def test_values_of_another_checkpoint_are_not_taken(
    checkpoint: Path, counted: list[str], make_model: "MakeModel", tmp_path: Path
) -> None:
    other = tmp_path / "other.safetensors"
    save_checkpoint(other, make_model(seed=1), TrainingMark(run="run", step=1, epoch=1.0, seed=0))
    copy = Path(shutil.copy(checkpoint, tmp_path / "copy.safetensors"))
    first = measure_checkpoint(request(checkpoint, "kl"))
    assert measure_checkpoint(request(other, "kl")).measurements != first.measurements
    assert measure_checkpoint(request(copy, "kl")).measurements == first.measurements
    assert counted == ["kl", "kl"]


def test_a_measurement_says_all_it_hangs_on(checkpoint: Path, digits: "ImageDataset") -> None:
    (kept,) = measure_checkpoint(replace(request(checkpoint, "elbo"), split="train")).measurements
    assert (kept.data, kept.split, kept.fingerprint) == ("digits", "train", split_fingerprint(digits))
    assert kept.measurement.settings["binarisation"] == "none"
    assert kept.measurement.count == 40


def test_features_of_the_split_are_found_once(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, make_model: "MakeModel", tmp_path: Path
) -> None:
    monkeypatch.setattr(classifier_training, "_FEWEST_STEPS", 30)
    train_classifier("digits")
    extracted: list[int] = []
    whole = ModelSubject.extract

    def count(self: ModelSubject, images: object, extractor: object) -> object:
        extracted.append(len(images))  # type: ignore[arg-type]
        return whole(self, images, extractor)  # type: ignore[arg-type]

    monkeypatch.setattr(ModelSubject, "extract", count)
    asked = MeasuringRequest(checkpoint, ("kid_embedded",), MetricSettings(samples=200))
    first = measure_checkpoint(asked)
    assert sum(extracted) == 200 + 359
    # Another process finds the samples' features and those of the split in the cache.
    second = measure_checkpoint(replace(asked, metrics=("precision_embedded", "kid_embedded"), again=True))
    assert sum(extracted) == 200 + 359
    assert second.measurements[1].measurement.value == first.measurements[0].measurement.value
    other = tmp_path / "other.safetensors"
    save_checkpoint(other, make_model(seed=1), TrainingMark(run="run", step=1, epoch=1.0, seed=0))
    measure_checkpoint(replace(asked, checkpoint=other))
    assert sum(extracted) == 200 + 359 + 200
    train_classifier("digits", seed=1)
    measure_checkpoint(replace(asked, metrics=("kid_embedded",)))
    assert sum(extracted) == 2 * (200 + 359) + 200


def test_everything_is_checked_first(checkpoint: Path, counted: list[str]) -> None:
    with pytest.raises(UsageError, match="There is no classifier of digits"):
        measure_checkpoint(request(checkpoint, "kl", "kid_embedded"))
    with pytest.raises(UsageError, match="no metric named 'lk'"):
        measure_checkpoint(request(checkpoint, "kl", "lk"))
    assert counted == []


def test_libraries_of_other_peoples_networks_wait_until_they_are_needed() -> None:
    program = (
        "import sys, trainers.cli.application, trainers.engine.measuring, trainers.engine.measurement_texts; "
        "print({'torch_fidelity', 'torchmetrics', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
