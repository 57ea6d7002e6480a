"""A run that was stopped or killed goes on as if nothing had happened."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from trainers.data.catalogue import DATASETS, load_dataset
from trainers.data.image_dataset import ImageDataset
from trainers.engine import training_loop
from trainers.engine.events import Event, Saved, Started, Stepped
from trainers.engine.resume_point import ResumePoint
from trainers.engine.run_folder import RunFolder
from trainers.engine.run_lock import RunLock
from trainers.engine.training import resume
from trainers.errors import UsageError

if TYPE_CHECKING:
    from tests.trainers.engine.conftest import CommandsAfter, FinalWeights, TrainSmall

CONVOLUTIONAL = {"architecture": "convolutional", "channels": [4, 8], "dense_size": 16}

TRAIN_SLOWLY = """
import sys, time
from pathlib import Path
import torch
from trainers.engine import training_loop
from trainers.engine.training import train
from trainers.engine.training_request import TrainingRequest

torch.set_num_threads(1)
training_loop._RESUME_INTERVAL_S = 0.05
settings = {"architecture": "mlp", "hidden_sizes": [16]}
request = TrainingRequest(model="vae", data="digits", epochs=4, device="cpu", model_settings=settings)

def tell(event):
    print(event.event, flush=True)
    time.sleep(0.01)

