"""What runs have told, read from their files."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from explorer.services.run_histories import HistoriesJob, SnapshotUnitsJob, run_history
from trainers.engine.checkpoint import RUN_FILE, find_checkpoint
from trainers.engine.events import Stepped, event_line
from trainers.engine.run_folder import EVENTS_FILE, RunFolder
from trainers.errors import StoppedError
from trainers.reporting import never, no_report


def test_curves_and_units_of_a_finished_run(digits_run: Path) -> None:
    history = run_history(str(digits_run))
    assert (history.path, history.title, history.problem) == (str(digits_run), digits_run.name, "")
    assert {"loss", "kl", "negative_bound"} <= {curve.name for curve in history.curves}
    assert history.steps_per_epoch == 22
    assert history.units is not None
    assert history.units.values.shape == (len(history.units.epochs), 2)
    assert history.units.epochs[-1] == 4.0


def test_a_checkpoint_inside_a_run_has_the_history_of_the_run(digits_run: Path) -> None:
    inside = str(find_checkpoint(digits_run))
    history = run_history(inside)
    assert (history.path, history.title) == (inside, digits_run.name)
    assert history.curves == run_history(str(digits_run)).curves


def test_what_lies_in_no_run_says_why_there_is_nothing(digits_run: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.safetensors"
    alone.write_bytes(find_checkpoint(digits_run).read_bytes())
    assert "by itself" in run_history(str(alone)).problem
    assert run_history("shipped:digits").title == "digits"
    assert run_history("shipped:digits").problem


def test_a_run_that_goes_on_is_read_anew(digits_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / RUN_FILE).write_bytes((digits_run / RUN_FILE).read_bytes())
    assert "told nothing" in run_history(str(run)).problem
    step = Stepped(step=1, epoch=0.1, terms={"loss": 2.0}, images_per_second=1.0, seconds_left=None)
    with (run / EVENTS_FILE).open("a") as file:
        file.write(event_line(step) + "\n")
    assert run_history(str(run)).curves[0].values == (2.0,)
    with (run / EVENTS_FILE).open("a") as file:
        file.write(event_line(step.model_copy(update={"step": 2})) + "\n")
    assert run_history(str(run)).curves[0].values == (2.0, 2.0)


def test_several_at_once_keep_their_order(digits_run: Path, wide_run: Path) -> None:
    paths = (str(wide_run), str(digits_run))
    assert [history.path for history in HistoriesJob(paths)(no_report, never)] == list(paths)


def test_units_of_a_run_that_recorded_none_are_measured_at_its_snapshots(digits_run: Path, tmp_path: Path) -> None:
    run = tmp_path / "old"
    shutil.copytree(digits_run, run)
    lines = [line for line in (run / EVENTS_FILE).read_text().splitlines() if '"measured"' not in line]
    (run / EVENTS_FILE).write_text("\n".join(lines) + "\n")
    assert run_history(str(run)).units is None
    history = SnapshotUnitsJob(str(run))(no_report, never)
    recorded = run_history(str(digits_run)).units
    assert history.units is not None
    assert recorded is not None
    assert history.units.name == recorded.name == "kl"
    assert history.units.epochs.tolist() == [mark.epoch for mark in RunFolder(run).checkpoints()]
    # The last snapshot is what was measured at the end of the run.
    np.testing.assert_allclose(history.units.values[-1], recorded.values[-1], rtol=1e-3)
    with pytest.raises(StoppedError):
        SnapshotUnitsJob(str(run))(no_report, lambda: True)
