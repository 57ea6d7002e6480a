"""Features of images kept in memory and in the cache, as finding them again takes minutes."""

import hashlib
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as safetensors_bytes

from trainers.atomic_writing import write_atomically
from trainers.data.storage import cache_folder
from trainers.errors import FailureError
from trainers.metrics.extractor import Features

FOLDER = "features"

_FORMAT = "latent-explorer features 1"
# 2 GiB in all, a quarter of that in one file: of 10,000 images Inception-v3 has 120 MB of features and logits.
_MOST_BYTES = 1 << 31
_LARGEST = 1 << 29


class FeatureMemory:
    """Features by what they hang on; a file is written whole or not at all, so that processes may share the folder."""

    def __init__(self) -> None:
        self._known: dict[str, Features] = {}

    def recalled(self, hangs_on: str, *, on_disk: bool) -> Features | None:
        """The features remembered by a text that says all they hang on; None if there are none."""
        if hangs_on not in self._known and on_disk:
            read = _read(_path(hangs_on))
            if read is not None:
                self._known[hangs_on] = read
        return self._known.get(hangs_on)

    def remember(self, hangs_on: str, features: Features, *, on_disk: bool) -> None:
        """Keep features; a cache that cannot be written is no failure."""
        self._known[hangs_on] = features
        if on_disk and features.vectors.nbytes + features.logits.nbytes <= _LARGEST:
            _write(_path(hangs_on), features)


def _path(hangs_on: str) -> Path:
    return cache_folder() / FOLDER / f"{hashlib.sha256(hangs_on.encode()).hexdigest()[:32]}.safetensors"


def _read(path: Path) -> Features | None:
    try:
        with safe_open(path, framework="pt") as file:
            about = file.metadata() or {}
            if about.get("format") != _FORMAT:
                return None
            features = Features(file.get_tensor("vectors"), file.get_tensor("logits"), about["are_binary"] == "yes")
    except (OSError, SafetensorError, KeyError):
        return None
    is_whole = features.vectors.ndim == features.logits.ndim == 2 and len(features.vectors) == len(features.logits)
    return features if is_whole and bool(features.vectors.isfinite().all()) else None


def _write(path: Path, features: Features) -> None:
    about = {"format": _FORMAT, "are_binary": "yes" if features.are_binary else "no"}
    tensors = {"vectors": features.vectors.contiguous(), "logits": features.logits.contiguous()}
    try:
        write_atomically(path, safetensors_bytes(tensors, about))
        _remove_oldest(path.parent)
    except (FailureError, OSError):
        # They will be found again next time, which only costs time.
        return


def _remove_oldest(folder: Path) -> None:
    kept = 0
    files = [(file, file.stat()) for file in folder.glob("*.safetensors")]
    for file, state in sorted(files, key=lambda one: one[1].st_mtime_ns, reverse=True):
        kept += state.st_size
        if kept > _MOST_BYTES:
            file.unlink(missing_ok=True)
