"""Reading the snapshots of a real run: the newest wish is answered, and nothing is read twice."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from explorer.services.data_items import DataItems, load_data_items
from explorer.services.encodings import EncodedItems
from explorer.services.network import open_model
from explorer.services.opening import LoadedModel
from explorer.services.snapshot_pictures import Probe
from explorer.services.snapshot_reader import ITEMS_WHILE_MOVING, LostSnapshot, SnapshotReader, own_step
from explorer.state.history_values import RunSnapshots, SnapshotColumn
from tests.explorer.conftest import LONG_MS
from trainers.engine.checkpoint import checkpoint_files, checkpoint_path, read_header
from trainers.reporting import no_report

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Told:
    """Everything a reader said, in order."""

    def __init__(self, reader: SnapshotReader) -> None:
        self.said: list[object] = []
        for signal in (reader.listed, reader.loaded, reader.placed, reader.lost, reader.pictured, reader.list_failed):
            signal.connect(self.said.append)

    def of(self, kind: type) -> list[object]:
        return [said for said in self.said if isinstance(said, kind)]


@pytest.fixture
def run(digits_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(digits_run, tmp_path / "run"))


@pytest.fixture
def steps(run: Path) -> tuple[int, ...]:
    return tuple(read_header(file).training.step for file in checkpoint_files(run))


@pytest.fixture
def items(run: Path) -> DataItems:
    return load_data_items(read_header(checkpoint_files(run)[0]).data, no_report)


@pytest.fixture
def reader(run: Path) -> Iterator[SnapshotReader]:
    made = SnapshotReader()
    made.look_at(str(run), str(run))
    yield made
    made.stop()


@pytest.fixture
def told(reader: SnapshotReader) -> Told:
    return Told(reader)


def test_a_snapshot_comes_with_codes_of_a_few_items_that_its_own_encoder_gives(
    reader: SnapshotReader, told: Told, run: Path, steps: tuple[int, ...], items: DataItems, qtbot: "QtBot"
) -> None:
    reader.read(steps[1], items)
    qtbot.waitUntil(lambda: bool(told.of(EncodedItems)), timeout=LONG_MS)
    (loaded,), (encoded,) = told.of(LoadedModel), told.of(EncodedItems)
    assert isinstance(loaded, LoadedModel)
    assert isinstance(encoded, EncodedItems)
    assert (loaded.snapshot, loaded.facts.step, loaded.path) == (steps[1], steps[1], str(run))
    expected, _ = open_model(str(checkpoint_path(run, steps[1])), 1).encode(items.images[:ITEMS_WHILE_MOVING])
    assert encoded.generation == loaded.facts.generation
    assert np.allclose(encoded.codes, expected, atol=1e-5)
    told.said.clear()
    reader.read(steps[1], items)
    qtbot.waitUntil(lambda: reader.is_idle() and bool(told.said), timeout=LONG_MS)
    (again,) = told.said
    assert isinstance(again, LoadedModel)
    assert again.model is loaded.model
    assert again.encoded is encoded


def test_a_model_that_is_open_already_is_not_read_again(
    reader: SnapshotReader, told: Told, run: Path, steps: tuple[int, ...], qtbot: "QtBot"
) -> None:
    model = open_model(str(checkpoint_path(run, steps[-1])), 7)
    elsewhere = replace(model.facts(), path="/elsewhere.safetensors")
    for facts, is_kept in ((elsewhere, False), (model.facts(), True)):
        reader.keep(LoadedModel(str(run), model, facts, None, steps[-1]))
        told.said.clear()
        reader.read(steps[-1], None)
        qtbot.waitUntil(lambda: bool(told.of(LoadedModel)), timeout=LONG_MS)
        (loaded,) = told.of(LoadedModel)
        assert isinstance(loaded, LoadedModel)
        assert (loaded.model is model) == is_kept
        reader.read(steps[0], None)
        qtbot.waitUntil(lambda: len(told.of(LoadedModel)) > 1, timeout=LONG_MS)
        other = told.of(LoadedModel)[-1]
        assert isinstance(other, LoadedModel)
        assert (other.model.shared_classifier is model.shared_classifier) == is_kept
        reader.look_at("", "")
        reader.look_at(str(run), str(run))


def test_of_many_quick_wishes_the_last_is_answered_and_most_are_not(
    reader: SnapshotReader, told: Told, steps: tuple[int, ...], qtbot: "QtBot"
) -> None:
    for step in steps * 20:
        reader.read(step, None)
    qtbot.waitUntil(reader.is_idle, timeout=LONG_MS)
    qtbot.waitUntil(lambda: bool(told.of(LoadedModel)), timeout=LONG_MS)
    shown = [loaded.snapshot for loaded in told.of(LoadedModel) if isinstance(loaded, LoadedModel)]
    assert shown[-1] == steps[-1]
    assert len(shown) < len(steps) * 5


def test_a_snapshot_that_is_gone_or_damaged_is_a_sentence(
    reader: SnapshotReader, told: Told, run: Path, steps: tuple[int, ...], qtbot: "QtBot"
) -> None:
    files = checkpoint_files(run)
    files[1].unlink()
    files[2].write_bytes(files[2].read_bytes()[:-9])
    for count, step in enumerate(steps[1:3], start=1):
        reader.read(step, None)
        qtbot.waitUntil(lambda wanted=count: len(told.of(LostSnapshot)) == wanted, timeout=LONG_MS)  # type: ignore[misc]
    gone, damaged = told.of(LostSnapshot)
    assert isinstance(gone, LostSnapshot)
    assert isinstance(damaged, LostSnapshot)
    assert gone.step == steps[1]
    assert gone.sentence == f"The snapshot of step {steps[1]:,} is gone: a run keeps only some of them as it goes on."
    assert "choose another checkpoint" in damaged.sentence
    shutil.rmtree(run)
    reader.read(steps[0], None)
    reader.list_snapshots()
    qtbot.waitUntil(lambda: len(told.of(LostSnapshot)) == 3 and bool(told.of(str)), timeout=LONG_MS)
    assert "gone or was moved" in str(told.of(str)[0])


def test_a_strip_has_the_same_probes_for_every_snapshot(
    reader: SnapshotReader, told: Told, run: Path, steps: tuple[int, ...], items: DataItems, qtbot: "QtBot"
) -> None:
    with qtbot.waitSignal(reader.strip_ended, timeout=LONG_MS) as ended:
        reader.draw_strip(steps, Probe(items))
    assert ended.args == [""]
    columns = [column for column in told.of(SnapshotColumn) if isinstance(column, SnapshotColumn)]
    assert [column.step for column in columns] == list(steps)
    last, model = columns[-1], open_model(str(checkpoint_path(run, steps[-1])), 1)
    noise = model.sample_codes(2, 1.0, 0)
    codes, _ = model.encode(items.images[:2])
    expected = model.decode(np.concatenate([noise, codes]))
    assert np.abs(last.pictures.astype(int) - expected).max() <= 1
    assert (columns[0].pictures != last.pictures).any()
    assert len(last.names) == len(last.pictures) == 4


def test_a_model_that_draws_number_by_number_has_no_strip(
    reader: SnapshotReader,
    told: Told,
    run: Path,
    steps: tuple[int, ...],
    monkeypatch: pytest.MonkeyPatch,
    qtbot: "QtBot",
) -> None:
    monkeypatch.setattr("explorer.services.snapshot_reader.takes_long", lambda _model: True)
    with qtbot.waitSignal(reader.strip_ended, timeout=LONG_MS) as ended:
        reader.draw_strip(steps, Probe())
    assert ended.args == ["Pictures of this model take too long for a filmstrip; its losses are shown."]
    assert told.of(SnapshotColumn) == []


def test_answers_about_another_run_are_dropped(
    reader: SnapshotReader, told: Told, wide_run: Path, steps: tuple[int, ...], qtbot: "QtBot"
) -> None:
    reader.read(steps[0], None)
    reader.look_at(str(wide_run), str(wide_run))
    reader.list_snapshots()
    qtbot.waitUntil(lambda: bool(told.of(RunSnapshots)), timeout=LONG_MS)
    assert [said.run for said in told.of(RunSnapshots) if isinstance(said, RunSnapshots)] == [str(wide_run)]
    assert told.of(LoadedModel) == []


def test_a_checkpoint_says_its_step() -> None:
    assert own_step("/runs/a/checkpoints/step-00001407.safetensors", 7) == 1407
    assert own_step("/models/mine.safetensors", 7) == 7
