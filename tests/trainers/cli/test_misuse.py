"""Every wrong request the terminal can meet: one sentence, the right exit code, nothing done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.trainers.cli.conftest import Invoke

TRAIN = ("train", "vae", "--data", "digits")

REQUESTS = [
    (("trian",), r"trian"),
    (("list", "vea"), r"no model named 'vea'; did you mean vae\?"),
    (("train", "vea", "--data", "digits"), r"no model named 'vea'; did you mean vae\?"),
    (("train", "vae", "--data", "digitz"), r"no dataset named 'digitz'; did you mean digits\?"),
    (("train", "--data", "digits"), r"which model.*autoencoder, .*vae"),
    (("train", "vae"), r"--data"),
    (("train", "--preset", "digitz"), r"no preset named 'digitz'; did you mean digits"),
    (("train", "--help-settings"), r"which model"),
    ((*TRAIN, "--set", "latent_siez=2"), r"no setting named 'latent_siez'; did you mean latent_size"),
    ((*TRAIN, "--set", "latent_size"), r"'latent_size' has no value; write it as name=value"),
    ((*TRAIN, "--set", "latent_size=0"), r"latent_size = 0 .*from 1 to 4096"),
    ((*TRAIN, "--set", "latent_size=two"), r"latent_size = two .*whole number"),
    ((*TRAIN, "--set", "likelihood=poisson"), r"likelihood = poisson .*bernoulli"),
    ((*TRAIN, "--epochs", "0"), r"epochs = 0 .*from 1"),
    ((*TRAIN, "--epochs", "many"), r"'--epochs'.*integer"),
    ((*TRAIN, "--batch-size", "0"), r"batch_size = 0 .*from 1"),
    ((*TRAIN, "--max-steps", "0"), r"max_steps = 0"),
    ((*TRAIN, "--device", "gpu"), r"no device named 'gpu'.*cpu"),
    ((*TRAIN, "--device", "cuda:99"), r"no device named 'cuda:99'.*cpu"),
    ((*TRAIN, "--precision", "half"), r"precision = half .*bfloat16"),
    ((*TRAIN, "--binarisation", "often"), r"binarisation = often .*dynamic"),
    ((*TRAIN, "--set", "likelihood=bernoulli", "--binarisation", "none"), r"binarisation"),
    ((*TRAIN, "--epoch", "3"), r"--epoch"),
    ((*TRAIN, "--devices", "3", "--batch-size", "32", "--device", "cpu"), r"32 items .* 3 processes; .*such as 30"),
    ((*TRAIN, "--devices", "8", "--batch-size", "4", "--device", "cpu"), r"4 items .* 8 processes; .*such as 8"),
    ((*TRAIN, "--devices", "0"), r"devices = 0 .*from 1 to 64"),
    ((*TRAIN, "--nodes", "2"), r"on 2 machines .*torchrun --nnodes 2 --node-rank 0 .*--nproc-per-node 1 "),
    (("train", "vae", "--data", "moons"), r"vae models images, .*moons are points"),
    (("train", "glo", "--data", "moons"), r"glo models images, .*moons are points"),
    (("train", "vq_vae", "--data", "moons"), r"vq_vae models images, .*moons are points"),
    (("train", "pixelcnn", "--data", "moons"), r"pixelcnn models images, .*moons are points"),
    (("train", "ladder_vae", "--data", "moons"), r"ladder_vae models images, .*moons are points"),
    (("train", "conditional_vae", "--data", "digits", "--set", "condition=attributes"), r"digits has no attributes"),
    (("train", "gan", "--data", "digits", "--batch-size", "1"), r"at least 2 items of a step .*raise batch_size"),
    (("train", "ladder_vae", "--data", "digits", "--batch-size", "1"), r"at least 2 items of a step"),
    (("train", "gan", "--data", "digits", "--set", "loss=hinge", "--set", "label_smoothing=0.1"), r"set it to 0"),
    (("train", "gan", "--data", "digits", "--set", "moving_average_decay=1"), r"decay = 1 .*below 1"),
    (("train", "gan", "--data", "digits", "--set", "learning_rate=1e6"), r"learning_rate = 1000000.*at most 1"),
    (("train", "wgan_gp", "--data", "digits", "--set", "critic_repeats=-1"), r"critic_repeats = -1 .*from 1 to 100"),
    (("train", "vq_vae", "--data", "digits", "--set", "entries=1"), r"entries = 1 .*from 2 to 8192"),
    (("train", "pixelcnn", "--data", "digits", "--set", "kernel_size=4"), r"kernel_size = 4 .*one of 3, 5, 7"),
    (("train", "real_nvp", "--data", "digits", "--set", "levels=4"), r"8×8 pixels .*levels to at most 3"),
    (("train", "ladder_vae", "--data", "digits", "--set", "latent_sizes=[4]"), r"1 levels and hidden_sizes 5"),
    (("train", "vae", "extra", "--data", "digits"), r"extra"),
    (("train", "--resume", "nothing"), r"nothing"),
    (("evaluate",), r"RUN"),
    (("evaluate", "nothing"), r"There is no run folder and no checkpoint at nothing"),
    (("evaluate", "nothing", "--metric", "fidelity"), r"no metric named 'fidelity'"),
    (("evaluate", "nothing", "--importance-samples", "0"), r"importance-samples"),
    (("evaluate", "nothing", "--samples", "1"), r"--samples"),
    (("sample", "nothing"), r"There is no run folder"),
    (("sample", "nothing", "--attribute", "smile=wide"), r"smile=wide is not allowed"),
    (("sample", "nothing", "--temperature", "1,hot"), r"--temperature 1,hot is not allowed"),
    (("export", "progression", "nothing"), r"There is no run folder"),
    (("export", "progression", "nothing", "--out", "sheet.jpg"), r"must end in \.png"),
    (("sample", "nothing", "--count", "0"), r"--count"),
    (("sample", "nothing", "--temperature", "-1"), r"--temperature"),
    (("sample", "nothing", "--out", "picture.jpg"), r"must end in \.png"),
    (("encode", "nothing", "--out", "codes.csv"), r"must end in \.npz"),
    (("export",), r"--help"),
    (("export", "poem", "nothing"), r"poem"),
    (("export", "manifold", "nothing", "--spacing", "odd"), r"--spacing"),
    (("export", "manifold", "nothing", "--extent", "2"), r"--spacing even"),
    (("export", "model", "nothing", "--out", "model.pt"), r"must end in \.safetensors"),
    (("data",), r"--help"),
    (("data", "classifier", "mnits"), r"no dataset named 'mnits'; did you mean mnist"),
    (("data", "get", "mnits"), r"no dataset named 'mnits'; did you mean mnist"),
    (("data", "show", "nowhere"), r"nowhere"),
]


@pytest.mark.parametrize(("request_words", "pattern"), REQUESTS, ids=[" ".join(words) for words, _ in REQUESTS])
def test_wrong_request_is_one_sentence(invoke: Invoke, request_words: tuple[str, ...], pattern: str) -> None:
    outcome = invoke(*request_words)
    assert outcome.code == 2
    assert re.search(pattern, outcome.sentence)
    assert outcome.sentence.endswith((".", "?"))
    assert outcome.stdout == ""
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("request_words", [("evaluate", "nothing"), ("data", "get", "mnits"), ("sample",), ("sampel",)])
def test_wrong_request_is_an_answer_too(invoke: Invoke, request_words: tuple[str, ...]) -> None:
    outcome = invoke(*request_words, "--json")
    assert outcome.code == 2
    assert outcome.answer == {"error": outcome.sentence}
    assert len(outcome.stdout.splitlines()) == 1


@pytest.mark.parametrize("options", [("--epochs", "many"), ("--set", "latent_size=0"), ("--device", "gpu")])
def test_wrong_training_is_an_event_too(invoke: Invoke, options: tuple[str, ...]) -> None:
    outcome = invoke(*TRAIN, *options, "--json")
    assert outcome.code == 2
    assert outcome.answer == {"event": "failed", "message": outcome.sentence, "error": outcome.sentence}
    assert len(outcome.stdout.splitlines()) == 1


def test_interrupted_command_says_so(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("trainers.engine.presets.preset_names", interrupt)
    outcome = invoke("list", "--json")
    assert (outcome.code, outcome.sentence) == (130, "Interrupted.")
    assert outcome.answer == {"error": "Interrupted."}
