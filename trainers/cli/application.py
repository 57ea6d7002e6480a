"""The command line: its commands, and how every error becomes one sentence and an exit code."""

import errno
import json
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import typer
from typer.core import TyperGroup

from trainers.cli.compare_command import compare
from trainers.cli.data_commands import data_app
from trainers.cli.directions_command import directions
from trainers.cli.edit_command import edit
from trainers.cli.encode_command import encode
from trainers.cli.evaluate_command import evaluate
from trainers.cli.export_commands import export_app
from trainers.cli.interpolate_command import interpolate
from trainers.cli.list_command import list_everything
from trainers.cli.sample_command import sample
from trainers.cli.terminal import abandon_stdout, open_missing_streams, write_line
from trainers.cli.train_command import train
from trainers.errors import TrainersError
from trainers.processes import end_process, has_shared_a_run, launched_process

# Typer shows only this one of its parser's errors; what it inherits from is the class of them all.
_ParserError: type[Exception] = typer.BadParameter.__mro__[2]
_INTERRUPTED = 130


class OneSentenceGroup(TyperGroup):
    """Commands whose errors are one sentence on stderr, and with `--json` also the last line of stdout.

    The exit code is 2 for a wrong request, 1 for one that could not be carried out, 130 for Ctrl-C.
    """

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = False,
        windows_expand_args: bool = True,
        **extra: object,
    ) -> NoReturn:
        """Run one command line and leave the process."""
        arguments = list(sys.argv[1:] if args is None else args)
        failing = _Failing(as_json="--json" in arguments, trains=arguments[:1] == ["train"])
        try:
            code = super().main(arguments, prog_name, complete_var, False, windows_expand_args, **extra)
        except TrainersError as error:
            failing.leave(str(error), error.exit_code)
        except _ParserError as error:
            failing.leave(_parser_sentence(error), 2)
        except (KeyboardInterrupt, typer.Abort):
            failing.leave("Interrupted.", _INTERRUPTED)
        except BrokenPipeError:
            abandon_stdout()
            sys.exit(1)
        except OSError as error:
            failing.leave(_system_sentence(error), 1)
        except Exception as error:
            failing.leave(_unexpected_sentence(error), 1)
        if code == _INTERRUPTED:
            # Some versions of Typer raise Ctrl-C, others give its exit code.
            failing.leave("Interrupted.", _INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)


app = typer.Typer(
    name="trainers",
    cls=OneSentenceGroup,
    help="Train small generative models, measure them, and draw what they have learned.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("list")(list_everything)
app.command()(train)
app.command()(evaluate)
app.command()(compare)
app.command()(sample)
app.command()(encode)
app.command()(interpolate)
app.command()(directions)
app.command()(edit)
app.add_typer(export_app, name="export")
app.add_typer(data_app, name="data")


def main() -> None:
    """Entry point of `latent-trainer` and `python -m trainers`."""
    open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows a question mark in its place instead of a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except SystemExit as ending:
        if not has_shared_a_run.is_set():
            raise
        end_process(ending.code if isinstance(ending.code, int) else 0)


@dataclass(frozen=True)
class _Failing:
    as_json: bool
    trains: bool

    def leave(self, sentence: str, code: int) -> NoReturn:
        if launched_process() > 0:
            # Of the processes of a run the first one speaks.
            sys.exit(code)
        print(sentence, file=sys.stderr)
        if self.as_json:
            # Whoever reads a training reads events, and misses none of them however it ends.
            event = {"event": "failed", "message": sentence} if self.trains else {}
            try:
                write_line(json.dumps({**event, "error": sentence}))
            except OSError:
                abandon_stdout()
        sys.exit(code)


def _parser_sentence(error: Exception) -> str:
    message = str(error.format_message())  # type: ignore[attr-defined]
    sentence = " ".join(message.replace("Value error, ", "").split())
    if sentence in ("", "Missing command."):
        return "Say which command to run; --help lists them."
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."


def _unexpected_sentence(error: Exception) -> str:
    from trainers.engine.devices import is_out_of_memory

    if is_out_of_memory(error):
        return "There is not enough memory; choose a smaller batch size, count or scale."
    traceback.print_exception(error)
    return f"This is a mistake in the program: {type(error).__name__}: {error}"


def _system_sentence(error: OSError) -> str:
    place = f" {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"The disk is full{' at' + place if place else ''}; make room and run the command again."
    return f"The system refused{place}: {error.strerror or error}."
