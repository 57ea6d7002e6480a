"""From a cold process to a map that can be dragged, and to the first step of a run."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

_WINDOW = """
import re, sys
from pathlib import Path
from explorer.program import Explorer, make_application
application = make_application()
explorer = Explorer(Path(sys.argv[1]))
state = {"tiles": False, "picture": False}
def see(name):
    if not all(state.values()):
        state[name] = True
        if all(state.values()):
            print("draggable", flush=True)
            application.quit()
explorer.decoder.tiles_decoded.connect(lambda _: see("tiles"))
explorer.code.picture_shown.connect(lambda _a, _b: see("picture"))
explorer.start()
application.exec()
explorer.close()
# Linux alone counts the peak of this program; getrusage also has that of the one that started it.
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Where a process finds its modules compiled, as pip leaves them, after the first start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def test_window_starts(benchmark: BenchmarkFixture, environment: dict[str, str], tmp_path: Path) -> None:
    memory: list[float] = []

    def start() -> None:
        command = [sys.executable, "-c", _WINDOW, str(tmp_path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        first, last = done.stdout.split()
        assert first == "draggable"
        memory.append(float(last))

    benchmark.pedantic(start, rounds=5, warmup_rounds=1)
    benchmark.extra_info["memory_mib"] = max(memory)


def test_training_starts(benchmark: BenchmarkFixture, environment: dict[str, str], tmp_path: Path) -> None:
    """From the start of the process to the event that tells of its first step."""
    seconds: list[float] = []

    def start() -> None:
        options = ["--data", "digits", "--max-steps", "1", "--json", "--run", str(tmp_path / f"run-{len(seconds)}")]
        command = [sys.executable, "-m", "trainers", "train", "vae", *options]
        begin = time.perf_counter()
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if '"event":"step"' in line:
                    seconds.append(time.perf_counter() - begin)
        assert process.returncode == 0

    benchmark.pedantic(start, rounds=5, warmup_rounds=1)
    benchmark.extra_info["first_step_s"] = sorted(seconds)[len(seconds) // 2]
