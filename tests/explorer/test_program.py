"""The window as a program: pictures of it, exit codes, and an end when told to."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from explorer.controllers.exportables import pixels_of
from explorer.program import main
from explorer.state.session_file import load_session

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).parents[2]
_LONG_MS = 60_000


def test_a_screenshot_shows_the_window(digits_run: Path, tmp_path: Path) -> None:
    file = tmp_path / "window.png"
    assert main([str(digits_run), "--screenshot", str(file), "--size", "1280x800", "--theme", "dark"]) == 0
    picture = pixels_of(QImage(str(file)))
    assert picture.shape == (800, 1280, 3)
    assert picture.std() > 20
    assert picture.mean() < 110


def test_a_screenshot_of_nothing_is_a_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere"), "--screenshot", str(tmp_path / "a.png")]) == 2
    assert "nowhere" in capfd.readouterr().err
    assert not (tmp_path / "a.png").exists()


def test_a_screenshot_that_cannot_be_written_is_a_sentence(
    digits_run: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([str(digits_run), "--screenshot", str(tmp_path / "no folder" / "a.png"), "--size", "800x600"]) == 1
    assert "cannot be written" in capfd.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM")
def test_the_program_starts_remembers_and_ends_when_told(digits_run: Path, tmp_path: Path, qtbot: "QtBot") -> None:
    environment = os.environ | {"LATENT_EXPLORER_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "explorer", str(digits_run)]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            qtbot.waitUntil((tmp_path / "last.session.json").is_file, timeout=_LONG_MS)
            process.terminate()
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert load_session(tmp_path / "last.session.json").code == (0.0, 0.0)
