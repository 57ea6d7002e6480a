"""Two processes that share every step do what one does with the joint batch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from threadpoolctl import threadpool_limits
from torch import Tensor

from tests.trainers.engine import together
from tests.trainers.engine.small_runs import SmallRun, small_runs
from trainers.engine import phase_steps
from trainers.engine.resume_point import ResumePoint
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import resume, train
from trainers.models.catalogue import MODELS
from trainers.processes import normal_noise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.trainers.engine.conftest import FinalWeights

ROOT = Path(__file__).parents[3]
STOP = 2
LONGEST_S = 900


def _cases() -> list[SmallRun]:
    """Every variant without batch normalisation, and of those with it one for each model."""
    found: dict[str, SmallRun] = {}
    for run in small_runs():
        found.setdefault(f"{run.request.model} normalised" if run.normalises_batches else run.name, run)
    return list(found.values())


CASES = _cases()
# One model with an own prior and one with a fitted prior stop on the way and go on with other processes.
RESUMED = {name: next(case.request for case in CASES if case.request.model == name) for name in ("vae", "autoencoder")}


@pytest.fixture(scope="module", autouse=True)
def steady_arithmetic() -> Iterator[None]:
    """Here, too, the optimisers that the two processes have, and sums that one thread adds up."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch, threadpool_limits(limits=1):
        patch.setattr(phase_steps, "make_optimizer", together.make_steady_optimizer)
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, cache_of_the_session: Path, steady_arithmetic: None) -> Path:
    """The folder in which two processes have trained everything that the tests below look at."""
    folder = tmp_path_factory.mktemp("pair")
    work: list[dict[str, object]] = [{"name": case.name, "request": case.request.model_dump()} for case in CASES]
    for name, request in RESUMED.items():
        train(request, folder / f"{name} begun alone", commands=together.StopAfter(STOP))
        work += [
            {"name": f"{name} begun by two", "request": request.model_dump(), "stop_after": STOP},
            {"name": f"{name} begun alone"},
        ]
    (folder / "work.json").write_text(json.dumps(work), encoding="utf-8")
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    script = [together.__file__, str(folder / "work.json"), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen([*launch, *script], env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            _, stderr = process.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            # Politely, so that the two processes are ended as well.
            process.terminate()
            _, stderr = process.communicate()
        assert process.returncode == 0, stderr
    return folder


def apart(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> list[str]:
    """Names of the tensors that differ by more than a millionth of their size, or of one where they are smaller."""
    assert one.keys() == other.keys()
    gaps = {name: (tensor.double() - other[name].double()).norm() for name, tensor in one.items()}
    return [f"{name}: {gap:.1e}" for name, gap in gaps.items() if gap > 1e-6 * max(other[name].double().norm(), 1.0)]


def test_every_model_is_compared() -> None:
    assert {case.request.model for case in CASES if not case.normalises_batches} == set(MODELS)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_two_processes_learn_what_one_does(
    case: SmallRun, pair: Path, final_weights: FinalWeights, tmp_path: Path
) -> None:
    shared = final_weights(pair / case.name)
    assert RunFolder(pair / case.name).request().devices == 2
    assert all(tensor.isfinite().all() for tensor in shared.values())
    if not case.normalises_batches:
        train(case.request, tmp_path / "alone")
        assert apart(shared, final_weights(tmp_path / "alone")) == []


@pytest.mark.parametrize("model", RESUMED)
def test_a_run_may_change_its_number_of_processes(
    model: str, pair: Path, final_weights: FinalWeights, tmp_path: Path
) -> None:
    train(RESUMED[model], tmp_path / "whole")
    whole = final_weights(tmp_path / "whole")
    assert RunFolder(pair / f"{model} begun alone").request().devices == 2
    assert apart(final_weights(pair / f"{model} begun alone"), whole) == []

    begun = pair / f"{model} begun by two"
    assert ResumePoint.load(begun / "resume.pt").step == STOP
    resume(begun, devices=1)
    assert RunFolder(begun).request().devices == 1
    assert apart(final_weights(begun), whole) == []


def test_what_two_processes_give_each_other(pair: Path) -> None:
    first, second = (json.loads((pair / f"group-{process}.json").read_text()) for process in range(2))
    noise = normal_noise((6,), torch.Generator().manual_seed(7)).tolist()
    assert (first.pop("noise"), second.pop("noise")) == (noise[:3], noise[3:])
    assert first == second
    assert first == {
        "gradient": [[2.0] * 3] * 2,
        "rows": [[0, 1, 2]],
        "gradient of rows": [[0.5] * 2, [1.5] * 2, [2.0] * 2, [0.0] * 2],
        "means": {"loss": 2.0, "kl": 20.0},
        "no means": {},
        "orders": ["snapshot", True, True],
        "bytes": "a state",
        "no bytes": "",
        "buffers": [[1.0, 1.0], 1],
        "sum": [4.0],
    }
