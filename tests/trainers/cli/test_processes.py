"""The command line as real processes: exit codes, streams, signals, and a reader that goes away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trainers.engine.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
ENDLESS = (
    *("train", "vae", "--data", "digits", "--epochs", "100000"),
    *("--set", "architecture=mlp", "--set", "hidden_sizes=[16]", "--run", "run"),
)
LONGEST_S = 60


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "trainers", *arguments]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def say(process: subprocess.Popen[str], command: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{command}\n")
    process.stdin.flush()


def until(process: subprocess.Popen[str], event: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == event:
            return
    pytest.fail(f"the run ended without saying {event!r}")


def test_misuse_ends_with_two_and_one_sentence() -> None:
    with started("train", "vea", "--data", "digits", "--json") as process:
        stdout, stderr = process.communicate(timeout=LONGEST_S)
        assert process.returncode == 2
        assert json.loads(stdout.splitlines()[-1])["error"] == stderr.strip()


def test_commands_on_stdin_pause_resume_and_stop() -> None:
    with started(*ENDLESS, "--json") as process:
        until(process, "step")
        say(process, "pause")
        until(process, "paused")
        say(process, "resume")
        until(process, "resumed")
        say(process, "stop")
        stdout, stderr = process.communicate(timeout=LONGEST_S)
        assert (process.returncode, stderr) == (0, "")
        finished = json.loads(stdout.splitlines()[-1])
        assert (finished["event"], finished["reason"]) == ("finished", "stopped")
    assert (Path("run") / finished["checkpoint"]).is_file()


def test_run_outlives_whoever_started_it() -> None:
    with started(*ENDLESS[:5], "60", *ENDLESS[6:], "--json") as process:
        until(process, "step")
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.close()
        assert process.wait(timeout=LONGEST_S) == 0
    assert RunFolder(Path("run")).read_events()[-1].event == "finished"


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["person", "program"])
def test_run_goes_on_when_its_words_cannot_be_written(options: tuple[str, ...]) -> None:
    with started(*ENDLESS[:5], "3", *ENDLESS[6:], *options) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(timeout=LONGEST_S) == 0
    assert RunFolder(Path("run")).read_events()[-1].event == "finished"


@pytest.mark.skipif(os.name == "nt", reason="a shell that closes streams is needed")
@pytest.mark.parametrize(
    ("words", "code"), [("list", 0), ("list --json", 0), ("list vea", 2), ("evaluate nothing --json", 2)]
)
def test_process_without_streams_ends_as_it_should(words: str, code: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = f"exec '{sys.executable}' -m trainers {words} <&- >&- 2>&-"
    done = subprocess.run(["sh", "-c", command], check=False, env=environment, timeout=LONGEST_S)
    assert done.returncode == code


@pytest.mark.skipif(sys.platform == "win32", reason="a console sends Ctrl-C in another way")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_saves_and_can_go_on(number: signal.Signals) -> None:
    with started(*ENDLESS, "--json") as process:
        until(process, "step")
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=LONGEST_S)
        assert (process.returncode, stderr) == (0, "")
        assert json.loads(stdout.splitlines()[-1])["reason"] == "stopped"
    assert RunFolder(Path("run")).has_resume


def test_people_hear_how_to_go_on() -> None:
    with started(*ENDLESS) as process:
        assert process.stdout is not None
        assert "digits" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=LONGEST_S)
        assert (process.returncode, stderr) == (0, "")
    assert "train --resume run" in stdout


def test_reader_that_goes_away_causes_no_traceback() -> None:
    with started("list", "--json") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait(timeout=LONGEST_S) == 1


def test_list_needs_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom trainers.cli.application import app\n"
        "assert CliRunner().invoke(app, ['list']).exit_code == 0\n"
        "heavy = {'torchvision', 'sklearn', 'scipy', 'lightning_fabric', 'tensorboard', 'PySide6'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=LONGEST_S
    )
    assert done.stdout.strip() == "[]"
