"""Pictures as the window holds them, enlarged and beside each other."""

import numpy as np
from numpy.typing import NDArray

from trainers.engine.pictures import contact_sheet, nearly_square


def enlarged(picture: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """A picture (height, width, channels) with every pixel repeated `scale` times in both directions."""
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


def sheet(pictures: NDArray[np.uint8], scale: int, columns: int = 0) -> NDArray[np.uint8]:
    """Pictures (count, height, width, channels) beside and below each other; columns: 0 for about as many as rows."""
    return contact_sheet(pictures, columns or nearly_square(len(pictures)), scale)
