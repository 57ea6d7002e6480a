"""Rules that hold for the whole tree: who imports whom, types, style, and what the README promises."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("explorer", "trainers", "resources")
NAMELESS = {"utils", "helpers", "common", "misc", "base", "manager", "handler"}


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize(
    "command",
    [
        ["importlinter.cli", "lint"],
        ["ruff", "check", "--no-cache", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
        ["mypy"],
    ],
    ids=["import contracts", "ruff", "format", "types"],
)
def test_checker_finds_nothing(command: list[str]) -> None:
    arguments = ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    if command[0] != "importlinter.cli":
        arguments = ["-m", *command]
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["explorer/state", "explorer/services"])
def test_rooms_without_widgets_import_none(folder: str) -> None:
    # The import linter sees PySide6 as one package, and these rooms may use its core.
    imported = {
        name
        for path in sources(folder)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in imported_names(node)
        if name.startswith("PySide6")
    }
    assert imported <= {"PySide6.QtCore"}


def imported_names(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.ImportFrom) and node.module:
        if node.module == "PySide6":
            return tuple(f"PySide6.{alias.name}" for alias in node.names)
        return (node.module,)
    if isinstance(node, ast.Import):
        return tuple(alias.name for alias in node.names)
    return ()


def test_only_what_runs_networks_for_the_window_imports_torch() -> None:
    files = {
        path.relative_to(ROOT).as_posix()
        for path in sources("explorer")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if any(name.split(".")[0] == "torch" for name in imported_names(node))
    }
    assert files <= {"explorer/services/network.py", "explorer/services/tensors.py"}


def test_modules_say_what_they_give() -> None:
    assert [path for package in PACKAGES for path in sources(package) if path.stem in NAMELESS] == []


def test_files_stay_readable() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for p in PACKAGES for path in sources(p)}
    assert {path.name: length for path, length in lengths.items() if length > 400} == {}


def test_readme_begins_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert commands[0].endswith("latent-explorer")
    assert commands[1].endswith("pytest")
