import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trainers.engine.kept_measurements import (
    KeptMeasurement,
    MeasurementStore,
    add_measurements,
    read_measurements,
)
from trainers.errors import FailureError
from trainers.metrics.metric import Measurement

ADD_MANY = """
import sys
from pathlib import Path
from trainers.engine.kept_measurements import KeptMeasurement, add_measurements
from trainers.metrics.metric import Measurement
for number in range(25):
    measured = Measurement("kl", float(number), "nats", "none", None, 1)
    kept = KeptMeasurement(measured, "digits", "test", "a1", "f", f"{sys.argv[2]}-{number}")
    add_measurements(Path(sys.argv[1]), [kept])
"""


def kept(value: float, checkpoint: str = "a1", key: str = "", **settings: int) -> KeptMeasurement:
    measured = Measurement("iw_bound", value, "nats per image", "higher", 0.5, 360, settings, (1.0, 2.0))
    return KeptMeasurement(measured, "digits", "test", checkpoint, "f00", key)


def test_a_measurement_comes_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "new" / "metrics.json"
    assert read_measurements(file) == ()
    add_measurements(file, [kept(1.5, key="k", samples=5)])
    assert read_measurements(file) == (kept(1.5, key="k", samples=5),)


def test_measurements_gather_and_newer_ones_replace_their_like(tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    add_measurements(file, [kept(1.0, samples=5), kept(2.0, samples=50)])
    add_measurements(file, [kept(3.0, samples=5)])
    add_measurements(file, [kept(4.0, "b2", samples=5)])
    rows = [(row.checkpoint, row.measurement.settings, row.measurement.value) for row in read_measurements(file)]
    assert rows == [("a1", {"samples": 50}, 2.0), ("a1", {"samples": 5}, 3.0), ("b2", {"samples": 5}, 4.0)]


def test_what_an_older_version_measured_is_read(tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    row = kept(1.0).row()
    del row["fingerprint"], row["key"]
    file.write_text(json.dumps([row]))
    (read,) = read_measurements(file)
    assert (read.measurement.value, read.fingerprint, read.key) == (1.0, "", "")


DAMAGED = {
    "a number": b"3",
    "nothing": b"null",
    "cut off": b'[{"name": "kl", "value": 1.0}, {"na',
    "deep": b"[" * 100_000,
    "something else among rows": b'[{"name": "kl"}, 4]',
    "binary": bytes(range(256)),
    "empty": b"",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_put_aside_whole_and_said(content: bytes, tmp_path: Path) -> None:
    store = MeasurementStore(checkpoint_in_a_run(tmp_path))
    file, aside = (tmp_path / "run" / name for name in ("metrics.json", "metrics.damaged-1.json"))
    file.write_bytes(content)
    assert store.all() == ()
    assert store.damages() == (
        f"Not all that was measured before can be read: {file} is damaged; mend it, or measure again, which puts it "
        "aside.",
    )
    store.keep(kept(1.0, store.digest))
    store.keep(kept(2.0, store.digest))
    assert store.all() == (kept(2.0, store.digest),)
    assert aside.read_bytes() == content
    assert store.damages() == (
        f"Not all that was measured before could be read: {aside} is what metrics.json was; mend it and put it back, "
        "or delete it.",
    )
    file.write_bytes(content[:-1] + b"!")
    store.keep(kept(3.0, store.digest))
    assert aside.read_bytes() == content
    assert (tmp_path / "run" / "metrics.damaged-2.json").read_bytes() == content[:-1] + b"!"
    assert len(store.damages()) == 2


def test_rows_of_wrong_types_are_kept_for_whoever_can_read_them(tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    wrong = [{"name": "kl", "value": "high"}, {"better": 3}, {**kept(5.0, key="k").row(), "per_unit": 7}]
    file.write_text(json.dumps([*wrong, kept(1.0, key="a").row()]))
    assert read_measurements(file) == (kept(1.0, key="a"),)
    add_measurements(file, [kept(2.0, key="b")])
    assert read_measurements(file) == (kept(1.0, key="a"), kept(2.0, key="b"))
    assert json.loads(file.read_text())[:3] == wrong
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".json"] == ["metrics.json"]


def test_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    root = Path(__file__).parents[3]
    processes = [
        subprocess.Popen([sys.executable, "-c", ADD_MANY, str(file), name], cwd=root) for name in ("first", "second")
    ]
    assert [process.wait() for process in processes] == [0, 0]
    assert {row.key for row in read_measurements(file)} == {
        f"{name}-{number}" for name in ("first", "second") for number in range(25)
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == [".metrics.json.lock", "metrics.json"]


def checkpoint_in_a_run(folder: Path) -> Path:
    path = folder / "run" / "checkpoints" / "step-00000001.safetensors"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"weights")
    (folder / "run" / "run.json").write_text("{}")
    return path


def test_measurements_of_a_run_lie_in_it_and_those_of_others_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    path = checkpoint_in_a_run(tmp_path)
    store = MeasurementStore(path)
    store.keep(kept(1.0, store.digest, key="a"))
    store.keep(kept(2.0, "another checkpoint", key="b"))
    assert (tmp_path / "run" / "metrics.json").is_file()
    assert not (tmp_path / "cache").exists()
    assert [row.key for row in store.all()] == ["a"]
    alone = Path(shutil.copy(path, tmp_path / "alone.safetensors"))
    outside = MeasurementStore(alone)
    assert outside.all() == ()
    outside.keep(kept(3.0, store.digest, key="c"))
    assert [row.key for row in MeasurementStore(path).all()] == ["c", "a"]


def test_a_run_that_cannot_be_written_has_its_measurements_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    path = checkpoint_in_a_run(tmp_path)
    (tmp_path / "run" / "metrics.json").mkdir()
    store = MeasurementStore(path)
    store.keep(kept(1.0, store.digest, key="a"))
    assert MeasurementStore(path).all() == (kept(1.0, store.digest, key="a"),)
    (told,) = store.damages()
    assert told.endswith(f"cannot be read: {tmp_path / 'run' / 'metrics.json'} (is a directory); make it readable.")
    (tmp_path / "cache" / "measurements" / f"{store.digest}.json").unlink()
    (tmp_path / "cache" / "measurements" / f"{store.digest}.json").mkdir()
    with pytest.raises(FailureError, match=r"run.metrics\.json could not be written"):
        store.keep(kept(1.0, store.digest, key="a"))
