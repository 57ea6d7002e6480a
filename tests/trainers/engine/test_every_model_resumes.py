"""Every model in every variant goes on from any step as if it had never been stopped, to the bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import load_file

from tests.trainers.engine.small_runs import STEPS, SmallRun, small_runs
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import resume, train
from trainers.models.catalogue import MODELS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trainers.engine.conftest import CommandsAfter, FinalWeights

RUNS = small_runs()


def test_every_model_is_resumed() -> None:
    assert {run.request.model for run in RUNS} == set(MODELS)
    assert any(run.normalises_batches for run in RUNS)


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_stop_and_resume_equal_no_stop_to_the_bit(
    run: SmallRun, commands_after: CommandsAfter, final_weights: FinalWeights, tmp_path: Path
) -> None:
    train(run.request, tmp_path / "whole")
    # Once inside the first phase, and once again: inside the second phase of a model of two.
    assert train(run.request, tmp_path / "parts", commands=commands_after({1: "stop"})).step == 1
    torch.rand(7)
    assert resume(tmp_path / "parts", commands=commands_after({2: "stop"})).step == STEPS - 1
    torch.rand(7)
    assert resume(tmp_path / "parts").step == STEPS

    whole, parts = (final_weights(tmp_path / name) for name in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    assert [name for name in whole if not torch.equal(whole[name], parts[name])] == []
    first = load_file(RunFolder(tmp_path / "whole").checkpoints()[0].path)
    assert any(not torch.equal(value, whole[name]) for name, value in first.items())
