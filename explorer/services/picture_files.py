"""Pictures as the window holds them, enlarged and beside each other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainers.engine.pictures import contact_sheet, nearly_square
from trainers.engine.sheets import interleaved_rows


def enlarged(picture: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """A picture (height, width, channels) with every pixel repeated `scale` times in both directions."""
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


def compared_sheet(rows: Sequence[NDArray[np.uint8]], scale: int, columns: int) -> NDArray[np.uint8]:
    """Rows of items, each followed by the rows of what became of them; rows: (count, height, width, 1 or 3) each."""
    columns = min(columns, len(rows[0]))
    return sheet(interleaved_rows(rows, columns), scale, columns)


def sheet(pictures: NDArray[np.uint8], scale: int, columns: int = 0) -> NDArray[np.uint8]:
    """Pictures (count, height, width, channels) beside and below each other; columns: 0 for about as many as rows."""
    return contact_sheet(pictures, columns or nearly_square(len(pictures)), scale)
