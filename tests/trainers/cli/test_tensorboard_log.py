from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.trainers.cli.conftest import Invoke

COMMAND = ("train", "vae", "--data", "digits", "--set", "architecture=mlp", "--set", "hidden_sizes=[8]")


class RecordedWriter:
    """Stands in for the writer of an extra that need not be installed."""

    def __init__(self, folder: str, purge_step: int) -> None:
        self.folder = Path(folder)
        self.first_step = purge_step
        self.scalars: dict[str, list[int]] = {}
        self.is_closed = False

    def add_scalar(self, name: str, value: float, step: int) -> None:
        assert math.isfinite(value)
        self.scalars.setdefault(name, []).append(step)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def writers(monkeypatch: pytest.MonkeyPatch) -> list[RecordedWriter]:
    """Every writer that is made."""
    made: list[RecordedWriter] = []

    def make(folder: str, purge_step: int) -> RecordedWriter:
        made.append(RecordedWriter(folder, purge_step))
        return made[-1]

    module = ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = make  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: module if name == "tensorboard" else None)
    return made


def test_curves_reach_the_last_step(invoke: Invoke, writers: list[RecordedWriter]) -> None:
    outcome = invoke(*COMMAND, "--epochs", 2, "--run", "one", "--tensorboard")
    assert outcome.code == 0, outcome.stderr
    (writer,) = writers
    assert writer.folder == Path("one/tensorboard")
    assert writer.is_closed
    assert {"train/reconstruction", "train/kl", "speed/images_per_second"} <= set(writer.scalars)
    assert writer.scalars["train/kl"][-1] == 22


def test_resumed_curves_go_on_where_the_run_does(invoke: Invoke, writers: list[RecordedWriter]) -> None:
    invoke(*COMMAND, "--epochs", 1, "--run", "one")
    invoke("train", "--resume", "one", "--epochs", 2, "--tensorboard")
    assert [writer.first_step for writer in writers] == [11]


def test_refused_training_leaves_nothing(invoke: Invoke, writers: list[RecordedWriter]) -> None:
    outcome = invoke(*COMMAND, "--epochs", 0, "--run", "one", "--tensorboard")
    assert outcome.code == 2
    assert writers == []
    assert not Path("one").exists()


def test_missing_extra_is_one_sentence(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    outcome = invoke(*COMMAND, "--run", "one", "--tensorboard")
    assert outcome.code == 2
    assert "pip install" in outcome.sentence
    assert not Path("one").exists()
