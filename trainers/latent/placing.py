"""Places codes on a map by t-SNE or UMAP in a process of its own, which can be ended at any moment."""

import base64
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from trainers.errors import FailureError, StoppedError

Method = Literal["t-SNE", "UMAP"]
PROGRAM = Path(__file__).with_name("placing_program.py")

_THREADS_VARIABLE = "OMP_NUM_THREADS"
_PATIENCE_S = 0.1
_LAST_WORDS = 200


def missing_library(method: Method) -> str:
    """What to do before a method can be used, as a sentence; empty where nothing is missing."""
    if method == "UMAP":
        try:
            distribution("umap-learn")
        except PackageNotFoundError:
            return "UMAP needs a library that is not installed; install it with pip install latent-explorer[umap]."
    return ""


def placed(
    codes: NDArray[np.floating],
    method: Method,
    report: Callable[[float, str], None],
    stop_requested: Callable[[], bool],
    seed: int,
) -> NDArray[np.float64]:
    """Positions (count, 2) for finite codes (count, latent_size), which may be of any scale.

    Neither library can be asked to stop, so their process is ended. Raises `StoppedError`, and `FailureError` where the
    process ends too early.
    """
    report(0.0, method)
    with _process(codes, method, seed) as lines:
        while True:
            if stop_requested():
                raise StoppedError
            with suppress(queue.Empty):
                told = lines.get(timeout=_PATIENCE_S)
                if "positions" in told:
                    positions = np.frombuffer(base64.b64decode(told["positions"]), np.float32).reshape(-1, 2)
                    return _checked(positions.astype(np.float64), method)
                if "problem" in told:
                    raise FailureError(_ending(method, told["problem"]))
                report(told["share"], f"{method}: {told['what']}{_left(told.get('seconds_left'))}")


@contextmanager
def _process(codes: NDArray[np.floating], method: Method, seed: int) -> Iterator["queue.Queue[dict[str, Any]]"]:
    """What the program says, line by line, while it runs; it is ended with the block."""
    process = subprocess.Popen(
        # Without -P the folder of the program, full of modules, would come before the standard library.
        [sys.executable, "-P", str(PROGRAM), method, str(seed), *map(str, codes.shape)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    lines: queue.Queue[dict[str, Any]] = queue.Queue()
    listener = threading.Thread(target=_listen, args=(process.stdout, lines), name="placing", daemon=True)
    listener.start()
    try:
        # A program that is gone already has said why.
        with suppress(BrokenPipeError):
            process.stdin.write(_scaled(codes).tobytes())
            process.stdin.flush()
        yield lines
    finally:
        process.kill()
        process.wait()
        listener.join()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()


def _listen(stream: IO[bytes], lines: "queue.Queue[dict[str, Any]]") -> None:
    noise = ""
    for line in stream:
        try:
            told = json.loads(line)
        except ValueError:
            noise = line.decode(errors="replace").strip() or noise
            continue
        if isinstance(told, dict):
            lines.put(told)
    lines.put({"problem": noise[-_LAST_WORDS:]})


def _environment() -> dict[str, str]:
    # One core is left to whoever waits for the map.
    threads = str(max(1, (os.cpu_count() or 2) - 1))
    return {_THREADS_VARIABLE: threads, **os.environ, "PYTHONIOENCODING": "utf-8"}


def _scaled(codes: NDArray[np.floating]) -> NDArray[np.float32]:
    """The codes about their mean and no larger than 1, since only which are nearer than others matters."""
    # Scaled before the mean is taken, which the largest numbers would take beyond all bounds.
    largest = float(np.abs(codes).max()) or 1.0
    scaled = codes / np.asarray(largest, codes.dtype)
    centred = scaled - scaled.mean(axis=0, dtype=np.float64)
    return np.ascontiguousarray(centred / (float(np.abs(centred).max()) or 1.0), np.float32)


def _checked(positions: NDArray[np.float64], method: Method) -> NDArray[np.float64]:
    if not np.isfinite(positions).all():
        raise FailureError(f"{method} found no places for these codes; choose another plane or number of points.")
    return positions


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f", {seconds:.0f} s left" if seconds < 100 else f", {seconds / 60:.0f} min left"


def _ending(method: Method, last_words: str) -> str:
    said = f" ({last_words.rstrip('.')})" if last_words else ", perhaps because memory ran out"
    return f"{method} ended before it was done{said}; choose fewer points or another plane."