training_loop._REPORT_INTERVAL_S = 0.0
train(request, Path(sys.argv[1]), on_event=tell)
"""


def assert_same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    assert [name for name in one if not torch.equal(one[name], other[name])] == []


@pytest.mark.parametrize("stop_at", [0, 7, 11, 18], ids=["at once", "mid-epoch", "border", "second epoch"])
@pytest.mark.parametrize(
    ("precision", "settings"),
    [
        ("float32", {"architecture": "mlp", "hidden_sizes": [16]}),
        ("bfloat16", CONVOLUTIONAL),
    ],
    ids=["float32", "bfloat16"],
)
def test_stop_and_resume_equal_no_stop_to_the_bit(
    stop_at: int,
    precision: str,
    settings: dict[str, object],
    train_small: "TrainSmall",
    commands_after: "CommandsAfter",
    final_weights: "FinalWeights",
    tmp_path: Path,
) -> None:
    choices = {"precision": precision, "model_settings": settings, "seed": 4}
    train_small(tmp_path / "whole", **choices)
    stopped, _ = train_small(tmp_path / "parts", commands=commands_after({stop_at: "stop"}), **choices)
    assert (stopped.reason, stopped.step) == ("stopped", stop_at)
    torch.rand(5)
    finished = resume(tmp_path / "parts")
    assert (finished.reason, finished.step) == ("completed", 22)
    assert_same(final_weights(tmp_path / "whole"), final_weights(tmp_path / "parts"))


def test_a_run_goes_on_with_as_many_threads_as_it_began_with(
    train_small: "TrainSmall", commands_after: "CommandsAfter", tmp_path: Path
) -> None:
    train_small(tmp_path / "run", commands=commands_after({3: "stop"}))
    torch.set_num_threads(2)
    used = []
    resume(tmp_path / "run", on_event=lambda _event: used.append(torch.get_num_threads()))
    assert set(used) == {1}
    assert torch.get_num_threads() == 2


def test_optimisers_come_back_too(train_small: "TrainSmall", commands_after: "CommandsAfter", tmp_path: Path) -> None:
    train_small(tmp_path / "whole")
    train_small(tmp_path / "parts", commands=commands_after({5: "stop"}))
    resume(tmp_path / "parts")
    one, other = (ResumePoint.load(tmp_path / name / "resume.pt") for name in ("whole", "parts"))
    assert torch.equal(one.generator, other.generator)
    for state, twin in zip(one.optimizers[0]["state"].values(), other.optimizers[0]["state"].values(), strict=True):
        assert_same(state, twin)


def test_an_autoencoder_with_its_fitted_prior_resumes_to_the_bit(
    train_small: "TrainSmall", commands_after: "CommandsAfter", final_weights: "FinalWeights", tmp_path: Path
) -> None:
    train_small(tmp_path / "whole", model="autoencoder")
    train_small(tmp_path / "parts", model="autoencoder", commands=commands_after({5: "stop"}))
    resume(tmp_path / "parts")
    assert_same(final_weights(tmp_path / "whole"), final_weights(tmp_path / "parts"))


def test_snapshots_and_pauses_change_nothing(
    train_small: "TrainSmall", commands_after: "CommandsAfter", final_weights: "FinalWeights", tmp_path: Path
) -> None:
    train_small(tmp_path / "plain")
    train_small(tmp_path / "watched", commands=commands_after({2: "snapshot", 9: "snapshot", 13: "snapshot"}))
    assert_same(final_weights(tmp_path / "plain"), final_weights(tmp_path / "watched"))


def test_a_killed_process_leaves_a_run_that_resumes_to_the_same_weights(
    train_small: "TrainSmall", final_weights: "FinalWeights", tmp_path: Path
) -> None:
    load_dataset("digits", "train")
    train_small(tmp_path / "whole", epochs=4)
    run = tmp_path / "killed"
    with subprocess.Popen(
        [sys.executable, "-c", TRAIN_SLOWLY, str(run)], stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    ) as process:
        assert process.stdout is not None
        steps = 0
        while steps < 17:
            line = process.stdout.readline()
            assert line, "the run ended before it was killed"
            steps += line == "step\n"
        process.send_signal(signal.SIGKILL)
    folder = RunFolder(run)
    assert not folder.is_running()
    point = ResumePoint.load(folder.resume_path)
    assert 0 < point.step <= 18
    events: list[Event] = []
    finished = resume(run, on_event=events.append)
    assert (finished.reason, finished.step) == ("completed", 44)
    assert isinstance(events[0], Started)
    assert events[0].step == point.step
    assert_same(final_weights(tmp_path / "whole"), final_weights(run))


def test_a_run_killed_before_its_first_state_begins_anew(
    train_small: "TrainSmall", final_weights: "FinalWeights", tmp_path: Path
) -> None:
    train_small(tmp_path / "whole")
    train_small(tmp_path / "killed")
    for file in (tmp_path / "killed").rglob("*"):
        if file.is_file() and file.name != "run.json":
            file.unlink()
    assert resume(tmp_path / "killed").step == 22
    assert_same(final_weights(tmp_path / "whole"), final_weights(tmp_path / "killed"))


def test_more_epochs_extend_a_finished_run(
    train_small: "TrainSmall", final_weights: "FinalWeights", tmp_path: Path
) -> None:
    train_small(tmp_path / "whole", epochs=4)
    train_small(tmp_path / "parts", epochs=2)
    finished = resume(tmp_path / "parts", epochs=4)
    assert (finished.step, finished.epoch) == (44, 4.0)
    assert RunFolder(tmp_path / "parts").request().epochs == 4
    assert_same(final_weights(tmp_path / "whole"), final_weights(tmp_path / "parts"))


def test_epochs_lift_a_limit_of_steps(train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run", epochs=5, max_steps=3)
    with pytest.raises(UsageError, match=r"--epochs"):
        resume(tmp_path / "run")
    assert resume(tmp_path / "run", epochs=1).step == 11


def test_a_stopped_run_may_be_shortened(
    train_small: "TrainSmall", commands_after: "CommandsAfter", tmp_path: Path
) -> None:
    train_small(tmp_path / "run", epochs=9, commands=commands_after({3: "stop"}))
    assert resume(tmp_path / "run", epochs=1).step == 11


@pytest.mark.parametrize("epochs", [None, 1, 2])
def test_a_finished_run_needs_more_epochs(epochs: int | None, train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run", epochs=2)
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match=r"already done 2 of \d epochs; resume it with more, for example --epochs 7"):
        resume(tmp_path / "run", epochs=epochs)
    assert {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()} == before


def test_a_run_in_use_is_left_alone(train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run")
    with RunLock(tmp_path / "run"), pytest.raises(UsageError, match="being trained by another process"):
        resume(tmp_path / "run", epochs=5)
    assert resume(tmp_path / "run", epochs=3).step == 33


def test_events_go_on_in_the_same_file_after_a_torn_line(
    train_small: "TrainSmall", commands_after: "CommandsAfter", tmp_path: Path
) -> None:
    _, before = train_small(tmp_path / "run", commands=commands_after({3: "stop"}))
    with (tmp_path / "run" / "events.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event":"step","st')
    after: list[Event] = []
    resume(tmp_path / "run", on_event=after.append)
    assert RunFolder(tmp_path / "run").read_events() == (*before, *after)
    assert b'"st{' not in (tmp_path / "run" / "events.jsonl").read_bytes()


def test_other_data_are_refused(train_small: "TrainSmall", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train_small(tmp_path / "run")
    whole = DATASETS["digits"].load("train")
    spec = whole.spec.model_copy(update={"fingerprint": "other"})
    other = ImageDataset(spec, "train", 255 - whole.images, whole.labels)
    monkeypatch.setattr(type(DATASETS["digits"]), "load", lambda *_arguments: other)
    with pytest.raises(UsageError, match="no longer those the run began with"):
        resume(tmp_path / "run", epochs=5)


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04torn"])
def test_a_damaged_state_is_refused(content: bytes, train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run")
    (tmp_path / "run" / "resume.pt").write_bytes(content)
    with pytest.raises(UsageError, match=r"resume\.pt is damaged"):
        resume(tmp_path / "run", epochs=5)


def test_a_changed_byte_of_a_state_is_noticed(train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run")
    path = tmp_path / "run" / "resume.pt"
    content = bytearray(path.read_bytes())
    weights = ResumePoint.load(path).model["encoder.1.weight"].numpy().tobytes()
    content[content.index(weights)] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"resume\.pt is damaged"):
        resume(tmp_path / "run", epochs=5)


def test_what_a_killed_process_had_begun_to_write_is_removed(train_small: "TrainSmall", tmp_path: Path) -> None:
    run = tmp_path / "run"
    train_small(run)
    leftovers = [run / ".resume.pt.0a1b2c3d.part", run / "checkpoints" / ".step-00000044.safetensors.0a1b2c3d.part"]
    for path in leftovers:
        path.write_bytes(b"half")
    resume(run, epochs=3)
    assert not any(path.exists() for path in leftovers)


def test_a_state_is_read_without_running_its_code(train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run")
    torch.save({"format": 1, "step": Path("x")}, tmp_path / "run" / "resume.pt")
    with pytest.raises(UsageError, match="is damaged"):
        resume(tmp_path / "run", epochs=5)


def test_a_newer_state_asks_for_an_update(train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run")
    torch.save({"format": 9}, tmp_path / "run" / "resume.pt")
    with pytest.raises(UsageError, match=r"newer version .*format 9, this is 1"):
        resume(tmp_path / "run", epochs=5)


def test_the_state_is_also_saved_inside_an_epoch(
    train_small: "TrainSmall", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_loop, "_RESUME_INTERVAL_S", 0.0)
    monkeypatch.setattr(training_loop, "_REPORT_INTERVAL_S", 0.0)
    saved: list[tuple[int, int]] = []

    def look(event: Event) -> None:
        if isinstance(event, Stepped):
            saved.append((event.step, ResumePoint.load(tmp_path / "run" / "resume.pt").step))

    train_small(tmp_path / "run", on_event=look, epochs=1)
    assert saved[1:] == [(step, step - 1) for step in range(2, 12)]


def test_a_folder_without_a_run_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a run folder"):
        resume(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_checkpoints_of_the_first_part_stay(
    train_small: "TrainSmall", commands_after: "CommandsAfter", tmp_path: Path
) -> None:
    _, events = train_small(tmp_path / "run", commands=commands_after({3: "stop"}))
    resume(tmp_path / "run", on_event=events.append)
    steps = [event.step for event in events if isinstance(event, Saved)]
    assert [file.step for file in RunFolder(tmp_path / "run").checkpoints()] == sorted(set(steps))


def test_a_state_of_another_model_is_refused(train_small: "TrainSmall", tmp_path: Path) -> None:
    train_small(tmp_path / "run", max_steps=3)
    train_small(tmp_path / "other", max_steps=3, model_settings={"architecture": "mlp", "hidden_sizes": [9]})
    (tmp_path / "other" / "resume.pt").replace(tmp_path / "run" / "resume.pt")
    with pytest.raises(UsageError, match=r"resume\.pt holds another model than run\.json"):
        resume(tmp_path / "run", epochs=3)
