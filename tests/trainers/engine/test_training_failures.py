"""A run that breaks off says what to do, and what it had saved stays good."""

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
import torch

from trainers.data.batch import Batch
from trainers.engine.checkpoint import all_finite, load_model
from trainers.engine.events import Event, Failed, Saved
from trainers.engine.run_folder import RunFolder
from trainers.engine.training import resume
from trainers.errors import FailureError
from trainers.models.training_plan import Progress, Terms
from trainers.models.vae import Vae

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.trainers.engine.conftest import CommandsAfter, TrainSmall

    Loss = Callable[[Vae, Batch, Progress], Terms]


@pytest.fixture
def break_loss(monkeypatch: pytest.MonkeyPatch) -> "Callable[[int, Loss], None]":
    """Replaces the loss from a step on."""
    whole: Loss = Vae._bound_loss

    def replace(step: int, broken: "Loss") -> None:
        def loss(model: Vae, batch: Batch, progress: Progress) -> Terms:
            return (broken if progress.step >= step else whole)(model, batch, progress)

        monkeypatch.setattr(Vae, "_bound_loss", loss)

    return replace


def fails(train_small: "TrainSmall", run: Path, sentence: str, **values: object) -> list[Event]:
    """Train, expect the sentence both raised and told, and check that what is on disk can be used."""
    events: list[Event] = []
    with pytest.raises(FailureError, match=sentence) as raised:
        train_small(run, on_event=events.append, **values)
    assert isinstance(events[-1], Failed)
    assert events[-1].message == str(raised.value)
    assert RunFolder(run).checkpoints()
    for file in RunFolder(run).checkpoints():
        assert all_finite(load_model(file.path))
    assert not RunFolder(run).is_running()
    assert not list(run.rglob("*.part"))
    return events


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_ends_the_run_and_the_good_snapshot_stays(
    value: float, train_small: "TrainSmall", break_loss: "Callable[[int, Loss], None]", tmp_path: Path
) -> None:
    break_loss(15, lambda model, _batch, _progress: Terms(next(model.parameters()).sum() * value))
    events = fails(train_small, tmp_path / "run", rf"loss is (nan|{value}); lower learning_rate \(it is 0\.001\)")
    assert [event.step for event in events if isinstance(event, Saved)] == [0, 11]
    assert RunFolder(tmp_path / "run").read_events()[-1] == events[-1]


def test_weights_that_are_no_numbers_are_never_saved(
    train_small: "TrainSmall", break_loss: "Callable[[int, Loss], None]", tmp_path: Path
) -> None:
    def gradient_without_end(model: Vae, _batch: Batch, _progress: Progress) -> Terms:
        # The value is finite, its derivative at 0 is not.
        return Terms(
            torch.stack([(weight - weight.detach()).abs().sqrt().sum() for weight in model.parameters()]).sum()
        )

    break_loss(10, gradient_without_end)
    events = fails(train_small, tmp_path / "run", "weights are no longer numbers")
    assert [event.step for event in events if isinstance(event, Saved)] == [0]


def test_a_snapshot_asked_for_after_the_loss_broke_is_not_taken(
    train_small: "TrainSmall",
    break_loss: "Callable[[int, Loss], None]",
    commands_after: "CommandsAfter",
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("trainers.engine.training_loop._REPORT_INTERVAL_S", 1e9)
    break_loss(5, lambda model, _batch, _progress: Terms(next(model.parameters()).sum() * float("nan")))
    commands = commands_after({7: "snapshot"})
    events = fails(train_small, tmp_path / "run", "diverged by step 7", commands=commands)
    assert [event.step for event in events if isinstance(event, Saved)] == [0]


def test_a_disk_that_fills_up_ends_the_run_and_leaves_what_was_saved(
    train_small: "TrainSmall", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def full_after_the_start(source: Path, target: Path) -> Path:
        if target.name == "step-00000011.safetensors":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", full_after_the_start)
    fails(train_small, tmp_path / "run", r"disk is full: .*step-00000011\.safetensors.*free some space")
    monkeypatch.undo()
    assert resume(tmp_path / "run").reason == "completed"


def test_a_log_that_cannot_be_written_is_told_all_the_same(
    train_small: "TrainSmall", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = []

    def full(*_arguments: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("trainers.engine.event_log.EventLog._append", full)
    with pytest.raises(FailureError, match=r"disk is full: .*events\.jsonl"):
        train_small(tmp_path / "run", on_event=events.append)
    assert [event.event for event in events] == ["failed"]


@pytest.mark.parametrize("place", ["file/run", "/proc/run"])
def test_a_place_that_cannot_be_written(place: str, train_small: "TrainSmall", tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FailureError, match=r"could not be written.*choose another"):
        train_small(tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
        MemoryError(),
    ],
    ids=["device", "processor", "python"],
)
def test_memory_that_runs_out(
    error: Exception, train_small: "TrainSmall", break_loss: "Callable[[int, Loss], None]", tmp_path: Path
) -> None:
    def exhaust(*_arguments: object) -> NoReturn:
        raise error

    break_loss(3, exhaust)
    fails(train_small, tmp_path / "run", r"not enough memory on cpu: lower batch_size \(it is 128\)")


def test_a_device_that_is_lost(
    train_small: "TrainSmall", break_loss: "Callable[[int, Loss], None]", tmp_path: Path
) -> None:
    def lose(*_arguments: object) -> NoReturn:
        raise torch.AcceleratorError("unspecified launch failure\nCompile with more")

    break_loss(3, lose)
    fails(train_small, tmp_path / "run", r"device cpu failed \(unspecified launch failure\); resume the run")


def test_a_mistake_in_the_program_keeps_its_trace_and_is_told(
    train_small: "TrainSmall", break_loss: "Callable[[int, Loss], None]", tmp_path: Path
) -> None:
    def stumble(*_arguments: object) -> NoReturn:
        raise ZeroDivisionError("by zero")

    break_loss(3, stumble)
    events: list[Event] = []
    with pytest.raises(ZeroDivisionError):
        train_small(tmp_path / "run", on_event=events.append)
    assert isinstance(events[-1], Failed)
    assert "ZeroDivisionError: by zero" in events[-1].message


def test_a_checkpoint_that_cannot_be_removed_yet_is_removed_later(
    train_small: "TrainSmall", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_named: object) -> NoReturn:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "unlink", refuse)
    train_small(tmp_path / "run", epochs=4, snapshots_kept=3)
    assert len(RunFolder(tmp_path / "run").checkpoints()) == 5
    monkeypatch.undo()
    resume(tmp_path / "run", epochs=5)
    assert len(RunFolder(tmp_path / "run").checkpoints()) == 3


def test_finite_weights_are_told_from_others() -> None:
    class Two(torch.nn.Module):
        def __init__(self, value: float) -> None:
            super().__init__()
            self.register_buffer("count", torch.tensor(3))
            self.register_buffer("values", torch.tensor([1.0, value]))

    assert all_finite(Two(1e38))
    assert not all_finite(Two(float("inf")))
    assert not all_finite(Two(float("nan")))
