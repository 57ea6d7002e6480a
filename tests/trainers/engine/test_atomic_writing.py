import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from trainers.atomic_writing import remove_unfinished, replacement, write_atomically
from trainers.errors import FailureError


def full_disk(*_arguments: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_is_written_with_its_folder(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a" / "b.bin", b"new")
    assert (tmp_path / "a" / "b.bin").read_bytes() == b"new"


def test_others_may_read_the_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "b.bin", b"new")
    (tmp_path / "plain").touch()
    assert (tmp_path / "b.bin").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize(("owner", "broken"), [(os, "fsync"), (Path, "open"), (Path, "replace")])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    owner: object, broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.bin"
    path.write_bytes(b"old")
    monkeypatch.setattr(owner, broken, full_disk)
    with pytest.raises(FailureError, match=r"disk is full.*free some space"):
        write_atomically(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["b.bin"]


def test_a_name_may_be_nearly_as_long_as_the_system_allows(tmp_path: Path) -> None:
    write_atomically(tmp_path / ("b" * 240), b"new")
    assert os.listdir(tmp_path) == ["b" * 240]


def test_what_was_never_finished_can_be_told_and_removed(tmp_path: Path) -> None:
    (tmp_path / "whole.bin").touch()
    with replacement(tmp_path / "b.bin") as temporary:
        temporary.write_bytes(b"half")
        remove_unfinished(tmp_path)
        assert os.listdir(tmp_path) == ["whole.bin"]
        temporary.write_bytes(b"new")
    assert (tmp_path / "b.bin").read_bytes() == b"new"


def test_a_place_that_cannot_hold_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FailureError, match=r"file/b\.bin could not be written: a file is where its folder"):
        write_atomically(tmp_path / "file" / "b.bin", b"new")
