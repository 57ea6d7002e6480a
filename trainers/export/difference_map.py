"""How two pictures differ, as colours: brighter is blue, darker is red, the same is white."""

import numpy as np
from numpy.typing import NDArray

# The ends of a diverging map that colour-blind eyes tell apart; a difference of half the range has the full colour.
_DARKER, _BRIGHTER = (178.0, 24.0, 43.0), (33.0, 102.0, 172.0)
_SAME = 255.0
FULL_DIFFERENCE = 0.5


def difference_map(original: NDArray[np.floating], edited: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Colours (..., height, width, 3) of `edited` minus `original`, both (..., channels, height, width) in [0, 1].

    Of several channels the one that differs most decides; a difference of `FULL_DIFFERENCE` has the full colour.
    """
    differences = np.nan_to_num(np.clip(edited, 0.0, 1.0) - original)
    places = np.expand_dims(np.abs(differences).argmax(axis=-3), -3)
    largest = np.take_along_axis(differences, places, axis=-3)[..., 0, :, :, None]
    share = np.minimum(np.abs(largest) / FULL_DIFFERENCE, 1.0)
    ink = np.where(largest > 0.0, _BRIGHTER, _DARKER)
    colours: NDArray[np.uint8] = np.rint(_SAME + share * (ink - _SAME)).astype(np.uint8)
    return colours
