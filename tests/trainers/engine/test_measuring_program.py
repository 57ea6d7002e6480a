"""The program that measures for another one: what it says, and that it ends with whoever asked."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from trainers.engine.kept_measurements import MeasurementStore
from trainers.engine.run_folder import RunFolder

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import TrainSmall

ROOT = Path(__file__).parents[3]
LONGEST_S = 120


@pytest.fixture
def run(train_small: "TrainSmall", tmp_path: Path) -> Path:
    train_small(tmp_path / "run", max_steps=2)
    return tmp_path / "run"


@pytest.fixture
def program() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "trainers.engine.measuring_program"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        process.kill()


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def _ask(program: "subprocess.Popen[str]", run: Path, *metrics: str, **settings: int) -> None:
    wish = {
        "paths": ["the run"],
        "checkpoints": [str(run)],
        "metrics": metrics,
        "split": "train",
        "settings": settings,
        "inception_weights": "",
    }
    _stream(program.stdin).write(json.dumps(wish) + "\n")
    _stream(program.stdin).flush()


def _told(program: "subprocess.Popen[str]", *events: str) -> list[dict[str, Any]]:
    lines = (json.loads(line) for line in _stream(program.stdout))
    return [line for line in lines if line["event"] in events]


def test_what_is_known_is_not_measured_again(program: "subprocess.Popen[str]", run: Path) -> None:
    _ask(program, run, "active_units", "codebook_perplexity", "kl", limit=20)
    told = _told(program, "measured", "refused", "done")
    assert [(line["event"], line.get("metric")) for line in told] == [
        ("refused", "codebook_perplexity"),
        ("measured", "active_units"),
        ("measured", "kl"),
        ("done", None),
    ]
    assert program.wait(LONGEST_S) == 0
    kept = MeasurementStore(RunFolder(run).latest()).all()
    assert {measured.measurement.name: measured.measurement.count for measured in kept} == {
        "active_units": 20,
        "kl": 20,
    }


def test_it_ends_with_whoever_asked(program: "subprocess.Popen[str]", run: Path) -> None:
    _ask(program, run, "active_units", "iw_bound", importance_samples=10_000)
    line = json.loads(_stream(program.stdout).readline())
    assert (line["event"], line["path"]) == ("begun", "the run")
    _stream(program.stdin).close()
    assert program.wait(LONGEST_S) == 1
    assert "iw_bound" not in {kept.measurement.name for kept in MeasurementStore(RunFolder(run).latest()).all()}
