import json
import shutil
from pathlib import Path

import pytest

from tests.trainers.cli.conftest import Invoke
from trainers.data.catalogue import load_split_of
from trainers.data.data_spec import DataSpec
from trainers.data.image_dataset import ImageDataset, Split
from trainers.errors import FailureError


@pytest.fixture
def two(
    invoke: Invoke, vae_run: Path, autoencoder_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """Copies of two runs, of which the errors are measured, and the bound of one; with a cache of their own."""
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    first, second = (
        Path(shutil.copytree(run, tmp_path / name, ignore=shutil.ignore_patterns("metrics.json")))
        for run, name in ((vae_run, "first"), (autoencoder_run, "second"))
    )
    for run, metrics in ((first, ("reconstruction_error", "elbo")), (second, ("reconstruction_error",))):
        words = [word for metric in metrics for word in ("--metric", metric)]
        assert invoke("evaluate", run, *words, "--limit", 20).code == 0
    return first, second


def test_measured_values_stand_side_by_side(invoke: Invoke, two: tuple[Path, Path]) -> None:
    answer = invoke("compare", *two, "--json").answer
    assert [run["name"] for run in answer["runs"]] == ["first", "second"]
    columns = [sorted(run["metrics"]) for run in answer["runs"]]
    assert columns == [["elbo", "reconstruction_error"], ["reconstruction_error"]]
    assert answer["runs"][0]["metrics"]["elbo"]["count"] == 20
    text = invoke("compare", *two).stdout
    assert "reconstruction_error" in text
    assert "first: vae / digits, epoch 2" in text


def test_only_the_columns_asked_for_are_shown(invoke: Invoke, two: tuple[Path, Path]) -> None:
    lines = invoke("compare", *two, "--metric", "elbo", "--markdown").stdout.splitlines()
    assert lines[0] == "| run | elbo ↑ |"
    assert lines[3] == "| second (autoencoder / digits, epoch 2) | – |"


def test_every_form_can_be_printed(invoke: Invoke, two: tuple[Path, Path]) -> None:
    assert invoke("compare", *two, "--latex").stdout.splitlines()[-1] == r"\end{tabular}"
    assert len(invoke("compare", *two, "--csv").stdout.splitlines()) == 4
    outcome = invoke("compare", *two, "--csv", "--latex")
    assert (outcome.code, outcome.sentence) == (2, "Choose one of --markdown, --csv, --latex and --json.")


def test_measurements_of_older_checkpoints_do_not_count(invoke: Invoke, two: tuple[Path, Path]) -> None:
    file = two[0] / "metrics.json"
    rows = json.loads(file.read_text())
    file.write_text(json.dumps([{**row, "checkpoint": "another"} for row in rows]))
    assert invoke("compare", *two, "--json").answer["runs"][0]["metrics"] == {}


def test_runs_of_which_nothing_is_measured_say_how_to_measure(invoke: Invoke, two: tuple[Path, Path]) -> None:
    (two[0] / "metrics.json").unlink()
    outcome = invoke("compare", two[0], "--metric", "kl")
    assert outcome.code == 0
    assert outcome.sentence.endswith(f"evaluate {two[0]} --metric kl")


def test_unknown_names_are_one_sentence(invoke: Invoke, two: tuple[Path, Path]) -> None:
    assert "no metric named 'elb'; did you mean elbo" in invoke("compare", *two, "--metric", "elb").sentence
    assert "no run folder and no checkpoint at nothing" in invoke("compare", two[0], "nothing").sentence


def test_what_is_missing_is_measured_when_asked_for(invoke: Invoke, two: tuple[Path, Path]) -> None:
    words = ("--metric", "active_units", "--metric", "elbo", "--measure", "--limit", 30)
    outcome = invoke("compare", *two, *words, "--json")
    assert outcome.code == 0
    assert outcome.sentence.startswith("second: elbo needs ")
    first, second = (run["metrics"] for run in outcome.answer["runs"])
    assert (sorted(first), sorted(second)) == (["active_units", "elbo"], ["active_units"])
    assert first["elbo"]["count"] == 30
    assert (two[1] / "metrics.json").is_file()


def test_settings_of_measuring_need_measuring(invoke: Invoke, two: tuple[Path, Path]) -> None:
    for option, value in (("--samples", 10), ("--limit", 3), ("--inception-weights", "weights.pth")):
        outcome = invoke("compare", *two, option, value)
        assert (outcome.code, outcome.stdout) == (2, "")
        assert "are for --measure" in outcome.sentence


def test_a_device_that_is_not_there_is_refused_before_any_run_is_measured(
    invoke: Invoke, two: tuple[Path, Path]
) -> None:
    outcome = invoke("compare", *two, "--measure", "--device", "gpu")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.sentence.startswith("There is no device named 'gpu'")


def test_a_run_whose_data_are_gone_does_not_spoil_the_others(
    invoke: Invoke, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def sometimes(spec: DataSpec, split: Split, data: str | None) -> ImageDataset:
        calls.append(split)
        if len(calls) == 1:
            raise FailureError("The data are gone.")
        return load_split_of(spec, split, data)

    monkeypatch.setattr("trainers.engine.measuring.load_split_of", sometimes)
    outcome = invoke("compare", *two, "--measure", "--metric", "active_units", "--limit", 30, "--json")
    assert (outcome.code, outcome.sentence) == (0, "first: The data are gone.")
    assert [list(run["metrics"]) for run in outcome.answer["runs"]] == [[], ["active_units"]]


def test_the_split_asked_for_is_shown(invoke: Invoke, two: tuple[Path, Path]) -> None:
    words = ("compare", two[0], "--metric", "kl", "--limit", 30, "--measure", "--json", "--split")
    for split in ("train", "test", "train"):
        assert invoke(*words, split).answer["runs"][0]["metrics"]["kl"]["split"] == split
