"""A class kept out of training, from the request to everything that uses the data of a checkpoint."""

from pathlib import Path

import pytest
import torch

from tests.trainers.engine.conftest import SMALL, CommandsAfter, FinalWeights
from tests.trainers.engine.measured_checkpoint import measure_checkpoint
from trainers.data.catalogue import load_dataset, load_split_of
from trainers.engine.anomaly import scores_of_items
from trainers.engine.checkpoint import load_model, read_header
from trainers.engine.encoding import encode_dataset
from trainers.engine.evaluation import evaluate, usual_metrics
from trainers.engine.inversion import reconstruct
from trainers.engine.measuring import MeasuringRequest
from trainers.engine.metric_needs import possible_metrics
from trainers.engine.model_subject import ModelSubject
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import resume, train
from trainers.engine.training_request import TrainingRequest, resolve_request
from trainers.errors import UsageError
from trainers.latent.mixture_prior import GaussianMixturePrior
from trainers.metrics.anomaly import roc_curve
from trainers.metrics.metric import MetricSettings
from trainers.networks.pixel_bias import PixelBias
from trainers.reporting import never, no_report


def _request(**values: object) -> TrainingRequest:
    usual = {"model": "autoencoder", "model_settings": SMALL, "data": "digits", "batch_size": 32, "device": "cpu"}
    return TrainingRequest.from_values({**usual, "max_steps": 6, "hold_out_class": "4", **values})


def test_a_run_and_its_checkpoints_record_the_class_and_never_saw_it(tmp_path: Path) -> None:
    train(_request(), tmp_path / "run")
    folder = RunFolder(tmp_path / "run")
    header = read_header(folder.latest())
    everything = load_dataset("digits", "train")
    assert everything.labels is not None
    others = int((everything.labels != 4).sum())
    assert folder.request().hold_out_class == "4"
    assert header.title.startswith("autoencoder / digits without 4, epoch ")
    for spec in (folder.record().data, header.data):
        assert spec.held_out_classes == ("4",)
        assert spec.count == others
        assert spec.class_names == everything.spec.class_names
        assert spec.fingerprint == everything.spec.fingerprint
    assert load_split_of(header.data, "train").labels is not None
    assert len(load_split_of(header.data, "train")) == others


def test_a_class_may_be_numbered_and_is_recorded_by_name() -> None:
    resolved = resolve_request(_request(data="moons", model="real_nvp", model_settings={}, hold_out_class="0"))
    assert resolved.request.hold_out_class == "upper"
    assert resolved.dataset.labels is not None
    assert resolved.dataset.labels.unique().tolist() == [1]
    again = resolve_request(resolved.request)
    assert again.dataset.spec == resolved.dataset.spec


