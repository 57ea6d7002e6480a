"""Pictures enlarged and beside each other."""

import numpy as np

from explorer.services.picture_files import enlarged, sheet


def test_enlarging_repeats_pixels() -> None:
    picture = np.array([[[1], [2]]], dtype=np.uint8)
    assert enlarged(picture, 2)[:, :, 0].tolist() == [[1, 1, 2, 2], [1, 1, 2, 2]]


def test_a_sheet_holds_every_picture() -> None:
    pictures = np.arange(1, 6, dtype=np.uint8).reshape(5, 1, 1, 1)
    assert set(range(1, 6)) <= set(sheet(pictures, 1).ravel().tolist())
