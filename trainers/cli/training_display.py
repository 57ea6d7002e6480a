"""The events of a run as lines for a program, or as a bar and sentences for a person."""

from types import TracebackType
from typing import Self

from trainers.cli.terminal import Terminal, abandon_stdout, write_line
from trainers.engine.events import Event, Failed, Finished, Paused, PhaseStarted, Resumed, Started, Stepped, event_line


class EventLines:
    """Prints events as JSON lines; goes quiet, and lets the run go on, when nobody reads any more.

    A failure is left to the command line, whose last word it is.
    """

    def __init__(self) -> None:
        self._is_read = True

    def __call__(self, event: Event) -> None:
        """Print one event."""
        if not self._is_read or isinstance(event, Failed):
            return
        try:
            write_line(event_line(event))
        except OSError:
            self._is_read = False
            abandon_stdout()


class TrainingDisplay:
    """A bar with epoch, loss terms, images per second and remaining time, and sentences at start and end.

    The run goes on when nobody reads the sentences any more.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._bar = terminal.training_bar()
        self._task = self._bar.add_task("", visible=False, epochs="", terms="", rate="", left="")
        self._epochs = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Started):
            self._epochs = event.epochs
            self._say(_start_sentence(event))
            self._bar.update(self._task, total=event.total_steps, completed=event.step, visible=True)
        elif isinstance(event, Stepped):
            self._show_step(event)
        elif isinstance(event, PhaseStarted) and event.count > 1:
            self._say(f"Phase {event.index + 1} of {event.count}: {event.name}.")
        elif isinstance(event, Paused | Resumed):
            self._say(f"{event.event.capitalize()} at step {event.step:,}.")
        elif isinstance(event, Finished):
            self._bar.update(self._task, completed=event.step)

    def _say(self, sentence: str) -> None:
        try:
            self._terminal.say(sentence)
        except OSError:
            abandon_stdout()

    def _show_step(self, event: Stepped) -> None:
        terms = "  ".join(f"{name}={value:.4g}" for name, value in event.terms.items())
        self._bar.update(
            self._task,
            completed=event.step,
            epochs=f"epoch {event.epoch:.1f}/{self._epochs}",
            terms=terms,
            rate=f"{event.images_per_second:,.0f} images/s",
            left="" if event.seconds_left is None else f"{_clock(event.seconds_left)} left",
        )


def _start_sentence(event: Started) -> str:
    shared = f" by {event.processes} processes" if event.processes > 1 else ""
    return (
        f"{event.model} on {event.data}, {event.parameters:,} parameters, {event.device} in {event.precision}{shared}, "
        f"{event.epochs} epochs of {event.steps_per_epoch:,} steps, seed {event.seed}: {event.run}"
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
