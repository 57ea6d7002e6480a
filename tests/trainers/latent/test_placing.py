"""Codes placed in a process of their own: it is ended when it is given up, and when nobody waits any more."""

import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from trainers.errors import FailureError, StoppedError
from trainers.latent import placing
from trainers.latent.placing import Method, missing_library, placed
from trainers.latent.placing_program import StepsTold
from trainers.reporting import never, no_report


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """The processes that a test starts."""
    processes: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def keep(*arguments: object, **settings: object) -> "subprocess.Popen[bytes]":
        processes.append(start(*arguments, **settings))  # type: ignore[call-overload]
        return processes[-1]

    monkeypatch.setattr(subprocess, "Popen", keep)
    return processes


def _clusters(each: int, size: int = 5) -> np.ndarray:
    random = np.random.default_rng(0)
    return random.normal(size=(3 * each, size)) * 0.1 + np.repeat(np.eye(size)[:3] * 8.0, each, axis=0)


def _own_cluster(positions: np.ndarray) -> float:
    """The share of points whose nearest other point is of their own cluster."""
    squares = np.square(positions[:, None] - positions).sum(axis=2) + np.diag(np.full(len(positions), np.inf))
    each = len(positions) // 3
    return float(np.mean(squares.argmin(axis=1) // each == np.arange(len(positions)) // each))


@pytest.mark.parametrize(
    "method",
    [
        "t-SNE",
        pytest.param("UMAP", marks=pytest.mark.skipif(bool(missing_library("UMAP")), reason="umap-learn is missing")),
    ],
)
def test_clusters_stay_together_and_progress_rises_to_the_end(method: Method) -> None:
    told: list[tuple[float, str]] = []
    codes = _clusters(100, 6)
    # Equal codes, a number that never changes and sizes near the bounds of the type are all possible.
    codes[:40] = codes[0]
    codes[:, 5] = 1.0
    positions = placed((codes * 1e30).astype(np.float32), method, lambda *what: told.append(what), never, 0)
    assert positions.shape == (300, 2)
    assert _own_cluster(positions) == 1.0
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert len(set(shares)) > 5
    assert shares[-1] > 0.9
    assert told[-1][1].startswith(f"{method}: placing, ")
    assert told[-1][1].endswith(" s left")


def test_giving_up_ends_the_process(started: list["subprocess.Popen[bytes]"]) -> None:
    told: list[float] = []
    with pytest.raises(StoppedError):
        placed(_clusters(1000), "t-SNE", lambda share, _: told.append(share), lambda: len(told) > 1, 0)
    (process,) = started
    assert process.returncode not in (None, 0)


def test_the_process_ends_when_nobody_waits_for_it_any_more() -> None:
    codes = _clusters(1000).astype(np.float32)
    command = [sys.executable, "-P", str(placing.PROGRAM), "t-SNE", "0", *map(str, codes.shape)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(codes.tobytes())
        process.stdin.flush()
        assert b"share" in process.stdout.readline()
        process.stdin.close()
        assert b"positions" not in process.stdout.read()
        assert process.wait() == 1


def test_a_process_that_fails_is_told_with_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    monkeypatch.setattr(placing, "PROGRAM", program)
    program.write_text("raise MemoryError('too many points')")
    with pytest.raises(FailureError, match=r"t-SNE ended before it was done \(MemoryError: too many points\); choose"):
        placed(_clusters(20_000), "t-SNE", no_report, never, 0)
    program.write_text("import os; os._exit(1)")
    with pytest.raises(FailureError, match="perhaps because memory ran out; choose fewer points"):
        placed(_clusters(20), "t-SNE", no_report, never, 0)


def test_places_that_are_no_numbers_are_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _pretend_umap(tmp_path, monkeypatch, "codes[:, :2] * np.nan")
    with pytest.raises(FailureError, match="UMAP found no places for these codes"):
        placed(_clusters(20), "UMAP", no_report, never, 0)


def test_umap_is_given_true_neighbours_and_its_steps_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    _pretend_umap(tmp_path, monkeypatch, "codes[:, :2] + self.settings['precomputed_knn'][0][:, 1:2]")
    codes = _clusters(20)
    positions = placed(codes, "UMAP", lambda *what: told.append(what), never, 0)
    apart = np.square(codes[:, None] - codes).sum(axis=2) + np.diag(np.full(60, np.inf))
    np.testing.assert_allclose(positions[:, 0], apart.argmin(axis=1) + _scaled(codes)[:, 0], atol=1e-5)
    assert [share for share, _ in told] == pytest.approx([0.0, 0.0, 0.1, 0.1, 0.4 + 0.6 * 50 / 200])
    assert told[-1][1] == "UMAP: placing"


@pytest.mark.parametrize(("is_there", "said"), [(True, ""), (False, "pip install latent-explorer[umap]")])
def test_a_library_that_is_missing_is_named(is_there: bool, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(name: str) -> None:
        if not is_there:
            raise PackageNotFoundError(name)

    monkeypatch.setattr(placing, "distribution", look)
    assert said in missing_library("UMAP")
    assert bool(missing_library("UMAP")) != is_there
    assert missing_library("t-SNE") == ""


def test_remaining_time_follows_the_pace_since_the_first_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([2.0, 7.0])
    monkeypatch.setattr("trainers.latent.placing_program.time.monotonic", lambda: next(clock))
    steps = StepsTold(sys.stdout, "placing", re.compile(r"Iteration (\d+)"), 0.2, 100)
    for text in ("Iteration 10", "nothing", "Iteration 30"):
        steps.write(text)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["share"] for line in told] == pytest.approx([0.28, 0.44])
    assert [line["seconds_left"] for line in told] == [None, pytest.approx(5.0 / 20 * 70)]


def _scaled(codes: np.ndarray) -> np.ndarray:
    centred = codes - codes.mean(axis=0)
    return np.asarray(centred / np.abs(centred).max())


def _pretend_umap(folder: Path, monkeypatch: pytest.MonkeyPatch, positions: str) -> None:
    """A library of the same name, which gives some expression of `codes` and `self.settings` as positions."""
    (folder / "umap.py").write_text(
        "import numpy as np\n"
        "class UMAP:\n"
        "    def __init__(self, **settings):\n"
        "        self.settings = settings\n"
        "    def fit_transform(self, codes):\n"
        "        print('noise')\n"
        "        self.settings['tqdm_kwds']['file'].write('\\rEpochs completed:  25%| 50/200 [00:01]')\n"
        f"        return {positions}\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))
