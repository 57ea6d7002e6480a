import json
import subprocess
import sys
from pathlib import Path

import pytest

from trainers.data.image_dataset import ImageDataset
from trainers.engine.events import Paused, Resumed, event_line
from trainers.engine.run_folder import RunFolder, run_of_checkpoint
from trainers.engine.run_lock import LOCK_FILE, RunLock
from trainers.engine.training_request import TrainingRequest
from trainers.errors import FailureError, UsageError

REQUEST = TrainingRequest(model="vae", data="digits", model_settings={"latent_size": 3})
HOLD_THE_LOCK = """
import sys, time
from pathlib import Path
from trainers.engine.run_lock import RunLock
with RunLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path, digits: ImageDataset) -> RunFolder:
    run = RunFolder(tmp_path / "run")
    run.create(REQUEST, digits.spec)
    return run


def test_a_run_remembers_what_was_asked(folder: RunFolder, digits: ImageDataset) -> None:
    record = folder.record()
    assert folder.exists
    assert folder.request() == REQUEST
    assert record.data == digits.spec
    assert record.data.fingerprint
    assert {"torch", "python", "trainers"} <= set(record.versions)


def test_a_run_is_never_begun_over_another(folder: RunFolder, digits: ImageDataset) -> None:
    before = (folder.path / "run.json").read_bytes()
    with pytest.raises(UsageError, match="already holds a run; resume it"):
        folder.create(REQUEST, digits.spec)
    assert (folder.path / "run.json").read_bytes() == before


def test_a_folder_without_a_run_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"not a run folder: it has no run\.json"):
        RunFolder(tmp_path).record()
    assert not RunFolder(tmp_path).exists
    assert not RunFolder(tmp_path).has_resume
    assert RunFolder(tmp_path).read_events() == ()
    assert RunFolder(tmp_path).checkpoints() == ()


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"format": 1}', "[" * 100_000])
def test_a_damaged_record_is_refused(content: str, folder: RunFolder) -> None:
    (folder.path / "run.json").write_text(content)
    with pytest.raises(UsageError, match=r"run\.json is damaged"):
        folder.request()


def test_a_newer_record_asks_for_an_update(folder: RunFolder) -> None:
    (folder.path / "run.json").write_text(json.dumps({"format": 4, "everything": "new"}))
    with pytest.raises(UsageError, match=r"newer version .*format 4, this is 1.*update"):
        folder.request()


def test_events_are_read_from_any_place_and_a_torn_line_is_left_out(folder: RunFolder) -> None:
    events = (Paused(step=1), Resumed(step=1), Paused(step=2))
    lines = [event_line(event) for event in events]
    (folder.path / "events.jsonl").write_text("\n".join(lines) + "\n" + lines[0][:20], encoding="utf-8")
    assert folder.read_events() == events
    assert folder.read_events(after=2) == events[2:]
    assert folder.read_events(after=3) == ()


def test_a_name_that_is_no_text_is_refused(tmp_path: Path, digits: ImageDataset) -> None:
    with pytest.raises(UsageError, match="no valid text; choose another"):
        RunFolder(tmp_path / "run\udcff").create(REQUEST, digits.spec)
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_knows_its_run_unless_it_was_taken_out(folder: RunFolder, tmp_path: Path) -> None:
    found = run_of_checkpoint(folder.path / "checkpoints" / "step-00000001.safetensors")
    assert found is not None
    assert found.path == folder.path
    assert run_of_checkpoint(tmp_path / "model.safetensors") is None


def test_a_run_is_running_while_somebody_holds_its_lock(folder: RunFolder) -> None:
    assert not folder.is_running()
    with RunLock(folder.path):
        assert folder.is_running()
        with pytest.raises(UsageError, match="being trained by another process"), RunLock(folder.path):
            pass
    assert not folder.is_running()
    with RunLock(folder.path):
        pass


def test_a_killed_process_leaves_no_lock(folder: RunFolder) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(folder.path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert folder.is_running()
        process.kill()
    assert (folder.path / LOCK_FILE).exists()
    assert not folder.is_running()


def test_a_place_that_takes_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FailureError, match="could not be written: a file is where its folder"):
        RunLock(tmp_path / "file" / "run").__enter__()
