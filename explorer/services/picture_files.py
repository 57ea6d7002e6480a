"""Pictures as the window holds them, enlarged and beside each other."""

import numpy as np
from numpy.typing import NDArray

from explorer.services.reconstructions import Reconstructions
from trainers.engine.pictures import BACKGROUND, contact_sheet, nearly_square


def enlarged(picture: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """A picture (height, width, channels) with every pixel repeated `scale` times in both directions."""
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


def paired_sheet(made: Reconstructions, scale: int, columns: int) -> NDArray[np.uint8]:
    """Rows of items, each followed by the row of their reconstructions."""
    if made.points is not None:
        both = np.concatenate([made.originals, made.reconstructions])
        return sheet(both, scale, len(made.originals))
    columns = min(columns, len(made.originals))
    blank = np.full((-len(made.originals) % columns, *made.originals.shape[1:]), BACKGROUND, np.uint8)
    rows = [
        np.concatenate([pictures, blank]).reshape(-1, columns, *pictures.shape[1:])
        for pictures in (made.originals, made.reconstructions)
    ]
    return sheet(np.stack(rows, axis=1).reshape(-1, *made.originals.shape[1:]), scale, columns)


def sheet(pictures: NDArray[np.uint8], scale: int, columns: int = 0) -> NDArray[np.uint8]:
    """Pictures (count, height, width, channels) beside and below each other; columns: 0 for about as many as rows."""
    return contact_sheet(pictures, columns or nearly_square(len(pictures)), scale)
