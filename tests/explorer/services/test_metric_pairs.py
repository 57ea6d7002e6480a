"""What is measured of two checkpoints: the very files that are shown, and where possible measured alike."""

import shutil
from pathlib import Path

import pytest

from explorer.services.metric_pairs import MeasuredSide, PairJob
from explorer.services.metric_tables import MeasuredTable, TextJob
from trainers.engine.checkpoint import file_digest, find_checkpoint
from trainers.engine.kept_measurements import KeptMeasurement, MeasurementStore
from trainers.errors import UsageError
from trainers.metrics.metric import Measurement
from trainers.reporting import never, no_report


@pytest.fixture
def run(digits_run: Path, tmp_path: Path) -> Path:
    path = shutil.copytree(digits_run, tmp_path / "bound")
    (path / "metrics.json").unlink(missing_ok=True)
    return path


def snapshots(run: Path) -> tuple[Path, Path]:
    """The first and the newest."""
    files = sorted((run / "checkpoints").glob("*.safetensors"))
    assert files[-1] == find_checkpoint(run)
    return files[0], files[-1]


def keep(file: Path, value: float, count: int = 100, name: str = "psnr") -> None:
    measured = Measurement(name, value, "dB", "higher", 0.5, count)
    key = f"{file} {name} {count}"
    MeasurementStore(file).keep(KeptMeasurement(measured, "digits", "test", file_digest(file), key=key))


def side(letter: str, file: Path, digest: str = "") -> MeasuredSide:
    return MeasuredSide(letter, f"title of {letter}", str(file), digest or file_digest(file))


def read(first: MeasuredSide, second: MeasuredSide, wanted: tuple[str, ...] = ()) -> MeasuredTable:
    return PairJob((first, second), wanted)(no_report, never)


def test_each_value_is_of_the_file_that_is_shown(run: Path) -> None:
    early, late = snapshots(run)
    keep(early, 10.0)
    keep(late, -12.0)
    shown = read(side("A", early), side("B", late), wanted=("elbo",)).shown
    assert [(row.path, row.title) for row in shown.rows] == [(str(early), "title of A"), (str(late), "title of B")]
    assert [(shown.cell(str(file), "psnr").text, shown.cell(str(file), "psnr").kind) for file in (early, late)] == [
        ("10.00 ± 0.50", "best"),
        ("−12.00 ± 0.50", "value"),
    ]
    assert [column.name for column in shown.columns] == ["elbo", "psnr"], "as the catalogue has them"
    assert shown.cell(str(early), "elbo").kind == "missing"


def test_of_several_values_those_measured_alike_are_compared(run: Path) -> None:
    early, late = snapshots(run)
    for count, value in ((50, 9.0), (100, 10.0), (500, 8.0)):
        keep(early, value, count)
    keep(late, 11.0, 50)
    keep(late, 12.0, 100)
    measured = read(side("A", early), side("B", late))
    assert [measured.shown.cell(str(file), "psnr").value for file in (early, late)] == [10.0, 12.0]
    assert measured.shown.sentences == ()


def test_where_none_were_measured_alike_the_difference_is_said(run: Path) -> None:
    early, late = snapshots(run)
    keep(early, 10.0, 500)
    keep(late, 12.0, 100)
    shown = read(side("A", early), side("B", late)).shown
    assert [shown.cell(str(file), "psnr").kind for file in (early, late)] == ["value", "differing"]
    assert shown.sentences == (
        f"psnr of B · {run.name} was measured otherwise and not compared with the others: count 100 instead of 500.",
    )


def test_what_is_known_of_another_snapshot_is_said_to_be_of_that(run: Path) -> None:
    early, late = snapshots(run)
    keep(late, 12.0)
    shown = read(side("A", early), side("B", late)).shown
    other = shown.cell(str(early), "psnr")
    assert (other.kind, other.text, other.value) == ("other", "12.00 at epoch 4", None)
    assert "A is shown at epoch" in other.explanation
    assert shown.cell(str(late), "psnr").kind == "value"


def test_the_same_file_may_be_both(run: Path) -> None:
    _, late = snapshots(run)
    keep(late, 12.0)
    shown = read(side("A", late), side("B", late)).shown
    assert len(shown.rows) == 2
    assert shown.cell(str(late), "psnr").kind == "best"


def test_text_names_the_sides(run: Path) -> None:
    early, late = snapshots(run)
    keep(early, 10.0)
    keep(late, 12.0)
    text = TextJob(read(side("A", early), side("B", late)), (), "csv")(no_report, never)
    assert [line.split(",")[0] for line in text.splitlines()] == ["run", "A · bound", "B · bound"]


def test_a_file_that_is_gone_or_has_changed_is_refused(run: Path) -> None:
    early, late = snapshots(run)
    with pytest.raises(UsageError, match="The file of B has changed; open it again"):
        read(side("A", early), side("B", late, "of before"))
    shown = side("A", early)
    early.unlink()
    with pytest.raises(UsageError, match="no checkpoint at"):
        read(shown, side("B", late))
