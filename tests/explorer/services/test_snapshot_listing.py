"""Which snapshots a run has, and its losses at each."""

import shutil
from pathlib import Path

import pytest

from explorer.services.snapshot_listing import SnapshotListing
from trainers.engine.checkpoint import checkpoint_files
from trainers.engine.events import Stepped
from trainers.engine.run_folder import RunFolder
from trainers.errors import UsageError


@pytest.fixture
def run(digits_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(digits_run, tmp_path / "run"))


def test_every_snapshot_is_listed_with_the_losses_told_last_before_it(run: Path) -> None:
    history = SnapshotListing(str(run)).history()
    kept = RunFolder(run).checkpoints()
    assert [(mark.step, mark.epoch) for mark in history.marks] == [(file.step, file.epoch) for file in kept]
    told = [event for event in RunFolder(run).read_events() if isinstance(event, Stepped)]
    for mark in history.marks:
        before = [event for event in told if event.step <= mark.step]
        assert dict(mark.terms) == (before[-1].terms if before else {})
    assert history.marks[-1].loss is not None


def test_a_list_read_again_knows_what_came_and_what_went(run: Path) -> None:
    listing = SnapshotListing(str(run))
    first = listing.history()
    files = checkpoint_files(run)
    files[1].unlink()
    files[2].write_bytes(b"rubbish")
    left = [mark.step for place, mark in enumerate(first.marks) if place not in (1, 2)]
    assert [mark.step for mark in listing.history().marks] == left


def test_losses_written_later_are_read_and_those_of_a_killed_attempt_are_not(run: Path) -> None:
    listing, events = SnapshotListing(str(run)), run / "events.jsonl"
    last = listing.history().marks[-1]
    lines = events.read_text().splitlines()
    started = next(line for line in lines if '"started"' in line).replace('"step":0}', f'"step":{last.step - 1}}}')
    step = Stepped(step=last.step, epoch=1.0, terms={"loss": 7.5}, images_per_second=1.0, seconds_left=None)
    with events.open("a") as stream:
        stream.write(f"{started}\n{step.model_dump_json()}\n{step.model_dump_json()[:20]}")
    assert listing.history().marks[-1].terms == (("loss", 7.5),)


def test_a_run_that_is_gone_is_a_sentence(run: Path) -> None:
    listing = SnapshotListing(str(run))
    listing.history()
    shutil.rmtree(run)
    with pytest.raises(UsageError, match="gone or was moved; open it again"):
        listing.history()
