"""Pictures of the window as files."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainers.engine.pictures import contact_sheet, nearly_square, write_png
from trainers.reporting import Report, StopRequested


@dataclass(frozen=True, eq=False)
class PictureJob:
    """Writes a picture (height, width, 1 or 3) as PNG, whole or not at all, as a function for a job.

    Raises `FailureError` where the file cannot be written.
    """

    picture: NDArray[np.uint8]
    path: Path
    texts: dict[str, str]

    def __call__(self, _report: Report, _stop_requested: StopRequested) -> Path:
        """The file."""
        write_png(self.path, self.picture, self.texts)
        return self.path


def enlarged(picture: NDArray[np.uint8], scale: int) -> NDArray[np.uint8]:
    """A picture (height, width, channels) with every pixel repeated `scale` times in both directions."""
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


def sheet(pictures: NDArray[np.uint8], scale: int, columns: int = 0) -> NDArray[np.uint8]:
    """Pictures (count, height, width, channels) beside and below each other; columns: 0 for about as many as rows."""
    return contact_sheet(pictures, columns or nearly_square(len(pictures)), scale)
