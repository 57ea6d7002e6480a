"""torchvision can be imported beside whatever build of torch is installed."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def _run(code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, cwd=_ROOT
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


def test_torchvision_can_be_imported_after_trainers() -> None:
    code = "import trainers, torch, torchvision.transforms.v2, torchvision.models; print(torch.ops.torchvision.nms)"

    assert _run(code) == "torchvision.nms"


def test_importing_trainers_does_not_import_torchvision() -> None:
    assert _run("import sys, trainers; print('torchvision' in sys.modules)") == "False"


def test_the_operators_are_declared_once() -> None:
    assert _run("from trainers import compat; print(compat.declare_missing_operators())") == "False"
