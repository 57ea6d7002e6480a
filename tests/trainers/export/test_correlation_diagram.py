"""Circles of correlations: where, how large and in which colour."""

import numpy as np
from numpy.typing import NDArray

from trainers.export.correlation_diagram import correlation_diagram

BELOW = np.array([[1.0, 9.0, 9.0], [-0.5, 1.0, 9.0], [0.0, 0.25, 1.0]])
ABOVE = np.array([[9.0, np.nan, 0.5], [9.0, 9.0, -1.0], [9.0, 9.0, 9.0]])


def cells() -> NDArray[np.float64]:
    pictures = correlation_diagram(("smile", "hat", "beard"), BELOW, ABOVE).pictures
    return pictures.reshape(3, 3, *pictures.shape[1:]).astype(np.float64)


def ink(cell: NDArray[np.float64]) -> int:
    """Pixels inside the line that are not white."""
    return int((cell[:-1, :-1].min(axis=2) < 250.0).sum())


def test_the_area_is_the_size_of_the_number_and_unknown_ones_stay_empty() -> None:
    found = cells()
    whole = ink(found[0, 0])
    assert ink(found[0, 1]) == ink(found[2, 0]) == 0
    assert abs(ink(found[1, 0]) / whole - 0.5) < 0.1
    assert abs(ink(found[2, 1]) / whole - 0.25) < 0.1
    assert abs(ink(found[0, 2]) / whole - 0.5) < 0.1
    assert ink(found[1, 2]) == whole


def test_the_colour_says_the_sign_and_is_stronger_for_more() -> None:
    found = cells()
    red, _, blue = np.moveaxis(found[:, :, 13, 13], -1, 0)
    assert blue[0, 0] > red[0, 0]
    assert red[1, 0] > blue[1, 0]
    assert red[1, 2] > blue[1, 2]
    assert found[2, 1, 13, 13].sum() > found[0, 2, 13, 13].sum() > found[0, 0, 13, 13].sum()


def test_rows_are_named_and_columns_numbered() -> None:
    sheet = correlation_diagram(("smile", "hat", "beard"), BELOW, ABOVE)
    assert sheet.row_titles == ("smile  1", "hat  2", "beard  3")
    assert sheet.column_titles == ("1", "2", "3")
    assert sheet.pixels().shape[2] == 3
