"""Every model through every command: one item, no noise at all, and the wrong requests that only some models meet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from PIL import Image

from tests.trainers.engine.small_runs import SmallRun, small_runs
from trainers.engine.checkpoint import TrainingMark, load_model, save_checkpoint
from trainers.engine.encoding import split_with_codes
from trainers.engine.training_request import resolve_request

if TYPE_CHECKING:
    from tests.trainers.cli.conftest import Invoke

# The first variant of every model, and every model of points.
RUNS = {f"{run.request.model}-{run.request.data}": run for run in reversed(small_runs())}


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest) -> SmallRun:
    return RUNS[request.param]


@pytest.fixture
def checkpoint(run: SmallRun, tmp_path: Path) -> Path:
    """A model as it is before its first step."""
    resolved = resolve_request(run.request)
    torch.manual_seed(0)
    resolved.model.prepare(resolved.dataset, torch.Generator().manual_seed(0))
    path = tmp_path / "models" / "model.safetensors"
    path.parent.mkdir()
    save_checkpoint(path, resolved.model, TrainingMark(run="none", step=1, epoch=1.0, seed=0))
    return path


def test_one_item_without_noise_is_enough_for_every_picture(invoke: Invoke, checkpoint: Path) -> None:
    brief = ("--starts", 1, "--inversion-steps", 1)
    commands = [
        ("sample", checkpoint, "--count", 1, "--temperature", 0),
        ("sample", checkpoint, "--count", 1, "--temperature", 10),
        ("export", "manifold", checkpoint, "--tiles", 1),
        ("export", "manifold", checkpoint, "--tiles", 2, "--spacing", "even", "--extent", 100),
        ("export", "traversal", checkpoint, "--dims", "1", "--steps", 2, "--range", 100),
        ("export", "reconstructions", checkpoint, "--count", 1, *brief),
    ]
    split = split_with_codes(load_model(checkpoint), "test")
    if split is not None:
        commands += [("encode", checkpoint, "--split", split, "--limit", 1), ("export", "traversal", checkpoint)]
    for command in commands:
        outcome = invoke(*command)
        assert (outcome.code, outcome.stderr) == (0, ""), command


def test_codes_can_be_one_number(invoke: Invoke) -> None:
    for model in ("gan", "glo", "wgan_gp", "conditional_vae"):
        brief = ("--max-steps", 1, "--set", "latent_size=1", "--set", "architecture=mlp", "--set", "hidden_sizes=[8]")
        assert invoke("train", model, "--data", "digits", *brief, "--run", model).code == 0
        for command in (("sample",), ("export", "manifold"), ("export", "traversal")):
            outcome = invoke(*command, model)
            assert (outcome.code, outcome.stderr) == (0, ""), (model, command)


def refused(invoke: Invoke, *words: object, pattern: str) -> None:
    outcome = invoke(*words)
    assert (outcome.code, outcome.stdout) == (2, ""), words
    assert re.search(pattern, outcome.sentence)
    assert outcome.sentence.endswith((".", "?"))


def test_conditions_and_temperatures_it_does_not_have_are_refused(
    invoke: Invoke, run: SmallRun, checkpoint: Path
) -> None:
    model = load_model(checkpoint)
    if model.condition_spec.kind == "none":
        nothing = "neither a class nor attributes"
        refused(invoke, "sample", checkpoint, "--class", "3", pattern=nothing)
        refused(invoke, "sample", checkpoint, "--attribute", "smile=1", pattern=nothing)
        refused(invoke, "export", "progression", checkpoint, pattern="depend on no condition")
    else:
        refused(invoke, "sample", checkpoint, "--class", "twelve", pattern="no class named 'twelve'")
        refused(invoke, "sample", checkpoint, "--attribute", "smile=1", pattern="a class and no attributes")
    levels = model.latent_space.levels
    temperatures = ",".join(["1"] * (levels + 1))
    refused(invoke, "sample", checkpoint, "--temperature", temperatures, pattern=f"{levels + 1} temperatures were")


def test_data_that_do_not_fit_are_refused_by_every_command(invoke: Invoke, run: SmallRun, checkpoint: Path) -> None:
    for place in range(4):
        Path("colourful").mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), (60 * place, 0, 9)).save(f"colourful/{place}.png")
    others = ["colourful", "digits" if run.request.data == "moons" else "moons"]
    for data in others:
        for command in (("evaluate",), ("encode",), ("export", "reconstructions")):
            refused(
                invoke, *command, checkpoint, "--data", data, pattern="trained on items of .* same shape|no encoder"
            )
