"""Chunk sizes follow how long chunks take."""

import time

import pytest

from explorer.services.pace import Pace


def _run(monkeypatch: pytest.MonkeyPatch, pace: Pace, item_ms: float, chunks: int, step_ms: float = 0.0) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    for _ in range(chunks):
        with pace.timing(pace.size):
            clock[0] += (step_ms + pace.size * item_ms) / 1e3


def test_quick_items_make_large_chunks_of_about_eight_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(4)
    _run(monkeypatch, pace, 0.1, 12)
    assert pace.size == 64


def test_slow_items_go_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(64)
    _run(monkeypatch, pace, 50.0, 12)
    assert pace.size == 1


def test_one_slow_chunk_does_not_shrink_the_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(64)
    _run(monkeypatch, pace, 100.0, 1)
    assert pace.size == 32


@pytest.mark.parametrize("size", [4, 16, 512])
def test_where_every_step_costs_as_much_items_share_it(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    pace = Pace(size)
    # Ten milliseconds for a step and a twentieth for an item: two hundred items take as long as their step.
    _run(monkeypatch, pace, 0.05, 40, step_ms=10.0)
    assert pace.size in (128, 256)


def test_even_the_dearest_steps_end_soon_enough_for_a_hand_on_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(16)
    _run(monkeypatch, pace, 1.0, 40, step_ms=200.0)
    assert pace.size <= 20


def test_chunks_are_powers_of_two_and_never_more_than_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = Pace(16)
    taken, left = [], 1_000
    while left:
        taken.append(pace.of(left))
        left -= taken[-1]
        _run(monkeypatch, pace, 0.07, 1)
    assert sum(taken) == 1_000
    assert {size.bit_count() for size in taken} == {1}
    assert pace.of(3) == 2
    assert pace.of(1) == 1
