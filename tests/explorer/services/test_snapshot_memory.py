"""Models in memory, within a limit of bytes."""

from typing import Any

from explorer.services.opening import LoadedModel
from explorer.services.snapshot_memory import SnapshotMemory


def loaded(step: int) -> LoadedModel:
    nothing: Any = None
    return LoadedModel("/runs/a", nothing, nothing, None, step)


def test_the_least_recently_used_is_forgotten_first() -> None:
    memory = SnapshotMemory(most_bytes=30)
    for step in (1, 2, 3):
        memory.put(step, loaded(step), 10)
    assert memory.get(1) is not None
    memory.put(4, loaded(4), 10)
    assert [step for step in (1, 2, 3, 4) if memory.get(step)] == [1, 3, 4]
    memory.put(5, loaded(5), 31)
    assert len(memory) == 0


def test_what_is_put_again_counts_once() -> None:
    memory = SnapshotMemory(most_bytes=20)
    for _ in range(5):
        memory.put(1, loaded(1), 10)
    memory.put(2, loaded(2), 10)
    assert len(memory) == 2


def test_codes_are_kept_beside_their_model_only() -> None:
    memory, codes = SnapshotMemory(), object()
    memory.put(1, loaded(1), 10)
    memory.remember_codes(1, codes)  # type: ignore[arg-type]
    memory.remember_codes(2, codes)  # type: ignore[arg-type]
    found = memory.get(1)
    assert found is not None
    assert found.encoded is codes
    assert memory.get(2) is None
