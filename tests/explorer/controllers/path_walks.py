"""What tests of the path share: key points, its panel's stand-in, what was asked for and what is found."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal

from explorer.services.paths import PathWork, WalkedPath
from explorer.state.path_values import KeyPoint, PathChoice, PathKind
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.stand_ins import StandIn

if TYPE_CHECKING:
    from tests.explorer.controllers.stand_ins import DecoderStandIn

A, B = (KeyPoint(name, code, digest="ab") for name, code in (("a", (0.0, 0.0)), ("b", (4.0, 0.0))))


class PathsStandIn(StandIn):
    ring_wanted = Signal()
    key_taken = Signal(int)
    key_removed = Signal(int)
    key_moved = Signal(int, int)
    choice_changed = Signal(object)
    step_activated = Signal(int)
    play_toggled = Signal(bool)
    speed_changed = Signal(int)
    copy_requested = Signal()
    export_requested = Signal()
    search_cancelled = Signal()
    note_action = Signal()
    empty_action = Signal()
    seen_changed = Signal(bool)


def works(decoder: "DecoderStandIn") -> list[PathWork]:
    return [work for (work,) in decoder.given("find_path")]


def walk_of(work: PathWork, support: bool = False) -> WalkedPath:
    steps = work.asked.steps
    codes = np.linspace(*(np.array(code) for code, _ in work.asked.keys[:2]), steps)  # type: ignore[call-overload]
    pictures = np.zeros((steps, 8, 8, 1), np.uint8)
    made = WalkedPath(work.asked, codes, np.empty((steps, 0)), pictures, np.full(steps - 1, 2.0), 33.0, 33.0)
    return replace(made, support=np.arange(steps), encoded=work.encoded, reach=0.5) if support else made


def choose(store: SessionStore, kind: PathKind = "linear", *keys: KeyPoint, closed: bool = False) -> None:
    store.update(path=PathChoice(keys or (A, B), kind, 5, closed))
