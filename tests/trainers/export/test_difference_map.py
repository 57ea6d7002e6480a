"""Colours of differences."""

import numpy as np

from trainers.export.difference_map import difference_map


def test_brighter_is_blue_darker_is_red_and_the_same_is_white() -> None:
    original = np.full((1, 1, 4), 0.5)
    edited = np.array([[[0.5, 1.0, 0.0, 0.75]]])
    same, brighter, darker, half = difference_map(original, edited)[0].tolist()
    assert same == [255, 255, 255]
    assert brighter == [33, 102, 172]
    assert darker == [178, 24, 43]
    assert half == [144, 178, 214]


def test_of_several_channels_the_one_that_differs_most_decides() -> None:
    original = np.full((3, 1, 1), 0.5)
    edited = original + np.array([0.1, -0.5, 0.2])[:, None, None]
    assert difference_map(original, edited)[0, 0].tolist() == [178, 24, 43]


def test_what_is_no_number_has_no_colour() -> None:
    assert difference_map(np.zeros((1, 1, 1)), np.full((1, 1, 1), np.nan))[0, 0].tolist() == [255, 255, 255]


def test_many_pictures_are_compared_one_by_one() -> None:
    originals, edited = np.random.default_rng(0).random((2, 3, 2, 4, 5))
    expected = [difference_map(one, other) for one, other in zip(originals, edited, strict=True)]
    np.testing.assert_array_equal(difference_map(originals, edited), expected)
