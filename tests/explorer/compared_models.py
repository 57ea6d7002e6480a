"""What tests of two models side by side share: what is compared, and what both show."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from explorer.controllers.compared_side import ComparedSide
from explorer.controllers.side_by_side import SideBySide
from explorer.views.latent_map import LatentMap

if TYPE_CHECKING:
    from explorer.app import Explorer
    from explorer.services.network import OpenModel


def side(explorer: "Explorer") -> ComparedSide:
    return both(explorer).second


def both(explorer: "Explorer") -> SideBySide:
    assert explorer.comparison.shown is not None, explorer.window.message()
    return explorer.comparison.shown


def shown(explorer: "Explorer") -> list[np.ndarray]:
    """The values that A and B show."""
    return [
        picture.values for picture in both(explorer).link.pictures if picture is not None and picture.values is not None
    ]


def decoded(model: "OpenModel", code: tuple[float, ...]) -> np.ndarray:
    values: np.ndarray = model.decode_values(np.array([code], np.float32))[0]
    return values


def snapshots(run: Path) -> list[Path]:
    return sorted((run / "checkpoints").glob("*.safetensors"))


def maps(explorer: "Explorer") -> list[LatentMap]:
    return [explorer.panels.latent_map, both(explorer).map.map]
