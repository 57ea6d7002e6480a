from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from tests.trainers.cli.conftest import Invoke


def test_answer_holds_metrics_with_their_settings(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke(
        *("evaluate", vae_run, "--metric", "elbo", "--metric", "iw_bound", "--importance-samples", 7),
        *("--limit", 50, "--json"),
    )
    assert outcome.code == 0
    assert len(outcome.stdout.splitlines()) == 1
    assert (outcome.answer["data"], outcome.answer["split"]) == ("digits", "test")
    assert outcome.answer["checkpoint"] == str(vae_run / "checkpoints" / "step-00000022.safetensors")
    metrics = outcome.answer["metrics"]
    assert list(metrics) == ["elbo", "iw_bound"]
    assert metrics["iw_bound"]["settings"]["importance_samples"] == 7
    assert metrics["iw_bound"]["value"] >= metrics["elbo"]["value"]
    assert (metrics["elbo"]["unit"], metrics["elbo"]["better"], metrics["elbo"]["count"]) == (
        "nats per image", "higher", 50
    )  # fmt: skip
    assert metrics["elbo"]["standard_error"] > 0


def test_without_names_everything_possible_is_measured(invoke: Invoke, vae_run: Path, autoencoder_run: Path) -> None:
    measured = invoke("evaluate", vae_run, "--limit", 20, "--importance-samples", 2, "--json").answer["metrics"]
    assert set(measured) == {"active_units", "elbo", "iw_bound", "kl", "reconstruction_error"}
    assert len(measured["kl"]["per_unit"]) == 3
    told = invoke("evaluate", vae_run, "--limit", 20, "--importance-samples", 2).stdout
    on_request = "bits_per_dimension, fid_embedded, fid_inception, is_embedded, is_inception, kid_embedded"
    assert f"On request: --metric {on_request}" in told
    assert "Measured before: active_units, elbo, iw_bound, kl, reconstruction_error; --again measures anew." in told
    measured = invoke("evaluate", autoencoder_run, "--limit", 20, "--json").answer["metrics"]
    assert set(measured) == {"active_units", "reconstruction_error"}


def test_run_that_cannot_be_written_is_measured_all_the_same(
    invoke: Invoke, vae_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Path(shutil.copytree(vae_run, tmp_path / "run"))
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "fsync", refuse)
    outcome = invoke("evaluate", run, "--metric", "elbo", "--limit", 20, "--again", "--json")
    assert outcome.code == 0
    assert outcome.answer["metrics"]["elbo"]["count"] == 20
    assert "metrics.json may not be written" in outcome.sentence


def test_metric_that_the_model_cannot_have_is_refused(invoke: Invoke, autoencoder_run: Path) -> None:
    outcome = invoke("evaluate", autoencoder_run, "--metric", "elbo")
    assert outcome.code == 2
    assert "autoencoder" in outcome.sentence


@pytest.mark.parametrize("metrics", [(), ("--metric", "reconstruction_error")], ids=["usual", "chosen"])
def test_importance_samples_that_nothing_uses_are_refused(
    invoke: Invoke, autoencoder_run: Path, metrics: tuple[str, ...]
) -> None:
    outcome = invoke("evaluate", autoencoder_run, *metrics, "--importance-samples", 5)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.sentence.startswith(
        "--importance-samples is for anomaly_auroc, bits_per_dimension, iw_bound, none of which is measured here ("
    )


@pytest.mark.parametrize(
    ("option", "value"), [("--samples", "500"), ("--anomalous-class", "3"), ("--anomaly-score", "error")]
)
def test_a_setting_that_no_metric_looks_at_is_refused(
    invoke: Invoke, autoencoder_run: Path, option: str, value: str
) -> None:
    outcome = invoke("evaluate", autoencoder_run, "--metric", "reconstruction_error", option, value)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.sentence.startswith(f"{option} is for ")
    assert outcome.sentence.endswith(" measured here (reconstruction_error); leave it out.")
    assert ("which is not" in outcome.sentence) == outcome.sentence.startswith(f"{option} is for anomaly_auroc, ")


def test_importance_samples_serve_every_metric_that_draws_them(invoke: Invoke, vae_run: Path) -> None:
    command = ("evaluate", vae_run, "--metric", "bits_per_dimension", "--importance-samples", 3, "--limit", 20)
    found = invoke(*command, "--json").answer["metrics"]["bits_per_dimension"]
    assert found["settings"]["importance_samples"] == 3


def test_a_damaged_file_of_measurements_is_put_aside_and_said(invoke: Invoke, vae_run: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(vae_run, tmp_path / "copy"))
    (run / "metrics.json").write_text('[{"name": "elbo", "val')
    outcome = invoke("evaluate", run, "--metric", "kl", "--limit", 20, "--json")
    assert outcome.code == 0
    assert f"could be read: {run / 'metrics.damaged-1.json'} is what metrics.json was;" in outcome.sentence
    assert (run / "metrics.damaged-1.json").read_text() == '[{"name": "elbo", "val'
    assert list(outcome.answer["metrics"]) == ["kl"]
    assert outcome.sentence in invoke("compare", run, "--json").answer["sentences"]


def test_batch_size_changes_no_result(invoke: Invoke, vae_run: Path) -> None:
    values = []
    for batch_size in (7, 400):
        command = ("evaluate", vae_run, "--importance-samples", 3, "--batch-size", batch_size, "--json")
        metrics = invoke(*command).answer["metrics"]
        values.append([metrics[name]["value"] for name in sorted(metrics)])
    assert values[0] == pytest.approx(values[1], rel=1e-5)


def test_whole_split_and_its_size_are_in_the_answer(invoke: Invoke, vae_run: Path) -> None:
    for split, count in (("train", 1438), ("test", 359)):
        command = ("evaluate", vae_run, "--metric", "reconstruction_error", "--split", split, "--json")
        answer = invoke(*command).answer
        assert (answer["split"], answer["metrics"]["reconstruction_error"]["count"]) == (split, count)


def test_measurements_are_kept_in_the_run(invoke: Invoke, vae_run: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(vae_run, tmp_path / "copy", ignore=shutil.ignore_patterns("metrics.json")))
    answer = invoke("evaluate", run, "--metric", "elbo", "--limit", 20, "--json").answer
    (row,) = json.loads((run / "metrics.json").read_text())
    assert row["name"] == "elbo"
    assert row["value"] == answer["metrics"]["elbo"]["value"]
    assert row["checkpoint"] == answer["digest"]


def test_a_checkpoint_taken_out_of_its_run_is_measured_the_same(invoke: Invoke, vae_run: Path, tmp_path: Path) -> None:
    checkpoint = sorted((vae_run / "checkpoints").iterdir())[-1]
    alone = Path(shutil.copy(checkpoint, tmp_path / "mailed.safetensors"))
    command = ("--metric", "elbo", "--limit", 20, "--json")
    answers = [invoke("evaluate", path, *command).answer for path in (vae_run, checkpoint, checkpoint.parent, alone)]
    assert len({answer["metrics"]["elbo"]["value"] for answer in answers}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mailed.safetensors"]


def test_person_reads_a_table(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("evaluate", vae_run, "--metric", "elbo", "--limit", 20)
    assert outcome.code == 0
    assert "nats per image" in outcome.stdout
    assert "vae / digits, epoch 2" in outcome.stdout


def test_other_data_must_have_the_same_shape(invoke: Invoke, vae_run: Path) -> None:
    Path("wide").mkdir()
    for place in range(2):
        Image.new("L", (16, 8)).save(f"wide/{place}.png")
    outcome = invoke("evaluate", vae_run, "--data", "wide")
    assert outcome.code == 2
    assert "wide" in outcome.sentence
    assert "choose" in outcome.sentence


@pytest.mark.parametrize("split", ["validation", ""])
def test_unknown_split_is_refused(invoke: Invoke, vae_run: Path, split: str) -> None:
    outcome = invoke("evaluate", vae_run, "--split", split)
    assert outcome.code == 2
    assert outcome.sentence.endswith(f"'--split': {split!r} is not one of 'train', 'test'.")


@pytest.mark.parametrize("metric", ["mode_coverage", "fid_embedded"])
def test_samples_without_a_classifier_are_one_sentence(
    invoke: Invoke, vae_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metric: str
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    outcome = invoke("evaluate", vae_run, "--metric", metric)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.sentence == (
        "There is no classifier of digits yet; train it with: latent-trainer data classifier digits"
    )


def test_samples_are_measured_when_asked_for(
    invoke: Invoke, vae_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("trainers.engine.classifier_training._FEWEST_STEPS", 110)
    assert invoke("data", "classifier", "digits").code == 0
    command = ("evaluate", vae_run, "--metric", "mode_coverage", "--metric", "fid_embedded", "--samples", 400)
    metrics = invoke(*command, "--json").answer["metrics"]
    assert sum(metrics["mode_coverage"]["per_unit"]) == 400
    assert metrics["fid_embedded"]["settings"]["compared_with"] == "359 original images"
    assert metrics["fid_embedded"]["value"] > 0.0
    assert "embedded-classifier FID" in invoke(*command).stdout


def test_accuracy_of_classes_is_refused_for_a_model_without(invoke: Invoke, vae_run: Path) -> None:
    outcome = invoke("evaluate", vae_run, "--metric", "conditional_accuracy")
    assert outcome.code == 2
    assert "conditional_accuracy needs classes to sample from" in outcome.sentence
