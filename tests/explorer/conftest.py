"""What tests of the window share: guards against leaks, and a mouse."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest
import shiboken6
import torch
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QProcess, Qt, QThread, QTimer
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from explorer.app import Explorer
from explorer.controllers.screenshot import Screenshot
from explorer.views.theme import apply_theme
from explorer.views.widgets.pictures import image_pixels
from tests.explorer.stub_models import ONE_BLOCK, STUBS, saved_stub, stub_model
from trainers.engine.training import train
from trainers.engine.training_request import TrainingRequest
from trainers.latent.latent_space import LatentBlock
from trainers.models.condition_spec import ConditionSpec
from trainers.models.latent_model import MODELS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

LONG_MS = 60_000
_LEFT = Qt.MouseButton.LeftButton
_NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a window, or a running thread, timer or process."""
    started: list[QObject] = []
    for kind in (QThread, QTimer, QProcess):
        monkeypatch.setattr(kind, "start", _recorded(kind.start, started))
    before = set(QApplication.topLevelWidgets())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [widget for widget in QApplication.topLevelWidgets() if widget not in before and not widget.parent()]
    running = [thing for thing in started if shiboken6.isValid(thing) and _is_running(thing)]
    named = f"windows left behind: {windows}; still running: {running}"
    for window in windows:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not [*windows, *running], named


@pytest.fixture(autouse=True)
def smallest_numbers_stay() -> Iterator[None]:
    """A job that a test runs in its own thread prepares that thread for networks, which tests of numbers are not."""
    yield
    torch.set_flush_denormal(False)


@pytest.fixture
def open_explorer(
    qtbot: "QtBot", tmp_path: "Path", monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Explorer]]:
    """Opens the window on a path: `open_explorer(path)`; every window is closed at the end."""
    monkeypatch.setenv("LATENT_EXPLORER_RUNS", str(tmp_path / "runs"))
    explorers: list[Explorer] = []

    def begin(path: str) -> Explorer:
        explorer = Explorer(tmp_path / "home", path)
        explorers.append(explorer)
        explorer.window.resize(1280, 800)
        explorer.start()
        return explorer

    yield begin
    for explorer in explorers:
        explorer.close()


@pytest.fixture
def settle(qtbot: "QtBot") -> Callable[[Explorer], None]:
    """Waits until nothing is computed any longer, for a compared model neither: `settle(explorer)`."""

    def wait(explorer: Explorer) -> None:
        panels = explorer.panels
        rest = Screenshot(
            explorer.window,
            panels.latent_map,
            explorer.planner,
            explorer.decoder,
            explorer.jobs,
            explorer.status,
        )

        def is_at_rest() -> bool:
            both = explorer.comparison.shown
            return rest.is_at_rest() and (both is None or both.is_at_rest)

        qtbot.waitUntil(is_at_rest, timeout=LONG_MS)
        qtbot.wait(40)
        qtbot.waitUntil(is_at_rest, timeout=LONG_MS)

    return wait


@pytest.fixture(scope="session")
def digits_run(tmp_path_factory: pytest.TempPathFactory, cache_of_the_session: "Path") -> "Path":
    """A run folder with a small VAE of two dimensions, trained a little on the digits."""
    return _trained(tmp_path_factory.mktemp("runs") / "digits", "vae", {"latent_size": 2})


@pytest.fixture(scope="session")
def wide_run(tmp_path_factory: pytest.TempPathFactory, cache_of_the_session: "Path") -> "Path":
    """A run folder with a small autoencoder of five dimensions."""
    return _trained(tmp_path_factory.mktemp("runs") / "wide", "autoencoder", {"latent_size": 5})


def _trained(run: "Path", model: str, settings: "dict[str, object]") -> "Path":
    small = {"architecture": "mlp", "hidden_sizes": [64], "learning_rate": 0.005, **settings}
    train(TrainingRequest(model=model, model_settings=small, data="digits", epochs=4, batch_size=64), run)
    return run


class SaveStub(Protocol):
    """Saves a stub of `stub_models` as a checkpoint: `stubs("stub", blocks, condition)`."""

    def __call__(
        self, kind: str = ..., blocks: tuple[LatentBlock, ...] = ..., condition: ConditionSpec | None = ...
    ) -> "Path": ...


