"""The library: what is listed, and what a path means."""

import shutil
from pathlib import Path

import pytest

from explorer.services import library
from explorer.services.library import (
    canonical,
    check_path,
    is_trained_elsewhere,
    list_library,
    located,
    new_run_folder,
    run_of,
    runs_folder,
    shipped_models,
)
from trainers.engine.checkpoint import find_checkpoint
from trainers.engine.run_lock import RunLock
from trainers.errors import UsageError


@pytest.fixture(autouse=True)
def shipped(digits_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shipped"
    (folder / "checkpoints").mkdir(parents=True)
    shutil.copy(find_checkpoint(digits_run), folder / "checkpoints" / "digits.safetensors")
    monkeypatch.setattr(library, "files", lambda _package: folder)
    return folder / "checkpoints" / "digits.safetensors"


@pytest.fixture
def runs(tmp_path: Path, digits_run: Path, wide_run: Path) -> Path:
    folder = tmp_path / "runs"
    shutil.copytree(digits_run, folder / "older")
    shutil.copytree(wide_run, folder / "newer")
    (folder / "no run").mkdir()
    return folder


def test_shipped_models_come_first_then_runs_then_files(runs: Path, digits_run: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.safetensors"
    shutil.copy(find_checkpoint(digits_run), file)
    entries = list_library(runs, (str(file), str(tmp_path / "gone.safetensors")))
    assert [entry.kind for entry in entries] == ["shipped", "run", "run", "file"]
    assert entries[0].path == "shipped:digits"
    assert {entry.title for entry in entries[1:3]} == {"older", "newer"}
    assert entries[3].title == "mine.safetensors"
    assert entries[3].detail == "vae / digits · epoch 4"


def test_a_run_says_how_far_it_is_and_whether_it_trains(runs: Path) -> None:
    with RunLock(runs / "older"):
        entries = {entry.title: entry for entry in list_library(runs, ())}
        assert is_trained_elsewhere(str(runs / "older"))
    assert entries["older"].detail == "vae / digits · epoch 4 of 4"
    assert entries["older"].is_training
    assert not entries["newer"].is_training


def test_damaged_runs_and_files_say_so_in_the_list(runs: Path, tmp_path: Path) -> None:
    (runs / "older" / "run.json").write_text("{")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"rubbish")
    entries = {entry.title: entry.detail for entry in list_library(runs, (str(broken),))}
    assert "damaged" in entries["older"]
    assert "broken.safetensors" in entries["broken.safetensors"]


def test_a_run_without_checkpoints_is_listed(runs: Path) -> None:
    shutil.rmtree(runs / "older" / "checkpoints")
    entries = {entry.title: entry.detail for entry in list_library(runs, ())}
    assert entries["older"] == "vae / digits · no checkpoint yet"


def test_no_runs_folder_is_an_empty_library(tmp_path: Path) -> None:
    assert [entry.kind for entry in list_library(tmp_path / "nowhere", ())] == ["shipped"]


def test_shipped_paths_lead_to_their_files(shipped: Path) -> None:
    assert located("shipped:digits") == shipped
    assert located("/elsewhere/run") == Path("/elsewhere/run")
    assert check_path("shipped:digits") == "shipped:digits"


def test_paths_are_checked_before_anything_opens(
    digits_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(digits_run.parent)
    assert check_path(digits_run.name) == str(digits_run)
    with pytest.raises(UsageError, match="nowhere"):
        check_path(str(tmp_path / "nowhere"))


def test_run_of_finds_the_folder_around_a_checkpoint(runs: Path, shipped: Path) -> None:
    assert run_of(str(find_checkpoint(runs / "older"))) == str(runs / "older")
    assert run_of(str(shipped)) == ""


def test_new_runs_never_share_a_folder(tmp_path: Path) -> None:
    first = new_run_folder(tmp_path, "vae", "/home/ada/cats")
    first.mkdir()
    second = new_run_folder(tmp_path, "vae", "/home/ada/cats")
    assert first.name.startswith("vae-cats-")
    assert first != second


def test_runs_go_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENT_EXPLORER_RUNS", raising=False)
    assert runs_folder(tmp_path) == tmp_path / "runs"
    monkeypatch.setenv("LATENT_EXPLORER_RUNS", str(tmp_path / "chosen"))
    assert runs_folder(tmp_path) == tmp_path / "chosen"


def test_the_file_of_a_shipped_model_is_the_shipped_model() -> None:
    for name, file in shipped_models().items():
        assert canonical(str(file)) == name
        assert canonical(name) == name
    assert canonical("elsewhere/digits.safetensors") == str(Path("elsewhere/digits.safetensors").absolute())
