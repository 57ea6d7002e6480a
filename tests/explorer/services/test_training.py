"""The run of the window: arguments, how often it is drawn, and what closing does."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.services import training
from explorer.services.training import Training, rest_after, wish_arguments
from explorer.state.training_values import TrainingStatus, TrainingWish
from trainers.engine.events import Finished, Stepped, event_line
from trainers.engine.run_folder import RunFolder

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SMALL = (("architecture", "mlp"), ("hidden_sizes", "[16]"))
_LONG_MS = 60_000


@pytest.fixture
def service() -> Iterator[Training]:
    made = Training()
    yield made
    made.close(let_go_on=False)


def stepped(step: int) -> Stepped:
    return Stepped(step=step, epoch=0.1, terms={"loss": 1.0}, images_per_second=100.0, seconds_left=None)


def test_a_wish_becomes_a_command_line() -> None:
    wish = TrainingWish("vae", "digits", (("beta", "4"),), epochs=3, batch_size=32, seed=7, device="cpu")
    text = " ".join(wish_arguments(wish, Path("/runs/a")))
    assert text == (
        "vae --data digits --set beta=4 --epochs 3 --batch-size 32 --seed 7 --device cpu --run " + str(Path("/runs/a"))
    )


def test_a_wish_may_hold_out_a_class_of_any_name() -> None:
    arguments = wish_arguments(TrainingWish("vae", "clothes", hold_out_class="ankle boot"), Path("/runs/a"))
    assert arguments[arguments.index("--hold-out-class") + 1] == "ankle boot"


@pytest.mark.parametrize(("taken", "rest"), [(20, 980), (100, 900), (300, 2700), (2000, 18_000)])
def test_drawing_takes_at_most_a_tenth_of_the_time(taken: int, rest: int) -> None:
    assert rest_after(taken) == rest
    assert taken + rest_after(taken) >= 1000, "and is done at most once a second"


def test_curves_are_told_now_and_then_and_at_the_end_with_every_step(qtbot: "QtBot", service: Training) -> None:
    told: list[int] = []
    service.curves_changed.connect(lambda curves: told.append(len(curves[0].steps)))
    service._next_curves.setInterval(10)
    for step in range(1, 6):
        service._process.event_received.emit(stepped(step))
    assert told == []
    qtbot.waitUntil(lambda: told == [5])
    service._process.event_received.emit(stepped(6))
    service._process.ended.emit("")
    assert told == [5, 6]


def test_snapshots_come_one_after_the_other_once_drawn(qtbot: "QtBot", service: Training, tmp_path: Path) -> None:
    saved: list[str] = []
    service.checkpoint_saved.connect(saved.append)
    service.start(TrainingWish("vae", "digits", SMALL, epochs=100_000), tmp_path / "run")
    qtbot.waitUntil(lambda: service.status.step > 0, timeout=_LONG_MS)
    for count in (1, 2):
        # An epoch may be saved between; what counts is that a drawn snapshot brings another.
        with qtbot.waitSignal(service.checkpoint_saved, timeout=_LONG_MS):
            service.snapshot_drawn()
        assert len(saved) >= count
    assert all(Path(path).parent == tmp_path / "run" / "checkpoints" for path in saved)
    assert service.is_own()
    assert service.is_active()
    with qtbot.waitSignal(service.ended, timeout=_LONG_MS) as told:
        service.stop()
        assert service.status.phase == "stopping"
    assert told.args[0].phase == "stopped"
    assert not service.is_active()


@pytest.mark.parametrize("let_go_on", [True, False])
def test_closing_stops_and_hands_over_only_where_wished(
    let_go_on: bool, qtbot: "QtBot", service: Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_over: list[str] = []
    monkeypatch.setattr(training, "continue_detached", handed_over.append)
    service.start(TrainingWish("vae", "digits", SMALL, epochs=100_000), tmp_path / "run")
    qtbot.waitUntil(lambda: service.status.phase == "running", timeout=_LONG_MS)
    service.close(let_go_on)
    assert handed_over == ([str(tmp_path / "run")] if let_go_on else [])
    assert not RunFolder(tmp_path / "run").is_running()
    assert RunFolder(tmp_path / "run").has_resume


def test_a_followed_run_takes_no_commands(qtbot: "QtBot", service: Training, tmp_path: Path) -> None:
    line = event_line(Finished(reason="completed", step=9, epoch=1.0, checkpoint="c"))
    (tmp_path / "events.jsonl").write_text(line + "\n")
    with qtbot.waitSignal(service.ended) as told:
        service.follow(tmp_path)
        assert service.is_active()
        assert not service.is_own()
        assert not service.status.is_own
        service.stop()
        service.snapshot_drawn()
    status: TrainingStatus = told.args[0]
    assert (status.phase, status.step, service.run) == ("finished", 9, str(tmp_path))


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_run_that_broke_off_says_whether_it_can_be_resumed(
    is_kept: bool, qtbot: "QtBot", service: Training, tmp_path: Path
) -> None:
    if is_kept:
        (tmp_path / "resume.pt").write_bytes(b"")
    with qtbot.waitSignal(service.ended) as told:
        service.follow(tmp_path)
    assert told.args[0].phase == "failed"
    assert ("can be resumed" in told.args[0].message) == is_kept


def test_a_detached_run_goes_on_in_a_process_of_its_own(qtbot: "QtBot", service: Training, tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    # Long enough that there is something left to go on with, short enough to end by itself.
    service.start(TrainingWish("vae", "digits", SMALL, epochs=400), run.path)
    qtbot.waitUntil(lambda: service.status.step > 0, timeout=_LONG_MS)
    service.close(let_go_on=True)
    assert service.status.phase == "stopped"
    assert _reason(run) == "stopped"
    qtbot.waitUntil(lambda: _reason(run) == "completed" and not run.is_running(), timeout=_LONG_MS)


def _reason(run: RunFolder) -> str:
    last = run.read_events()[-1]
    return last.reason if isinstance(last, Finished) else ""
