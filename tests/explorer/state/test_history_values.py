"""Snapshots in words, and where a step stands among them."""

import pytest

from explorer.state.history_values import RunSnapshots, SnapshotMark, loss_text, mark_text, place_text

HISTORY = RunSnapshots("/runs/a", tuple(SnapshotMark(step, step / 469) for step in (0, 469, 1407)))


@pytest.mark.parametrize(("step", "place"), [(-1, -1), (0, 0), (468, 0), (469, 1), (1407, 2), (9000, 2)])
def test_a_step_stands_at_the_last_snapshot_before_it(step: int, place: int) -> None:
    assert HISTORY.place_of(step) == place


def test_a_snapshot_says_its_epoch_its_step_and_its_place() -> None:
    assert place_text(HISTORY, 1407) == "epoch 3.0 · step 1,407 · 3 of 3"
    assert place_text(HISTORY, 1000) == "step 1,000 · no longer kept"


def test_epochs_have_as_many_digits_as_tell_neighbours_apart() -> None:
    marks = tuple(SnapshotMark(step, step / 500) for step in (0, 20, 40, 500, 1000, 1001))
    epochs = [mark_text(marks, place).split(" · ")[0] for place in range(len(marks))]
    assert epochs == ["epoch 0.00", "epoch 0.04", "epoch 0.1", "epoch 1.0", "epoch 2.000", "epoch 2.002"]
    assert mark_text(marks[:1], 0) == "epoch 0.0 · step 0"


def test_losses_are_named() -> None:
    mark = SnapshotMark(1, 0.1, (("loss", 93.5714), ("negative_bound", 2.0)))
    assert mark.loss == 93.5714
    assert loss_text(mark) == "loss 93.57 · negative bound 2"
    assert SnapshotMark(1, 0.1).loss is None
    assert loss_text(SnapshotMark(1, 0.1)) == ""
