import io

import pytest
from rich.console import Console

from trainers.cli.terminal import Terminal
from trainers.cli.training_display import TrainingDisplay
from trainers.engine.events import Event, Finished, Paused, PhaseStarted, Started, Stepped

STARTED = Started(
    run="runs/one", model="vae", data="mnist", device="cpu", precision="float32", parameters=419_636,
    steps_per_epoch=468, total_steps=9360, epochs=20, seed=3, step=0,
)  # fmt: skip
STEPPED = Stepped(
    step=3000, epoch=6.41, terms={"reconstruction": 177.2, "kl": 3.731}, images_per_second=12_345.6, seconds_left=3674
)


def shown(monkeypatch: pytest.MonkeyPatch, *events: Event, width: int = 120) -> tuple[str, str]:
    """What a person reads on stdout, and what the bar looks like."""
    out, bar = io.StringIO(), io.StringIO()
    consoles = {False: Console(file=out, width=width), True: Console(file=bar, width=width, force_terminal=True)}
    monkeypatch.setattr("trainers.cli.terminal._console", lambda stderr: consoles[stderr])
    with TrainingDisplay(Terminal(as_json=False)) as display:
        for event in events:
            display(event)
    return out.getvalue(), bar.getvalue()


def test_start_says_what_where_and_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = shown(monkeypatch, STARTED)
    for part in ("vae on mnist", "419,636 parameters", "cpu in float32", "20 epochs of 468 steps", "runs/one"):
        assert part in text.replace("\n", " ")


@pytest.mark.parametrize("width", [80, 120])
def test_bar_shows_epoch_terms_speed_and_time_uncut(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    _, bar = shown(monkeypatch, STARTED, STEPPED, width=width)
    for part in ("epoch 6.4/20", "reconstruction=177.2", "kl=3.731", "12,346 images/s", "1:01:14 left"):
        assert part in bar


def test_only_several_phases_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = shown(monkeypatch, PhaseStarted(name="alone", index=0, count=1))
    assert "alone" not in text
    text, _ = shown(monkeypatch, PhaseStarted(name="prior", index=1, count=2))
    assert "Phase 2 of 2: prior." in text


def test_pause_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    finished = Finished(reason="stopped", step=1200, epoch=2.5, checkpoint="checkpoints/step-00001200.safetensors")
    text, _ = shown(monkeypatch, STARTED, Paused(step=1200), finished)
    assert "Paused at step 1,200." in text


def test_nothing_is_drawn_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    for is_terminal, as_json, draws in ((True, False, True), (False, False, False), (True, True, False)):
        console = Console(file=io.StringIO(), force_terminal=is_terminal)
        monkeypatch.setattr("trainers.cli.terminal._console", lambda stderr, console=console: console)
        assert Terminal(as_json).shows_progress is draws
