"""`train`: a new run, or more epochs of an earlier one."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trainers.cli.interruption import stop_on_signals
from trainers.cli.list_command import show_settings
from trainers.cli.options import JsonOption
from trainers.cli.terminal import Terminal
from trainers.errors import UsageError
from trainers.processes import launched_process

if TYPE_CHECKING:
    from trainers.engine.commands import CommandQueue
    from trainers.engine.events import Event, Finished
    from trainers.engine.training_request import TrainingRequest

ModelArgument = Annotated[str | None, typer.Argument(help="Model to train; 'list' shows them.", show_default=False)]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of the model; may be repeated.")
]
# What a resumed run may have otherwise than before.
_CHANGES = ("epochs", "devices", "nodes")


def train(
    model: ModelArgument = None,
    data: Annotated[str | None, typer.Option(help="Dataset, a folder or zip of images, or a table of points.")] = None,
    assignments: SetOption = None,
    epochs: Annotated[int | None, typer.Option(help="Times through the training data, in all.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Items per step, of all processes together.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all randomness.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")] = None,
    devices: Annotated[int | None, typer.Option(help="Processes that share every step, each with its own GPU.")] = None,
    nodes: Annotated[int | None, typer.Option(help="Machines that share every step, joined by torchrun.")] = None,
    precision: Annotated[str | None, typer.Option(help="auto, float32 or bfloat16.")] = None,
    binarisation: Annotated[str | None, typer.Option(help="auto, none, static or dynamic.")] = None,
    hold_out_class: Annotated[
        str | None, typer.Option(metavar="CLASS", help="Keep a class out of training, by its name or number.")
    ] = None,
    max_steps: Annotated[int | None, typer.Option(help="Stop after so many steps.")] = None,
    run: Annotated[Path | None, typer.Option(help="Folder of the new run.")] = None,
    preset: Annotated[str | None, typer.Option(help="Begin with a preset; other options override it.")] = None,
    resume: Annotated[Path | None, typer.Option(metavar="RUN", help="Go on with an earlier run.")] = None,
    help_settings: Annotated[bool, typer.Option("--help-settings", help="Show the model's settings.")] = False,
    tensorboard: Annotated[bool, typer.Option("--tensorboard", help="Also write TensorBoard files.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Train a model. Ctrl-C stops and saves; 'train --resume RUN' goes on.

    With --json every event is a line on stdout, and lines on stdin are commands: stop, pause, resume, snapshot.
    """
    terminal = Terminal(as_json)
    options = {
        "model": model, "data": data, "epochs": epochs, "batch_size": batch_size, "seed": seed, "device": device,
        "devices": devices, "nodes": nodes, "precision": precision, "binarisation": binarisation,
        "hold_out_class": hold_out_class, "max_steps": max_steps,
    }  # fmt: skip
    given = {name: value for name, value in options.items() if value is not None}
    if help_settings:
        _show_settings(terminal, given, preset)
    elif launched_process() > 0:
        _take_part()
    elif resume is not None:
        _refuse_beside_resume({**given, "run": run, "preset": preset, "set": assignments})
        changes = {name: value for name, value in given.items() if name in _CHANGES}
        _resume(terminal, resume, changes, tensorboard)
    else:
        _start(terminal, _request(given, preset, assignments or []), run, tensorboard)


def _request(given: Mapping[str, Any], preset: str | None, assignments: list[str]) -> "TrainingRequest":
    from trainers.engine.presets import load_preset
    from trainers.engine.training_request import TrainingRequest
    from trainers.models.catalogue import MODELS

    values = {**(load_preset(preset).values if preset else {}), **given}
    if "model" not in values:
        raise UsageError(f"Say which model to train; known: {', '.join(MODELS.names())}.")
    if "data" not in values:
        raise UsageError("Say what to train on with --data NAME; 'data list' shows the names.")
    settings = MODELS[values["model"]].config_type.from_assignments(assignments, values.get("model_settings"))
    values["model_settings"] = settings.model_dump(mode="json", exclude_unset=True)
    return TrainingRequest.from_values(values)


def _start(terminal: Terminal, request: "TrainingRequest", run: Path | None, tensorboard: bool) -> None:
    from trainers.engine.training import train as train_run

    folder = run or _default_run(request)
    with _watched(terminal, folder, tensorboard) as (show, commands):
        finished = train_run(request, folder, on_event=show, commands=commands)
    _say_finished(terminal, folder, finished)


def _take_part() -> None:
    from trainers.engine.taking_part import take_part_as_launched

    # The first process is asked to stop as well, and decides when.
    with stop_on_signals(lambda: None):
        take_part_as_launched()


def _resume(terminal: Terminal, run: Path, changes: Mapping[str, Any], tensorboard: bool) -> None:
    from trainers.engine.checkpoint import run_around
    from trainers.engine.training import resume as resume_run

    folder = run_around(run)
    with _watched(terminal, folder, tensorboard) as (show, commands):
        finished = resume_run(folder, **changes, on_event=show, commands=commands)
    _say_finished(terminal, folder, finished)


@contextmanager
def _watched(
    terminal: Terminal, run: Path, tensorboard: bool
) -> "Iterator[tuple[Callable[[Event], None], CommandQueue]]":
    """Where a run's events go and its commands come from, for as long as it lasts."""
    from trainers.cli.tensorboard_log import TensorBoardLog
    from trainers.cli.training_display import EventLines, TrainingDisplay
    from trainers.engine.commands import CommandQueue

    commands = CommandQueue()
    with ExitStack() as open_things:
        shows: list[Callable[[Event], None]] = []
        if tensorboard:
            shows.append(open_things.enter_context(TensorBoardLog(run)))
        if terminal.as_json:
            commands.listen(sys.stdin)
            shows.append(EventLines())
        else:
            shows.append(open_things.enter_context(TrainingDisplay(terminal)))
        open_things.enter_context(stop_on_signals(lambda: commands.put("stop")))

        def show(event: "Event") -> None:
            for watch in shows:
                watch(event)

        yield show, commands


def _default_run(request: "TrainingRequest") -> Path:
    data = Path(request.data).stem or "data"
    return Path("runs") / f"{request.model}-{data}-{time.strftime('%Y%m%d-%H%M%S')}"


def _refuse_beside_resume(options: Mapping[str, Any]) -> None:
    given = sorted(name for name, value in options.items() if value is not None and name not in _CHANGES)
    if given:
        names = ", ".join("MODEL" if name == "model" else f"--{name.replace('_', '-')}" for name in given)
        raise UsageError(
            f"A resumed run keeps its settings: only --epochs, --devices and --nodes can change, so leave out {names}."
        )


def _say_finished(terminal: Terminal, run: Path, finished: "Finished") -> None:
    how = "Finished" if finished.reason == "completed" else "Stopped and saved"
    terminal.say(
        f"{how} after {round(finished.epoch, 2):g} epochs ({finished.step:,} steps): {run / finished.checkpoint}"
    )
    if finished.reason == "stopped":
        terminal.say(f"Go on with: train --resume {run}")


def _show_settings(terminal: Terminal, given: Mapping[str, Any], preset: str | None) -> None:
    from trainers.engine.presets import load_preset

    model = given.get("model") or (load_preset(preset).values["model"] if preset else None)
    if model is None:
        raise UsageError("Say which model's settings to show, for example 'train vae --help-settings'.")
    show_settings(terminal, model)
