"""Pictures of two models: the window, the copied command and the copied script make the same file."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from explorer.services.exports import ExportJob, command_text, pair_recipe, python_text
from explorer.services.restoring import OriginJob
from explorer.state.export_values import ExportOptions
from trainers.cli.application import app
from trainers.engine.checkpoint import file_digest, find_checkpoint
from trainers.export.recipes import PairRecipe
from trainers.reporting import never, no_report

OPTIONS = ExportOptions(scale=3)
CODES = ((0.5, -0.5), (0.25, 1.0, -1.0, 0.5, 0.0))


@pytest.fixture
def files(digits_run: Path, wide_run: Path) -> tuple[str, str]:
    """Checkpoints of A and B."""
    return str(find_checkpoint(digits_run)), str(find_checkpoint(wide_run))


@pytest.fixture
def recipe(files: tuple[str, str]) -> PairRecipe:
    return pair_recipe(CODES, ((), ()), file_digest(Path(files[1])), True, OPTIONS)


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".svg"])
def test_the_copied_command_makes_the_same_file(
    files: tuple[str, str], recipe: PairRecipe, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exported = ExportJob(files[0], recipe, tmp_path / f"window{suffix}", beside=files[1])(no_report, never)
    words = shlex.split(command_text(files[0], recipe, f"/elsewhere/again{suffix}", OPTIONS, files[1]))
    result = CliRunner().invoke(app, words[1:])
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / f"again{suffix}").read_bytes() == exported.read_bytes()


def test_the_copied_script_and_the_file_itself_make_the_same_file(
    files: tuple[str, str], recipe: PairRecipe, tmp_path: Path
) -> None:
    exported = ExportJob(files[0], recipe, tmp_path / "window.png", beside=files[1])(no_report, never)
    script = python_text(files[0], recipe, "again.png", OPTIONS, files[1])
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    assert (tmp_path / "again.png").read_bytes() == exported.read_bytes()
    words = ["export", "sheet", files[0], "--recipe", str(exported), "--beside", files[1]]
    assert CliRunner().invoke(app, [*words, "--out", str(tmp_path / "third.png")]).exit_code == 0
    assert (tmp_path / "third.png").read_bytes() == exported.read_bytes()
    alone = CliRunner().invoke(app, words[:-2])
    assert alone.exit_code == 2
    assert "name the second one with --beside" in " ".join(alone.stderr.split())


def test_a_pair_of_the_command_line_has_the_points_both_were_taken_at(
    files: tuple[str, str], recipe: PairRecipe, tmp_path: Path
) -> None:
    exported = ExportJob(files[0], recipe, tmp_path / "a.png", beside=files[1])(no_report, never)
    origin = OriginJob(str(exported))(no_report, never).origin
    assert origin is not None
    assert origin.beside is not None
    assert origin.beside.digest == file_digest(Path(files[1]))
    assert (origin.state.code, origin.state.comparison.code) == CODES
