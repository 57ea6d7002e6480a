"""Where datasets lie and where their decoded form is kept."""

import os
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """Folder of downloaded datasets: LATENT_EXPLORER_DATA, else a folder of the platform's cache; may not exist."""
    return _folder("LATENT_EXPLORER_DATA", "data")


def cache_folder() -> Path:
    """Folder of decoded data: LATENT_EXPLORER_CACHE, else a folder of the platform's cache; may not exist."""
    return _folder("LATENT_EXPLORER_CACHE", "cache")


def _folder(variable: str, name: str) -> Path:
    chosen = os.environ.get(variable, "")
    if chosen:
        return Path(os.path.expanduser(chosen)).absolute()
    return platformdirs.user_cache_path("latent-explorer", appauthor=False) / name
