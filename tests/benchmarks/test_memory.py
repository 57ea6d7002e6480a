"""How much memory the window takes with 70,000 digits of MNIST on its map, and after a minute of zooming there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from trainers.data.catalogue import dataset_available

# Without the stop-watch of the other benchmarks, whose libraries would count as the window's.
_WINDOW = """
import json, re, sys, time
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QEventLoop, QPointF
from explorer.program import Explorer, make_application

def memory(name):
    # Linux alone counts the peak of this program; getrusage also has that of the one that started it.
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

def rest(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)

application = make_application()
explorer = Explorer(Path(sys.argv[1]))
explorer.start((1600, 1000))
rest(5.0)
told = {"at the start": memory("VmRSS")}
explorer.store.update(map=replace(explorer.store.state.map, items="all"))
while explorer.planner.opened.encoded.source != "all" or not explorer.planner.opened.encoded.complete:
    rest(0.1)
rest(1.0)
told["all items shown"] = memory("VmRSS")
latent_map = explorer.panels.latent_map
middle = QPointF(latent_map.width() / 2, latent_map.height() / 2)
end, step = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    # In by a factor of a thousand, a little to the side, and out again.
    latent_map.zoom(1.08 if step % 180 < 90 else 1 / 1.08, middle)
    latent_map.pan(3.0, 1.0)
    rest(0.016)
    step += 1
    if step % 900 == 0:
        told[f"after {step} frames"] = memory("VmRSS")
told["at the end"], told["peak"] = memory("VmRSS"), memory("VmHWM")
print(json.dumps(told))
explorer.close()
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
