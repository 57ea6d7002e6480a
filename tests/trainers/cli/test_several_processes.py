"""Runs of several processes from the command line: ended by a person, broken by a loss, and started by torchrun."""

from __future__ import annotations

import json
import os
import select
import shlex
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from torch.distributed.run import parse_args

from trainers.engine.resume_point import ResumePoint
from trainers.engine.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.trainers.cli.conftest import Invoke

ROOT = Path(__file__).parents[3]
SMALL = (
    *("train", "vae", "--data", "digits", "--batch-size", "32", "--device", "cpu"),
    *("--set", "architecture=mlp", "--set", "hidden_sizes=[16]", "--run", "run"),
)
ENDLESS = ("trainers", *SMALL, "--devices", "2", "--epochs", "100000", "--json")
STEPS_PER_EPOCH = 44
LONGEST_S = 300

needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")


@contextmanager
def started(*module: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", *module]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def until_step(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "step":
            return
    pytest.fail("the run ended before its first step")


@contextmanager
def companion_of(process: subprocess.Popen[str]) -> Iterator[tuple[int, int]]:
    """The number of the other process of a run, and a handle that can be read when it has ended."""
    (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    handle = os.pidfd_open(int(child))
    try:
        yield int(child), handle
    finally:
        os.close(handle)


def has_ended(handle: int) -> bool:
    return bool(select.select([handle], [], [], LONGEST_S)[0])


def goes_on_alone(invoke: Invoke) -> bool:
    """Whether one process can take the run from its last saved state to the end of an epoch."""
    folder = RunFolder(Path("run"))
    assert not folder.is_running()
    epochs = ResumePoint.load(folder.resume_path).step // STEPS_PER_EPOCH + 1
    return invoke("train", "--resume", "run", "--devices", 1, "--epochs", epochs).code == 0


@needs_linux
def test_one_interruption_ends_both_and_the_run_goes_on_alone(invoke: Invoke) -> None:
    with started(*ENDLESS) as process:
        until_step(process)
        with companion_of(process) as (_, handle):
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=LONGEST_S)
            assert has_ended(handle)
    assert (process.returncode, stderr) == (0, "")
    assert json.loads(stdout.splitlines()[-1])["reason"] == "stopped"
    assert RunFolder(Path("run")).request().devices == 2
    assert goes_on_alone(invoke)


@needs_linux
def test_a_lost_process_ends_the_run_with_a_sentence_and_it_goes_on(invoke: Invoke) -> None:
    with started(*ENDLESS) as process:
        until_step(process)
        with companion_of(process) as (number, _):
            os.kill(number, signal.SIGKILL)
            stdout, stderr = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 1
    assert stderr == (
        "Process 2 of 2 was killed, perhaps because memory ran out; resume the run to go on from its last saved "
        "state.\n"
    )
    assert json.loads(stdout.splitlines()[-1])["error"] == stderr.strip()
    assert goes_on_alone(invoke)


@needs_linux
def test_nobody_outlives_the_first_process(invoke: Invoke) -> None:
    with started(*ENDLESS) as process:
        until_step(process)
        with companion_of(process) as (_, handle):
            process.kill()
            assert has_ended(handle)
    assert goes_on_alone(invoke)


def test_torchrun_starts_the_same_command() -> None:
    launcher = ("torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "--")
    with started(*launcher, "trainers", *SMALL, "--max-steps", "3") as process:
        stdout, stderr = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 0, stderr
    assert stdout.count("Finished after") == 1
    assert RunFolder(Path("run")).request().devices == 2


def test_the_readme_gives_torchrun_what_it_takes() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = (part.split("```")[0] for part in text.split("```sh\n") if part.startswith("torchrun"))
    launcher, *words = shlex.split(command.replace("\\\n", " "), comments=True)
    options = parse_args(words)
    assert launcher == "torchrun"
    assert (options.nnodes, options.node_rank, options.nproc_per_node) == ("2", 0, "4")
    assert (options.module, options.training_script) == (True, "trainers")
    assert options.training_script_args[0] == "train"
    assert options.training_script_args[-2:] == ["--run", "runs/shared"]
