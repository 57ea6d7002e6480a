"""Measuring in a child process: values are kept one by one, and it can be ended at any moment."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.services import measuring as measuring_module
from explorer.services.measuring import Measuring, MeasuringEvent
from explorer.state.metric_values import MeasureWish
from tests.explorer.conftest import LONG_MS
from trainers.engine.checkpoint import find_checkpoint
from trainers.engine.kept_measurements import MeasurementStore

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def measuring() -> Iterator[Measuring]:
    service = Measuring()
    yield service
    service.close()


@pytest.fixture
def told(measuring: Measuring) -> list[MeasuringEvent]:
    heard: list[MeasuringEvent] = []
    measuring.told.connect(heard.append)
    return heard


@pytest.fixture
def run(wide_run: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(wide_run, tmp_path / "run"))


def _kept(run: Path) -> set[str]:
    return {kept.measurement.name for kept in MeasurementStore(find_checkpoint(run)).all()}


def test_what_can_be_measured_is_kept_and_the_rest_says_why(
    qtbot: "QtBot", measuring: Measuring, told: list[MeasuringEvent], run: Path, tmp_path: Path
) -> None:
    shares: list[float] = []
    measuring.progressed.connect(lambda share, _what, _left: shares.append(share))
    wish = MeasureWish((str(run), str(tmp_path / "gone")), ("active_units", "kl"), limit=100)
    with qtbot.waitSignal(measuring.ended, timeout=LONG_MS) as ended:
        measuring.start(wish)
    assert ended.args == [""]
    found = [
        (event.kind, Path(event.path).name, event.metric) for event in told if event.kind not in ("progress", "begun")
    ]
    assert found == [
        ("refused", "run", "kl"),
        ("measured", "run", "active_units"),
        ("refused", "gone", "active_units"),
        ("refused", "gone", "kl"),
    ]
    assert "evidence bound" in next(event.reason for event in told if event.metric == "kl" and event.reason)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    kept = [kept for kept in MeasurementStore(find_checkpoint(run)).all() if kept.measurement.name == "active_units"]
    assert kept[-1].measurement.count == 100


def test_ended_in_the_middle_it_keeps_what_it_has(
    qtbot: "QtBot", measuring: Measuring, told: list[MeasuringEvent], digits_run: Path, tmp_path: Path
) -> None:
    run = Path(shutil.copytree(digits_run, tmp_path / "bound"))
    (run / "metrics.json").unlink(missing_ok=True)
    # The second metric takes long enough that it cannot be over before the first is heard of.
    wish = MeasureWish((str(run),), ("active_units", "iw_bound"), importance_samples=10_000, split="train")
    with qtbot.waitSignal(measuring.ended, timeout=LONG_MS) as ended:
        measuring.start(wish)
        qtbot.waitUntil(lambda: any(event.kind == "measured" for event in told), timeout=LONG_MS)
        measuring.cancel()
    assert ended.args == [""]
    assert not measuring.is_running()
    assert _kept(run) == {"active_units"}


def test_a_child_that_breaks_off_says_so(
    qtbot: "QtBot", measuring: Measuring, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring_module, "_PROGRAM", "trainers.engine.no_such_program")
    with qtbot.waitSignal(measuring.ended, timeout=LONG_MS) as ended:
        measuring.start(MeasureWish((str(run),), ("active_units",)))
    assert "no_such_program" in ended.args[0]
    assert ended.args[0].endswith("what it had measured is kept.")
