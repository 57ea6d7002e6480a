"""A class held out with `train`, and looked for with `evaluate`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.trainers.cli.conftest import SMALL

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trainers.cli.conftest import Invoke

TRAIN = ("train", "autoencoder", *SMALL, "--data", "digits", "--max-steps", 2, "--device", "cpu")


def test_a_class_is_held_out_recorded_and_looked_for(invoke: Invoke, tmp_path: Path) -> None:
    assert invoke(*TRAIN, "--hold-out-class", 4, "--run", tmp_path / "run").code == 0
    record = json.loads((tmp_path / "run/run.json").read_text())
    assert record["request"]["hold_out_class"] == "4"
    assert record["data"]["held_out_classes"] == ["4"]
    found = invoke("evaluate", tmp_path / "run", "--json").answer["metrics"]["anomaly_auroc"]
    assert found["settings"]["class"] == "4"
    assert 0.0 <= found["value"] <= 1.0
    other = invoke("evaluate", tmp_path / "run", "--metric", "anomaly_auroc", "--anomalous-class", "7", "--json")
    assert other.answer["metrics"]["anomaly_auroc"]["settings"]["held_out"] == "no"
    assert other.answer["metrics"]["anomaly_auroc"]["value"] != found["value"]
    encoded = invoke("encode", tmp_path / "run", "--split", "train", "--out", tmp_path / "codes.npz", "--json")
    assert encoded.answer["count"] == record["data"]["count"] < 1437


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*TRAIN, "--hold-out-class", "eleven"), "There is no class named 'eleven'"),
        ((*TRAIN, "--hold-out-class", "-1"), "There is no class named '-1'"),
        (("train", "real_nvp", "--data", "swiss_roll", "--hold-out-class", "0"), "swiss_roll has no classes"),
    ],
)
def test_a_class_that_cannot_be_held_out_is_one_sentence(
    arguments: tuple[object, ...], said: str, invoke: Invoke, tmp_path: Path
) -> None:
    outcome = invoke(*arguments, "--run", tmp_path / "run")
    assert outcome.code == 2
    assert said in outcome.sentence
    assert not (tmp_path / "run").exists()


def test_a_resumed_run_keeps_its_class(invoke: Invoke, autoencoder_run: Path) -> None:
    outcome = invoke("train", "--resume", autoencoder_run, "--hold-out-class", "4")
    assert outcome.code == 2
    assert "leave out --hold-out-class" in outcome.sentence


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "train one with --hold-out-class, or say which class"),
        (("--anomalous-class", "dog"), "There is no class named 'dog'"),
        (("--anomalous-class", "4", "--anomaly-score", "likelihood"), "has no likelihood"),
    ],
)
def test_anomalies_without_what_it_takes_are_one_sentence(
    options: tuple[str, ...], said: str, invoke: Invoke, autoencoder_run: Path
) -> None:
    outcome = invoke("evaluate", autoencoder_run, "--metric", "anomaly_auroc", *options)
    assert outcome.code == 2
    assert said in outcome.sentence
