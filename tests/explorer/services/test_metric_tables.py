"""The table of runs and metrics as the panel shows it, its texts, and what can be measured."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from explorer.services.metric_tables import MeasuredTable, OffersJob, TableJob, TextJob
from explorer.state.training_values import LibraryEntry
from trainers.data.catalogue import load_dataset
from trainers.engine.checkpoint import file_digest, find_checkpoint, load_model
from trainers.engine.evaluation import evaluate
from trainers.engine.kept_measurements import KeptMeasurement, MeasurementStore
from trainers.errors import FailureError, UsageError
from trainers.metrics.catalogue import METRICS
from trainers.metrics.metric import Measurement, MetricSettings
from trainers.reporting import never, no_report


@pytest.fixture
def runs(digits_run: Path, wide_run: Path, tmp_path: Path) -> tuple[str, str]:
    """Copies of a VAE's and an autoencoder's run, of which nothing is measured."""
    paths = []
    for run, name in ((digits_run, "bound"), (wide_run, "plain")):
        shutil.copytree(run, tmp_path / name)
        (tmp_path / name / "metrics.json").unlink(missing_ok=True)
        paths.append(str(tmp_path / name))
    return paths[0], paths[1]


def _measure(path: str, *names: str, limit: int | None = None) -> None:
    checkpoint = find_checkpoint(Path(path))
    dataset = load_dataset("digits", "test")
    for found in evaluate(load_model(checkpoint), dataset, names, MetricSettings(limit=limit)):
        MeasurementStore(checkpoint).keep(KeptMeasurement(found, "digits", "test", file_digest(checkpoint)))


def _read(paths: tuple[str, ...], wanted: tuple[str, ...] = (), open_path: str = "") -> MeasuredTable:
    entries = tuple(LibraryEntry(Path(path).name, "detail", path, "run") for path in paths)
    return TableJob(entries, wanted, open_path)(no_report, never)


def test_values_gaps_and_what_cannot_be(runs: tuple[str, str]) -> None:
    bound, plain = runs
    _measure(bound, "kl", "active_units")
    _measure(plain, "active_units")
    shown = _read(runs, wanted=("elbo",), open_path=plain).shown
    assert {column.name for column in shown.columns} == {"kl", "active_units", "elbo"}
    kl = shown.cell(bound, "kl")
    assert kl.kind == "value"
    assert kl.value is not None
    assert kl.error is not None
    assert kl.text.startswith(f"{kl.value:.1f}"[:2])
    assert "count: 359" in kl.explanation
    assert (shown.cell(bound, "elbo").kind, shown.cell(bound, "elbo").value) == ("missing", None)
    impossible = shown.cell(plain, "kl")
    assert impossible.kind == "impossible"
    assert "needs an evidence bound, which the model autoencoder does not have" in impossible.explanation
    assert [row.is_open for row in shown.rows] == [False, True]


def test_columns_say_unit_direction_and_conditions(runs: tuple[str, str]) -> None:
    _measure(runs[0], "active_units", "kl")
    columns = {column.name: column for column in _read(runs).shown.columns}
    assert columns["active_units"].title == "active_units ↑"
    assert columns["kl"].title == "kl"
    assert columns["kl"].conditions == "359 · test"
    assert "nats per image" in columns["kl"].explanation


def test_a_column_of_samples_says_how_many_they_are(runs: tuple[str, str]) -> None:
    checkpoint = find_checkpoint(Path(runs[0]))
    found = Measurement("inception_score", 2.0, "score", "higher", None, 359, {"samples": 500})
    MeasurementStore(checkpoint).keep(KeptMeasurement(found, "digits", "test", file_digest(checkpoint)))
    (column,) = _read(runs).shown.columns
    assert "500 samples" in column.conditions


def test_values_under_other_conditions_are_marked_and_the_best_of_like_ones_is(
    runs: tuple[str, str], tmp_path: Path
) -> None:
    bound, plain = runs
    again = str(shutil.copytree(plain, tmp_path / "again"))
    _measure(bound, "reconstruction_error")
    for path in (plain, again):
        _measure(path, "reconstruction_error", limit=50)
    shown = _read((bound, plain, again)).shown
    cells = [shown.cell(path, "reconstruction_error") for path in (bound, plain, again)]
    assert [cell.kind for cell in cells] == ["differing", "best", "best"]
    assert "Not to be compared with the others" in cells[0].explanation
    assert "count 359 instead of 50" in cells[0].explanation
    assert "different" not in " ".join(cell.explanation for cell in cells[1:])


def test_a_run_that_cannot_be_read_has_a_row_that_says_why(runs: tuple[str, str], tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    measured = _read((runs[0], gone))
    assert measured.paths == (runs[0],)
    assert [row.path for row in measured.shown.rows] == [runs[0], gone]
    assert "no run folder" in measured.shown.rows[1].detail


def test_a_damaged_file_of_measurements_is_said_before_and_after_it_is_put_aside(runs: tuple[str, str]) -> None:
    _measure(runs[0], "kl")
    Path(runs[0], "metrics.json").write_text("{damaged")
    damaged = _read(runs).shown
    assert damaged.columns == ()
    (told,) = damaged.sentences
    assert f"{Path(runs[0], 'metrics.json')} is damaged" in told
    _measure(runs[0], "kl")
    put_aside = _read(runs)
    (told,) = put_aside.shown.sentences
    assert f"{Path(runs[0], 'metrics.damaged-1.json')} is what metrics.json was" in told
    assert put_aside.shown.cell(runs[0], "kl").kind == "value"
    assert told in TextJob(put_aside, (runs[0],), "markdown")(no_report, never)
    Path(runs[0], "metrics.damaged-1.json").unlink()
    assert _read(runs).shown.sentences == ()


def test_texts_have_the_chosen_rows_or_all(runs: tuple[str, str], tmp_path: Path) -> None:
    for path in runs:
        _measure(path, "active_units")
    measured = _read(runs)
    everything = list(csv.DictReader(io.StringIO(TextJob(measured, (), "csv")(no_report, never))))
    assert [(row["run"], row["metric"]) for row in everything] == [("bound", "active_units"), ("plain", "active_units")]
    one = TextJob(measured, (runs[1],), "markdown")(no_report, never)
    assert "plain" in one
    assert "bound" not in one
    file = tmp_path / "table.tex"
    assert TextJob(measured, (), "latex", str(file))(no_report, never) == file.read_text()
    with pytest.raises(FailureError):
        TextJob(measured, (), "csv", str(file / "a.csv"))(no_report, never)


def test_offers_have_every_metric_and_the_reason_where_no_chosen_run_can_have_it(runs: tuple[str, str]) -> None:
    both = {offer.name: offer for offer in OffersJob(runs)(no_report, never)}
    alone = {offer.name: offer for offer in OffersJob(runs[1:])(no_report, never)}
    assert list(both) == list(METRICS)
    assert (both["kl"].reason, both["kl"].is_usual) == ("", True)
    assert "evidence bound" in alone["kl"].reason
    assert not alone["kl"].is_usual
    with_a_lost_one = {offer.name: offer for offer in OffersJob(("/nowhere", *runs))(no_report, never)}
    assert with_a_lost_one == both
    with pytest.raises(UsageError):
        OffersJob(("/nowhere",))(no_report, never)


def test_a_run_whose_weights_do_not_fit_says_so_in_its_places_and_leaves_the_others_theirs(
    runs: tuple[str, str],
) -> None:
    bound, plain = runs
    _measure(bound, "active_units")
    for checkpoint in (Path(plain) / "checkpoints").iterdir():
        content = checkpoint.read_bytes()
        checkpoint.write_bytes(content.replace(b'.weight":', b'.weighs":', 1))
    shown = _read(runs, wanted=("elbo",)).shown
    assert len(shown.rows) == 2
    assert shown.cell(bound, "active_units").kind == "value"
    assert shown.cell(plain, "elbo").kind == "impossible"
    assert "do not fit its model" in shown.cell(plain, "elbo").explanation
    offers = {offer.name: offer.reason for offer in OffersJob(runs)(no_report, never)}
    assert not offers["kl"]
    assert "do not fit its model" in OffersJob((plain,))(no_report, never)[0].reason


def test_a_column_of_samples_says_how_many_and_by_what(runs: tuple[str, str]) -> None:
    checkpoint = find_checkpoint(Path(runs[0]))
    settings: dict[str, str | int | float] = {
        "samples": 2000,
        "extractor": "embedded classifier, 99 % right",
        "resize": "none",
    }
    measured = Measurement("fid_embedded", 12.5, "FID", "lower", None, 2000, settings)
    MeasurementStore(checkpoint).keep(KeptMeasurement(measured, "digits", "test", file_digest(checkpoint)))
    (column,) = _read(runs).shown.columns
    assert column.title == "fid_embedded ↓"
    assert column.conditions == "embedded classifier · 2000 samples · test"
    assert "embedded classifier, 99 % right" in column.explanation
