"""Chunk sizes follow how long chunks take."""

import time

import pytest

from explorer.services.pace import Pace


def _run(monkeypatch: pytest.MonkeyPatch, pace: Pace, item_ms: float, chunks: int) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    for _ in range(chunks):
        with pace.timing(pace.size):
            clock[0] += pace.size * item_ms / 1e3


def test_quick_items_make_large_chunks_of_about_eight_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(4)
    _run(monkeypatch, pace, 0.1, 12)
    assert 70 <= pace.size <= 80


def test_slow_items_go_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(64)
    _run(monkeypatch, pace, 50.0, 12)
    assert pace.size == 1


def test_one_slow_chunk_does_not_shrink_the_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(64)
    _run(monkeypatch, pace, 100.0, 1)
    assert pace.size == 32
