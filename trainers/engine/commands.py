"""What a running training can be told, from code or through a stream of lines."""

import io
import os
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Literal, TextIO, cast, get_args

Command = Literal["stop", "pause", "resume", "snapshot"]


class CommandQueue:
    """Commands in the order they were given; safe to fill from any thread."""

    def __init__(self) -> None:
        # None marks the end of a stream that was listened to.
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._has_ended = False

    def put(self, command: Command) -> None:
        """Add a command."""
        self._commands.put(command)

    def take(self) -> Command | None:
        """The next command, or None if there is none yet."""
        while not self._commands.empty():
            command = self._commands.get()
            if command is not None:
                return command
            self._has_ended = True
        return None

    def wait(self, longest_s: float | None = None) -> Command | None:
        """The next command; sleeps until there is one, and gives "stop" once nobody is left to give another.

        longest_s: give None after so many seconds without a command.
        """
        command = self.take()
        if command is None and not self._has_ended:
            try:
                command = self._commands.get(timeout=longest_s)
            except queue.Empty:
                return None
        return command or "stop"

    def listen(self, stream: TextIO) -> threading.Thread:
        """Take commands from a stream's lines on a daemon thread until the stream ends; other lines are ignored."""
        thread = threading.Thread(target=self._read, args=(stream,), name="commands", daemon=True)
        thread.start()
        return thread

    def _read(self, stream: TextIO) -> None:
        for line in _lines(stream):
            word = line.strip()
            if word in get_args(Command):
                self.put(cast("Command", word))
        self._commands.put(None)


def _lines(stream: TextIO) -> Iterable[str]:
    try:
        descriptor = stream.fileno()
    except (OSError, io.UnsupportedOperation):
        return stream
    return _descriptor_lines(descriptor)


def _descriptor_lines(descriptor: int) -> Iterator[str]:
    # A daemon thread blocked inside a buffered stream holds its lock, and the interpreter dies on that lock at exit.
    rest = b""
    while True:
        try:
            received = os.read(descriptor, 4096)
        except OSError:
            break
        if not received:
            break
        *lines, rest = (rest + received).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")
    if rest:
        yield rest.decode(errors="replace")
