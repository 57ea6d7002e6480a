"""What tests of own pictures share: a picture, a stand-in of the panel, and what jobs find."""

from typing import Any

import numpy as np
from PySide6.QtCore import Signal

from explorer.services.own_pictures import OwnCodeJob, OwnFound
from explorer.state.own_picture import OwnComparison, OwnPicture
from explorer.state.session_store import SessionStore
from tests.explorer.controllers.stand_ins import StandIn
from trainers.data.picture_fitting import packed_picture

PIXELS = np.arange(64, dtype=np.uint8).reshape(1, 8, 8)
OWN = OwnPicture("a.png", packed_picture(PIXELS), (1, 8, 8), note="turned to grey")


class OwnViewStandIn(StandIn):
    back_requested = Signal()
    search_requested = Signal()
    search_cancelled = Signal()
    candidate_chosen = Signal(int)
    export_requested = Signal()
    end_requested = Signal()


class PanelStandIn(StandIn):
    def __init__(self) -> None:
        super().__init__()
        self.own = OwnViewStandIn()

    @property
    def shown(self) -> OwnComparison | None:
        """What the panel shows now."""
        (comparison,) = self.last("show_own")
        assert comparison is None or isinstance(comparison, OwnComparison)
        return comparison


def code_of(store: SessionStore) -> tuple[float, ...]:
    own = store.state.own_picture
    assert own is not None
    return own.code


def found_by(job: OwnCodeJob, code: tuple[float, ...] = (0.5, -0.5), **values: Any) -> OwnFound:
    return OwnFound(job, code, values.pop("means", "code: mean of the posterior"), **values)


def searched(job: OwnCodeJob) -> OwnFound:
    candidates = np.array([[1.0, 0.0], [0.5, -0.5]], np.float32)
    pictures = np.stack([np.full((8, 8, 1), 9, np.uint8), np.full((8, 8, 1), 7, np.uint8)])
    trail = np.array([[0.0, 0.0], [0.25, 0.0], [0.5, -0.5]], np.float32)
    return OwnFound(job, (0.5, -0.5), "code: found", None, candidates, pictures, (0.2, 0.1), trail)
