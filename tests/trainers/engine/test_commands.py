import io
import os
import subprocess
import sys
import threading

from trainers.engine.commands import CommandQueue

NO_STOP_NEEDED = """
import sys
from trainers.engine.commands import CommandQueue
commands = CommandQueue()
commands.listen(sys.stdin)
assert commands.wait() == "snapshot"
print("leaving", flush=True)
"""


def test_commands_come_in_order_and_then_none() -> None:
    commands = CommandQueue()
    commands.put("pause")
    commands.put("stop")
    assert [commands.take(), commands.take(), commands.take()] == ["pause", "stop", None]


def test_lines_become_commands_and_other_lines_are_ignored() -> None:
    commands = CommandQueue()
    commands.listen(io.StringIO("snapshot\nfly\n\n  pause \nstop")).join()
    assert [commands.take() for _ in range(4)] == ["snapshot", "pause", "stop", None]


def test_a_pipe_is_read_line_by_line_even_when_a_word_comes_in_two_parts() -> None:
    reading, writing = os.pipe()
    commands = CommandQueue()
    with os.fdopen(reading, "r") as stream:
        thread = commands.listen(stream)
        os.write(writing, b"sto")
        os.write(writing, b"p\npause")
        os.close(writing)
        thread.join()
    assert [commands.take(), commands.take(), commands.take()] == ["stop", "pause", None]


def test_waiting_sleeps_until_a_command_comes() -> None:
    commands = CommandQueue()
    threading.Timer(0.05, commands.put, ("resume",)).start()
    assert commands.wait() == "resume"


def test_nobody_left_to_give_a_command_means_stop() -> None:
    commands = CommandQueue()
    commands.listen(io.StringIO("")).join()
    assert commands.wait() == "stop"
    assert commands.take() is None


def test_the_end_of_a_stream_alone_stops_nothing() -> None:
    commands = CommandQueue()
    commands.listen(io.StringIO("snapshot\n")).join()
    assert [commands.take(), commands.take()] == ["snapshot", None]


def test_a_process_can_end_while_its_stdin_is_still_open() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", NO_STOP_NEEDED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write("snapshot\n")
        process.stdin.flush()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == ""