@pytest.mark.parametrize(
    ("data", "named", "said"),
    [("digits", "eleven", "0, 1, 2, 3"), ("swiss_roll", "upper", "swiss_roll has no classes")],
)
def test_a_class_that_cannot_be_held_out_is_refused_before_anything_is_written(
    data: str, named: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        train(_request(data=data, hold_out_class=named), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_stop_and_resume_equal_no_stop(
    commands_after: CommandsAfter, final_weights: FinalWeights, tmp_path: Path
) -> None:
    train(_request(), tmp_path / "whole")
    train(_request(), tmp_path / "parts", commands=commands_after({3: "stop"}))
    resume(tmp_path / "parts")
    whole, parts = (final_weights(tmp_path / name) for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
    train(_request(hold_out_class=None), tmp_path / "everything")
    everything = final_weights(tmp_path / "everything")
    assert any(not torch.equal(whole[name], everything[name]) for name in whole)


def test_the_mean_image_and_the_fitted_prior_are_those_of_the_other_classes(tmp_path: Path) -> None:
    train(_request(max_steps=1), tmp_path / "run")
    model = load_model(RunFolder(tmp_path / "run").latest())
    kept = load_split_of(model.data_spec, "train")
    start = load_model(RunFolder(tmp_path / "run").checkpoints()[0].path)
    (bias,) = (module.bias for module in start.modules() if isinstance(module, PixelBias))
    assert torch.allclose(bias, torch.logit(kept.mean_image(), eps=1e-3), atol=1e-5)
    expected = GaussianMixturePrior(2, 10)
    expected.fit(torch.from_numpy(encode_dataset(model, kept).codes), 0)
    assert torch.allclose(model.prior_moments()[0], expected.moments()[0], atol=1e-4)
    whole = encode_dataset(model, load_dataset("digits", "train")).codes.mean(axis=0)
    assert not torch.allclose(model.prior_moments()[0], torch.from_numpy(whole), atol=1e-4)


def test_codes_learned_for_items_belong_to_the_items_that_were_seen(tmp_path: Path) -> None:
    settings = {**SMALL, "latent_size": 2}
    train(_request(model="glo", model_settings=settings), tmp_path / "run")
    model = load_model(RunFolder(tmp_path / "run").latest())
    encodings = encode_dataset(model, load_split_of(model.data_spec, "train"))
    assert encodings.labels is not None
    assert 4 not in encodings.labels
    with pytest.raises(UsageError, match="only a code for every item it learned from"):
        encode_dataset(model, load_dataset("digits", "train"))


def test_metrics_compare_with_the_items_that_were_seen(tmp_path: Path) -> None:
    train(_request(), tmp_path / "run")
    model = load_model(RunFolder(tmp_path / "run").latest())
    tests = load_split_of(model.data_spec, "test")
    subject = ModelSubject(model, tests)
    assert len(subject.training_items) == model.data_spec.count
    assert 4 not in subject.training_codes(1000, no_report, never)[1]
    assert subject.count == len(load_dataset("digits", "test"))
    request = MeasuringRequest(RunFolder(tmp_path / "run").latest(), ("reconstruction_error",), split="train")
    (kept,) = measure_checkpoint(request).measurements
    assert kept.measurement.count == model.data_spec.count


def test_the_class_that_was_held_out_is_what_scores_are_judged_by(tmp_path: Path) -> None:
    settings = {**SMALL, "latent_size": 4}
    request = _request(model="vae", model_settings=settings, data="digits", hold_out_class="0", max_steps=400)
    train(request, tmp_path / "run")
    model = load_model(RunFolder(tmp_path / "run").latest())
    tests = load_split_of(model.data_spec, "test")
    assert tests.labels is not None
    assert "anomaly_auroc" in usual_metrics(model)
    found = scores_of_items(model, tests)
    assert (found.held_out, found.what) == ("0", "-evidence bound")
    assert torch.equal(found.labels, tests.labels)
    assert torch.equal(found.anomalous, tests.labels == 0)
    (measurement,) = evaluate(model, tests, ["anomaly_auroc"])
    assert measurement.value == roc_curve(found.scores, found.anomalous).area
    train(request.model_copy(update={"hold_out_class": None}), tmp_path / "knowing")
    knowing = load_model(RunFolder(tmp_path / "knowing").latest())
    (known,) = evaluate(knowing, tests, ["anomaly_auroc"], MetricSettings(anomalous_class="0"))
    assert measurement.value > known.value + 0.05
    few = scores_of_items(model, tests, MetricSettings(batch_size=7))
    assert torch.allclose(few.scores, found.scores, rtol=1e-4)
    assert scores_of_items(model, tests, MetricSettings(anomaly_score="error")).what == "reconstruction error"


def test_scores_of_a_model_that_saw_all_classes_need_one_named(tmp_path: Path) -> None:
    train(_request(hold_out_class=None), tmp_path / "run")
    model = load_model(RunFolder(tmp_path / "run").latest())
    tests = load_split_of(model.data_spec, "test")
    assert "anomaly_auroc" not in possible_metrics(model)
    with pytest.raises(UsageError, match=r"No class was held out.*--hold-out-class"):
        scores_of_items(model, tests)
    found = scores_of_items(model, tests, MetricSettings(anomalous_class="4"))
    assert (found.held_out, found.what) == ("4", "reconstruction error")
    decoded = reconstruct(model, tests.scaled())
    expected = (decoded - tests.scaled()).square().flatten(1).mean(dim=1)
    assert torch.allclose(found.scores, expected.double(), rtol=1e-4)
