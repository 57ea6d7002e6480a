"""What a command says: text, tables and progress to a person, or one JSON object to a program."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Column

from trainers.reporting import Report, no_report

# Tables in a file or a pipe are not folded to the 80 columns assumed for an unknown terminal.
_WIDTH_OF_A_PIPE = 160
_WIDE = 110


class Terminal:
    """Where one command speaks; in JSON mode a person's text is left out and stdout carries only JSON."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._out = _console(stderr=False)
        self._progress = _console(stderr=True)

    def say(self, text: RenderableType) -> None:
        """A line or table for a person; nothing in JSON mode."""
        if not self.as_json:
            self._out.print(text, markup=False, highlight=False, soft_wrap=isinstance(text, str))

    def answer(self, values: Mapping[str, Any]) -> None:
        """The command's result for a program: one JSON object on a line of its own; nothing without JSON mode."""
        if self.as_json:
            write_line(json.dumps(values))

    def warn(self, sentence: str) -> None:
        """A sentence on stderr about something that went wrong beside the command's own work."""
        print(sentence, file=sys.stderr)

    @property
    def shows_progress(self) -> bool:
        """Whether somebody watches a bar: a terminal, and not JSON mode."""
        return not self.as_json and self._progress.is_terminal

    @contextmanager
    def progress(self, title: str) -> Iterator[Report]:
        """A bar for as long as the block runs; gives the function that moves it."""
        if not self.shows_progress:
            yield no_report
            return
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
        with Progress(*columns, TimeRemainingColumn(), console=self._progress, transient=True) as bar:
            task = bar.add_task(title, total=1.0)

            def report(share: float, what: str) -> None:
                bar.update(task, completed=share, description=f"{title}: {what}" if what else title)

            yield report

    def training_bar(self) -> Progress:
        """An empty bar for a run; fields: epochs, terms, rate, left."""
        return Progress(
            TextColumn("{task.fields[epochs]}", markup=False),
            BarColumn(bar_width=24 if self._progress.width >= _WIDE else 8),
            TextColumn("{task.fields[rate]}", markup=False),
            TextColumn("{task.fields[left]}", markup=False),
            # In a narrow window the terms take two lines, and nothing is cut off.
            TextColumn("{task.fields[terms]}", markup=False, table_column=Column(no_wrap=False)),
            console=self._progress,
            disable=not self.shows_progress,
            refresh_per_second=5,
        )


def write_line(text: str) -> None:
    """One line on stdout, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def open_missing_streams() -> None:
    """Let a process that was started without standard streams read and write nothing, instead of failing."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            # The lowest free number is the missing one, so that no file opened later can take its place.
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))


def abandon_stdout() -> None:
    """Let everything still written to stdout vanish, after its reader has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    finally:
        os.close(nowhere)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # The library would end the process here, and with it a run that nobody need watch.
        raise BrokenPipeError


def _console(stderr: bool) -> Console:
    console = _Console(stderr=stderr)
    return console if console.is_terminal else _Console(stderr=stderr, width=_WIDTH_OF_A_PIPE)
