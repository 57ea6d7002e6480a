"""What a run records of each number of the code, and that recording changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from tests.trainers.engine.small_runs import small_runs
from trainers.engine import unit_recorder
from trainers.engine.evaluation import evaluate
from trainers.engine.events import Measured
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import resume, train
from trainers.engine.training_request import TrainingRequest
from trainers.engine.unit_recorder import UnitRecorder
from trainers.metrics.metric import MetricSettings
from trainers.models.autoencoder import Autoencoder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trainers.engine.conftest import CommandsAfter, FinalWeights, MakeModel, TrainSmall
    from trainers.data.image_dataset import ImageDataset
    from trainers.latent.posterior import Posterior


def measured_in(run: Path) -> list[Measured]:
    return [event for event in RunFolder(run).read_events() if isinstance(event, Measured)]


def test_the_divergence_of_each_number_is_that_of_the_metric(
    make_model: MakeModel, digits: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_recorder, "_ITEMS", len(digits))
    model = make_model("vae", latent_size=4)
    found = UnitRecorder(model, digits).measure()
    metric = evaluate(model, digits, ["kl"], MetricSettings())[0]
    assert found is not None
    assert found.name == "kl"
    # The divergence is known in closed form, so that it does not hang on the draws; what is kept has four digits.
    assert found.values == pytest.approx(metric.per_unit, rel=1e-3)


def test_codes_without_a_bound_are_told_by_their_variance(
    make_model: MakeModel, digits: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_recorder, "_ITEMS", len(digits))
    model = make_model("autoencoder")
    found = UnitRecorder(model, digits).measure()
    metric = evaluate(model, digits, ["active_units"], MetricSettings())[0]
    assert found is not None
    assert found.name == "code_variance"
    assert found.values == pytest.approx(metric.per_unit, rel=1e-3)


def test_learned_codes_are_told_by_their_variance(
    digits: ImageDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"model": "glo", "data": "digits", "device": "cpu", "max_steps": 2, "model_settings": {"latent_size": 3}}
    train(TrainingRequest.from_values(values), tmp_path / "run")
    assert [(event.name, len(event.per_unit)) for event in measured_in(tmp_path / "run")] == [("code_variance", 3)]


def test_models_without_codes_for_items_and_very_long_codes_are_not_recorded(
    make_model: MakeModel, digits: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert UnitRecorder(make_model("gan", latent_size=4), digits).measure() is None
    monkeypatch.setattr(unit_recorder, "MOST_UNITS", 3)
    assert UnitRecorder(make_model("vae", latent_size=3), digits).measure() is not None
    assert UnitRecorder(make_model("vae", latent_size=4), digits).measure() is None


def test_values_that_are_no_numbers_are_not_recorded(make_model: MakeModel, digits: ImageDataset) -> None:
    model = make_model("vae")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(float("nan"))
    assert UnitRecorder(model, digits).measure() is None


def test_mode_and_random_state_stay(make_model: MakeModel, digits: ImageDataset) -> None:
    model = make_model("vae").train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    torch.manual_seed(1)
    expected = torch.rand(2)
    torch.manual_seed(1)
    UnitRecorder(model, digits).measure()
    assert torch.equal(torch.rand(2), expected)
    assert model.training
    assert [name for name, value in model.state_dict().items() if not torch.equal(value, before[name])] == []


def test_a_model_that_draws_for_itself_leaves_the_random_state_of_the_run(
    make_model: MakeModel, digits: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_model("autoencoder")
    assert isinstance(model, Autoencoder)
    whole = model.encode

    def drawing(images: torch.Tensor, condition: torch.Tensor | None = None) -> Posterior:
        torch.rand(7)
        return whole(images, condition)

    monkeypatch.setattr(model, "encode", drawing)
    torch.manual_seed(1)
    expected = torch.rand(2)
    torch.manual_seed(1)
    assert UnitRecorder(model, digits).measure() is not None
    assert torch.equal(torch.rand(2), expected)


def test_measuring_waits_until_it_costs_little(
    make_model: MakeModel, digits: ImageDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 0.0, 0.1, 20.0, 20.2, 20.2, 20.3])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    recorder = UnitRecorder(make_model("vae"), digits)
    assert [recorder.measure_if_due() is not None for _ in range(3)] == [True, False, True]


def test_a_run_records_its_epochs(train_small: TrainSmall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_recorder, "_LARGEST_SHARE_OF_TIME", 1e9)
    train_small(tmp_path / "run", epochs=3)
    found = measured_in(tmp_path / "run")
    assert [event.epoch for event in found] == [1.0, 2.0, 3.0]
    assert [event.name for event in found] == ["kl"] * 3
    assert all(event.value == pytest.approx(sum(event.per_unit)) for event in found)
    assert found[0].per_unit != found[2].per_unit


@pytest.mark.parametrize("name", ["vae", "ladder_vae", "vq_vae"])
def test_a_run_is_the_same_with_and_without_recording(
    name: str,
    commands_after: CommandsAfter,
    final_weights: FinalWeights,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = next(run.request for run in small_runs() if run.request.model == name and run.request.data == "digits")
    request = case.model_copy(update={"epochs": 2, "batch_size": 256, "max_steps": None})
    monkeypatch.setattr(unit_recorder, "_LARGEST_SHARE_OF_TIME", 1e9)
    train(request, tmp_path / "recorded")
    train(request, tmp_path / "parts", commands=commands_after({7: "stop"}))
    resume(tmp_path / "parts")
    monkeypatch.setattr(UnitRecorder, "measure", lambda _recorder: None)
    train(request, tmp_path / "unrecorded")
    assert measured_in(tmp_path / "unrecorded") == []
    assert [len(measured_in(tmp_path / run)) for run in ("recorded", "parts")] == [2, 3]
    weights = [final_weights(tmp_path / run) for run in ("recorded", "unrecorded", "parts")]
    for others in weights[1:]:
        assert [part for part in weights[0] if not torch.equal(weights[0][part], others[part])] == []
