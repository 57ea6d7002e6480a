"""`directions` and `edit` on every model: a table, or a sentence that says what this model cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from PIL import Image

from tests.trainers.engine.small_runs import small_runs
from trainers.engine.checkpoint import TrainingMark, save_checkpoint
from trainers.engine.training_request import resolve_request
from trainers.latent.direction_methods import METHODS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trainers.cli.conftest import Invoke

RUNS = {f"{run.request.model}-{run.request.data}": run for run in reversed(small_runs())}


@pytest.fixture(params=RUNS)
def checkpoint(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A model as it is before its first step, somewhat out of its balance."""
    resolved = resolve_request(RUNS[request.param].request)
    torch.manual_seed(0)
    resolved.model.prepare(resolved.dataset, torch.Generator().manual_seed(0))
    with torch.no_grad():
        for parameter in resolved.model.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape))
    path = tmp_path / f"{request.param}.safetensors"
    save_checkpoint(path, resolved.model, TrainingMark(run="none", step=1, epoch=1.0, seed=0))
    return path


def test_every_method_gives_directions_or_a_sentence(invoke: Invoke, checkpoint: Path) -> None:
    found = {}
    for method in METHODS:
        outcome = invoke("directions", checkpoint, "--method", method, "--limit", 100, "--count", 2, "--json")
        assert outcome.code in (0, 2), (method, outcome.stderr)
        if outcome.code == 0:
            found[method] = outcome.answer["directions"]
            assert found[method]
        else:
            assert outcome.sentence.endswith(".")
            assert "choose" in outcome.sentence
    assert "principal" in found
    name = found["principal"][0]["name"]
    moved = invoke("edit", checkpoint, "sample:1", "--direction", name, "--amounts", "-50,0,50", "--json")
    assert (moved.code, moved.stderr) == (0, "")
    with Image.open("edit.png") as strip:
        darkest, brightest = strip.convert("L").getextrema()
    assert darkest != brightest
