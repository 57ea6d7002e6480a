"""The window as a program: its arguments, its exit codes, and pictures of it."""

import argparse
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType

# isort: off
from explorer.quick_imports import imports_done

# torch comes before Qt: on Windows the other order fails to load. The trainers import it.
import trainers
from trainers.errors import TrainersError

# Quantiles load it when they are first asked for, which would be in the middle of drawing the first curve.
import numpy.ma  # noqa: F401

# isort: on
import platformdirs
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from explorer.app import Explorer
from explorer.controllers.screenshot import Screenshot
from explorer.services.library import check_path

HOME_VARIABLE = "LATENT_EXPLORER_HOME"
_SIGNAL_CHECK_MS = 200

imports_done()


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `latent-explorer` and `python -m explorer`; gives the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        path = check_path(chosen.path) if chosen.path else ""
    except TrainersError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if not chosen.screenshot:
        return _run(path, chosen)
    with tempfile.TemporaryDirectory() as folder:
        return _draw(path, chosen, Path(folder))


def make_application() -> QApplication:
    """The application, with its names; the one that runs already, where one does."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("latent-explorer")
    application.setApplicationDisplayName("Latent Explorer")
    return application


def _run(path: str, chosen: argparse.Namespace) -> int:
    application = make_application()
    home = os.environ.get(HOME_VARIABLE) or platformdirs.user_data_dir("latent-explorer", appauthor=False)
    explorer = Explorer(Path(home), path)
    application.aboutToQuit.connect(explorer.close)
    _show_mistakes(explorer)
    _end_on_signals(application)
    explorer.start(chosen.size)
    if chosen.theme:
        explorer.frame.set_theme(chosen.theme)
    code = application.exec()
    _end(explorer)
    return code


def _draw(path: str, chosen: argparse.Namespace, home: Path) -> int:
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    make_application()
    explorer = Explorer(home, path)
    screenshot = Screenshot(
        explorer.window, explorer.panels.latent_map, explorer.planner, explorer.decoder, explorer.jobs, explorer.status
    )
    problems: list[str] = []
    waiting = QEventLoop()
    for source in (screenshot, explorer.model, explorer.decoder):
        source.failed.connect(problems.append)
        source.failed.connect(waiting.quit)
    screenshot.written.connect(waiting.quit)
    explorer.start(chosen.size or (1600, 1000))
    explorer.frame.set_theme(chosen.theme or "light")
    screenshot.take(Path(chosen.screenshot))
    waiting.exec()
    _end(explorer)
    for sentence in problems:
        print(sentence, file=sys.stderr)
    return 1 if problems else 0


def _end(explorer: Explorer) -> None:
    explorer.close()
    # While Python still holds its parts, so that Qt and not the garbage collector decides in which order they go.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _show_mistakes(explorer: Explorer) -> None:
    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        explorer.status.warn(f"This is a mistake in the program: {kind.__name__}: {error}")

    sys.excepthook = show


def _end_on_signals(application: QApplication) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        application.quit()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    # Python looks for signals only between its own instructions, and an idle window runs none.
    watch = QTimer(application)
    watch.timeout.connect(lambda: None)
    watch.start(_SIGNAL_CHECK_MS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="latent-explorer", description="Walk through what a model has learned.")
    parser.add_argument("path", nargs="?", default="", help="a checkpoint, a run folder, or a path inside a run")
    parser.add_argument("--screenshot", metavar="FILE", help="draw the window into a PNG file and leave")
    parser.add_argument("--size", type=_size, metavar="WIDTHxHEIGHT", help="size of the window, for example 1600x1000")
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="colours, without remembering them")
    parser.add_argument("--version", action="version", version=trainers.__version__)
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 320 <= int(width) <= 16384 and 240 <= int(height) <= 16384):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it like 1600x1000, from 320x240 to 16384x16384")
    return int(width), int(height)
