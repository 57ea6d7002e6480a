"""How much memory the window takes with 70,000 digits of MNIST on its map, and after a minute of zooming there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from trainers.data.catalogue import dataset_available

_WINDOW = """
import json, re, sys, time
from pathlib import Path
from PySide6.QtCore import QPointF
from explorer.app import _application
from tests.benchmarks.conftest import MeasuredWindow
from tests.benchmarks.test_full_scale import show_all_items

def memory(name):
    # Linux alone counts the peak of this program; getrusage also has that of the one that started it.
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

_application()
window = MeasuredWindow(Path(sys.argv[1]))
window.settle()
told = {"at the start": memory("VmRSS")}
show_all_items(window)
told["all items shown"] = memory("VmRSS")
middle = QPointF(window.map.width() / 2, window.map.height() / 2)
end, step = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    # In by a factor of a thousand, a little to the side, and out again.
    window.map.zoom(1.08 if step % 180 < 90 else 1 / 1.08, middle)
    window.map.pan(3.0, 1.0)
    window.rest(0.016)
    step += 1
    if step % 900 == 0:
        told[f"after {step} frames"] = memory("VmRSS")
told["at the end"], told["peak"] = memory("VmRSS"), memory("VmHWM")
print(json.dumps(told))
window.close()
"""


def test_memory_of_the_window(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    if not dataset_available("mnist"):
        pytest.skip("MNIST is not on this machine; latent-trainer data fetch mnist brings it")
    told: dict[str, float] = {}

    def zoom_for_a_minute() -> None:
        command = [sys.executable, "-c", _WINDOW, str(tmp_path), "60"]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))
        told.update(json.loads(done.stdout.splitlines()[-1]))

    benchmark.pedantic(zoom_for_a_minute)
    benchmark.extra_info.update({f"{name} (MiB)": size for name, size in told.items()})
