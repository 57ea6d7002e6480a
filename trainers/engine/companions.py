"""The other processes of a run on this machine, for as long as the run lasts."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import distributed

_MODULE = "trainers.engine.companion"
_INTERFACE = "GLOO_SOCKET_IFNAME"
_PATIENCE_WITH_GPUS_S = 5.0
# Ctrl-C in the terminal leaves another group alone: the first process decides what it means.
_APART: dict[str, Any]
if sys.platform == "win32":
    _APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    _APART = {"process_group": 0}


class Companions:
    """Processes 1, 2, … of a run, of which this process is number 0.

    Each holds the other end of a pipe that nothing is written to, and ends when it closes: so none of them
    outlives this process, however it ends. They have no stdout, and what a terminal signals does not reach them.
    place: file where the processes meet.
    """

    def __init__(self, place: str, processes: int, threads: int) -> None:
        self._over = threading.Event()
        self._children = [
            subprocess.Popen(
                [sys.executable, "-m", _MODULE, place, str(process), str(processes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "OMP_NUM_THREADS": str(threads)},
                **_APART,
            )
            for process in range(1, processes)
        ]

    def sentence_of_loss(self) -> str | None:
        """How one of them ended that ended too early; None while all are well."""
        for number, child in enumerate(self._children, start=2):
            code = child.poll()
            if code:
                return (
                    f"Process {number} of {len(self._children) + 1} {_ending(code)}; resume the run to go on from its "
                    "last saved state."
                )
        return None

    def watch_over_gpus(self) -> None:
        """Break the connections when one of them is lost: unlike processors, GPUs would wait for it."""
        threading.Thread(target=self._watch, name="companions", daemon=True).start()

    def end(self, patience_s: float) -> None:
        """Wait for them to end by themselves, then end those that are left."""
        self._over.set()
        deadline = time.monotonic() + patience_s
        for child in self._children:
            try:
                child.wait(max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            assert child.stdin is not None
            child.stdin.close()

    def _watch(self) -> None:
        while not self._over.wait(1.0):
            if self.sentence_of_loss() is not None and not self._over.wait(_PATIENCE_WITH_GPUS_S):
                group = distributed.group.WORLD
                if group is not None:
                    group.abort()
                return


@contextmanager
def without_network() -> Iterator[None]:
    """Processes that connect to each other inside the block do so within this machine.

    A network interface chosen in GLOO_SOCKET_IFNAME stays.
    """
    own = [name for _, name in socket.if_nameindex() if name in ("lo", "lo0")]
    if _INTERFACE in os.environ or not own:
        yield
        return
    os.environ[_INTERFACE] = own[0]
    try:
        yield
    finally:
        del os.environ[_INTERFACE]


def _ending(code: int) -> str:
    if code > 0:
        return "ended with an error"
    name = signal.Signals(-code).name
    return "was killed, perhaps because memory ran out" if name == "SIGKILL" else f"was ended by {name}"
