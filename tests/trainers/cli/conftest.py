import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trainers.cli.application import app

# A network so small that an epoch of the embedded digits takes a blink.
SMALL = ("--set", "architecture=mlp", "--set", "hidden_sizes=[16]")


@dataclass(frozen=True)
class Outcome:
    """What a command line left behind."""

    code: int
    stdout: str
    stderr: str

    @property
    def answer(self) -> dict[str, Any]:
        """The JSON object on the last line of stdout."""
        answer: dict[str, Any] = json.loads(self.stdout.splitlines()[-1])
        return answer

    @property
    def sentence(self) -> str:
        """The one line on stderr."""
        (line,) = self.stderr.splitlines()
        return line


Invoke = Callable[..., Outcome]


def run_command(*arguments: object, typed: str = "") -> Outcome:
    """Run a command line in this process; `typed` is what stdin gives."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)
    return Outcome(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment with an empty data folder and a cache of the tests' own."""
    return {
        "LATENT_EXPLORER_DATA": str(tmp_path_factory.mktemp("data")),
        "LATENT_EXPLORER_CACHE": str(tmp_path_factory.mktemp("cache")),
    }


@pytest.fixture(autouse=True)
def environment(folders: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in folders.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def invoke() -> Invoke:
    return run_command


@pytest.fixture(scope="session")
def vae_run(folders: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of a tiny model with three dimensions; tests must not change it."""
    return _train(folders, tmp_path_factory.mktemp("runs") / "vae", "vae", "--set", "latent_size=3")


@pytest.fixture(scope="session")
def autoencoder_run(folders: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of a model without a bound or a likelihood; tests must not change it."""
    return _train(folders, tmp_path_factory.mktemp("runs") / "autoencoder", "autoencoder")


def _train(folders: dict[str, str], run: Path, model: str, *settings: str) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in folders.items():
            patch.setenv(name, value)
        outcome = run_command("train", model, "--data", "digits", "--epochs", 2, *SMALL, *settings, "--run", run)
    assert outcome.code == 0, outcome.stderr
    return run
