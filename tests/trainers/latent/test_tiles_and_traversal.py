"""Where tiles and traversals lie."""

import numpy as np

from trainers.latent.tiles import tile_centres
from trainers.latent.traversal import traversal_codes


def test_tile_centres_start_at_the_top_left_and_go_row_by_row() -> None:
    centres = tile_centres((0.0, 0.0, 4.0, 2.0), columns=4, rows=2)

    assert centres.shape == (8, 2)
    assert centres[:4].tolist() == [[0.5, 1.5], [1.5, 1.5], [2.5, 1.5], [3.5, 1.5]]
    assert centres[4].tolist() == [0.5, 0.5]


def test_a_traversal_changes_one_number_per_row() -> None:
    codes = traversal_codes(np.array([5.0, 6.0, 7.0]), [2, 0], np.array([-1.0, 1.0]))

    assert codes.tolist() == [[[5.0, 6.0, -1.0], [5.0, 6.0, 1.0]], [[-1.0, 6.0, 7.0], [1.0, 6.0, 7.0]]]


def test_each_row_of_a_traversal_may_have_values_of_its_own() -> None:
    codes = traversal_codes(np.zeros(2), [0, 1], np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))

    assert codes[0, :, 0].tolist() == [1.0, 2.0, 3.0]
    assert codes[1, :, 1].tolist() == [4.0, 5.0, 6.0]
    assert codes[0, :, 1].tolist() == [0.0, 0.0, 0.0]
