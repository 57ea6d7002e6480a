from pathlib import Path

import pytest
import torch

from trainers.engine import feature_memory
from trainers.engine.feature_memory import FeatureMemory
from trainers.metrics.extractor import Features


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path))
    return tmp_path


def features(seed: int = 0) -> Features:
    generator = torch.Generator().manual_seed(seed)
    return Features(torch.rand(5, 3, generator=generator), torch.rand(5, 2, generator=generator), are_binary=seed > 0)


@pytest.mark.parametrize("seed", [0, 1])
def test_features_outlive_their_process_only_on_disk(seed: int) -> None:
    memory = FeatureMemory()
    memory.remember("on disk", features(seed), on_disk=True)
    memory.remember("here", features(seed), on_disk=False)
    assert memory.recalled("here", on_disk=False) is not None
    found = FeatureMemory().recalled("on disk", on_disk=True)
    assert found is not None
    assert torch.equal(found.vectors, features(seed).vectors)
    assert torch.equal(found.logits, features(seed).logits)
    assert found.are_binary == (seed > 0)
    for text, on_disk in (("here", True), ("on disk", False), ("other", True)):
        assert FeatureMemory().recalled(text, on_disk=on_disk) is None


@pytest.mark.parametrize("content", [b"", b"text", b"\x00" * 100])
def test_a_damaged_file_is_found_anew(content: bytes, cache: Path) -> None:
    FeatureMemory().remember("key", features(), on_disk=True)
    (file,) = (cache / "features").iterdir()
    file.write_bytes(content)
    assert FeatureMemory().recalled("key", on_disk=True) is None
    FeatureMemory().remember("key", features(), on_disk=True)
    assert FeatureMemory().recalled("key", on_disk=True) is not None


def test_only_the_newest_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FeatureMemory().remember("key", features(), on_disk=True)
    (file,) = (cache / "features").iterdir()
    monkeypatch.setattr(feature_memory, "_MOST_BYTES", 3 * file.stat().st_size)
    for number in range(5):
        FeatureMemory().remember(f"key {number}", features(), on_disk=True)
    assert len(list((cache / "features").iterdir())) == 3
    assert FeatureMemory().recalled("key 4", on_disk=True) is not None
    assert FeatureMemory().recalled("key", on_disk=True) is None


def test_very_many_features_stay_in_memory_alone(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature_memory, "_LARGEST", features().vectors.nbytes)
    memory = FeatureMemory()
    memory.remember("key", features(), on_disk=True)
    assert memory.recalled("key", on_disk=True) is not None
    assert not (cache / "features").exists()


def test_a_cache_that_cannot_be_written_is_no_failure(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cache / "file").write_text("in the way")
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(cache / "file"))
    memory = FeatureMemory()
    memory.remember("key", features(), on_disk=True)
    assert memory.recalled("key", on_disk=True) is not None