@pytest.fixture
def stubs(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> SaveStub:
    """Checkpoints of untrained models of every kind; their classes are registered for one test."""
    for name, kind in STUBS.items():
        monkeypatch.setitem(MODELS._entries, name, kind)
    count = itertools.count()

    def save(
        kind: str = "encoding_stub",
        blocks: tuple[LatentBlock, ...] = ONE_BLOCK,
        condition: ConditionSpec | None = None,
    ) -> "Path":
        return saved_stub(tmp_path / f"{kind}-{next(count)}.safetensors", stub_model(kind, blocks, condition))

    return save


@pytest.fixture
def dark(qapp: QApplication) -> None:
    """The dark theme."""
    apply_theme(qapp, "dark")


@dataclass(frozen=True)
class Mouse:
    """Sends a widget what a mouse would; places are in its pixels."""

    widget: QWidget

    def press(self, place: QPointF, button: Qt.MouseButton = _LEFT) -> None:
        self._send(QEvent.Type.MouseButtonPress, place, button, button)

    def move(self, place: QPointF, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
        self._send(QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton, held)

    def release(self, place: QPointF, button: Qt.MouseButton = _LEFT) -> None:
        self._send(QEvent.Type.MouseButtonRelease, place, button, Qt.MouseButton.NoButton)

    def click(self, place: QPointF) -> None:
        self.press(place)
        self.release(place)

    def drag(self, places: list[QPointF], button: Qt.MouseButton = _LEFT) -> None:
        self.press(places[0], button)
        for place in places[1:]:
            self.move(place, button)
        self.release(places[-1], button)

    def double_click(self, place: QPointF) -> None:
        self.click(place)
        self._send(QEvent.Type.MouseButtonDblClick, place, _LEFT, _LEFT)
        self.release(place)

    def turn(self, place: QPointF, steps: float) -> bool:
        """Turn the wheel, a positive step away from the hand; says whether the widget took it."""
        glob = QPointF(self.widget.mapToGlobal(place.toPoint()))
        phase = Qt.ScrollPhase.NoScrollPhase
        angle = QPoint(0, round(120 * steps))
        event = QWheelEvent(place, glob, QPoint(), angle, Qt.MouseButton.NoButton, _NO_KEYS, phase, False)
        QApplication.sendEvent(self.widget, event)
        return event.isAccepted()

    def _send(self, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        glob = QPointF(self.widget.mapToGlobal(place.toPoint()))
        QApplication.sendEvent(self.widget, QMouseEvent(kind, place, glob, button, held, _NO_KEYS))


@pytest.fixture
def mouse() -> type[Mouse]:
    """A mouse for a widget: `mouse(widget).press(place)`."""
    return Mouse


@pytest.fixture
def choose() -> "Choose":
    """Chooses an entry of a drop-down list, as a person does: `choose(panel, "Order", "Random")`."""
    return Choose()


class Choose:
    """Opens drop-down lists and picks entries."""

    def __call__(self, panel: QWidget, name: str, text: str) -> None:
        box = self.box(panel, name)
        assert box.isEnabled(), box.toolTip()
        box.showPopup()
        box.view().setCurrentIndex(box.model().index(box.findText(text), 0))
        QTest.keyClick(box.view(), Qt.Key.Key_Return)
        box.hidePopup()

    def box(self, panel: QWidget, name: str) -> QComboBox:
        return next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == name)


@pytest.fixture
def press() -> "Press":
    """Presses the button of a panel that has a text or an accessible name."""
    return Press()


class Press:
    """Finds buttons and presses them with the mouse: `press(panel, "Open")`."""

    def __call__(self, panel: QWidget, name: str) -> None:
        button = self.button(panel, name)
        assert button.isEnabled(), button.toolTip()
        QTest.mouseClick(button, _LEFT)

    def button(self, panel: QWidget, name: str) -> QAbstractButton:
        buttons = panel.findChildren(QAbstractButton)
        return next(button for button in buttons if name in (button.text(), button.accessibleName()))


@pytest.fixture
def pixels() -> "Pixels":
    """What a widget looks like: `pixels(widget)` is (height, width, 3)."""
    return Pixels()


class Pixels:
    """Grabs widgets."""

    def __call__(self, widget: QWidget) -> "NDArray[np.uint8]":
        return image_pixels(widget.grab().toImage())


def _recorded(start: object, started: list[QObject]) -> object:
    def record_and_start(self: QObject, *arguments: object) -> object:
        started.append(self)
        return start(self, *arguments)  # type: ignore[operator]

    return record_and_start


def _is_running(thing: QObject) -> bool:
    if isinstance(thing, QThread):
        return thing.isRunning()
    if isinstance(thing, QTimer):
        return thing.isActive()
    return isinstance(thing, QProcess) and thing.state() != QProcess.ProcessState.NotRunning
