from pathlib import Path

import pytest

from trainers.data.storage import cache_folder, data_folder


def test_environment_chooses_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_DATA", "~/pictures of digits")
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", "somewhere")
    assert data_folder() == Path.home() / "pictures of digits"
    assert cache_folder() == Path.cwd() / "somewhere"


def test_platform_chooses_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for variable in ("LATENT_EXPLORER_DATA", "LATENT_EXPLORER_CACHE"):
        monkeypatch.setenv(variable, "")
    assert data_folder() != cache_folder()
    assert data_folder().parent == cache_folder().parent
    assert data_folder().is_absolute()
