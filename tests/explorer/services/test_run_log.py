"""The log of a run: where it stands after which events, and its curves."""

import pytest

from explorer.services.run_log import RunLog
from trainers.engine.events import Failed, Finished, Measured, Paused, PhaseStarted, Resumed, Started, Stepped


def _started(step: int = 0) -> Started:
    return Started(
        run="r",
        model="vae",
        data="digits",
        device="cpu",
        precision="float32",
        parameters=10,
        steps_per_epoch=10,
        total_steps=100,
        epochs=10,
        seed=0,
        step=step,
    )


def _step(step: int, loss: float = 1.0) -> Stepped:
    terms = {"loss": loss, "kl": loss / 2}
    return Stepped(step=step, epoch=step / 10, terms=terms, images_per_second=500.0, seconds_left=3.0)


@pytest.fixture
def log() -> RunLog:
    return RunLog("runs/r")


def test_a_run_from_start_to_end(log: RunLog) -> None:
    assert (log.status.phase, log.status.run) == ("starting", "runs/r")
    log.add(_started())
    log.add(_step(5))
    status = log.status
    assert (status.phase, status.step, status.total_steps, status.epoch, status.epochs) == ("running", 5, 100, 0.5, 10)
    assert (status.images_per_second, status.seconds_left) == (500.0, 3.0)
    log.add(Finished(reason="completed", step=100, epoch=10.0, checkpoint="c"))
    assert (log.status.phase, log.status.step, log.status.images_per_second) == ("finished", 100, 0.0)


def test_pausing_stopping_and_going_on(log: RunLog) -> None:
    phases = []
    for event in (_started(), Paused(step=3), Resumed(step=3), None, _step(4)):
        if event is None:
            log.stopping()
        else:
            log.add(event)
        phases.append(log.status.phase)
    log.add(Finished(reason="stopped", step=4, epoch=0.4, checkpoint="c"))
    assert [*phases, log.status.phase] == ["running", "paused", "running", "stopping", "stopping", "stopped"]


def test_failures_keep_their_sentence(log: RunLog) -> None:
    log.add(Failed(message="The disk is full."))
    assert (log.status.phase, log.status.message) == ("failed", "The disk is full.")
    log.fail("The process is gone.")
    assert log.status.message == "The process is gone."


def test_phases_are_named_when_there_are_several(log: RunLog) -> None:
    log.add(PhaseStarted(name="only", index=0, count=1))
    assert log.status.message == ""
    log.add(PhaseStarted(name="prior", index=1, count=2))
    assert log.status.message == "Phase 2 of 2: prior."


def test_curves_collect_every_term(log: RunLog) -> None:
    log.add(_started())
    log.add(_step(1, 4.0))
    log.add(_step(2, 2.0))
    loss, kl = log.curves()
    assert (loss.name, loss.steps, loss.values) == ("loss", (1.0, 2.0), (4.0, 2.0))
    assert (kl.name, kl.values) == ("kl", (2.0, 1.0))


def test_resuming_takes_back_what_was_never_saved(log: RunLog) -> None:
    log.add(_started())
    for step in (1, 2, 3, 4):
        log.add(_step(step))
    log.add(_started(step=2))
    log.add(_step(3, 9.0))
    assert log.curves()[0].steps == (1.0, 2.0, 3.0)
    assert log.curves()[0].values == (1.0, 1.0, 9.0)


def test_long_curves_are_thinned_but_keep_both_ends(log: RunLog) -> None:
    log.add(_started())
    for step in range(10_000):
        log.add(_step(step, float(step)))
    curve = log.curves()[0]
    assert len(curve.steps) <= 2000
    assert (curve.steps[0], curve.steps[-1]) == (0.0, 9999.0)
    assert curve.steps == curve.values == tuple(sorted(curve.steps))


def _units(step: int, *values: float, name: str = "kl") -> Measured:
    return Measured(step=step, name=name, value=sum(values), epoch=step / 10, per_unit=values)


def test_units_are_gathered_epoch_by_epoch(log: RunLog) -> None:
    log.add(_started())
    assert log.units() is None
    assert log.steps_per_epoch == 10
    log.add(_units(10, 1.0, 2.0))
    log.add(Measured(step=15, name="elbo", value=-9.0))
    log.add(_units(20, 3.0, 4.0))
    units = log.units()
    assert units is not None
    assert (units.name, units.epochs.tolist()) == ("kl", [1.0, 2.0])
    assert units.values.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_units_of_an_attempt_that_was_killed_never_happened(log: RunLog) -> None:
    for event in (_started(), _units(10, 1.0), _units(20, 2.0), _started(step=10), _units(20, 5.0)):
        log.add(event)
    units = log.units()
    assert units is not None
    assert units.values.tolist() == [[1.0], [5.0]]


def test_only_units_like_the_newest_are_shown(log: RunLog) -> None:
    for event in (_started(), _units(10, 1.0, name="code_variance"), _units(20, 2.0, 3.0), _units(30, 4.0, 5.0)):
        log.add(event)
    units = log.units()
    assert units is not None
    assert units.values.tolist() == [[2.0, 3.0], [4.0, 5.0]]
