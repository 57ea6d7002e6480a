"""Files that are not what they should be, in every command that opens them."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.trainers.cli.conftest import Invoke

OPENING = [
    ("evaluate",),
    ("sample",),
    ("encode",),
    ("export", "manifold"),
    ("export", "traversal"),
    ("export", "reconstructions"),
    ("export", "model"),
]


def newest(run: Path) -> Path:
    return sorted((run / "checkpoints").iterdir())[-1]


def truncated(run: Path) -> Path:
    path = Path("cut.safetensors")
    path.write_bytes(newest(run).read_bytes()[:-1000])
    return path


def no_more_than_a_name(_run: Path) -> Path:
    path = Path("empty.safetensors")
    path.touch()
    return path


def of_another_program(_run: Path) -> Path:
    path = Path("foreign.safetensors")
    save_file({"weight": torch.zeros(3)}, path)
    return path


def of_another_kind(_run: Path) -> Path:
    path = Path("notes.txt")
    path.write_text("not a model")
    return path


def of_a_newer_version(run: Path) -> Path:
    return rewritten(run, {"format": 999})


def with_unknown_settings(run: Path) -> Path:
    return rewritten(run, {"config": {"latent_size": 3, "from_the_future": 1}})


def of_an_unknown_model(run: Path) -> Path:
    return rewritten(run, {"model": "from_the_future"})


def rewritten(run: Path, changes: dict[str, object]) -> Path:
    path = Path("rewritten.safetensors")
    with safe_open(newest(run), framework="pt") as file:
        ((key, about),) = file.metadata().items()
        metadata = {key: json.dumps({**json.loads(about), **changes})}
        save_file({name: file.get_tensor(name) for name in file.keys()}, path, metadata)
    return path


def a_run_without_checkpoints(run: Path) -> Path:
    path = Path("begun")
    path.mkdir()
    shutil.copy(run / "run.json", path)
    return path


def an_empty_folder(_run: Path) -> Path:
    path = Path("empty")
    path.mkdir()
    return path


UNUSABLE = [
    truncated,
    no_more_than_a_name,
    of_another_program,
    of_another_kind,
    of_a_newer_version,
    with_unknown_settings,
    of_an_unknown_model,
    a_run_without_checkpoints,
    an_empty_folder,
]


@pytest.mark.parametrize("unusable", UNUSABLE, ids=lambda make: make.__name__)
@pytest.mark.parametrize("command", OPENING[:2], ids=" ".join)
def test_unusable_model_is_one_sentence(
    invoke: Invoke, vae_run: Path, command: tuple[str, ...], unusable: Callable[[Path], Path]
) -> None:
    path = unusable(vae_run)
    before = sorted(Path.cwd().rglob("*"))
    outcome = invoke(*command, path, "--json")
    assert outcome.code == 2
    assert outcome.answer == {"error": outcome.sentence}
    assert path.name in outcome.sentence
    assert sorted(Path.cwd().rglob("*")) == before


@pytest.mark.parametrize("command", OPENING, ids=" ".join)
def test_every_command_refuses_a_truncated_model(invoke: Invoke, vae_run: Path, command: tuple[str, ...]) -> None:
    outcome = invoke(*command, truncated(vae_run))
    assert outcome.code == 2
    assert "truncated" in outcome.sentence


@pytest.mark.parametrize("command", OPENING[1:], ids=" ".join)
def test_place_that_cannot_be_written_is_known_before_the_work(
    invoke: Invoke, vae_run: Path, command: tuple[str, ...]
) -> None:
    Path("file").write_text("in the way")
    ending = {"encode": ".npz", "model": ".safetensors"}.get(command[-1], ".png")
    outcome = invoke(*command, vae_run, "--out", f"file/result{ending}")
    assert outcome.code == 1
    assert "could not be written" in outcome.sentence
    assert Path("file").read_text() == "in the way"


@pytest.mark.parametrize("command", OPENING[1:], ids=" ".join)
def test_full_disk_leaves_the_earlier_file(
    invoke: Invoke, vae_run: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = {"encode": ".npz", "model": ".safetensors"}.get(command[-1], ".png")
    Path(f"result{ending}").write_text("earlier")

    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    outcome = invoke(*command, vae_run, "--out", f"result{ending}")
    assert outcome.code == 1
    assert "disk is full" in outcome.sentence
    assert Path(f"result{ending}").read_text() == "earlier"
    assert [path.name for path in Path.cwd().iterdir()] == [f"result{ending}"]


def test_damaged_run_file_is_one_sentence(invoke: Invoke) -> None:
    Path("run").mkdir()
    Path("run/run.json").write_text('{"format": 1, "requ')
    outcome = invoke("train", "--resume", "run")
    assert outcome.code == 2
    assert "damaged" in outcome.sentence


def test_run_of_a_newer_version_is_one_sentence(invoke: Invoke) -> None:
    Path("run").mkdir()
    Path("run/run.json").write_text('{"format": 999}')
    outcome = invoke("train", "--resume", "run")
    assert outcome.code == 2
    assert "newer version" in outcome.sentence
