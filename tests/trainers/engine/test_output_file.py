import errno
import os
import tempfile
from pathlib import Path

import pytest

from trainers.engine.output_file import check_output
from trainers.errors import FailureError, UsageError


def test_a_writable_place_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "old.png").write_text("old")
    check_output(tmp_path / "old.png", ".png")
    check_output(tmp_path / "NEW.PNG", ".png")
    assert [file.name for file in tmp_path.iterdir()] == ["old.png"]
    assert (tmp_path / "old.png").read_text() == "old"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must end in \.png"):
        check_output(tmp_path / "picture.jpg", ".png")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        check_output(tmp_path / "folder.png", ".png")


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FailureError, match="could not be written"):
        check_output(tmp_path / "file" / "picture.png", ".png")


@pytest.mark.parametrize(("number", "sentence"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "may not be written")])
def test_a_refusal_of_the_system_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def refuse(**_where: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(FailureError, match=sentence):
        check_output(tmp_path / "picture.png", ".png")
